"""The gate page: a person sees what ships and decides; nothing is decided by looking, and nothing typed is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from httpx import Response
from sqlalchemy import event

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.work import Work
from crewdesk.domain.actions import Action
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import WHY, Approve, Edit, Gate, GateKind, Reject
from crewdesk.facade import Desk
from crewdesk.web.site import Site
from support.gates import Clock
from support.web import POST, Browser, browsing, post_at_gate, propose, revised, site_of, web_desk

INPUT = re.compile(r"<input\b([^>]*)>")
TEXTAREA = re.compile(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>\n(.*?)</textarea>', re.DOTALL)


def form_of(page: str) -> list[tuple[str, str]]:
    """What a browser would send of the page's form, without a button."""
    work = page.split('<form id="work"')[1].partition("</form>")[0]
    pairs: list[tuple[str, str]] = []
    for attributes in INPUT.findall(work):
        named = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        ticked = named.get("type") != "checkbox" or " checked" in attributes
        if ticked:
            pairs.append((html.unescape(named["name"]), html.unescape(named.get("value", ""))))
    return pairs + [(html.unescape(name), html.unescape(text)) for name, text in TEXTAREA.findall(work)]


def press(browser: Browser, gate: Gate, verb: str, changes: Mapping[str, str] | None = None) -> Response:
    """Press a button of the page that was looked at last, with some fields changed."""
    changed = dict(changes or {})
    pairs = [(name, changed.pop(name, value)) for name, value in form_of(browser.page)]
    data: dict[str, list[str]] = {}
    for name, value in [*pairs, *changed.items(), ("verb", verb)]:
        data.setdefault(name, []).append(value)
    answer = browser.client.post(f"/gates/{gate.id}", data=data)
    browser.page = answer.text or browser.page
    return answer


def look(browser: Browser, gate: Gate, more: str = "") -> str:
    assert browser.get(f"/gates/{gate.id}{more}").status_code == 200
    return browser.text


def now(desk: Desk, gate: Gate) -> Gate:
    with desk.store.reading() as records:
        found = records.gates.get(gate.id)
    assert found is not None
    return found


def shown(desk: Desk, gate: Gate) -> Artifact:
    current = now(desk, gate)
    with desk.store.reading() as records:
        return next(a for a in records.artifacts.of_run(gate.run) if a.task == gate.task and a.sha == current.sha)


def audit(desk: Desk, gate: Gate) -> list[AuditEntry]:
    with desk.store.reading() as records:
        return [entry for entry in records.audit.listed(run=gate.run) if entry.subject == gate.id]


def test_it_shows_what_ships_and_where_to(browser: Browser, waiting: Gate) -> None:
    text = look(browser, waiting)

    assert "What we measured" in text
    assert '<div class="prose" hx-disable>' in browser.page
    assert "publishes to site as https://blog.example.com/posts/gates-fail-closed/" in text
    assert "by the rule of The founders of Crewdesk" in text


def test_it_shows_what_each_statement_rests_on(browser: Browser, waiting: Gate) -> None:
    text = look(browser, waiting)

    assert "3 of 3 statements sourced" in text
    assert "17 is in no source it names" in text
    assert '<mark class="flag" data-claim="claim-3">Of those, 17 expired within a day.</mark>' in browser.page
    assert 'href="#claim-3" id="ref-1-3"' in browser.page


def test_it_shows_what_it_cost_and_why_it_opened(browser: Browser, waiting: Gate) -> None:
    text = look(browser, waiting)

    assert "$0.01 · 1 model call" in text
    assert "The task is flagged for a person." in text


def test_a_cost_that_nobody_knows_is_unknown(browser: Browser, web: Desk, waiting: Gate) -> None:
    with web.store.writing() as records:
        asked = next(effect for effect in records.journal.of_run(waiting.run) if effect.kind == "model")
        records.journal.put(replace(asked, usage=replace(asked.usage, usd=None)))

    assert "unknown · 1 model call" in look(browser, waiting)


def test_looking_reads_nothing_that_a_model_was_asked(browser: Browser, web: Desk, waiting: Gate) -> None:
    asked: list[str] = []
    event.listen(
        web.store.engine,  # type: ignore[attr-defined]
        "before_cursor_execute",
        lambda _, __, statement, *___: asked.append(statement),
    )

    look(browser, waiting)

    assert [statement for statement in asked if "FROM effects" in statement]
    assert not [statement for statement in asked if "effects.request" in statement]


