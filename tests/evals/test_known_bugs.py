"""Our set of known bugs is what it says: each test passes on the fix and fails on the bug."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

import pytest

from evals import bugs


@pytest.mark.parametrize("bug", list(bugs.load()), ids=lambda bug: bug.name)
def test_its_test_passes_on_the_fix_and_fails_on_the_bug(
    bug: bugs.Bug, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixtures: dict[str, Any] = {"tmp_path": tmp_path, "monkeypatch": monkeypatch}
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.delitem(sys.modules, Path(bug.path).stem, raising=False)  # a package of that name may be in use

    _try(bug, bug.fixed, fixtures)
    with pytest.raises((Exception, pytest.fail.Exception)):
        _try(bug, bug.buggy, fixtures)


def _try(bug: bugs.Bug, text: str, fixtures: dict[str, Any]) -> None:
    (fixtures["tmp_path"] / bug.path).write_text(text, "utf-8")
    module = Path(bug.path).stem
    names: dict[str, Any] = {}
    try:
        exec(bug.test, names)  # noqa: S102 - data of our own
        (test,) = (value for name, value in names.items() if name.startswith("test"))
        test(**{name: fixtures[name] for name in inspect.signature(test).parameters})
    finally:
        sys.modules.pop(module, None)


def test_the_lines_of_a_bug_are_those_that_differ() -> None:
    bug = bugs.Bug("x", "boundary", "a.py", "a\nb\nc\nd\ne\nf\n", "a\nb\nc\nX\ne\nf\n", "")

    assert bug.lines() == {2, 3, 4, 5, 6}


def test_a_folder_without_bugs_says_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="they are YAML files"):
        list(bugs.load(tmp_path))
