"""The review crew end to end on a local repository, as its users meet it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.models import ModelRequest
from crewdesk.facade import Desk
from crewdesk.handles import Run
from crewdesk.models.scripted import ScriptedModel
from support.homes import lay_out_small
from support.repositories import Repo, changed

BEFORE = {
    "shop/__init__.py": "",
    "shop/basket.py": (
        '"""Baskets."""\n\n\ndef total(prices: list[int]) -> int:\n    """Sum prices up."""\n    return sum(prices)\n'
    ),
    "README.md": "# Shop\n\nUse `total` to sum prices up.\n",
}
AFTER = {
    "shop/basket.py": (
        '"""Baskets."""\n\n\ndef total(prices: list[int], discount: int = 0, seen: list[int] = []) -> int:\n'
        '    """Sum prices up."""\n    try:\n        seen.extend(prices)\n        return sum(prices) - discount\n'
        "    except:\n        pass\n"
    ),
}


@pytest.fixture(name="repo")
def _repo(tmp_path: Path) -> Repo:
    return changed(tmp_path / "shop", BEFORE, AFTER)


def reviewed(run: Run) -> JsonObject:
    return next(one.body for one in reversed(run.dossier().artifacts) if one.task == "review")


def reviews(desk: Desk) -> list[Path]:
    return sorted((desk.settings.home / "reviews").rglob("review.json"))


def test_what_is_written_is_what_the_developer_left_in(tmp_path: Path, repo: Repo) -> None:
    desk = Desk(lay_out_small(tmp_path / "home"))
    run = desk.start("review", repo=str(repo.folder), base="main", head="feature")
    assert run.status == "waiting", run.error
    (gate,) = run.gates
    findings = reviewed(run)["findings"]
    assert isinstance(findings, list)
    titles = [str(one["title"]) for one in findings if isinstance(one, dict)]
    assert any("mutable" in title.lower() or "default" in title.lower() for title in titles), titles
    assert reviews(desk) == []

    gate.edit({"findings": findings[:1]}, by="dev")
    approved = gate.record.sha
    gate.approve(by="dev")
    run = desk.resume(run.id)

    assert run.status == "done", run.error
    (kept,) = reviews(desk)
    record = json.loads(kept.read_text("utf-8"))
    assert (record["sha"], digest(record["body"])) == (approved, approved)
    page = kept.with_name("review.md").read_text("utf-8")
    assert titles[0] in page
    assert not any(title in page for title in titles[1:])


def test_a_second_push_repeats_nothing_and_says_what_was_mended(tmp_path: Path, repo: Repo) -> None:
    desk = Desk(lay_out_small(tmp_path / "home"))
    first = desk.start("review", repo=str(repo.folder), base="main", head="feature")
    first.gates[0].approve(by="dev")
    assert desk.resume(first.id).status == "done"
    said = ReviewOf(desk, first.id)

    repo.commit(
        {
            "shop/basket.py": str(AFTER["shop/basket.py"])
            .replace(", seen: list[int] = []", "")
            .replace("        seen.extend(prices)\n", "")
        }
    )
    second = desk.start("review", repo=str(repo.folder), base="main", head="feature")
    again = ReviewOf(desk, second.id)

    assert said.fingerprints - again.fingerprints == again.resolved
    assert again.resolved
    assert again.known == said.fingerprints & again.fingerprints


class ReviewOf:
    """The newest review of a run, by its fingerprints."""

    def __init__(self, desk: Desk, run: str) -> None:
        body = reviewed(desk.run(run))
        findings: list[JsonObject] = body["findings"]  # type: ignore[assignment]
        self.fingerprints = {str(one["fingerprint"]) for one in findings}
        self.known = {str(one["fingerprint"]) for one in findings if one["known"]}
        self.resolved = {str(one["fingerprint"]) for one in body["resolved"]}  # type: ignore[union-attr, index, call-overload]


def test_a_model_is_held_to_the_code(tmp_path: Path, repo: Repo) -> None:
    """What it makes up is dropped, what it sees stands, and what the lead leaves out is left out."""
    finding = {
        "path": "shop/basket.py",
        "severity": "major",
        "kind": "bug",
        "confidence": 0.9,
        "explanation": "Read it.",
    }
    real = {
        **finding,
        "line": 7,
        "end_line": 7,
        "title": "What was seen grows for ever",
        "evidence": "seen.extend(prices)",
    }
    beside = {
        **finding,
        "line": 8,
        "end_line": 8,
        "title": "The sum may be negative",
        "evidence": "return sum(prices) - discount",
    }
    invented = {**finding, "line": 900, "end_line": 900, "title": "No such line", "evidence": "x"}
    elsewhere = {
        **finding,
        "path": "shop/orders.py",
        "line": 1,
        "end_line": 1,
        "title": "No such file",
        "evidence": "x",
    }
    model = ScriptedModel().always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review")
    model.say(
        {"summary": "A discount.", "findings": [real, beside, invented, elsewhere], "confidence": 0.8},
        for_="analyse",
        purpose="work",
    )
    model.say({"tests": [], "confidence": 0.8}, for_="draft_tests", purpose="work")
    model.say({"proposals": [], "confidence": 0.8}, for_="document", purpose="work")
    model.say(leaves_out("The sum may be negative"), for_="review", purpose="work")

    run = Desk(lay_out_small(tmp_path / "home"), model=model).start(
        "review", repo=str(repo.folder), base="main", head="feature"
    )

    assert run.status == "waiting", run.error
    body = reviewed(run)
    titles = {str(one["title"]) for one in body["findings"]}  # type: ignore[union-attr, index, call-overload]
    assert "What was seen grows for ever" in titles
    assert not titles & {"The sum may be negative", "No such line", "No such file"}
    dropped = str(next(a.body["dropped"] for a in run.dossier().artifacts if a.task == "check"))
    assert "shop/basket.py:900" in dropped
    assert "shop/orders.py:1" in dropped


def leaves_out(title: str) -> Callable[[ModelRequest], JsonObject]:
    """Leave the finding of this title out, by the fingerprint that the checker gave it."""

    def answer(request: ModelRequest) -> JsonObject:
        text = "".join(str(message["content"]) for message in request.messages)
        found = re.search(rf'"fingerprint": "(\w+)"(?:(?!"fingerprint").)*?"title": "{title}', text, re.DOTALL)
        assert found is not None
        return {"title": "A discount", "summary": "Takes a discount.", "leave_out": [found[1]], "confidence": 0.8}

    return answer
