"""The same journey on a phone, by keyboard alone, without JavaScript, and over a power cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.browser import PATIENCE, DeskServer, Visits, fits, serving, until
from support.homes import lay_out_small

AT_WORK = PATIENCE * 1000
"""Milliseconds."""


FOCUSED = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"
"""What the focus is on, as a person would call it."""


@pytest.fixture(name="own")
def _own(tmp_path: Path) -> Iterator[DeskServer]:
    """A desk of this test's own, to be killed."""
    with serving(lay_out_small(tmp_path / "home")) as server:
        yield server


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus says so."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if re.match(name, page.evaluate(FOCUSED)):
            return
    raise AssertionError(f"nothing that says {name!r} can be reached by Tab")


def test_a_phone_is_enough(server: DeskServer, visits: Visits) -> None:
    page = visits.come_in(server.url, phone=True)
    widths = [fits(page)]

    page.get_by_role("link", name="Runs", exact=True).tap()
    page.get_by_role("link", name="content", exact=True).tap()
    page.get_by_label("Topic").fill("human gates")
    widths.append(fits(page))
    page.get_by_role("button", name="Start").tap()
    waits = page.get_by_text("Waits for a person at gate").get_by_role("link")
    expect(waits).to_be_visible(timeout=AT_WORK)
    widths.append(fits(page))
    visits.shoot(page, "run")
    waits.tap()
    approve = page.get_by_role("button", name=re.compile("^Approve"))
    expect(approve).to_be_in_viewport()
    visits.shoot(page, "gate", whole=False)
    page.get_by_role("link", name="Edit", exact=True).tap()
    title = page.get_by_label("Title", exact=True).first
    expect(title).to_be_in_viewport()
    title.fill("What phones are good for")
    visits.shoot(page, "edit", whole=False)
    title.blur()
    both = page.locator("#decide").get_by_role("button", name=re.compile("^Save and approve"))
    expect(both).to_be_in_viewport()
    both.tap()

    expect(page.get_by_role("heading", name="Approved")).to_be_in_viewport()
    expect(page.get_by_text("delivered once").first).to_be_visible(timeout=AT_WORK)
    visits.shoot(page, "published", whole=False)
    assert server.published("What phones are good for")
    assert all([*widths, fits(page)])


def test_a_keyboard_is_enough(server: DeskServer, visits: Visits) -> None:
    page = visits.visit(server.url)
    keys = page.keyboard

    keys.type("Ada")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    tab_to(page, "Runs$")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    tab_to(page, "content$")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Start a run")).to_be_visible()
    tab_to(page, "Topic")
    keys.type("where gates belong")
    tab_to(page, "Start$")
    keys.press("Enter")
    expect(page.get_by_text("Waits for a person at gate")).to_be_visible(timeout=AT_WORK)
    keys.press("j")
    keys.press("Enter")

    expect(page.get_by_role("heading", name="As it will ship")).to_be_visible()
    page.wait_for_load_state()
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    keys.press("r")
    keys.type("Shorter, please.")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_text("The run waits again")).to_be_visible(timeout=AT_WORK)
    keys.press("j")
    keys.press("Enter")

    expect(page.get_by_text("version 2").first).to_be_visible()
    page.wait_for_load_state()
    keys.press("e")
    expect(page.get_by_label("Title", exact=True).first).to_be_focused()
    keys.press("Control+A")
    keys.type("What keyboards are good for")
    tab_to(page, "Save and approve")
    visits.shoot(page, "about-to-approve", whole=False)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    expect(page.get_by_text("delivered once").first).to_be_visible(timeout=AT_WORK)
    assert server.published("What keyboards are good for")


