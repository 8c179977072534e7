"""Whoever was faster at a gate, nobody overwrites and nobody is blamed for a second click."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.domain.gates import Edit, Gate, Reject
from crewdesk.facade import Desk
from support.gate_page import audit, look, now, press
from support.web import POST, Browser


def test_who_approves_an_older_version_is_told_who_changed_what(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)
    decide_gate(waiting.id, Edit({**POST, "title": "Gates fail slowly"}), by="bo", office=web.office)

    answer = press(browser, waiting, "approve")

    assert answer.status_code == 409
    assert "bo has put version 2 here since you opened this page" in browser.text
    assert "Gates fail <del>closed</del><ins>slowly</ins>" in browser.page
    assert now(web, waiting).status == "open"


def test_who_decides_too_late_is_told_and_keeps_their_words(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)
    decide_gate(waiting.id, Reject("No."), by="bo", office=web.office)

    answer = press(browser, waiting, "revise", {"notes": "A long and careful note."})

    assert answer.status_code == 409
    assert "was rejected by bo" in browser.text
    assert "A long and careful note." in browser.text


def test_an_open_page_hears_of_changes_without_losing_a_word(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)
    news = html.unescape(re.search(r'hx-get="([^"]+/news[^"]+)"', browser.page)[1])  # type: ignore[index]
    before = browser.get(news)
    decide_gate(waiting.id, Edit({**POST, "title": "Another"}), by="bo", office=web.office)

    after = browser.get(news).text

    assert (before.status_code, before.text) == (204, "")
    assert "version 2 by bo waits now" in after


@pytest.mark.parametrize("verb", ["approve", "save", "save_approve", "revise", "reject"])
@pytest.mark.parametrize("needs", [1, 2])
def test_a_second_click_does_nothing_and_blames_nobody(
    browser: Browser, web: Desk, waiting: Gate, verb: str, needs: int
) -> None:
    with web.store.writing() as records:
        records.gates.put(replace(waiting, needs=needs))
    look(browser, waiting)
    typed = {"f/title": "Gates stay closed"} if "save" in verb else {}
    words = {name: "So that it is right." for name, of in (("notes", "revise"), ("reason", "reject")) if of == verb}

    first = press(browser, waiting, verb, typed | words)
    before = (now(web, waiting), audit(web, waiting))
    second = press(browser, waiting, verb, typed | words)

    assert (first.status_code, second.status_code) == (303, 303)
    assert second.headers["location"] == first.headers["location"]
    assert (now(web, waiting), audit(web, waiting)) == before


def test_other_words_for_the_same_decision_are_not_lost(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)
    press(browser, waiting, "reject", {"reason": "Off brand."})

    answer = press(browser, waiting, "reject", {"reason": "Too long, too."})

    assert answer.status_code == 409
    assert "Too long, too." in browser.text


@pytest.mark.parametrize("verb", ["revise", "reject"])
def test_who_saw_an_older_version_does_not_send_the_newer_one_back(
    browser: Browser, web: Desk, waiting: Gate, verb: str
) -> None:
    look(browser, waiting)
    decide_gate(waiting.id, Edit({**POST, "title": "Gates fail slowly"}), by="bo", office=web.office)

    answer = press(browser, waiting, verb, {"notes": "Another title.", "reason": "A bad title."})

    assert answer.status_code == 409
    assert "bo has put version 2 here since you opened this page" in browser.text
    assert now(web, waiting).status == "open"
