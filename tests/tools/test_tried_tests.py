"""From a change to tests that ran: what the review crew's test author drafts offline, and its test runner believes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tool_samples import materials, tool

from crewdesk.domain.canonical import JsonObject
from support.repositories import change_of, changed

Files = Mapping[str, str]
TESTS = {"tests/test_all.py": "def test_it():\n    assert True\n"}
PAGES = "def pages(total: int, size: int) -> int:\n    return {}\n"
SLUGS = "import re\n\n\ndef slugify(text):\n    return '-'.join(re.{}, text.lower()))\n"
MEAN = "class Sample:\n    def __init__(self, values: list[float]): self.values = values\n\n    def mean(self):\n{}"
MENDED = {
    "rounding": ("src/shop/pages.py", PAGES, "total // size + 1", "(total + size - 1) // size"),
    "empty words": ("slugs.py", SLUGS, "split('[^a-z0-9]'", "findall('[a-z0-9]+'"),
    "nothing to count": (
        "stats/__init__.py",
        MEAN,
        "        return sum(self.values) / len(self.values)\n",
        "        return sum(self.values) / len(self.values) if self.values else 0.0\n",
    ),
}
"""Small bugs: where, the code around, what was wrong, and what is right."""


@pytest.fixture(name="review")
def _review(tmp_path: Path) -> Callable[..., tuple[JsonObject, JsonObject]]:
    def review(
        before: Files, after: Files, *, drafts: JsonObject | None = None, **settings: Any
    ) -> tuple[JsonObject, JsonObject]:
        """Draft tests for a change, or take those that are given, and run them: what the one gave, and the other."""
        change = change_of(changed(tmp_path / "repo", before, after))
        work: dict[str, JsonObject] = {"change": {"change": change.model_dump(mode="json")}}
        around = materials(tmp_path, work=work.get, scratch=tmp_path / "scratch")
        for name, kind in (("draft_tests", "drafts"), ("trials", "trials")):
            told = drafts if drafts and kind == "drafts" else tool(kind, around, **settings).run()
            assert isinstance(told, dict)
            work[name] = told
        return work["draft_tests"], work["trials"]

    return review


Review = Callable[..., tuple[JsonObject, JsonObject]]


def sides(trials: JsonObject, origin: str) -> list[tuple[Any, Any]]:
    """How the tests of one origin went before and after."""
    tests: Any = trials["tests"]
    return [(one["base"], one["head"]) for one in tests if one["origin"] == origin]


@pytest.mark.parametrize("bug", MENDED)
def test_a_change_that_brings_a_bug_in_breaks_a_drafted_test(review: Review, bug: str) -> None:
    path, around, wrong, right = MENDED[bug]

    _, trials = review({path: around.format(right), **TESTS}, {path: around.format(wrong)})

    assert ("passed", "failed") in sides(trials, "characterisation")


def test_a_crash_that_is_mended_is_shown_by_a_test_that_failed_before(review: Review) -> None:
    path, around, wrong, right = MENDED["nothing to count"]

    drafts, trials = review({path: around.format(wrong), **TESTS}, {path: around.format(right)})

    assert sides(trials, "mended") == [("failed", "passed")]
    assert sides(trials, "characterisation") == [("passed", "passed")]
    assert "Sample([]).mean() == 0.0" in str(drafts["tests"])


def test_another_result_may_be_meant_where_the_change_touches_its_tests(review: Review) -> None:
    path, around, wrong, right = MENDED["rounding"]
    own = {"tests/test_pages.py": "from shop.pages import pages\n\n\ndef test_pages():\n    assert pages(4, 2) == 2\n"}

    drafts, _ = review({path: around.format(wrong), **TESTS}, {path: around.format(right), **own})

    tests: Any = drafts["tests"]
    assert [one["meant"] for one in tests if one["origin"] == "characterisation"] == [True]


def test_secrets_are_masked_in_what_tests_said(review: Review) -> None:
    key = "ghp_" + "1Ab2Cd3Ef4" * 3 + "5G6h7I"
    own = "from m import f\n\n\ndef test_f():\n    assert f() == 1\n"
    before = {"m.py": "def f():\n    return 1\n", "tests/test_m.py": own}

    drafts, trials = review(before, {"m.py": f"def f():\n    return {key!r}\n"})

    assert ("passed", "failed") in sides(trials, "existing")
    assert ("passed", "failed") in sides(trials, "characterisation")
    assert key not in f"{drafts} {trials}"


def test_a_change_without_code_is_not_run(review: Review) -> None:
    drafts, trials = review({"README.md": "Hello\n"}, {"README.md": "Hello.\n"})

    assert drafts["tests"] == []
    assert (trials["tests"], trials["dropped"], trials["existing"], trials["sandbox"]) == ([], [], "", "")


def test_without_a_sandbox_nothing_is_run_and_that_is_told(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs, git = tmp_path / "programs", shutil.which("git")
    programs.mkdir()
    assert git is not None
    (programs / "git").symlink_to(git)
    monkeypatch.setenv("PATH", str(programs))
    path, around, wrong, right = MENDED["rounding"]

    drafts, trials = review({path: around.format(right)}, {path: around.format(wrong)})

    assert "Install it" in str(drafts["problems"])
    assert trials["tests"] == []
    assert str(trials["dropped"]).startswith("['One drafted test was not run. Code of a change runs only in a sandbox")


def test_trusted_code_runs_without_a_sandbox_and_that_is_told(review: Review) -> None:
    path, around, wrong, right = MENDED["rounding"]

    _, trials = review({path: around.format(right)}, {path: around.format(wrong)}, trusted=True)

    assert ("passed", "failed") in sides(trials, "characterisation")
    assert "the code is trusted" in str(trials["sandbox"])


def test_a_draft_takes_the_place_of_nothing(review: Review) -> None:
    """Else a model could put other code under test than the one that is reviewed, or share a file between drafts."""
    code = "def test_it():\n    assert True\n"
    paths = ("m.py", "tests/conftest.py", "tests/./test_all.py", "test_new.py", "./test_new.py")
    drafts: JsonObject = {"tests": [{"path": path, "code": code} for path in paths]}

    _, trials = review({"m.py": "a = 1\n", **TESTS}, {"m.py": "a = 2\n"}, drafts=drafts)

    assert trials["tests"] == []
    assert trials["dropped"] == [
        "test_new.py: passes before and after, and runs no new line.",
        "m.py: its name is none of a test, such as tests/test_x.py.",
        "tests/conftest.py: its name is none of a test, such as tests/test_x.py.",
        "tests/./test_all.py: the repository has a file of this name.",
        "./test_new.py: another drafted test has this name.",
    ]
