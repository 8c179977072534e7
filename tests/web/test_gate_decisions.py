"""What buttons of a gate decide, and what they cannot."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.domain.actions import Action
from crewdesk.domain.gates import Approve, Gate
from crewdesk.facade import Desk
from support.gate_page import audit, look, now, press, shown
from support.gates import Clock
from support.web import POST, Browser, post_at_gate


def test_approving_releases_what_was_shown(browser: Browser, web: Desk, waiting: Gate, clock: Clock) -> None:
    look(browser, waiting)
    clock.forward(seconds=90)

    answer = press(browser, waiting, "approve")

    decided = now(web, waiting)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/gates/{waiting.id}")
    assert (decided.verb, decided.noted_sha, decided.by, decided.looked) == ("approve", waiting.sha, "Ada", 90.0)
    assert audit(web, waiting)[-1].proof == "typed"


@pytest.mark.parametrize(
    "opened", ["", "yesterday", "2999-01-01T00:00:00+00:00", "2026-11-22T01:00:00+00:00", "2026-11-22"]
)
def test_a_look_that_cannot_have_been_one_is_not_counted(
    browser: Browser, web: Desk, waiting: Gate, opened: str
) -> None:
    look(browser, waiting)

    press(browser, waiting, "approve", {"opened": opened})

    assert now(web, waiting).looked is None
    assert now(web, waiting).verb == "approve"


def test_a_decision_says_what_happens_now(browser: Browser, waiting: Gate) -> None:
    look(browser, waiting)
    press(browser, waiting, "approve")

    text = look(browser, waiting)

    assert f"By Ada (not authenticated): exactly the version with the hash {waiting.sha[:12]}" in text
    assert "The run is in line" in text
    assert "not authenticated" in text
    assert 'value="approve"' not in browser.page


def test_a_decision_leads_on_to_what_waits_next(browser: Browser, web: Desk, waiting: Gate) -> None:
    other = post_at_gate(web, topic="another")
    look(browser, waiting)
    press(browser, waiting, "approve")

    look(browser, waiting)

    assert f'<a class="button primary" href="/gates/{other.id}">' in browser.page


def test_what_was_delivered_is_told_with_its_receipt(browser: Browser, web: Desk, waiting: Gate) -> None:
    from crewdesk.domain.actions import Receipt

    decide_gate(waiting.id, Approve(waiting.sha), by="ed", office=web.office)
    receipt = Receipt("file:///site/index.html", {"url": "https://blog.example.com/posts/x/"})
    key = f"{waiting.run}:site:optimise"
    action = Action(key, waiting.run, "publish", "site", waiting.sha, "Post", "delivered", web.office.now(), 1, receipt)
    with web.store.writing() as records:
        records.outbox.put(action)

    text = look(browser, waiting)

    assert "delivered once" in text
    assert '<a href="https://blog.example.com/posts/x/"' in browser.page


def test_notes_send_the_work_back(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    press(browser, waiting, "revise", {"notes": "Start with the <costs>."})

    assert (now(web, waiting).verb, now(web, waiting).words) == ("revise", "Start with the <costs>.")
    assert "Start with the &lt;costs&gt;." in browser.get(f"/gates/{waiting.id}").text


def test_a_rejection_keeps_its_reason(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    press(browser, waiting, "reject", {"reason": "Off brand."})

    assert (now(web, waiting).verb, now(web, waiting).words) == ("reject", "Off brand.")
    text = look(browser, waiting)
    assert "nothing leaves the house" in text
    assert "A worker closes the run." in text
    assert "goes on" not in text


def test_a_flagged_statement_is_waived_with_a_reason(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    press(browser, waiting, "waive:3", {"why/3": "I counted them."})

    assert [(w.sentence, w.why, w.by) for w in now(web, waiting).waivers] == [
        ("Of those, 17 expired within a day.", "I counted them.", "Ada")
    ]
    text = look(browser, waiting)
    assert "Ada takes it on: “I counted them.”" in text
    assert " 1 statement waived ." in text
    assert "<mark" not in browser.page


def test_a_gate_is_handed_on(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    press(browser, waiting, "delegate", {"to": "Bo", "words": "She knows."})

    assert now(web, waiting).people == ("Bo",)
    assert "Only Bo may decide here." in look(browser, waiting)
    assert 'value="approve"' not in browser.page


def test_what_was_tampered_with_is_not_approved(browser: Browser, web: Desk, waiting: Gate) -> None:
    with web.store.writing() as records:
        records.artifacts.put(replace(shown(web, waiting), body={**POST, "title": "Other bytes"}))

    assert "it is not what its hash says" in look(browser, waiting)
    answer = press(browser, waiting, "approve")

    assert answer.status_code == 409
    assert "changed behind the desk's back" in html.unescape(browser.text)


def test_what_is_no_button_decides_nothing(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    assert press(browser, waiting, "publish").status_code == 422
    assert now(web, waiting).status == "open"


def test_a_gate_about_money_asks_for_yes_or_no_only(browser: Browser, web: Desk, waiting: Gate) -> None:
    about_money = replace(
        waiting, id=f"{waiting.run}-9", kind="budget", task="", sha="", title="", card={}, question="As much again?"
    )
    with web.store.writing() as records:
        records.gates.put(about_money)

    text = look(browser, about_money)
    assert "the run goes on and may spend as much again" in text
    assert not {"Revise with notes", "As it will ship", "Changes"} & {
        part.strip() for part in re.split(r"<[^>]+>", browser.page)
    }
    press(browser, about_money, "approve")

    assert now(web, about_money).verb == "approve"


@pytest.mark.parametrize("name", ["run", "id"])
def test_any_name_of_a_gate_decides_about_it(browser: Browser, web: Desk, waiting: Gate, name: str) -> None:
    typed = {"verb": "reject", "sha": waiting.sha, "reason": "Off brand."}

    answer = browser.post(f"/gates/{getattr(waiting, name).lower()}", typed)

    assert answer.headers["location"] == f"/gates/{waiting.id}"
    assert now(web, waiting).verb == "reject"
