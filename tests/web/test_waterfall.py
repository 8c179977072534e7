"""The waterfall shows task by task who did what, what was tried again, what was reused, and where people were asked."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.look_at_run import look_at_run
from crewdesk.domain.gates import Approve, Gate
from crewdesk.facade import Desk
from crewdesk.web.runs.waterfall import Stage, waterfall
from support.gates import Clock
from support.web import Browser, begin_content, post_at_gate


def stages(desk: Desk, run: str) -> dict[str, Stage]:
    """The stages of a run as it is now, by task."""
    return {stage.task: stage for stage in waterfall(look_at_run(run, desk.office), desk.office.now()).stages}


def rewrite(desk: Desk, run: str, place: int, **changes: object) -> None:
    """Change one call of the journal."""
    with desk.store.writing() as records:
        effect = records.journal.of_run(run)[place]
        records.journal.put(replace(effect, **changes))


def test_tasks_stand_in_the_order_of_the_configuration_also_those_to_come(web: Desk) -> None:
    run = begin_content(web).id

    assert list(stages(web, run)) == ["pick_topic", "research", "draft", "optimise", "publish", "share"]
    assert stages(web, run)["publish"].stretches == []


def test_what_was_done_for_the_whole_crew_comes_first(web: Desk) -> None:
    run = begin_content(web).id
    rewrite(web, run, 1, task="", agent="chief")

    assert next(iter(stages(web, run))) == ""


def test_one_agent_after_another_makes_a_stretch_each(web: Desk) -> None:
    run = begin_content(web).id
    rewrite(web, run, 1, agent="chief")

    assert [stretch.agent for stretch in stages(web, run)["research"].stretches] == ["researcher", "chief"]


def test_a_gate_that_waited_for_days_does_not_squash_the_calls(web: Desk, waiting: Gate, clock: Clock) -> None:
    for place in (0, 1):
        rewrite(web, waiting.run, place, started="2026-11-22T09:59:59.000+00:00")
    clock.forward(days=3)
    decide_gate(waiting.id, Approve(waiting.sha), by="bo", office=web.office)

    found = stages(web, waiting.run)
    (call, asked), (gate,) = found["research"].stretches[0].rows, found["optimise"].stretches[0].rows
    assert gate.gate is not None
    assert gate.seconds == 3 * 86_400
    assert call.span is not None
    assert asked.span is not None
    assert gate.span is not None
    assert asked.span.width > 800
    assert gate.span.width < 100


def test_what_came_after_the_gate_stands_below_it(web: Desk, waiting: Gate, clock: Clock) -> None:
    clock.forward(minutes=5)
    with web.store.writing() as records:
        effect = records.journal.of_run(waiting.run)[1]
        records.journal.put(replace(effect, key="k3", task="optimise", started=web.office.now()))
        records.journal.put(replace(effect, key="k4", task="optimise", started=effect.started))

    rows = [row for stretch in stages(web, waiting.run)["optimise"].stretches for row in stretch.rows]
    assert rows[0].gate is not None
    assert [row.effect and row.effect.key for row in rows[1:]] == ["k3", "k4"]


def test_what_was_reused_took_no_time_here(web: Desk) -> None:
    parent = post_at_gate(web).run
    child = web.fork_with(parent, {}, by="ed").id
    with web.store.writing() as records:
        (offer, *_) = records.journal.offers(child)
        records.journal.put(replace(offer, source="reused"))

    stage = stages(web, child)["research"]
    assert [row.span for row in stage.stretches[0].rows] == [None]
    assert stage.seconds == 0


def test_what_failed_is_counted_and_what_broke_off_is_not_said_to_have_lasted(web: Desk) -> None:
    run = begin_content(web).id
    rewrite(web, run, 0, outcome="failed", answer=None, error="no")
    rewrite(web, run, 1, outcome=None, answer=None, milliseconds=None)

    stage = stages(web, run)["research"]
    assert stage.failures == 1
    assert stage.stretches[0].rows[1].seconds is None


def test_the_page_draws_it(browser: Browser, web: Desk, waiting: Gate) -> None:
    rewrite(web, waiting.run, 0, attempts=3)

    browser.get(f"/runs/{waiting.run}")

    assert browser.page.count("<svg viewBox") == 3
    assert "3 tries" in browser.text
    assert f"gate {waiting.id} waits for a person" in browser.text
    assert "publish not begun" in browser.text