def test_looking_decides_nothing(browser: Browser, web: Desk, waiting: Gate) -> None:
    for address in ("", "?verb=approve", "?edit=1", "/news", f"?verb=approve&sha={waiting.sha}"):
        browser.get(f"/gates/{waiting.id}{address}")

    assert now(web, waiting).status == "open"
    assert [entry.what for entry in audit(web, waiting)] == ["opened"]


def test_a_runs_name_leads_to_its_gate_in_any_spelling(browser: Browser, waiting: Gate) -> None:
    for name in (waiting.run, waiting.run.lower(), waiting.id.lower()):
        answer = browser.get(f"/gates/{name}")

        assert (answer.status_code, answer.headers["location"]) == (303, f"/gates/{waiting.id}")
    assert browser.get(f"/gates/{waiting.id.lower()}/news?seen=").status_code == 200


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
    from crewdesk.domain.actions import Action, Receipt

    decide_gate(waiting.id, Approve(waiting.sha), by="ed", office=web.office)
    receipt = Receipt("file:///site/index.html", {"url": "https://blog.example.com/posts/x/"})
    key = f"{waiting.run}:site:optimise"
    action = Action(key, waiting.run, "publish", "site", waiting.sha, "Post", "delivered", web.office.now(), 1, receipt)
    with web.store.writing() as records:
        records.outbox.put(action)

    text = look(browser, waiting)

    assert "delivered once" in text
    assert '<a href="https://blog.example.com/posts/x/"' in browser.page


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


