"""Whole journeys of people at the desk, in a real browser with a real worker."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from crewdesk.domain.gates import Gate
from support.browser import PATIENCE, DeskServer, Visits

AT_WORK = PATIENCE * 1000
"""Milliseconds."""


def start(page: Page, topic: str) -> None:
    """Start a run from the form, as a mouse would."""
    page.get_by_role("link", name="Runs", exact=True).click()
    page.get_by_role("link", name="content", exact=True).click()
    page.get_by_label("Topic").fill(topic)
    page.get_by_role("button", name="Start").click()
    expect(page).to_have_url(re.compile("/runs/"))


def shown(page: Page) -> str:
    """The text of the post, as the gate shows that it will ship."""
    return page.get_by_role("region", name="As it will ship").locator(".prose").inner_text()


def put_before(page: Page, label: str, text: str) -> None:
    """Type a text before what is in a field."""
    field = page.get_by_label(label, exact=True)
    field.fill(f"{text}\n\n{field.input_value()}")


def open_edit(page: Page) -> None:
    page.get_by_text("Edit e", exact=True).click()


def published(page: Page, server: DeskServer, words: str) -> tuple[str, str]:
    """Open the page of the site with these words; return its text, and the hash it says it has."""
    page.goto(server.published(words).as_uri())
    return page.locator(".text").inner_text(), page.locator('meta[name="crewdesk:sha256"]').get_attribute(
        "content"
    ) or ""


def decided(server: DeskServer, gate: str) -> Gate:
    with server.desk.store.reading() as records:
        found = records.gates.get(gate)
        assert found is not None
        return found


def test_a_run_is_started_watched_edited_and_published_exactly_as_it_was_approved(
    server: DeskServer, visits: Visits
) -> None:
    page = visits.come_in(server.url)
    start(page, "gates")
    page.evaluate("window.stayed = true")
    visits.shoot(page, "started")
    waits = page.get_by_text("Waits for a person at gate").get_by_role("link")
    expect(waits).to_be_visible(timeout=AT_WORK)
    assert page.evaluate("window.stayed"), "it came without a reload"
    visits.shoot(page, "waits")
    waits.click()
    visits.shoot(page, "gate")

    open_edit(page)
    put_before(page, "Body", "We read this line by hand before it went out.")
    expect(page.get_by_text("your edits, not saved")).to_be_visible()
    visits.shoot(page, "edited", whole=False)
    approved = shown(page)
    page.get_by_role("button", name=re.compile("^Save and approve")).first.click()
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    expect(page.get_by_text("delivered once").first).to_be_visible(timeout=AT_WORK)
    visits.shoot(page, "published")

    gate = decided(server, page.url.rpartition("/")[2])
    text, sha = published(page, server, "We read this line by hand")
    assert text == approved
    assert sha == gate.noted_sha != ""


def test_notes_bring_a_second_version_whose_changes_are_shown(server: DeskServer, visits: Visits) -> None:
    gate = server.at_gate("journal")
    page = visits.come_in(f"{server.url}/gates/{gate.id}")
    page.evaluate("window.stayed = true")

    page.get_by_text("Revise with notes r", exact=True).click()
    page.get_by_label("What should be different?").fill("Shorter, please.")
    page.get_by_role("button", name=re.compile("^Send back")).click()
    expect(page.get_by_role("heading", name="Sent back")).to_be_visible()
    page.evaluate("window.stayed = true")
    again = page.get_by_text("The run waits again").get_by_role("link")
    expect(again).to_be_visible(timeout=AT_WORK)
    assert page.evaluate("window.stayed"), "it came without a reload"
    visits.shoot(page, "waits-again")
    again.click()

    expect(page.get_by_text(re.compile("version 2"))).not_to_have_count(0)
    page.get_by_text("Changes", exact=True).click()
    expect(page.locator("del, ins").first).to_be_visible()
    visits.shoot(page, "changes")
    assert page.get_by_text("Shorter, please.").count() > 0


def test_of_two_who_decide_at_once_one_wins_and_the_other_loses_nothing(server: DeskServer, visits: Visits) -> None:
    gate = server.at_gate("people")
    address = f"{server.url}/gates/{gate.id}"
    ada, bo = visits.come_in(address, "Ada"), visits.come_in(address, "Bo")
    bo.get_by_text("Revise with notes r", exact=True).click()
    bo.get_by_label("What should be different?").fill("The second paragraph repeats the first.")

    ada.get_by_role("button", name=re.compile("^Approve")).first.click()
    expect(ada.get_by_role("heading", name="Approved")).to_be_visible()
    expect(bo.get_by_text("This gate was decided while you had it open")).to_be_visible()
    visits.expect_trouble("answer: 409")
    bo.get_by_role("button", name=re.compile("^Send back")).click()

    expect(bo.get_by_role("alert")).to_contain_text("Ada")
    expect(bo.get_by_text("The second paragraph repeats the first.")).to_be_visible()
    visits.shoot(bo, "too-late")
    assert decided(server, gate.id).by == "Ada"


def test_two_edits_of_one_version_are_never_mixed(server: DeskServer, visits: Visits) -> None:
    gate = server.at_gate("evidence")
    address = f"{server.url}/gates/{gate.id}"
    ada, bo = visits.come_in(address, "Ada"), visits.come_in(address, "Bo")
    for page, words in ((ada, "Ada wrote this line."), (bo, "Bo wrote this line.")):
        open_edit(page)
        put_before(page, "Body", words)

    ada.get_by_role("button", name="Save", exact=True).click()
    expect(ada.get_by_text("version 2").first).to_be_visible()
    visits.expect_trouble("answer: 409")
    bo.get_by_role("button", name="Save", exact=True).click()

    expect(bo.get_by_role("alert")).to_be_visible()
    assert "Bo wrote this line." in bo.get_by_label("Body", exact=True).input_value()
    visits.shoot(bo, "conflict")
