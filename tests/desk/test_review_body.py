"""How a version would stand at a gate is said before anybody saves it, and nothing is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.review_body import concerns, review_body
from crewdesk.domain.gates import Edit, Gate
from crewdesk.facade import Desk
from support.web import POST, post_at_gate, web_desk

TITLE = "All 99 gates that we have ever measured failed closed, all of them"


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return web_desk(tmp_path)


@pytest.fixture(name="gate")
def _gate(desk: Desk) -> Gate:
    return post_at_gate(desk)


def test_it_says_what_the_gate_would_say_once_it_is_saved(desk: Desk, gate: Gate) -> None:
    review = review_body(gate, "Post", {**POST, "title": TITLE}, office=desk.office)

    saved = decide_gate(gate.id, Edit({**POST, "title": TITLE}), by="ada", office=desk.office)
    assert review.body == {**POST, "title": TITLE}
    assert review.card == saved.card


def test_it_names_the_places_of_what_cannot_be_saved(desk: Desk, gate: Gate) -> None:
    review = review_body(gate, "Post", {**POST, "title": "", "links": [{"anchor": "x"}]}, office=desk.office)

    assert review.body is None
    assert dict(review.places) == {
        "title": "must not be empty.",
        "links/0/slug": "is missing.",
    }


def test_it_writes_nothing(desk: Desk, gate: Gate) -> None:
    review_body(gate, "Post", {**POST, "title": TITLE}, office=desk.office)

    with desk.store.reading() as records:
        assert records.gates.get(gate.id) == gate
        assert len([a for a in records.artifacts.of_run(gate.run) if a.task == gate.task]) == 1


def test_concerns_are_what_guardrails_and_evidence_hold_against_it(desk: Desk, gate: Gate) -> None:
    found = concerns(review_body(gate, "Post", {**POST, "title": TITLE}, office=desk.office).card)

    assert "The title or description gives figures that the text does not: 99." in found
    assert any("17 is in no source it names" in said for said in found)
    assert concerns({}) == ()
