"""The page of a run says how it stands and what to do, shows every request and answer, and never works on it itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.change_run import cancel_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.work import Work
from crewdesk.domain.effects import Effect, Usage
from crewdesk.domain.gates import Approve, Edit, Gate
from crewdesk.domain.runs import RunRecord
from crewdesk.facade import Desk
from support.people import password_of, peopled_desk
from support.web import POST, Browser, begin_content, browsing, post_at_gate, propose, site_of

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def changed(desk: Desk, run: str, **changes: Any) -> RunRecord:
    """Write a run down as something has left it."""
    with desk.store.writing() as records:
        record = records.runs.get(run)
        assert record is not None
        records.runs.put(replace(record, **changes))
    return record


def status_of(desk: Desk, run: str) -> str:
    """How a run stands."""
    return desk.run(run).record.status


def call(desk: Desk, run: str, **changes: Any) -> Effect:
    """Write one more call down."""
    values: dict[str, Any] = {
        "run": run,
        "key": "k9",
        "n": 0,
        "kind": "model",
        "name": "extractive",
        "task": "draft",
        "agent": "writer",
        "purpose": "work",
        "request": {"messages": [{"role": "user", "content": "Write."}]},
        "started": desk.office.now(),
        "outcome": "answered",
        "answer": {"text": "Written.", "tool_calls": []},
        "milliseconds": 10,
        "attempts": 1,
    }
    effect = Effect(**(values | changes))
    with desk.store.writing() as records:
        records.journal.put(effect)
    return effect


@pytest.fixture(name="failed")
def _failed(web: Desk) -> str:
    run = begin_content(web).id
    call(web, run, outcome="failed", answer=None, error="The server refused 4 times (429).", attempts=4)
    changed(web, run, status="failed", error="The model server refused.", hint="Wait a minute.")
    return run


# --- how it stands ---


def test_a_run_that_waits_leads_to_its_gate(browser: Browser, waiting: Gate) -> None:
    browser.get(f"/runs/{waiting.run}")

    assert f"Waits for a person at gate {waiting.id}" in browser.text.replace(f" {waiting.id} :", f" {waiting.id}:")
    assert "Go on" not in browser.text


def test_a_run_in_line_without_a_worker_says_how_to_start_one(browser: Browser, web: Desk) -> None:
    run = web.submit("content", {"topic": "gates"}).id

    browser.get(f"/runs/{run}")

    assert "no worker is running. Start one: crewdesk worker" in browser.text


def test_a_run_in_line_is_taken_by_a_worker_that_lives(browser: Browser, web: Desk) -> None:
    run = web.submit("content", {"topic": "gates"}).id
    with web.office.presence.here() as me:
        with web.store.writing() as records:
            mine = next(holder for holder in records.claims.holders() if holder.name == me)
            records.claims.beat(replace(mine, kind="worker"))

        browser.get(f"/runs/{run}")

    assert "A worker takes it." in browser.text


def test_a_failed_run_says_why_what_is_kept_and_what_to_do(browser: Browser, failed: str) -> None:
    browser.get(f"/runs/{failed}")

    assert "The model server refused." in browser.text
    assert "Wait a minute." in browser.text
    assert "2 finished calls are kept" in browser.text
    assert ">Go on<" in browser.page
    assert "Try again with today" in browser.text
    assert "“Go on” takes the configuration that the run began with; the other takes what config/ says" in browser.text
    assert f'<a href="/runs/{failed}/fork">fork it</a>' in browser.page


def test_an_error_stands_beside_the_call_that_made_it(browser: Browser, failed: str) -> None:
    browser.get(f"/runs/{failed}")

    step = browser.page.split('<li class="step failed">')[1].split("</li>")[0]
    assert "The server refused 4 times (429)." in step
    assert "4 tries" in step


def test_costs_tokens_and_who_started_it_are_shown(browser: Browser, waiting: Gate) -> None:
    browser.get(f"/runs/{waiting.run}")

    assert "$0.01" in browser.text
    assert "1,200 read, 300 written" in browser.text
    assert "started by ed" in browser.text


def test_tokens_that_nobody_counted_are_unknown(browser: Browser, web: Desk, waiting: Gate) -> None:
    call(web, waiting.run, usage=Usage())

    browser.get(f"/runs/{waiting.run}")

    assert "Tokens unknown" in browser.text
    assert "Cost unknown" in browser.text


def test_parents_and_forks_lead_to_each_other(browser: Browser, web: Desk, waiting: Gate) -> None:
    child = web.fork_with(waiting.run, {}, by="ed").id

    browser.get(f"/runs/{waiting.run}")
    assert f'href="/runs/{child}"' in browser.page

    browser.get(f"/runs/{child}")
    assert f'href="/runs/{waiting.run}"' in browser.page


def test_what_left_the_house_and_who_did_what_are_shown(browser: Browser, web: Desk, waiting: Gate) -> None:
    decide_gate(waiting.id, Approve(waiting.sha), by="bo", office=web.office)

    browser.get(f"/runs/{waiting.run}")

    audit = browser.page.split('id="who-title"')[1]
    assert "bo" in audit
    assert "approve" in audit
    assert waiting.sha[:12] in audit


def test_a_page_of_a_run_that_is_not_there_says_so(browser: Browser) -> None:
    assert browser.get("/runs/NONE").status_code == 404
    assert browser.get("/runs/NONE/effects/k1/0").status_code == 404
    assert browser.get("/runs/NONE/fork").status_code == 404


def test_it_listens_to_its_own_run(browser: Browser, waiting: Gate) -> None:
    browser.get(f"/runs/{waiting.run}")

    assert f'data-live="{waiting.run}"' in browser.page


def test_how_it_stands_is_shown_at_once_and_without_the_rest_of_the_page(
    browser: Browser, web: Desk, waiting: Gate
) -> None:
    browser.get(f"/runs/{waiting.run}")
    assert f'id="now" hx-get="/runs/{waiting.run}/now"' in browser.page

    cancel_run(waiting.run, by="ed", office=web.office)
    browser.get(f"/runs/{waiting.run.lower()}/now")

    assert browser.page.startswith('<div id="now"')
    assert "Called off. Nothing more leaves the house." in browser.text
    assert "What happened" not in browser.text
    assert 'hx-select-oob="#state"' in browser.page
    assert re.search(r'id="state"><span class="badge[^"]*">cancelled</span>', browser.page)


# --- every request and answer ---


def test_a_chat_is_readable_message_by_message(browser: Browser, web: Desk) -> None:
    run = begin_content(web).id
    asked = [
        {"role": "system", "content": "You are a writer."},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"function": {"name": "search", "arguments": '{"q":1}'}}],
        },
        {"role": "tool", "content": [{"type": "text", "text": "One passage."}]},
    ]
    answer = {"text": "", "tool_calls": [{"id": "1", "name": "measure", "arguments": "not JSON"}]}
    call(web, run, request={"messages": asked, "tools": [{"name": "search"}], "settings": {}}, answer=answer)

    browser.get(f"/runs/{run}/effects/k9/0")

    for said in ("You are a writer.", "wants to use search", "&#34;q&#34;: 1", "One passage.", "wants to use measure"):
        assert said in browser.page.replace("<strong>", "").replace("</strong>", "")
    assert "not JSON" in browser.text
    assert "Settings" not in browser.text


def test_what_a_tool_was_given_and_found_is_readable(browser: Browser, web: Desk) -> None:
    run = begin_content(web, topic="expiry").id

    browser.get(f"/runs/{run}/effects/k1/0")

    assert "&#34;query&#34;: &#34;expiry&#34;" in browser.page
    assert "A gate that times out expires; it never approves." in browser.text


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (None, None),
        ("text", "text"),
        ([1, [2]], {"passages": [{"id": 1}]}),
        ({"messages": ["text", {"role": 3}, {"role": "user"}]}, {"text": 5, "tool_calls": None}),
        ({"messages": []}, {"text": "x", "tool_calls": [None, {"name": "n", "arguments": {"deep": [1]}}]}),
    ],
)
def test_a_call_of_any_shape_can_be_looked_at(browser: Browser, web: Desk, request_: Any, answer: Any) -> None:
    run = begin_content(web).id
    for kind in ("model", "tool"):
        call(web, run, key=kind, kind=kind, request=request_, answer=answer)

        assert browser.get(f"/runs/{run}/effects/{kind}/0").status_code == 200


def test_a_long_text_is_folded_and_whole(browser: Browser, web: Desk) -> None:
    run = begin_content(web).id
    call(web, run, answer={"text": "word " * 1000 + "END", "tool_calls": []})

    browser.get(f"/runs/{run}/effects/k9/0")

    folded = browser.page.split('<details class="fold">')[1]
    assert "5,003 characters" in folded
    assert "END</pre>" in folded


@pytest.mark.parametrize("place", ["k1/1", "k2/x", "k1/-0", "none/0", "k1/99999999999999999999", "k1/²"])
def test_a_call_that_was_not_made_is_not_found(browser: Browser, web: Desk, place: str) -> None:
    run = begin_content(web).id

    assert browser.get(f"/runs/{run}/effects/{place}").status_code == 404


# --- versions ---


def test_a_version_is_shown_with_what_changed(browser: Browser, web: Desk, waiting: Gate) -> None:
    decide_gate(waiting.id, Edit(POST | {"title": "Gates fail shut"}), by="bo", office=web.office)

    browser.get(f"/runs/{waiting.run}")
    assert f"/runs/{waiting.run}/artifacts/optimise/2" in browser.page

    browser.get(f"/runs/{waiting.run}/artifacts/optimise/2")
    assert "Gates fail shut" in browser.text
    assert "<del>closed</del><ins>shut</ins>" in browser.page


def test_an_output_of_any_schema_is_shown_field_by_field(browser: Browser, web: Desk) -> None:
    record = begin_content(web)
    propose(Work(record, web.office), "share", "SocialDrafts", {"drafts": [{"network": "Mastodon", "text": HOSTILE}]})

    browser.get(f"/runs/{record.id}/artifacts/share/1")

    assert "Mastodon" in browser.text
    assert "<script>alert" not in browser.page


def test_a_version_that_is_not_there_is_not_found(browser: Browser, waiting: Gate) -> None:
    for place in ("optimise/7", "optimise/x", "none/1"):
        assert browser.get(f"/runs/{waiting.run}/artifacts/{place}").status_code == 404


# --- changes ---


def test_a_failed_run_goes_on_in_line(browser: Browser, web: Desk, failed: str) -> None:
    browser.get(f"/runs/{failed}")
    answer = browser.post(f"/runs/{failed}", {"verb": "resume"})

    assert (answer.status_code, answer.headers["location"]) == (303, f"/runs/{failed}")
    assert status_of(web, failed) == "queued"


def test_a_retry_takes_up_todays_configuration(browser: Browser, web: Desk, failed: str) -> None:
    changed(web, failed, spec=desk_spec(web) | {"connectors": {"connectors": {}}})

    browser.post(f"/runs/{failed}", {"verb": "retry"})

    assert status_of(web, failed) == "queued"
    assert web.run(failed).record.spec == desk_spec(web)


def desk_spec(desk: Desk) -> dict[str, Any]:
    """The content crew's configuration as runs keep it."""
    return desk.house("content").model_dump(mode="json")


