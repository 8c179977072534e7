"""A sales person sees the mail as its reader will, what it rests on and what follows; edits it, and takes needs out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crewdesk.cli.gate_lines import ways_line
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.views import gate_card, look_at_gate
from crewdesk.domain.gates import Approve, Gate
from crewdesk.facade import Desk
from support.gate_page import form_of, look, now, press, shown
from support.gates import Clock
from support.outreach_page import NEEDS, OTHER, SAID, TEXT, mail_at_gate, outreach, stop_at_gate
from support.web import Browser, browsing, site_of, web_desk

NASTY = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>\u202e{{7*7}}"


@pytest.fixture(name="mail")
def _mail(web: Desk) -> Gate:
    return mail_at_gate(web)


def untick(browser: Browser, gate: Gate, verb: str, kept: str) -> int:
    """Press a button with only these needs ticked."""
    pairs = [pair for pair in form_of(browser.page) if pair[0] != "keep/f/needs"]
    data: dict[str, list[str]] = {"verb": [verb], "keep/f/needs": kept.split()}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return browser.client.post(f"/gates/{gate.id}", data=data).status_code


def test_it_shows_the_mail_as_its_reader_sees_it_and_all_that_speaks_for_it(browser: Browser, mail: Gate) -> None:
    look(browser, mail)

    for words in (
        "As it will ship From Crewdesk &lt;hello@example.com&gt; To Käthe Brauer",
        "&lt;kaethe@brauer-werkzeuge.example&gt; Subject Approvals for what your agents write",
        "Dear Käthe Brauer,",
        "Example Ltd, 1 Road, Town",
        "Somebody must approve texts before they leave Because They asked about approvals. 70% sure",
        "Brauer Werkzeuge: who we are https://brauer-werkzeuge.example/about",
        "They make hand tools with 40 people.",
        "Lead L-1 · new when it was read",
        "The address is one of a role, not of a person.",
        "Consent is noted: request.",
        "What the CRM will say",
        "mail keeps a draft, nothing is sent",
        "crm notes it and sets the state “drafted”",
        f"{len(TEXT.split())} words",
        "36/60",
    ):
        assert words in browser.text, words
    article = browser.page.split('<article class="letter">')[1].partition("</article>")[0]
    assert '<div class="fixed"><p>--' in article


def test_what_is_fixed_has_no_field_and_cannot_be_changed_all_the_same(browser: Browser, web: Desk, mail: Gate) -> None:
    look(browser, mail)
    names = {name for name, _ in form_of(browser.page) if name.startswith("f/")}
    assert {name.split("/")[1] for name in names} == {"subject", "text", "needs"}

    answer = press(browser, mail, "save_approve", {"f/to": "eve@evil.example"})

    assert answer.status_code == 422
    assert "cannot be changed" in browser.text
    assert (now(web, mail).status, now(web, mail).sha) == ("open", mail.sha)


def test_subject_and_text_are_edited_and_what_was_typed_is_what_is_approved(
    browser: Browser, web: Desk, mail: Gate
) -> None:
    look(browser, mail)

    press(browser, mail, "save", {"f/subject": "Your agents' texts", "f/text": f"{TEXT}\n\nPS: Tuesday?"})

    body = shown(web, mail).body
    assert (body["subject"], body["text"]) == ("Your agents' texts", f"{TEXT}\n\nPS: Tuesday?")
    assert body["to"] == outreach()["to"]
    assert now(web, mail).status == "open"


def test_the_other_way_to_write_it_is_taken_into_the_fields_and_nothing_is_saved_by_that(
    browser: Browser, web: Desk, mail: Gate
) -> None:
    look(browser, mail)
    assert "Take this one into the editor" in browser.text

    assert press(browser, mail, "other").status_code == 200

    fields = dict(form_of(browser.page))
    assert (fields["f/subject"], fields["f/text"]) == (OTHER["subject"], OTHER["text"])
    assert "not saved yet" in browser.text
    assert "Take this one into the editor" not in browser.text
    assert now(web, mail).sha == mail.sha
    press(browser, mail, "save")
    assert shown(web, mail).body["text"] == OTHER["text"]


def test_a_mail_without_another_way_offers_none(browser: Browser, web: Desk) -> None:
    mail = mail_at_gate(web, other=None)
    look(browser, mail)

    assert "The other way" not in browser.text
    assert press(browser, mail, "other").status_code == 422
    assert "There is no other way to write this." in browser.text


def test_a_need_that_is_left_out_is_in_no_note_for_the_crm(browser: Browser, web: Desk, mail: Gate) -> None:
    look(browser, mail)

    assert untick(browser, mail, "save", "1") == 303

    assert shown(web, mail).body["needs"] == NEEDS[1:]
    look(browser, mail)
    record = browser.page.split("What the CRM will say</summary>")[1].partition("</pre>")[0]
    assert "Texts in German" in record
    assert "Somebody must approve" not in record


def test_what_is_typed_is_shown_as_it_would_ship_before_it_is_saved(browser: Browser, mail: Gate) -> None:
    look(browser, mail)
    data = dict(form_of(browser.page)) | {"f/subject": "Tuesday?"}

    answer = browser.client.post(f"/gates/{mail.id}/check", data=data)

    assert 'id="shipped"' in answer.text
    assert "your edits, not saved" in answer.text
    assert "<bdi>Tuesday?</bdi>" in answer.text


def test_each_sourced_sentence_leads_to_what_it_rests_on(browser: Browser, mail: Gate) -> None:
    look(browser, mail)

    article = browser.page.split('<article class="letter">')[1].partition("</article>")[0]
    assert re.search(re.escape(SAID) + r'(</mark>)?<sup class="ref"><a href="#claim-\d+" title="[^"]+', article)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("de", "ltr"), ('x" onclick="', "ltr")])
def test_a_mail_stands_in_its_own_language_and_direction(
    browser: Browser, web: Desk, language: str, direction: str
) -> None:
    look(browser, mail_at_gate(web, language=language))

    assert f'dir="{direction}" hx-disable' in browser.page
    assert 'onclick="' not in browser.page


def test_a_stop_shows_its_reasons_and_what_the_crm_will_say(browser: Browser, web: Desk) -> None:
    gate = stop_at_gate(web)
    look(browser, gate)

    assert "crm notes it and sets the state “stopped”" in browser.text
    assert "Crewdesk: nobody is written to. - The CRM says: do not contact." in browser.text
    assert {name for name, _ in form_of(browser.page) if name.startswith("f/")} == {"f/reasons"}
    press(browser, gate, "approve")
    assert now(web, gate).verb == "approve"


def test_hostile_texts_stay_texts(browser: Browser, web: Desk) -> None:
    bad = NEEDS[0] | {"need": NASTY, "because": NASTY}
    source = {"id": "crm-1", "title": NASTY, "source": NASTY, "text": NASTY, "date": NASTY}
    gate = mail_at_gate(
        web,
        title=NASTY, company=NASTY, to_name=NASTY, subject=NASTY, text=f"{NASTY}\n\n{NASTY}", footer=NASTY,
        other={"subject": NASTY, "text": NASTY}, needs=[bad], sources=[source], status=NASTY,
        facts=[{"statement": NASTY, "passages": ["crm-1"]}], statements=[{"statement": NASTY, "passages": ["crm-1"]}],
        screened={"warnings": [NASTY], "checked": [NASTY]},
    )  # fmt: skip

    for address in (f"/gates/{gate.id}", f"/runs/{gate.run}/artifacts/write/1", f"/runs/{gate.run}", "/"):
        assert browser.get(address).status_code == 200
        main = browser.page.split("<main")[1]
        assert "<script>alert" not in main
        assert "<img" not in main
    browser.get(f"/gates/{gate.id}")
    assert "{{7*7}}" in browser.text
    assert "⟦U+202E⟧" in browser.page


def test_fields_of_ten_thousand_signs_are_shown_and_can_be_saved_as_they_are(browser: Browser, web: Desk) -> None:
    long = "Wort " * 2000
    gate = mail_at_gate(web, text=long, company=long, to_name=long, status=long)
    look(browser, gate)

    press(browser, gate, "save_approve")

    assert (now(web, gate).verb, now(web, gate).noted_sha) == ("approve", gate.sha)


def test_after_the_decision_it_is_still_there_to_read_without_boxes(browser: Browser, web: Desk, mail: Gate) -> None:
    decide_gate(mail.id, Approve(mail.sha), by="bo", office=web.office)

    look(browser, mail)

    assert SAID in browser.text
    assert 'type="checkbox"' not in browser.page
    assert "Take this one" not in browser.text


def test_the_inbox_says_who_it_is_about_and_what_the_mail_says(browser: Browser, mail: Gate) -> None:
    browser.get("/")

    assert "Brauer Werkzeuge GmbH (L-1): Approvals for what your agents write flagged" in browser.text


def test_a_mail_that_cannot_be_made_says_so_before_anybody_approves_it(browser: Browser, web: Desk) -> None:
    look(browser, mail_at_gate(web, to="nowhere"))

    assert "mail cannot take it as it is; crm notes it" in browser.text
    assert "not as it is The lead cannot be written to" in browser.text


def test_a_mail_that_is_sent_at_once_says_so_at_the_button(tmp_path: Path, clock: Clock) -> None:
    desk = web_desk(tmp_path, clock)
    connectors = tmp_path / "home" / "config" / "connectors.yaml"
    sends = "host: 127.0.0.1\n      tls: none\n      sends: {by: Ada, because: We answer requests.}"
    text = connectors.read_text("utf-8").replace("mail/outbox", "mail/smtp").replace("folder: outbox", sends)
    connectors.write_text(text, "utf-8")

    with browsing(site_of(desk)) as browser:
        gate = mail_at_gate(desk)
        said = look(browser, gate)
        decide_gate(gate.id, Approve(gate.sha), by="bo", office=desk.office)
        afterwards = look(browser, gate)

    assert "mail sends it at once to Käthe Brauer" in said
    assert "crm notes it and sets the state “contacted”" in said
    assert "Crewdesk: first mail. Sent." in said
    assert "Crewdesk: first mail. Sent." in afterwards
    assert ways_line(look_at_gate(gate.id, desk.store)) == "mail (mail/smtp, sent at once) · crm (crm/sqlite)"


def test_what_carries_it_is_told_to_programs_too(web: Desk, mail: Gate) -> None:
    card = gate_card(look_at_gate(mail.id, web.store), "2026-11-26T10:00:00+00:00")

    assert card["ways"] == {"mail": "mail/outbox", "crm": "crm/sqlite"}
