"""The analysers' task: what they say about the change that was read, as the crew's typed output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tool_samples import materials, tool

from crewdesk.crews.review.outputs import Scan
from crewdesk.domain.review.change import Change
from support.repositories import change_of, changed

HARD = "def f(a):\n" + "    if a:\n        a += 1\n" * 9 + "    return a\n"


@pytest.fixture(scope="module", name="change")
def _change(tmp_path_factory: pytest.TempPathFactory) -> Change:
    repo = changed(tmp_path_factory.mktemp("repo"), {"a.py": "X = 1\n"}, {"a.py": f"X = missing\n\n\n{HARD}"})
    return change_of(repo)


def scan(change: Change, folder: Path, **settings: int) -> Scan:
    work = {"change": {"change": change.model_dump(mode="json"), "confidence": 1.0, "open_questions": []}}
    made = tool("scan", materials(folder, work=work.get, scratch=folder / "scratch"), **settings)
    return Scan.model_validate(json.loads(json.dumps(made.run())))


def test_the_answer_is_the_typed_output_with_who_ran_in_which_version(change: Change, tmp_path: Path) -> None:
    found = scan(change, tmp_path)

    assert [(one.by, one.line, one.title) for one in found.findings] == [("ruff", 1, "Undefined name `missing`")]
    assert found.symbols == ["added `f(a)` in a.py"]
    assert found.problems == []
    assert found.ran[0].startswith("ruff 0.")


def test_settings_say_what_is_hard(change: Change, tmp_path: Path) -> None:
    found = scan(change, tmp_path, ways=8, growth=3)

    assert [one.title for one in found.findings if one.by == "lizard"] == ["f has 10 ways through it"]


def test_a_change_that_was_not_read_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="The change was not read yet; 'change' must come first"):
        tool("scan", materials(tmp_path, work=lambda _task: None)).run()
