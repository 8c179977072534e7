"""Whole journeys of people at the desk, in a real browser with a real worker."""

from __future__ import annotations

from playwright.sync_api import expect

from support.browser import DeskServer, Visits


def test_a_run_is_started_watched_edited_and_published(server: DeskServer, visits: Visits) -> None:
    gate = server.at_gate("gates")
    page = visits.come_in(f"{server.url}/gates/{gate.id}")

    expect(page.get_by_role("button", name="Approve").first).to_be_visible()
    visits.shoot(page, "gate")