def test_a_run_is_cancelled_under_the_name_of_who_did_it(browser: Browser, web: Desk, waiting: Gate) -> None:
    browser.get(f"/runs/{waiting.run}")
    browser.post(f"/runs/{waiting.run}", {"verb": "cancel", "by": "somebody else"})

    assert status_of(web, waiting.run) == "cancelled"
    with web.store.reading() as records:
        assert records.audit.listed(run=waiting.run)[-2].who == "Ada"


def test_nothing_is_cancelled_twice(browser: Browser, web: Desk, waiting: Gate) -> None:
    cancel_run(waiting.run, by="ed", office=web.office)

    assert browser.post(f"/runs/{waiting.run}", {"verb": "cancel"}).status_code == 409


def test_what_waits_for_a_person_does_not_go_on_without_one(browser: Browser, web: Desk, waiting: Gate) -> None:
    answer = browser.post(f"/runs/{waiting.run}", {"verb": "resume"})

    assert answer.status_code == 422
    assert f"waits at gate {waiting.id}" in answer.text
    assert status_of(web, waiting.run) == "waiting"


def test_what_was_left_off_goes_on(browser: Browser, web: Desk) -> None:
    run = begin_content(web).id

    browser.get(f"/runs/{run}")
    assert "Left off" in browser.text
    browser.post(f"/runs/{run}", {"verb": "resume"})

    assert status_of(web, run) == "queued"


