"""Who may decide at a gate, as the page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crewdesk.facade import Desk
from crewdesk.web.site import Site
from support.gate_page import audit, look, now, press
from support.gates import Clock
from support.web import Browser, browsing, post_at_gate, site_of, web_desk

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
