"""A developer leaves findings out and posts the rest in one step; what is posted is what was approved."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.gates import Approve, Edit, Gate
from crewdesk.facade import Desk
from support.gate_page import audit, form_of, look, now, shown
from support.review_page import HEAD, finding, review, review_at_gate
from support.web import Browser

NASTY = "</pre></textarea><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x1b[31m{{7*7}}"


FINDINGS: Any = review()["findings"]


@pytest.fixture(name="pruned")
def _pruned(web: Desk) -> Gate:
    return review_at_gate(web)


def send(browser: Browser, gate: Gate, verb: str, *, keep: str = "f/findings", only: str = "all", **more: str) -> int:
    """Press a button with only these boxes of a list ticked; `more` are other fields, with _ for /."""
    pairs = [pair for pair in form_of(browser.page) if only == "all" or pair[0] != f"keep/{keep}"]
    if only != "all":
        pairs += [(f"keep/{keep}", index) for index in only.split()]
    data: dict[str, list[str]] = {"verb": [verb]}
    typed = {name.replace("__", "/"): value for name, value in more.items()}
    for name, value in pairs:
        data.setdefault(name, []).append(typed.pop(name, value))
    answer = browser.client.post(f"/gates/{gate.id}", data=data | {name: [value] for name, value in typed.items()})
    browser.page = answer.text or browser.page
    return answer.status_code


def whole(desk: Desk, **changes: Any) -> JsonObject:
    """The review in full, as it is written down."""
    return desk.office.checks.normalise("Review", review(**changes))


def titles(desk: Desk, gate: Gate) -> list[str]:
    """The findings of the version that waits, or that was approved."""
    findings = shown(desk, gate).body["findings"]
    assert isinstance(findings, list)
    return [str(one["title"]) for one in findings if isinstance(one, dict)]


def test_it_shows_each_finding_with_all_that_speaks_for_it(browser: Browser, pruned: Gate) -> None:
    look(browser, pruned)

    for words in (
        "As it will be posted Posted to local:/home/ada/shop#cards Covers commit d1ced1ced1ce of cards",
        "Not fit to go in before declined cards",
        "A declined card looks like a payment critical bug shop/pay.py:41-42 · code analyst · 80% sure",
        "Rests on shop/orders.py:88 ships whenever nothing is raised.",
        "41 except Exception: 42 pass",
        "Suggested - except Exception: - pass + except Declined: + raise",
        "80% sure posted before",
        "100% sure not in the diff: goes into the summary",
        "fails before the change, passes after it tests/test_pay.py · test author · runs 3 of 5 new lines",
        "The README still says charge(card) README.md:11 · documentation writer",
        "Posted before, and mended since A key was in the settings",
        "Not read assets/logo.png is binary.",
        "Approve what is kept a delivers to forge",
    ):
        assert words in browser.text
    assert "Asked again" not in browser.text


def test_code_in_what_is_said_looks_like_code(browser: Browser, web: Desk) -> None:
    said = finding(title="`pay(<b>)` is `gone", explanation="`a` or `b`")

    look(browser, review_at_gate(web, findings=[said]))

    assert "<code>pay(&lt;b&gt;)</code> is `gone</span>" in browser.page
    assert "<code>a</code> or <code>b</code></p>" in browser.page


def test_the_inbox_says_what_was_found(browser: Browser, pruned: Gate) -> None:
    browser.get("/")

    assert f"Cards are charged by amount flagged review · {pruned.id} · review · 4 findings: 1 critical" in browser.text


def test_what_is_kept_is_posted_in_one_step_and_is_what_was_approved(browser: Browser, web: Desk, pruned: Gate) -> None:
    look(browser, pruned)

    assert send(browser, pruned, "save_approve", only="0 2") == 303

    decided, artifact = now(web, pruned), shown(web, pruned)
    assert (decided.verb, decided.noted_sha, decided.sha) == ("approve", artifact.sha, artifact.sha)
    assert digest(artifact.body) == artifact.sha != pruned.sha
    assert artifact.body == whole(web, findings=[FINDINGS[0], FINDINGS[2]])
    assert [entry.what for entry in audit(web, pruned)] == ["opened", "edit", "approve"]


def test_posting_everything_approves_the_very_version_that_was_shown(browser: Browser, web: Desk, pruned: Gate) -> None:
    look(browser, pruned)

    send(browser, pruned, "save_approve")

    assert (now(web, pruned).verb, now(web, pruned).noted_sha) == ("approve", pruned.sha)
    assert shown(web, pruned).version == 1


def test_the_summary_may_be_posted_without_any_finding(browser: Browser, web: Desk, pruned: Gate) -> None:
    look(browser, pruned)

    send(browser, pruned, "save_approve", only="")

    assert now(web, pruned).verb == "approve"
    assert shown(web, pruned).body == whole(web, findings=[])


@pytest.mark.parametrize("of", ["tests", "documentation"])
def test_tests_and_documentation_are_left_out_in_the_same_way(
    browser: Browser, web: Desk, pruned: Gate, of: str
) -> None:
    look(browser, pruned)

    send(browser, pruned, "save_approve", keep=f"f/{of}", only="")

    assert shown(web, pruned).body == whole(web, **{of: []})


def test_a_box_for_what_is_not_there_keeps_nothing_more(browser: Browser, web: Desk, pruned: Gate) -> None:
    look(browser, pruned)

    data = {"verb": "save_approve", "sha": pruned.sha, "form_token": browser.token}
    answer = browser.client.post(
        f"/gates/{pruned.id}",
        data=data | {"at/f/findings": ["0", "1", "7", "x", "-1"], "keep/f/findings": ["1", "7", "99999", "²"]},
    )

    assert answer.status_code == 303
    assert titles(web, pruned) == ["Amounts are rounded to whole units"]


def test_a_finding_that_is_made_up_must_at_least_be_one(browser: Browser, web: Desk, pruned: Gate) -> None:
    look(browser, pruned)

    status = send(
        browser, pruned, "save_approve", at__f__findings="4", keep__f__findings="4", f__findings__4__title="!"
    )

    assert status == 422
    assert (now(web, pruned).status, now(web, pruned).sha) == ("open", pruned.sha)


def test_a_finding_is_mended_in_its_place(browser: Browser, web: Desk, pruned: Gate) -> None:
    look(browser, pruned)

    send(browser, pruned, "save", f__findings__0__title="Declined is paid", f__findings__0__suggestion="")

    changed = FINDINGS[0] | {"title": "Declined is paid", "suggestion": None}
    assert shown(web, pruned).body == whole(web, findings=[changed, *FINDINGS[1:]])
    assert now(web, pruned).status == "open"
    look(browser, pruned, "?done=saved")
    assert "Findings: A declined card looks like a payment: Title" in browser.text


def test_what_is_wrong_is_said_at_its_field_and_what_was_left_out_stays_so(
    browser: Browser, web: Desk, pruned: Gate
) -> None:
    look(browser, pruned)

    status = send(browser, pruned, "save_approve", only="1 3", f__findings__1__title="", f__summary="Mine.")

    assert status == 422
    card = browser.page.split('id="finding-2"')[1].partition("</article>")[0]
    assert '<details class="mend" open' in card
    assert re.search(r'id="f/findings/1/title"[^>]*aria-invalid="true"', card)
    assert '<strong class="wrong">must not be empty.</strong>' in card
    ticked = [value for name, value in form_of(browser.page) if name == "keep/f/findings"]
    assert ticked == ["1", "3"]
    assert dict(form_of(browser.page))["f/summary"] == "Mine."
    assert now(web, pruned).sha == pruned.sha


def test_nothing_is_sent_back_over_what_is_not_saved(browser: Browser, web: Desk, pruned: Gate) -> None:
    look(browser, pruned)

    assert send(browser, pruned, "revise", only="0", notes="Look again.") == 422

    assert "what you changed is not saved yet" in browser.text
    assert now(web, pruned).status == "open"


def test_what_was_typed_is_checked_without_the_cards_being_drawn_again(browser: Browser, pruned: Gate) -> None:
    look(browser, pruned)
    row = {"at/f/findings": "0", "keep/f/findings": "0", "f/findings/0/title": ""}
    data = {"form_token": browser.token, "sha": pruned.sha, **row}

    answer = browser.client.post(f"/gates/{pruned.id}/check", data=data, headers={"HX-Request": "true"})

    assert 'data-wrong="f/findings/0/title"' in answer.text
    assert 'id="shipped"' not in answer.text


def test_two_who_prune_at_once_are_not_mixed(browser: Browser, web: Desk, pruned: Gate) -> None:
    look(browser, pruned)
    fewer = review(findings=[finding(severity="critical", title="Bo's own")])
    decide_gate(pruned.id, Edit(fewer), by="bo", office=web.office)

    assert send(browser, pruned, "save_approve", only="1") == 409

    assert now(web, pruned).status == "open"
    assert titles(web, pruned) == ["Bo's own"]
    assert "Amounts are rounded to whole units" in browser.text


def test_an_approval_of_what_was_replaced_meanwhile_is_refused(browser: Browser, web: Desk, pruned: Gate) -> None:
    look(browser, pruned)
    decide_gate(pruned.id, Edit(review(findings=[])), by="bo", office=web.office)

    assert send(browser, pruned, "save_approve") == 409

    assert now(web, pruned).status == "open"


def test_who_may_not_decide_sees_the_findings_and_no_box(browser: Browser, web: Desk, pruned: Gate) -> None:
    with web.store.writing() as records:
        records.gates.put(replace(pruned, people=("bo",)))

    look(browser, pruned)

    assert "A declined card looks like a payment" in browser.text
    assert "Only bo may decide here." in browser.text
    assert 'type="checkbox"' not in browser.page


def test_after_the_decision_the_findings_are_still_there_to_read(browser: Browser, web: Desk, pruned: Gate) -> None:
    decide_gate(pruned.id, Approve(pruned.sha), by="bo", office=web.office)

    look(browser, pruned)

    assert "A declined card looks like a payment" in browser.text
    assert 'type="checkbox"' not in browser.page


def test_a_review_that_was_outrun_says_so_and_which_commit_it_covers(browser: Browser, web: Desk, pruned: Gate) -> None:
    moved = "The pull request has moved on to commit beef."
    decide_gate(pruned.id, Approve(pruned.sha), by="bo", office=web.office)
    again = replace(pruned, id=f"{pruned.run}-2", kind="action", round=1, reason=moved)
    with web.store.writing() as records:
        records.gates.put(again)

    look(browser, again)

    assert f"Asked again. bo approved this review, and before it was posted something changed: {moved}" in browser.text
    assert f"It covers commit {HEAD[:12]} , and nothing newer." in browser.text
    send(browser, again, "save_approve", only="0")
    assert now(web, again).verb == "approve"
    assert titles(web, again) == ["A declined card looks like a payment"]


def test_hostile_texts_stay_texts_on_every_page(browser: Browser, web: Desk) -> None:
    bad = finding(title=NASTY[:110], path=NASTY, explanation=NASTY, code=f"41  {NASTY}", suggestion=NASTY, by=NASTY)
    body = review(title=NASTY, summary=NASTY, findings=[bad], not_read=[NASTY], target=NASTY, head_name=NASTY)
    gate = review_at_gate(web, **{name: body[name] for name in body if name not in ("confidence", "open_questions")})

    for address in (f"/gates/{gate.id}", f"/runs/{gate.run}/artifacts/review/1"):
        assert browser.get(address).status_code == 200
        main = browser.page.split("<main")[1]
        assert "<script>alert" not in main
        assert "<img" not in main
        assert "&lt;script&gt;" in main
        assert "{{7*7}}" in browser.text
        assert "⟦U+202E⟧⟦U+001B⟧[31m" in main


def test_an_address_is_a_link_only_where_it_is_one_of_the_web(browser: Browser, web: Desk) -> None:
    web_address, script = "https://github.com/ada/shop/pull/7", "javascript:alert(1)"

    for target, is_link in ((web_address, True), (script, False)):
        look(browser, review_at_gate(web, target=target))
        assert (f'href="{target}"' in browser.page) is is_link
        assert target in browser.text


def test_hundreds_of_findings_are_shown_and_edited_as_they_are(browser: Browser, web: Desk) -> None:
    many = [finding(title=f"Number {n}", fingerprint=f"f{n}") for n in range(201)]
    gate = review_at_gate(web, findings=many)

    look(browser, gate)

    assert "Number 200" in browser.text
    assert '<textarea id="f/findings"' in browser.page
    send(browser, gate, "save_approve")
    assert now(web, gate).noted_sha == gate.sha
