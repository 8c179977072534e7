"""A run of which tasks were left out says which, and why; it does not look as if half of it never came."""

from __future__ import annotations

from crewdesk.desk.views import run_card
from crewdesk.facade import Desk
from support.outreach_page import mail_at_gate, stop_at_gate
from support.web import Browser

GONE = ("company", "news", "needs", "write", "record")


def test_the_page_of_a_run_says_in_one_line_what_was_left_out_and_why(browser: Browser, web: Desk) -> None:
    gate = stop_at_gate(web)

    browser.get(f"/runs/{gate.run}")

    assert f"Left out, not eligible: {', '.join(GONE)}." in browser.text
    assert all(f"{task} not begun" not in browser.text for task in GONE)


def test_what_is_still_to_come_is_not_called_left_out(browser: Browser, web: Desk) -> None:
    gate = mail_at_gate(web)

    browser.get(f"/runs/{gate.run}")

    assert "Left out, eligible: stop." in browser.text
    assert "record not begun" in browser.text


def test_the_api_names_what_was_left_out_with_its_reason(web: Desk) -> None:
    assert run_card(stop_at_gate(web).run, web.office)["left_out"] == dict.fromkeys(GONE, "not eligible")
    assert run_card(mail_at_gate(web).run, web.office)["left_out"] == {"stop": "eligible"}


def test_the_picture_of_a_crew_says_on_what_a_task_hangs(browser: Browser) -> None:
    browser.get("/crews/outreach")

    assert "only if not screen.eligible" in browser.text
    assert "Only if screen.eligible; otherwise it is left out, with all that needs it" in browser.text