def test_notes_send_the_work_back(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    press(browser, waiting, "revise", {"notes": "Start with the <costs>."})

    assert (now(web, waiting).verb, now(web, waiting).words) == ("revise", "Start with the <costs>.")
    assert "Start with the &lt;costs&gt;." in browser.get(f"/gates/{waiting.id}").text


def test_the_next_round_is_linked_with_what_it_changed(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)
    press(browser, waiting, "revise", {"notes": "Another title."})
    second = revised(web, waiting, title="Gates never open alone")

    look(browser, waiting)
    assert f'<a href="/gates/{second.id}">' in browser.page
    look(browser, second)
    assert "<del>Gates fail closed</del><ins>Gates never open alone</ins>" in browser.page
    assert f"{waiting.id} sent back by Ada: Another title." in browser.text


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


def test_what_no_delivery_carries_is_not_said_to_ship(browser: Browser, web: Desk, waiting: Gate) -> None:
    with web.store.writing() as records:
        draft = next(a for a in records.artifacts.of_run(waiting.run) if a.task == "draft")
        records.gates.put(replace(waiting, id=f"{waiting.run}-9", task="draft", sha=draft.sha, kind="doubt"))

    text = look(browser, replace(waiting, id=f"{waiting.run}-9"))

    assert "What the crew made" in text
    assert "As it will ship" not in text


def test_waiving_keeps_edits_that_are_not_saved(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    answer = press(browser, waiting, "waive:3", {"why/3": "I counted them.", "f/title": "Not saved yet"})

    assert answer.status_code == 200
    assert dict(form_of(browser.page))["f/title"] == "Not saved yet"
    assert now(web, waiting).waivers


def test_a_gate_is_handed_on(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)

    press(browser, waiting, "delegate", {"to": "Bo", "words": "She knows."})

    assert now(web, waiting).people == ("Bo",)
    assert "Only Bo may decide here." in look(browser, waiting)
    assert 'value="approve"' not in browser.page


def test_who_approves_an_older_version_is_told_who_changed_what(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)
    decide_gate(waiting.id, Edit({**POST, "title": "Gates fail slowly"}), by="bo", office=web.office)

    answer = press(browser, waiting, "approve")

    assert answer.status_code == 409
    assert "bo has put version 2 here since you opened this page" in browser.text
    assert "Gates fail <del>closed</del><ins>slowly</ins>" in browser.page
    assert now(web, waiting).status == "open"


def test_two_edits_at_once_lose_neither(browser: Browser, web: Desk, waiting: Gate) -> None:
    look(browser, waiting)
    decide_gate(waiting.id, Edit({**POST, "title": "Gates fail slowly"}), by="bo", office=web.office)

    first = press(browser, waiting, "save", {"f/slug": "gates"})
    assert first.status_code == 409
    assert "What saving your edits would change in it now" in browser.text
    second = press(browser, waiting, "save")

    assert second.status_code == 303
    assert (shown(web, waiting).body["title"], shown(web, waiting).body["slug"]) == ("Gates fail slowly", "gates")


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


@pytest.mark.parametrize("kind", get_args(GateKind))
def test_every_kind_of_gate_says_why_it_asks_and_what_an_approval_does(
    browser: Browser, web: Desk, waiting: Gate, kind: GateKind
) -> None:
    with web.store.writing() as records:
        records.gates.put(replace(waiting, kind=kind))

    text = look(browser, waiting)

    assert WHY[kind] in text
    assert ("publishes to site" in text) == (kind in ("flagged", "action"))
    assert ('value="revise"' in browser.page) == (kind in ("flagged", "doubt", "checkpoint"))


def test_a_gate_of_doubt_says_what_leaves_without_being_asked_afterwards(
    browser: Browser, web: Desk, waiting: Gate
) -> None:
    with web.store.reading() as records:
        record = records.runs.get(waiting.run)
    assert record is not None
    drafts: JsonObject = {"drafts": [{"network": "Mastodon", "text": "Gates fail closed. https://blog.example.com/"}]}
    shared = propose(Work(record, web.office), "share", "SocialDrafts", drafts)
    with web.store.writing() as records:
        gate = replace(waiting, id=f"{waiting.run}-9", task="share", sha=shared.sha, kind="doubt", round=7)
        records.gates.put(gate)

    text = look(browser, gate)

    assert "social gets it without asking, by the rule of The founders of Crewdesk" in text


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


@pytest.mark.parametrize("name", ["run", "id"])
def test_any_name_of_a_gate_decides_about_it(browser: Browser, web: Desk, waiting: Gate, name: str) -> None:
    typed = {"verb": "reject", "sha": waiting.sha, "reason": "Off brand."}

    answer = browser.post(f"/gates/{getattr(waiting, name).lower()}", typed)

    assert answer.headers["location"] == f"/gates/{waiting.id}"
    assert now(web, waiting).verb == "reject"


def test_a_version_of_a_kind_that_is_gone_is_shown_and_can_be_rejected(
    browser: Browser, web: Desk, waiting: Gate
) -> None:
    with web.store.writing() as records:
        records.artifacts.put(replace(shown(web, waiting), schema="Leaflet"))

    look(browser, waiting)
    assert 'id="edit"' not in browser.page
    press(browser, waiting, "reject", {"reason": "Too old."})

    assert now(web, waiting).verb == "reject"


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


PEOPLE = """
people:
  ada: {name: Ada Byron, admin: true}
  bo: {name: Bo, approves: [content]}
  cy: {name: Cy}
"""
PASSWORD = "a long enough password"  # noqa: S105


@pytest.fixture(name="house")
def _house(tmp_path: Path, clock: Clock) -> Desk:
    desk = web_desk(tmp_path, clock, people=PEOPLE)
    with desk.store.writing() as records:
        for name in ("ada", "bo", "cy"):
            records.access.set_password(name, desk.office.passwords.hashed(PASSWORD), desk.office.now())
    return desk


@pytest.fixture(name="people")
def _people(house: Desk) -> Site:
    return site_of(house)


@pytest.fixture(name="cy")
def _cy(people: Site) -> Iterator[Browser]:
    with browsing(people, "cy", PASSWORD) as browser:
        yield browser


def test_who_may_only_look_sees_everything_and_no_button(cy: Browser, house: Desk) -> None:
    gate = post_at_gate(house)

    text = look(cy, gate)

    assert "You may look at the work of crew content, not decide about it." in text
    assert "What it rests on" in text
    assert 'name="verb"' not in cy.page


def test_who_may_only_look_cannot_decide_by_any_button(cy: Browser, house: Desk) -> None:
    gate = post_at_gate(house)
    cy.get("/")
    words: dict[str, Any] = {"sha": gate.sha, "notes": "x", "reason": "x", "why/3": "x", "to": "bo"}
    words["sentence/3"] = "Of those, 17 expired within a day."

    for verb in ("approve", "save", "save_approve", "revise", "reject", "waive:3", "delegate"):
        typed = {"f/title": "Mine"} if "save" in verb else {}
        answer = cy.post(f"/gates/{gate.id}", {**words, **typed, "verb": verb})

        assert answer.status_code == 403, verb
    assert now(house, gate) == gate


def test_who_started_it_is_told_why_they_may_not(people: Site, house: Desk) -> None:
    gate = replace(post_at_gate(house), excluded=("bo",))
    with house.store.writing() as records:
        records.gates.put(gate)

    with browsing(people, "bo", PASSWORD) as browser:
        assert "You started this run, so somebody else decides." in look(browser, gate)


def test_two_people_approve_where_two_must(people: Site, house: Desk) -> None:
    gate = replace(post_at_gate(house), needs=2)
    with house.store.writing() as records:
        records.gates.put(gate)

    with browsing(people, "bo", PASSWORD) as browser:
        assert "counts as 1 of 2" in look(browser, gate)
        press(browser, gate, "approve")
        assert "You have approved this version; another person must too." in look(browser, gate)
    with browsing(people, "ada", PASSWORD) as browser:
        look(browser, gate)
        press(browser, gate, "approve")

    assert (now(house, gate).verb, [a.by for a in now(house, gate).approvals]) == ("approve", ["bo", "ada"])
    assert {entry.proof for entry in audit(house, gate) if entry.what == "approve"} == {"login"}


def test_a_person_is_chosen_to_hand_on_to(people: Site, house: Desk) -> None:
    gate = post_at_gate(house)

    with browsing(people, "bo", PASSWORD) as browser:
        look(browser, gate)

    assert '<option value="ada">Ada Byron</option>' in browser.page
    assert 'value="cy"' not in browser.page


def test_a_script_in_what_people_and_agents_wrote_is_words(browser: Browser, web: Desk) -> None:
    script = "<script>alert(1)</script>"
    gate = post_at_gate(
        web, more={"title": script, "description": script, "keywords": [script], "open_questions": [script]}
    )
    look(browser, gate)
    press(
        browser, gate, "save", {"f/title": f"{script} & <b>bold</b>", "f/body": f"{script}\n\n[x](javascript:alert(1))"}
    )
    look(browser, gate)
    press(browser, gate, "revise", {"notes": script})
    second = revised(web, gate, title=f"{script}!")

    for page in (gate, second):
        look(browser, page)
        assert "<script>alert" not in browser.page
        assert "<b>bold" not in browser.page
        assert 'href="javascript' not in browser.page


def test_a_social_gate_drops_the_drafts_without_a_tick(browser: Browser, web: Desk, waiting: Gate) -> None:
    with web.store.reading() as records:
        record = records.runs.get(waiting.run)
    assert record is not None
    from support.web import hold, propose

    drafts = [{"network": name, "text": f"{name}: https://x.example"} for name in ("Mastodon", "LinkedIn")]
    work = Work(record, web.office)
    gate = hold(web, work, propose(work, "share", "SocialDrafts", {"drafts": list(drafts)}))  # type: ignore[dict-item]
    look(browser, gate)
    assert "https://x.example" in browser.text
    browser.page = browser.page.replace('value="0" checked', 'value="0"')

    press(browser, gate, "save")

    assert shown(web, gate).body["drafts"] == drafts[1:]


def test_how_sure_its_author_was_is_not_said_of_a_version_that_a_person_wrote(
    browser: Browser, web: Desk, waiting: Gate
) -> None:
    assert "Author is sure" in look(browser, waiting)
    decide_gate(waiting.id, Edit(POST | {"title": "Mine"}), by="bo", office=web.office)

    assert "Author is sure" not in look(browser, waiting)


def test_nothing_is_on_its_way_once_its_run_has_failed(browser: Browser, web: Desk, waiting: Gate) -> None:
    decide_gate(waiting.id, Approve(waiting.sha), by="bo", office=web.office)
    key = f"{waiting.run}:social:optimise"
    action = Action(key, waiting.run, "publish", "social", waiting.sha, "Post", "proposed", waiting.opened)
    with web.store.writing() as records:
        records.outbox.put(action)
    assert "on its way" in look(browser, waiting)

    with web.store.writing() as records:
        run = records.runs.get(waiting.run)
        assert run is not None
        records.runs.put(replace(run, status="failed", error="It failed."))

    text = look(browser, waiting)
    assert ("on its way" in text, "not delivered" in text) == (False, True)
