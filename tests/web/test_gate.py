"""The gate page: a person sees what ships, what it rests on, and why they are asked; looking decides nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from sqlalchemy import event

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.work import Work
from crewdesk.domain.actions import Action
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import WHY, Approve, Edit, Gate, GateKind
from crewdesk.facade import Desk
from support.gate_page import audit, look, now, press, shown
from support.web import POST, Browser, post_at_gate, propose, revised


def test_it_shows_what_ships_and_where_to(browser: Browser, waiting: Gate) -> None:
    text = look(browser, waiting)

    assert "What we measured" in text
    assert '<div class="prose" hx-disable>' in browser.page
    assert "publishes to site as https://blog.example.com/posts/gates-fail-closed/" in text
    assert "by the rule of The founders of Crewdesk" in text


def test_it_shows_what_each_statement_rests_on(browser: Browser, waiting: Gate) -> None:
    text = look(browser, waiting)

    assert "3 of 3 statements sourced" in text
    assert "17 is in no source it names" in text
    assert '<mark class="flag" data-claim="claim-3">Of those, 17 expired within a day.</mark>' in browser.page
    assert 'href="#claim-3" id="ref-1-3"' in browser.page


def test_it_shows_what_it_cost_and_why_it_opened(browser: Browser, waiting: Gate) -> None:
    text = look(browser, waiting)

    assert "$0.01 · 1 model call" in text
    assert "The task is flagged for a person." in text


def test_a_cost_that_nobody_knows_is_unknown(browser: Browser, web: Desk, waiting: Gate) -> None:
    with web.store.writing() as records:
        asked = next(effect for effect in records.journal.of_run(waiting.run) if effect.kind == "model")
        records.journal.put(replace(asked, usage=replace(asked.usage, usd=None)))

    assert "unknown · 1 model call" in look(browser, waiting)


def test_looking_reads_nothing_that_a_model_was_asked(browser: Browser, web: Desk, waiting: Gate) -> None:
    asked: list[str] = []
    event.listen(
        web.store.engine,  # type: ignore[attr-defined]
        "before_cursor_execute",
        lambda _, __, statement, *___: asked.append(statement),
    )

    look(browser, waiting)

    assert [statement for statement in asked if "FROM effects" in statement]
    assert not [statement for statement in asked if "effects.request" in statement]


def test_looking_decides_nothing(browser: Browser, web: Desk, waiting: Gate) -> None:
    for address in ("", "?verb=approve", "?edit=1", "/news", f"?verb=approve&sha={waiting.sha}"):
        browser.get(f"/gates/{waiting.id}{address}")

    assert now(web, waiting).status == "open"
    assert [entry.what for entry in audit(web, waiting)] == ["opened"]


def test_a_runs_name_leads_to_its_gate_in_any_spelling(browser: Browser, waiting: Gate) -> None:
    for name in (waiting.run, waiting.run.lower(), waiting.id.lower()):
        answer = browser.get(f"/gates/{name}")

        assert (answer.status_code, answer.headers["location"]) == (303, f"/gates/{waiting.id}")
    assert browser.get(f"/gates/{waiting.id.lower()}/news?seen=").status_code == 200


def test_the_next_round_is_linked_with_what_it_changed(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)
    press(browser, waiting, "revise", {"notes": "Another title."})
    second = revised(web, waiting, title="Gates never open alone")

    look(browser, waiting)
    assert f'<a href="/gates/{second.id}">' in browser.page
    look(browser, second)
    assert "<del>Gates fail closed</del><ins>Gates never open alone</ins>" in browser.page
    assert f"{waiting.id} sent back by Ada: Another title." in browser.text


def test_what_no_delivery_carries_is_not_said_to_ship(browser: Browser, web: Desk, waiting: Gate) -> None:
    with web.store.writing() as records:
        draft = next(a for a in records.artifacts.of_run(waiting.run) if a.task == "draft")
        records.gates.put(replace(waiting, id=f"{waiting.run}-9", task="draft", sha=draft.sha, kind="doubt"))

    text = look(browser, replace(waiting, id=f"{waiting.run}-9"))

    assert "What the crew made" in text
    assert "As it will ship" not in text


@pytest.mark.parametrize("kind", get_args(GateKind))
def test_every_kind_of_gate_says_why_it_asks_and_what_an_approval_does(
    browser: Browser, web: Desk, waiting: Gate, kind: GateKind
) -> None:
    with web.store.writing() as records:
        records.gates.put(replace(waiting, kind=kind))

    text = look(browser, waiting)

    assert WHY[kind] in text
    assert ("publishes to site" in text) == (kind in ("flagged", "action"))
    assert ('value="revise"' in browser.page) == (kind in ("flagged", "doubt", "checkpoint"))


def test_a_gate_of_doubt_says_what_leaves_without_being_asked_afterwards(
    browser: Browser, web: Desk, waiting: Gate
) -> None:
    with web.store.reading() as records:
        record = records.runs.get(waiting.run)
    assert record is not None
    drafts: JsonObject = {"drafts": [{"network": "Mastodon", "text": "Gates fail closed. https://blog.example.com/"}]}
    shared = propose(Work(record, web.office), "share", "SocialDrafts", drafts)
    with web.store.writing() as records:
        gate = replace(waiting, id=f"{waiting.run}-9", task="share", sha=shared.sha, kind="doubt", round=7)
        records.gates.put(gate)

    text = look(browser, gate)

    assert "social gets it without asking, by the rule of The founders of Crewdesk" in text


def test_a_version_of_a_kind_that_is_gone_is_shown_and_can_be_rejected(
    browser: Browser, web: Desk, waiting: Gate
) -> None:
    with web.store.writing() as records:
        records.artifacts.put(replace(shown(web, waiting), schema="Leaflet"))

    look(browser, waiting)
    assert 'id="edit"' not in browser.page
    press(browser, waiting, "reject", {"reason": "Too old."})

    assert now(web, waiting).verb == "reject"


def test_a_script_in_what_people_and_agents_wrote_is_words(browser: Browser, web: Desk) -> None:
    script = "<script>alert(1)</script>"
    gate = post_at_gate(
        web, more={"title": script, "description": script, "keywords": [script], "open_questions": [script]}
    )
    look(browser, gate)
    press(
        browser, gate, "save", {"f/title": f"{script} & <b>bold</b>", "f/body": f"{script}\n\n[x](javascript:alert(1))"}
    )
    look(browser, gate)
    press(browser, gate, "revise", {"notes": script})
    second = revised(web, gate, title=f"{script}!")

    for page in (gate, second):
        look(browser, page)
        assert "<script>alert" not in browser.page
        assert "<b>bold" not in browser.page
        assert 'href="javascript' not in browser.page


def test_how_sure_its_author_was_is_not_said_of_a_version_that_a_person_wrote(
    browser: Browser, web: Desk, waiting: Gate
) -> None:
    assert "Author is sure" in look(browser, waiting)
    decide_gate(waiting.id, Edit(POST | {"title": "Mine"}), by="bo", office=web.office)

    assert "Author is sure" not in look(browser, waiting)


def test_nothing_is_on_its_way_once_its_run_has_failed(browser: Browser, web: Desk, waiting: Gate) -> None:
    decide_gate(waiting.id, Approve(waiting.sha), by="bo", office=web.office)
    key = f"{waiting.run}:social:optimise"
    action = Action(key, waiting.run, "publish", "social", waiting.sha, "Post", "proposed", waiting.opened)
    with web.store.writing() as records:
        records.outbox.put(action)
    assert "on its way" in look(browser, waiting)

    with web.store.writing() as records:
        run = records.runs.get(waiting.run)
        assert run is not None
        records.runs.put(replace(run, status="failed", error="It failed."))

    text = look(browser, waiting)
    assert ("on its way" in text, "not delivered" in text) == (False, True)