def test_the_inbox_is_walked_with_j_and_k_and_gates_are_decided_with_a_and_x(
    server: DeskServer, visits: Visits
) -> None:
    kept, dropped = server.at_gate("what gates cost"), server.at_gate("approval gates")
    page = visits.come_in(server.url)
    keys = page.keyboard
    rows = page.locator("[data-row]")

    keys.press("j")
    expect(rows.first).to_be_focused()
    keys.press("j")
    expect(rows.nth(1)).to_be_focused()
    keys.press("k")
    expect(rows.first).to_be_focused()
    page.goto(f"{server.url}/gates/{kept.id}")
    keys.press("a")
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    page.goto(f"{server.url}/gates/{dropped.id}")
    keys.press("x")
    keys.type("Off brand.")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Rejected")).to_be_visible()
    assert server.finished(dropped.run) == "rejected"


def test_words_that_are_typed_to_nowhere_decide_nothing(server: DeskServer, visits: Visits) -> None:
    gate = replace(server.at_gate("gates"), kind="budget", task="", sha="", title="", card={})
    with server.desk.store.writing() as records:
        records.gates.put(gate)
    page = visits.come_in(f"{server.url}/gates/{gate.id}")

    page.keyboard.press("r")
    expect(page.get_by_text("Nothing here is sent back with r.")).to_be_visible()
    page.keyboard.type("human gates instead", delay=30)
    page.wait_for_timeout(1000)
    expect(page.get_by_role("heading", name="Approved")).to_be_hidden()
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()


def test_the_cursor_goes_only_where_a_person_sends_it(server: DeskServer, visits: Visits) -> None:
    gate = server.at_gate("human gates")
    page = visits.come_in(f"{server.url}/gates/{gate.id}")
    title = page.get_by_label("Title", exact=True).first

    page.get_by_text("Edit e", exact=True).click()
    expect(title).to_be_focused()
    title.fill("What is not saved yet")
    page.reload()

    expect(page.get_by_text("What you typed before is here again")).to_be_visible()
    expect(title).not_to_be_focused()
    page.keyboard.press("x")
    page.keyboard.type("No.")
    expect(page.get_by_label("Why?", exact=True)).to_have_value("No.")
    expect(title).to_have_value("What is not saved yet")


def test_javascript_is_not_needed(server: DeskServer, visits: Visits) -> None:
    page = visits.come_in(server.url, java_script_enabled=False)

    page.get_by_role("link", name="Runs", exact=True).click()
    page.get_by_role("link", name="content", exact=True).click()
    page.get_by_label("Topic").fill("why gates fail closed")
    page.get_by_role("button", name="Start").click()
    waits = page.get_by_text("Waits for a person at gate").get_by_role("link")
    until(lambda: page.reload() and waits.count(), "the run came to no gate")
    waits.click()
    page.get_by_text("Edit e", exact=True).click()
    page.get_by_label("Title", exact=True).first.fill("What plain pages are good for")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("version 2").first).to_be_visible()
    visits.shoot(page, "saved")
    page.get_by_role("button", name=re.compile("^Approve")).click()
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()

    until(lambda: page.reload() and page.get_by_text("delivered once").count(), "nothing was delivered")
    visits.shoot(page, "published")
    assert server.published("What plain pages are good for")


def test_what_was_typed_outlives_a_server_that_is_killed(own: DeskServer, visits: Visits) -> None:
    gate = own.at_gate("gates")
    page = visits.come_in(f"{own.url}/gates/{gate.id}")
    page.get_by_text("Edit e", exact=True).click()
    title = page.get_by_label("Title", exact=True).first
    title.fill("What power cuts leave")
    expect(page.get_by_text("your edits, not saved")).to_be_visible()
    visits.expect_trouble("ERR_|htmx:")

    own.kill()
    title.fill("What power cuts leave behind")
    own.start()
    page.reload()

    assert visits.dialogs == ["beforeunload"]
    expect(page.get_by_text("What you typed before is here again")).to_be_visible()
    expect(title).to_have_value("What power cuts leave behind")
    visits.shoot(page, "restored", whole=False)
    page.locator("#decide").get_by_role("button", name=re.compile("^Save and approve")).click()
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    expect(page.get_by_text("delivered once").first).to_be_visible(timeout=AT_WORK)
    assert own.published("What power cuts leave behind")
