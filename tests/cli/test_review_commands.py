"""A review is read and pruned from the command line, without an editor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crewdesk.cli.changes import changed as changed_body
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.gates import Gate
from crewdesk.errors import WrongUsage
from crewdesk.facade import Desk
from support.command_line import Crewdesk
from support.homes import lay_out_small
from support.repositories import changed

AFTER = "import os\nimport sys\n\n\ndef keep(one, all=[]):\n    all.append(one)\n    return all\n"


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = lay_out_small(tmp_path / "home")
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    monkeypatch.setenv("CREWDESK_USER", "ed")
    return home


def test_a_review_is_shown_pruned_by_number_and_approved(crewdesk: Crewdesk, home: Path, tmp_path: Path) -> None:
    repo = changed(tmp_path / "shop", {"README.md": "# Shop\n"}, {"shop.py": AFTER})
    run = Desk(home).start("review", repo=str(repo.folder), base="main", head="feature")
    assert run.status == "waiting", run.error
    before = next(one for one in run.dossier().artifacts if one.task == "review").body["findings"]
    assert isinstance(before, list)

    _, shown, _ = crewdesk("gates", run.id)
    wrong, _, told = crewdesk("edit", run.id, "--leave-out", "99")
    status, said, _ = crewdesk("edit", run.id, "--leave-out", "1,2")
    _, as_json, _ = crewdesk("gates", run.id, "--json")
    _, markdown, _ = crewdesk("gates", run.id, "--as", "markdown")
    _, sarif, _ = crewdesk("gates", run.id, "--as", "sarif")

    assert "shop.py:" in shown
    assert "› " in shown
    assert wrong == 2
    assert "99 is no number of this review" in told
    assert (status, said.splitlines()[0][:6]) == (0, "Left: ")
    assert json.loads(as_json)["body"]["findings"] == before[2:]
    assert markdown.startswith("# After\n")
    assert len(json.loads(sarif)["runs"][0]["results"]) == len(before[2:])


def test_what_is_no_review_is_not_pruned() -> None:
    post = Artifact("R001", "optimise", 1, "Post", "writer", {"title": "t"}, "0" * 64, "2026-11-22T10:00:00+00:00")
    gate = Gate(
        "R001-1", "R001", "optimise", "flagged", 0, "Good?", "Flagged.", post.sha, {}, "open", "2026-11-22T10:00"
    )

    with pytest.raises(WrongUsage, match="--leave-out is for reviews"):
        changed_body(gate, post, (), None, "1")
