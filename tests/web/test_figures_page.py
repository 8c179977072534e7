"""The page of figures says what is known, how much is not, and what each figure means."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.domain.gates import Approve, Edit, Gate, Revise
from crewdesk.facade import Desk
from support.gates import Clock
from support.web import POST, Browser, post_at_gate


def finish(web: Desk, gate: Gate) -> None:
    """Do what a worker does after the approval."""
    with web.store.writing() as records:
        run = records.runs.get(gate.run)
        assert run is not None
        records.runs.put(replace(run, status="done"))


def approved(web: Desk, clock: Clock, gate: Gate, *, looked: float | None = None) -> None:
    clock.forward(hours=1)
    decide_gate(gate.id, Approve(gate.sha), by="bo", looked=looked, office=web.office)
    finish(web, gate)


def tiles(browser: Browser, address: str = "/figures") -> dict[str, str]:
    """What the figures at a glance say."""
    page = browser.get(address).text
    found = re.findall(r'<dt>([^<]+)</dt><dd class="value">([^<]*)</dd><dd class="hint">([^<]*)</dd>', page)
    return {name: f"{value} | {says}" for name, value, says in found}


def test_where_nothing_was_started_it_says_so(browser: Browser) -> None:
    browser.get("/figures")

    assert "No run was started in these weeks" in browser.text


def test_it_tells_of_runs_money_gates_and_time(browser: Browser, web: Desk, clock: Clock) -> None:
    approved(web, clock, post_at_gate(web), looked=600.0)
    post_at_gate(web, topic="another")

    assert tiles(browser) == {
        "Runs": "2 | 1 done; of 1 that ended 0% failed",
        "Cost": "$0.02 | 2 answers of models",
        "Approved unchanged": "100% | of 1 gate",
        "At the gate": "1 h | median; hands-on 10 min in all",
        "People stepped in": "0.0 | times per run, in 1 run with gates",
        "Time saved": "3 h 50 min | 4 h by hand × 1 run done, less 10 min at gates.",
    }


def test_what_nobody_knows_is_unknown_and_never_zero(browser: Browser, web: Desk, clock: Clock) -> None:
    gate = post_at_gate(web)
    with web.store.writing() as records:
        for effect in records.journal.of_run(gate.run):
            records.journal.put(replace(effect, usage=replace(effect.usage, usd=None)))
    approved(web, clock, gate)

    told = tiles(browser)

    assert told["Cost"] == "unknown | price unknown for 1 of 1 answer"
    assert told["At the gate"] == "1 h | median; hands-on unknown in all, unknown for 1 of 1 gate"
    assert told["Time saved"].startswith("unknown | 4 h by hand × 1 run done, but")
    assert 'class="hatched"' in browser.page


def test_what_is_known_in_part_is_a_bound(browser: Browser, web: Desk, clock: Clock) -> None:
    for topic, looked in (("one", 600.0), ("two", None)):
        approved(web, clock, post_at_gate(web, topic=topic), looked=looked)

    told = tiles(browser)

    assert told["At the gate"].endswith("hands-on at least 10 min in all, unknown for 1 of 2 gates")
    assert told["Time saved"] == (
        "at most 7 h 50 min | 4 h by hand × 2 runs done, less at least 10 min at gates; "
        "hands-on time unknown for 1 of 2 gates."
    )


def test_a_crew_that_does_not_state_its_time_by_hand_saves_nobody_knows_what(
    browser: Browser, web: Desk, clock: Clock
) -> None:
    crew = web.settings.config / "crews" / "content" / "crew.yaml"
    crew.write_text(re.sub(r"(?m)^manual_time:.*$", "", crew.read_text("utf-8")), "utf-8")
    approved(web, clock, post_at_gate(web), looked=1.0)

    assert tiles(browser)["Time saved"] == "unknown | crew.yaml does not state manual_time: how long one takes by hand."


def test_edits_and_what_was_sent_back_are_told_apart(browser: Browser, web: Desk, clock: Clock) -> None:
    edited, back = post_at_gate(web, topic="one"), post_at_gate(web, topic="two")
    changed = decide_gate(edited.id, Edit({**POST, "title": "Better"}), by="bo", office=web.office)
    approved(web, clock, changed)
    decide_gate(back.id, Revise("shorter"), by="bo", office=web.office)

    browser.get("/figures")

    assert "1 edited, then approved" in browser.page
    assert "1 sent back" in browser.page
    assert tiles(browser)["People stepped in"].startswith("1.0 |")


@pytest.mark.parametrize(
    ("query", "there"),
    [("crew=content", True), ("crew=nobody", False), ("profile=offline", True), ("profile=anthropic", False)],
)
def test_it_can_be_filtered(browser: Browser, waiting: Gate, query: str, *, there: bool) -> None:
    assert bool(tiles(browser, f"/figures?{query}&weeks=4")) == there


@pytest.mark.parametrize("query", ["weeks=9999", "weeks=-1", "weeks=x", "weeks=", "crew=' OR 1=1 --"])
def test_a_filter_that_makes_no_sense_does_no_harm(browser: Browser, waiting: Gate, query: str) -> None:
    assert browser.get(f"/figures?{query}").status_code == 200


def test_weeks_without_runs_stand_in_the_table_too(browser: Browser, waiting: Gate) -> None:
    page = browser.get("/figures?weeks=4").text

    assert re.findall(r'<th scope="row">(2026-W\d\d)</th>', page) == ["2026-W44", "2026-W45", "2026-W46", "2026-W47"]


def test_a_crew_that_is_broken_or_gone_keeps_its_figures(browser: Browser, web: Desk, waiting: Gate) -> None:
    (web.settings.config / "crews" / "content" / "crew.yaml").write_text("gaol: x\n", "utf-8")

    assert tiles(browser)["Runs"].startswith("1 |")


def test_names_from_the_database_are_only_text(browser: Browser, web: Desk, waiting: Gate) -> None:
    bad = "<script>alert(1)</script>"
    with web.store.writing() as records:
        for effect in records.journal.of_run(waiting.run):
            records.journal.put(replace(effect, key=f"{effect.key}x", agent=bad, name=bad, task=bad))

    browser.get("/figures")

    assert bad not in browser.page
    assert "&lt;script&gt;" in browser.page