def test_what_nobody_knows_to_do_is_refused(browser: Browser, waiting: Gate) -> None:
    assert browser.post(f"/runs/{waiting.run}", {"verb": "explode"}).status_code == 422


def test_looking_changes_nothing(browser: Browser, web: Desk, failed: str) -> None:
    for verb in ("resume", "retry", "cancel"):
        browser.get(f"/runs/{failed}?verb={verb}")

    assert status_of(web, failed) == "failed"


@pytest.fixture(name="peopled")
def _peopled(tmp_path: Path) -> Desk:
    return peopled_desk(tmp_path)


@pytest.fixture(name="onlooker", params=["cy", "di"])
def _onlooker(peopled: Desk, request: pytest.FixtureRequest) -> Iterator[Browser]:
    with browsing(site_of(peopled), request.param, password_of(request.param)) as browser:
        yield browser


def test_who_does_not_approve_for_a_crew_changes_none_of_its_runs(peopled: Desk, onlooker: Browser) -> None:
    gate = post_at_gate(peopled, by="bo")
    onlooker.get(f"/runs/{gate.run}")
    assert "Fork" not in onlooker.text
    assert "Cancel" not in onlooker.text

    for verb in ("cancel", "retry", "resume"):
        assert onlooker.post(f"/runs/{gate.run}", {"verb": verb}).status_code == 403
    assert onlooker.post(f"/runs/{gate.run}/fork", {}).status_code == 403
    assert onlooker.get(f"/runs/{gate.run}/fork").status_code == 403
    assert status_of(peopled, gate.run) == "waiting"


# --- what comes from outside is text ---


def test_hostile_text_stays_text_everywhere(browser: Browser, web: Desk) -> None:
    gate = post_at_gate(web, topic=HOSTILE, by=HOSTILE, more={"title": HOSTILE, "slug": "s"})
    run = gate.run
    call(
        web,
        run,
        name=HOSTILE,
        agent=HOSTILE,
        outcome="failed",
        error=HOSTILE,
        request={"messages": [{"role": HOSTILE, "content": HOSTILE}], HOSTILE: HOSTILE},
        answer={"text": HOSTILE, "tool_calls": [{"name": HOSTILE, "arguments": HOSTILE}]},
    )
    changed(web, run, status="failed", error=HOSTILE, hint=HOSTILE)

    pages = ("", "/effects/k9/0", "/artifacts/optimise/1", "/fork")
    for page in (browser.get(f"/runs/{run}{place}").text for place in pages):
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "<img" not in page
        assert not re.search(r"<[^>]* (style|on\w+)=", page)


def test_a_key_of_a_call_cannot_break_out_of_its_link(browser: Browser, web: Desk) -> None:
    run = begin_content(web).id
    call(web, run, key='k"><b>/..')

    browser.get(f"/runs/{run}")

    assert "<b>" not in browser.page
