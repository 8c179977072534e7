"""What is typed at a gate is checked, saved or given back; nothing of it is lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.work import Work
from crewdesk.domain.gates import Edit, Gate
from crewdesk.facade import Desk
from support.gate_page import audit, form_of, look, now, press, shown
from support.web import POST, Browser, propose


def test_saving_makes_a_version_and_decides_nothing(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting, "?edit=1")

    answer = press(browser, waiting, "save", {"f/title": "Gates fail closed, always", "f/keywords": "gates\nalways"})

    assert answer.headers["location"] == f"/gates/{waiting.id}?done=saved"
    saved = shown(web, waiting)
    assert (saved.version, saved.author, saved.body["title"]) == (2, "Ada", "Gates fail closed, always")
    assert saved.body == {**POST, "title": "Gates fail closed, always", "keywords": ["gates", "always"]}
    assert now(web, waiting).status == "open"


def test_saving_without_a_change_makes_no_version(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    answer = press(browser, waiting, "save")

    assert answer.headers["location"].endswith("?done=same")
    assert now(web, waiting).sha == waiting.sha


def test_what_cannot_be_saved_comes_back_with_what_was_typed(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    answer = press(browser, waiting, "save_approve", {"f/title": "", "f/body": "My <new> text."})

    assert answer.status_code == 422
    assert "Nothing was saved" in browser.text
    assert '<a href="#f/title">Title</a>: must not be empty.' in browser.page
    assert dict(form_of(browser.page))["f/body"] == "My <new> text."
    assert (now(web, waiting).status, now(web, waiting).sha) == ("open", waiting.sha)


def test_an_edit_is_saved_and_approved_in_one_step(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    press(browser, waiting, "save_approve", {"f/title": "Gates stay closed"})

    decided = now(web, waiting)
    assert (decided.verb, decided.noted_sha) == ("approve", shown(web, waiting).sha)
    assert shown(web, waiting).body["title"] == "Gates stay closed"


def test_what_the_checks_hold_against_an_edit_is_read_before_it_is_approved(
    browser: Browser, web: Desk, waiting: Gate
) -> None:
    look(browser, waiting)

    first = press(
        browser,
        waiting,
        "save_approve",
        {"f/title": "All 99 gates that we have ever measured failed closed, all of them"},
    )
    look(browser, waiting, "?done=unapproved")
    second = press(browser, waiting, "approve")

    assert first.headers["location"].endswith("?done=unapproved")
    assert "gives figures that the text does not: 99" in browser.text
    assert second.status_code == 303
    assert now(web, waiting).verb == "approve"


def test_what_was_read_while_typing_may_be_overruled_at_once(browser: Browser, web: Desk, waiting: Gate) -> None:
    title = "All 99 gates that we have ever measured failed closed, all of them"
    look(browser, waiting)
    press(browser, waiting, "check", {"f/title": title})

    press(browser, waiting, "save_approve", {"f/title": title})

    assert now(web, waiting).verb == "approve"


def test_checking_says_how_it_would_stand_and_writes_nothing(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)
    typed = dict(form_of(browser.page)) | {"f/body": "In 2025 we measured 42 gates.[^gates-1]"}

    answer = browser.client.post(f"/gates/{waiting.id}/check", data=typed, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "1 of 1 statement sourced · 1 number without source" in answer.text
    assert 'id="shipped"' in answer.text
    assert "your edits, not saved" in answer.text
    assert [entry.what for entry in audit(web, waiting)] == ["opened"]


def test_checking_needs_the_token_of_the_form(browser: Browser, waiting: Gate) -> None:
    look(browser, waiting)

    assert browser.client.post(f"/gates/{waiting.id}/check", data={"f/title": "x"}).status_code == 403


def test_nothing_is_approved_while_edits_are_not_saved(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    for verb in ("approve", "revise"):
        answer = press(browser, waiting, verb, {"f/title": "Not saved", "notes": "My notes."})

        assert answer.status_code == 422
        assert "what you changed is not saved yet" in browser.text
        assert dict(form_of(browser.page))["f/title"] == "Not saved"
        look(browser, waiting)

    assert now(web, waiting).status == "open"


def test_only_what_differs_within_a_list_is_shown_as_changed(browser: Browser, waiting: Gate) -> None:
    look(browser, waiting)
    press(browser, waiting, "save", {"f/sources/0/title": "Gates"})

    look(browser, waiting)

    assert "id: gates-1 · title: Gates <del>fail closed </del>· location: content/gates-fail-closed.md" in browser.page


def test_an_edit_is_shown_against_what_the_agent_wrote(browser: Browser, waiting: Gate) -> None:
    for title in ("Gates fail open", "Gates fail shut"):
        look(browser, waiting)
        press(browser, waiting, "save", {"f/title": title})

    text = look(browser, waiting)

    assert "Since version 2, by Ada" in text
    assert "Since version 1, as writer wrote it" in text


@pytest.mark.parametrize(
    ("verb", "question"),
    [
        ("revise", "What should be different? Say"),
        ("reject", "Why is it rejected?"),
        ("waive:3", "Why may this statement stand? Say"),
        ("delegate", "Hand it on to whom?"),
    ],
)
def test_what_needs_a_reason_asks_for_one_in_its_place(
    browser: Browser, web: Desk, waiting: Gate, verb: str, question: str
) -> None:
    look(browser, waiting)

    answer = press(browser, waiting, verb)

    assert answer.status_code == 422
    panel = browser.page.split(" open>")[1].partition("</details>")[0]
    assert "autofocus" in panel
    assert f'role="alert">{question}' in panel
    assert browser.page.count(question) == 1
    assert now(web, waiting).status == "open"


def test_enter_in_a_reason_waives_and_keeps_what_the_page_holds(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)
    own = re.search(r'<form id="waive-3" [^>]*action="([^"]*)">(.*?)</form>', browser.page)
    assert own is not None
    typed = {m[1]: m[2] for m in re.finditer(r'name="([^"]+)" form="waive-3" value="([^"]*)"', browser.page)}
    hidden = {m[1]: m[2] for m in re.finditer(r'name="([^"]+)" value="([^"]*)"', own[2])}

    answer = browser.client.post(own[1], data=hidden | typed | {"why/3": "I counted them.", "verb": "waive:3"})

    assert (answer.status_code, own[1]) == (303, f"/gates/{waiting.id}#claim-3")
    assert now(web, waiting).sha == waiting.sha
    assert [w.why for w in now(web, waiting).waivers] == ["I counted them."]


def test_checking_what_nobody_changed_keeps_the_buttons_of_the_version(browser: Browser, waiting: Gate) -> None:
    look(browser, waiting)
    press(browser, waiting, "check")

    assert "your edits, not saved" not in browser.text
    assert 'value="waive:3"' in browser.page


def test_waiving_keeps_edits_that_are_not_saved(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    answer = press(browser, waiting, "waive:3", {"why/3": "I counted them.", "f/title": "Not saved yet"})

    assert answer.status_code == 200
    assert dict(form_of(browser.page))["f/title"] == "Not saved yet"
    assert now(web, waiting).waivers


def test_two_edits_at_once_lose_neither(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)
    decide_gate(waiting.id, Edit({**POST, "title": "Gates fail slowly"}), by="bo", office=web.office)

    first = press(browser, waiting, "save", {"f/slug": "gates"})
    assert first.status_code == 409
    assert "What saving your edits would change in it now" in browser.text
    second = press(browser, waiting, "save")

    assert second.status_code == 303
    assert (shown(web, waiting).body["title"], shown(web, waiting).body["slug"]) == ("Gates fail slowly", "gates")


def test_a_strict_gate_keeps_what_was_saved_though_it_is_not_approved(
    browser: Browser, web: Desk, waiting: Gate
) -> None:
    with web.store.writing() as records:
        records.gates.put(replace(waiting, strict=True))
    look(browser, waiting)

    answer = press(browser, waiting, "save_approve", {"f/title": "Gates stay closed"})

    assert answer.status_code == 422
    assert "Saved, and not approved. 1 statement is flagged" in browser.text
    assert shown(web, waiting).body["title"] == "Gates stay closed"


def test_a_social_gate_drops_the_drafts_without_a_tick(browser: Browser, web: Desk, waiting: Gate) -> None:
    with web.store.reading() as records:
        record = records.runs.get(waiting.run)
    assert record is not None
    from support.web import hold

    drafts = [{"network": name, "text": f"{name}: https://x.example"} for name in ("Mastodon", "LinkedIn")]
    work = Work(record, web.office)
    gate = hold(web, work, propose(work, "share", "SocialDrafts", {"drafts": list(drafts)}))  # type: ignore[dict-item]
    look(browser, gate)
    assert "https://x.example" in browser.text
    browser.page = browser.page.replace('value="0" checked', 'value="0"')

    press(browser, gate, "save")

    assert shown(web, gate).body["drafts"] == drafts[1:]
