"""Programs look, start, change and decide, in the name of their token and of nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from crewdesk.desk.sign_in import make_token, set_password, take_token_back
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from crewdesk.store.database import Database
from support.gates import Clock
from support.triggers import runs_of
from support.web import POST, Browser, post_at_gate, site_of, web_desk

Ask = Callable[..., Any]
JSON = {"Content-Type": "application/json"}


def test_everybody_with_a_token_may_look(ask_as: Callable[[str], Ask], gate: Gate) -> None:
    cy = ask_as("cy")

    looks = ["/me", "/desk", "/runs", f"/runs/{gate.run}", f"/runs/{gate.run}/trace", f"/runs/{gate.run}/artifacts"]
    looks += [f"/runs/{gate.run}/artifacts/optimise/1", "/gates", f"/gates/{gate.id}", "/outbox", "/audit"]

    assert {look: cy("GET", look).status_code for look in looks} == dict.fromkeys(looks, 200)
    assert cy("GET", "/me").json() == {"id": "cy", "name": "Cy", "proof": "token", "admin": False, "approves": []}


def test_who_may_only_look_changes_nothing(ask_as: Callable[[str], Ask], gate: Gate, desk: Desk) -> None:
    cy = ask_as("cy")
    with desk.store.reading() as records:
        before = records.audit.last()

    asked = [
        cy("POST", "/runs", json={"crew": "content", "inputs": {"topic": "x"}}),
        *(cy("POST", f"/runs/{gate.run}/{verb}") for verb in ("cancel", "retry", "resume")),
        cy("POST", f"/runs/{gate.run}/fork", json={}),
        cy("POST", f"/gates/{gate.id}/decisions", json={"verb": "approve", "sha": gate.sha}),
        cy("POST", f"/gates/{gate.id}/delegate", json={"to": "ada"}),
    ]

    assert [answer.status_code for answer in asked] == [403] * 7
    assert asked[0].json()["error"] == "Cy may look at the work of crew content, not decide about it."
    with desk.store.reading() as records:
        assert records.audit.last() == before
        assert records.runs.status(gate.run) == "waiting"
    assert len(runs_of(desk)) == 1


def test_a_parameter_that_is_given_twice_counts_for_nothing(ask_as: Callable[[str], Ask], gate: Gate) -> None:
    answer = ask_as("cy")("GET", "/runs?crew=content&crew=review")

    assert (answer.status_code, answer.json()["error"]) == (422, "'crew' is given more than once.")


def test_nobody_is_known_by_a_cookie(desk: Desk, gate: Gate) -> None:
    set_password("ada", "a sentence is easy to keep", by="ed", office=desk.office)
    browser = Browser(site_of(desk))
    with browser.client as client:
        browser.come_in("ada", "a sentence is easy to keep")

        looked = client.get("/api/v1/gates")
        decided = client.post(f"/api/v1/gates/{gate.id}/decisions", json={"verb": "approve", "sha": gate.sha})

    assert (looked.status_code, decided.status_code) == (401, 401)
    assert looked.headers["www-authenticate"] == "Bearer"


def test_no_page_elsewhere_is_told_that_it_may_ask(client: TestClient) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

    answer = client.options("/api/v1/runs", headers=asked)

    assert answer.status_code == 401
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_token_that_was_taken_back_lets_nobody_in(client: TestClient, desk: Desk) -> None:
    secret = make_token("ada", "test", office=desk.office)
    headers = {"Authorization": f"Bearer {secret}"}
    before = client.get("/api/v1/me", headers=headers).status_code
    with desk.store.reading() as records:
        (token,) = records.access.tokens("ada")

    take_token_back(token.id, of="ada", by="ada", office=desk.office)

    assert (before, client.get("/api/v1/me", headers=headers).status_code) == (200, 401)


def test_wrong_tokens_are_slowed_and_a_right_one_from_the_same_office_is_not(
    client: TestClient, ask_as: Callable[[str], Ask]
) -> None:
    ada = ask_as("ada")

    tries = [client.get("/api/v1/me", headers={"Authorization": f"Bearer wrong{n}"}) for n in range(32)]

    assert [tries[0].status_code, tries[-1].status_code] == [401, 429]
    assert int(tries[-1].headers["retry-after"]) > 0
    assert ada("GET", "/me").status_code == 200


def test_wrong_tokens_keep_nobody_from_signing_in(client: TestClient, desk: Desk) -> None:
    set_password("ada", "a sentence is easy to keep", by="ed", office=desk.office)
    for n in range(32):
        client.get("/api/v1/me", headers={"Authorization": f"Bearer wrong{n}"})

    answer = client.post("/sign-in", data={"name": "ada", "password": "a sentence is easy to keep", "next": "/"})

    assert answer.status_code == 303


def test_where_the_desk_knows_nobody_a_name_is_asked_for(tmp_path: Path) -> None:
    desk = web_desk(tmp_path / "open", Clock())
    gate = post_at_gate(desk)
    with Browser(site_of(desk)).client as client:
        nameless = client.get("/api/v1/me")
        blank = client.get("/api/v1/me", headers={"X-Crewdesk-Name": "%20%E2%80%8B"})
        named = client.get("/api/v1/me", headers={"X-Crewdesk-Name": "J%C3%BCrgen"})
        decided = client.post(
            f"/api/v1/gates/{gate.id}/decisions",
            json={"verb": "reject", "reason": "no"},
            headers={"X-Crewdesk-Name": "J%C3%BCrgen"},
        )

    assert (nameless.status_code, blank.status_code) == (401, 401)
    assert "X-Crewdesk-Name" in nameless.json()["hint"]
    assert (named.json()["name"], named.json()["proof"], named.json()["admin"]) == ("Jürgen", "typed", True)
    with desk.store.reading() as records:
        (entry,) = [entry for entry in records.audit.listed(run=gate.run) if entry.what == "reject"]
    assert (decided.status_code, entry.who, entry.proof) == (200, "Jürgen", "typed")


def test_a_typed_name_is_no_identity_where_the_desk_knows_people(client: TestClient) -> None:
    assert client.get("/api/v1/me", headers={"X-Crewdesk-Name": "ada"}).status_code == 401


def test_only_the_version_that_was_shown_is_approved(bo: Ask, gate: Gate) -> None:
    address = f"/gates/{gate.id}/decisions"
    edited = bo("POST", address, json={"verb": "edit", "base": gate.sha, "changes": {"title": "Gates hold"}})
    late = bo("POST", address, json={"verb": "edit", "base": gate.sha, "changes": {"title": "Gates fall"}})
    old = bo("POST", address, json={"verb": "approve", "sha": gate.sha})
    revised = bo("POST", address, json={"verb": "revise", "notes": "Shorter.", "sha": gate.sha})
    rejected = bo("POST", address, json={"verb": "reject", "reason": "No.", "sha": gate.sha})
    unnamed = bo("POST", address, json={"verb": "edit", "base": "", "changes": {"title": "Gates fall"}})
    new = bo("POST", address, json={"verb": "approve", "sha": edited.json()["sha"]})
    twice = bo("POST", address, json={"verb": "approve", "sha": edited.json()["sha"]})

    assert (edited.status_code, edited.json()["status"], edited.json()["body"]["title"]) == (200, "open", "Gates hold")
    assert edited.json()["shown"]["by"] == "bo"
    assert (late.status_code, old.status_code, twice.status_code) == (409, 409, 409)
    assert (revised.status_code, rejected.status_code, unnamed.status_code) == (409, 409, 422)
    assert (new.status_code, new.json()["verb"], new.json()["by"]) == (200, "approve", "bo")


def test_a_body_that_is_no_post_is_told_where_it_is_none(bo: Ask, gate: Gate) -> None:
    body = POST | {"title": 7}

    answer = bo("POST", f"/gates/{gate.id}/decisions", json={"verb": "edit", "base": gate.sha, "body": body})

    assert answer.status_code == 422
    assert "title" in answer.json()["error"]


def test_a_decision_names_its_verb_and_nothing_that_is_not_known(bo: Ask, gate: Gate) -> None:
    address, base = f"/gates/{gate.id}/decisions", gate.sha.encode()

    answers = [
        bo("POST", address, json={"verb": "ship"}),
        bo("POST", address, json={"verb": "approve", "sha": gate.sha, "by": "ada"}),
        bo("POST", address, json={"verb": "revise", "notes": " "}),
        bo("POST", address, json={"verb": "reject", "reason": "a\0b"}),
        bo("POST", address, json={"verb": "edit", "base": gate.sha}),
        bo("POST", address, content=b'{"verb": "edit", "base": "%s", "body": {"a": NaN}}' % base, headers=JSON),
        bo("POST", address, content=b'{"verb": "edit", "base": "%s", "body": {"a": "\\ud800"}}' % base, headers=JSON),
        bo("POST", address, content=b'{"verb": "edit", "base": "%s", "body": {"a\\u0000": 1}}' % base, headers=JSON),
        bo("POST", address, content=b'{"\\ud800": 1, "verb": "approve", "sha": ""}', headers=JSON),
    ]

    assert [answer.status_code for answer in answers] == [422] * 9
    assert all(set(answer.json()) == {"error", "hint"} for answer in answers)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"crew=content", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 422),
        (b'"' + b"x" * 4_000_001, "application/json", 413),
        (b"[" * 100_000, "application/json", 400),
        (b"\xff\xfe\xfa", "application/json", 400),
    ],
    ids=["text", "form", "cut", "long", "deep", "bytes"],
)
def test_a_body_that_cannot_be_read_is_told(
    ask_as: Callable[[str], Ask], content: bytes, kind: str, status: int
) -> None:
    answer = ask_as("bo")("POST", "/runs", content=content, headers={"Content-Type": kind})

    assert answer.status_code == status
    assert set(answer.json()) == {"error", "hint"}


def test_a_run_is_started_once_however_often_it_is_asked_for(bo: Ask, desk: Desk) -> None:
    asked = {"crew": "content", "inputs": {"topic": "gates"}, "once": "2026-W48"}

    first, second = bo("POST", "/runs", json=asked), bo("POST", "/runs", json=asked)
    other = bo("POST", "/runs", json=asked | {"once": "2026-W49"})

    assert (first.status_code, second.status_code, other.status_code) == (201, 200, 201)
    assert first.json()["id"] == second.json()["id"] != other.json()["id"]
    assert first.headers["location"] == second.headers["location"] == f"/api/v1/runs/{first.json()['id']}"
    assert (first.json()["status"], first.json()["by"]) == ("queued", "bo")
    assert len(runs_of(desk)) == 2


def test_an_occasion_of_the_api_is_not_one_of_a_trigger(bo: Ask, desk: Desk) -> None:
    desk.enqueue("content", topic="gates", once="weekly-2026-W48")

    answer = bo("POST", "/runs", json={"crew": "content", "inputs": {"topic": "gates"}, "once": "weekly-2026-W48"})

    assert answer.status_code == 201


def test_a_run_is_forked_resumed_and_called_off(bo: Ask, gate: Gate) -> None:
    forked = bo("POST", f"/runs/{gate.run}/fork", json={"inputs": {"topic": "doors"}, "from_task": "draft"})
    resumed = bo("POST", f"/runs/{forked.json()['id']}/resume")
    retried = bo("POST", f"/runs/{gate.run}/retry")
    cancelled = bo("POST", f"/runs/{gate.run.lower()}/cancel")
    twice = bo("POST", f"/runs/{gate.run}/cancel")

    assert (forked.status_code, forked.json()["parent"], forked.json()["inputs"]["topic"]) == (201, gate.run, "doors")
    assert forked.json()["reused"] == {"model_calls": 0, "tool_calls": 0}
    assert (resumed.status_code, resumed.json()["status"]) == (200, "queued")
    assert (retried.status_code, twice.status_code) == (422, 409)
    assert (cancelled.status_code, cancelled.json()["status"], cancelled.json()["gates"]) == (200, "cancelled", [])


def test_a_run_is_forked_once_for_an_occasion_however_often_that_is_asked(bo: Ask, gate: Gate, desk: Desk) -> None:
    address = f"/runs/{gate.run.lower()}/fork"
    first, second = (bo("POST", address, json={"once": "ticket 12"}) for _ in range(2))
    other = bo("POST", address, json={"once": "ticket 13"})

    assert (first.status_code, second.status_code, other.status_code) == (201, 200, 201)
    assert first.headers["location"] == second.headers["location"] != other.headers["location"]
    assert len([run for run in runs_of(desk) if run.parent]) == 2


def test_a_run_that_waits_for_a_decision_does_not_go_on_without_it(bo: Ask, gate: Gate, desk: Desk) -> None:
    resumed = bo("POST", f"/runs/{gate.run}/resume")

    assert (resumed.status_code, resumed.json()["error"]) == (422, f"Run {gate.run} waits at gate {gate.id}.")
    assert desk.run(gate.run).status == "waiting"


def test_lists_are_read_to_their_end_page_by_page(bo: Ask, desk: Desk) -> None:
    gates = [post_at_gate(desk, topic=f"topic {n}") for n in range(5)]

    def read(address: str, name: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        while cursor is not None:
            page = bo("GET", f"{address}?limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
            assert len(page[name]) <= 2
            found += [str(row.get("id", row.get("number"))) for row in page[name]]
            cursor = page["next"]
        return found

    assert sorted(read("/gates", "gates")) == sorted(gate.id for gate in gates)
    assert sorted(read("/runs", "runs")) == sorted(gate.run for gate in gates)
    with desk.store.reading() as records:
        assert read("/audit", "entries") == [str(entry.number) for entry in reversed(records.audit.listed())]


def test_what_is_no_cursor_is_refused(bo: Ask) -> None:
    assert [bo("GET", f"/{name}?cursor=eHg").status_code for name in ("runs", "gates", "outbox", "audit")] == [422] * 4


def test_gates_can_be_those_that_wait_for_the_caller(ask_as: Callable[[str], Ask], gate: Gate) -> None:
    mine = {who: len(ask_as(who)("GET", "/gates?mine=true").json()["gates"]) for who in ("ada", "bo", "cy")}

    assert mine == {"ada": 1, "bo": 1, "cy": 0}


def test_a_text_that_was_changed_behind_the_desks_back_is_not_approved(bo: Ask, gate: Gate, desk: Desk) -> None:
    with desk.store.writing() as records:
        (post,) = [a for a in records.artifacts.of_run(gate.run) if a.sha == gate.sha]
        records.artifacts.put(replace(post, body={**post.body, "title": "Buy now"}))

    answer = bo("POST", f"/gates/{gate.id}/decisions", json={"verb": "approve", "sha": gate.sha})

    assert (answer.status_code, "behind the desk's back" in answer.json()["error"]) == (409, True)


def test_lists_load_no_configuration_and_no_card(bo: Ask, gate: Gate, desk: Desk) -> None:
    asked: list[str] = []
    assert isinstance(desk.store, Database)
    event.listen(desk.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    for address in ("/runs", "/gates"):
        assert bo("GET", address).status_code == 200

    assert not [query for query in asked if "runs.spec" in query or "gates.card" in query or "artifacts.body" in query]
    assert [query for query in asked if "FROM gates" in query]


def test_it_describes_itself_to_everybody(client: TestClient) -> None:
    answer = client.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.")


def test_a_broken_configuration_is_told(bo: Ask, desk: Desk) -> None:
    (desk.settings.home / "config" / "crews" / "content" / "tasks.yaml").write_text("draft: [", "utf-8")

    answer = bo("POST", "/runs", json={"crew": "content", "inputs": {"topic": "gates"}})

    assert (answer.status_code, "tasks.yaml" in answer.json()["error"]) == (503, True)
