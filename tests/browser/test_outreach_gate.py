"""A sales person approves a mail: edited, the other way taken, a need left out; on a phone, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from crewdesk.domain.gates import Gate
from crewdesk.domain.outreach.lead import Lead
from support.browser import PATIENCE, DeskServer, Visits, fits, serving
from support.gate_page import shown
from support.homes import lay_out_small
from support.leads import crm_of
from support.outreach_page import NEEDS, OTHER, SAID, TEXT, mail_at_gate, stop_at_gate

AT_WORK = PATIENCE * 1000
"""Milliseconds."""
NASTY = '</textarea><script>alert(1)</script><img src="https://evil.example/x.png" onerror="alert(2)">\u202eevil'


@pytest.fixture(name="own", scope="module")
def _own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk of this file's own."""
    with serving(lay_out_small(tmp_path_factory.mktemp("sales") / "home", sources=())) as server:
        yield server


def real_gate(server: DeskServer, name: str) -> Gate:
    """Let the crew write to a lead that the CRM has."""
    lead = Lead(
        id=name,
        company="Harbour Lines Ltd",
        first_name="Ada",
        last_name="Byron",
        email="ada@harbour-lines.example",
        country="GB",
        language="en",
        interest="approval gates for agents",
        basis="request",
    )
    crm_of(server.home).put(lead)
    return server.gate_of(server.desk.enqueue("outreach", lead=name).id)


def everything_open(page: Page) -> None:
    """Open whatever is folded."""
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")


def test_a_mail_is_edited_and_approved_and_lies_in_the_drafts(own: DeskServer, visits: Visits) -> None:
    gate = real_gate(own, "L-2001")
    page = visits.come_in(f"{own.url}/gates/{gate.id}")
    letter = page.locator("#shipped")
    expect(letter).to_contain_text("Ada Byron <ada@harbour-lines.example>")

    page.keyboard.press("e")
    subject, text = page.get_by_label("Subject", exact=True), page.get_by_label("Text", exact=True)
    expect(subject).to_be_focused()
    subject.fill("x" * 61)
    expect(page.get_by_text("61/60")).to_have_class(re.compile("over"))
    subject.fill("Shall we talk?")
    text.fill("Dear Ada Byron,\n\nshall we talk?")
    expect(page.locator("[data-words]")).to_have_text("6 words")
    expect(letter).to_contain_text("your edits, not saved")
    expect(letter).to_contain_text("shall we talk?")
    page.reload()
    expect(subject).to_have_value("Shall we talk?")
    visits.shoot(page, "typed")
    page.locator("#edit").get_by_role("button", name="Save and approve").click()
    expect(page.get_by_text("delivered once").first).to_be_visible(timeout=AT_WORK)

    assert own.finished(gate.run) == "done"
    (mail,) = (own.home / "outbox").rglob("*.eml")
    assert b"Subject: Shall we talk?" in mail.read_bytes()
    lead = crm_of(own.home).lead("L-2001")
    assert lead.status == "drafted"
    assert "shall we talk?" in lead.notes[-1].text
    visits.shoot(page, "delivered")
    page.goto(f"{own.url}/runs/{gate.run}")
    expect(page.get_by_text("Left out, eligible: stop.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with", "without"])
def test_the_other_way_is_taken_and_a_need_left_out_with_and_without_javascript(
    own: DeskServer, visits: Visits, *, script: bool
) -> None:
    gate = mail_at_gate(own.desk, lead=f"L-{script}")
    page = visits.come_in(f"{own.url}/gates/{gate.id}", java_script_enabled=script)

    page.locator("#other summary").click()
    visits.shoot(page, "other")
    page.get_by_role("button", name="Take this one into the editor").click()
    expect(page.get_by_label("Subject", exact=True)).to_have_value(str(OTHER["subject"]))
    expect(page.get_by_label("Text", exact=True)).to_have_value(str(OTHER["text"]))
    page.get_by_role("checkbox", name="Texts in German").uncheck()
    page.locator("section", has=page.locator("#needs-title")).get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Saved as a version of its own")).to_be_visible()
    body = shown(own.desk, gate).body
    assert (body["subject"], body["text"], body["needs"]) == (OTHER["subject"], OTHER["text"], NEEDS[:1])


def test_a_phone_reads_and_approves_in_the_dark(own: DeskServer, visits: Visits) -> None:
    gate = mail_at_gate(own.desk, lead="L-ar", language="ar", text=f"مرحبا\n\n{TEXT}", needs=NEEDS)
    page = visits.come_in(f"{own.url}/gates/{gate.id}", phone=True, color_scheme="dark")

    assert fits(page)
    assert page.locator("#shipped .text").first.evaluate("one => getComputedStyle(one).direction") == "rtl"
    visits.shoot(page, "phone")
    everything_open(page)
    assert fits(page)
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []


def test_a_number_behind_a_sentence_leads_to_what_it_rests_on(own: DeskServer, visits: Visits) -> None:
    page = visits.come_in(f"{own.url}/gates/{mail_at_gate(own.desk, lead='L-numbers').id}")

    page.locator("#shipped .ref a").first.click()

    expect(page.locator("#evidence").get_by_text(SAID).first).to_be_in_viewport()
    everything_open(page)
    visits.shoot(page, "evidence")
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []


def test_a_stop_says_why_and_what_the_crm_will_say(own: DeskServer, visits: Visits) -> None:
    page = visits.come_in(f"{own.url}/gates/{stop_at_gate(own.desk).id}")

    expect(page.locator("#shipped")).to_contain_text("The CRM says: do not contact.")
    expect(page.get_by_role("group", name="What the CRM will say")).to_contain_text("nobody is written to")
    visits.shoot(page, "stop")
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []


def test_hostile_texts_load_nothing_and_run_nothing(own: DeskServer, visits: Visits) -> None:
    source = {"id": "crm-1", "title": NASTY, "source": NASTY, "text": NASTY, "date": NASTY}
    gate = mail_at_gate(
        own.desk,
        lead="L-evil",
        title=NASTY * 20, company=NASTY, to_name=NASTY, subject=NASTY[:190], text=f"{NASTY}\n\n{'x' * 10_000}",
        footer=NASTY, needs=[NEEDS[0] | {"need": NASTY, "because": "y" * 5000}], sources=[source],
        facts=[{"statement": NASTY * 30, "passages": ["crm-1"]}], status=NASTY,
    )  # fmt: skip
    page = visits.come_in(f"{own.url}/gates/{gate.id}", phone=True)

    everything_open(page)
    assert fits(page)
    assert page.locator("main img, main script").count() == 0
    visits.shoot(page, "hostile")
    page.goto(own.url)
    assert fits(page)
    visits.shoot(page, "inbox")
