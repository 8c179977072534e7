"""Drafted tests are run before and after a change, each alone; what says nothing is dropped, and told why."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from crewdesk.code.sandbox.follow import Ran
from crewdesk.code.sandbox.limits import Limits
from crewdesk.code.sandbox.sandbox import Sandbox, open_sandbox
from crewdesk.code.sides import Sides
from crewdesk.code.trials.bench import Bench
from crewdesk.code.trials.characterising import NEVER
from crewdesk.code.trials.existing import choose, run_own
from crewdesk.code.trials.lines import measure, new_lines
from crewdesk.code.trials.observing import observe
from crewdesk.code.trials.python import Python, find_python
from crewdesk.code.trials.trees import Trees, plant
from crewdesk.code.trials.trying import Rig, Tried, try_drafts
from crewdesk.domain.review.change import Change, Lines
from crewdesk.domain.review.trials import DraftTest, Trial
from support.repositories import change_of, changed, laid_out

BEFORE = {
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "def total(prices):\n    return sum(prices)\n",
    "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef prices():\n    return [1, 2]\n",
    "tests/test_cart.py": (
        "from shop.cart import total\n\n\n"
        "def test_total(prices):\n    assert total(prices) == 3\n\n\n"
        "def test_of_nothing():\n    assert total([]) == 0\n\n\n"
        "def test_wrong_all_along():\n    assert total([1]) == 7\n"
    ),
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--cov=shop -n 4'\nfilterwarnings = 'error'\n",
}
AFTER = {
    "src/shop/cart.py": (
        "def total(prices):\n    first, *rest = prices\n    return first + sum(rest)\n\n\n"
        "def most(prices):\n    if not prices:\n        return 0\n    return max(prices)\n"
    ),
    "src/shop/latin.py": b"# \xe9t\xe9, and no word of its encoding\nX = 1\n",
    "tests/data.txt": "41",
}


@dataclass
class Counting:
    """A sandbox that notes what it was started on."""

    sandbox: Sandbox
    starts: list[str] = field(default_factory=list[str])

    @property
    def about(self) -> str:
        return self.sandbox.about

    @property
    def copies(self) -> bool:
        return self.sandbox.copies

    def run(self, command: Sequence[str], folder: Path, shown: Sequence[Path], limits: Limits) -> Ran:
        self.starts.append(folder.name)
        return self.sandbox.run(command, folder, shown, limits)


@dataclass
class Scene:
    """A change, laid out to be tried on."""

    change: Change
    before: Path
    after: Path
    trees: Trees
    bench: Bench
    rig: Rig = field(init=False)

    def __post_init__(self) -> None:
        self.rig = Rig(self.bench, self.trees, new_lines(self.change, self.after))

    def tried(self, **files: str) -> Tried:
        """Try tests, written as `name="code"`."""
        drafts = [DraftTest(path=f"tests/test_{name}.py", code=code) for name, code in files.items()]
        return try_drafts(drafts, "test author", self.rig, seconds=60)


@pytest.fixture(name="scene", scope="module")
def _scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("scene")
    change = change_of(changed(folder / "repo", BEFORE, AFTER))
    sides = Sides(change, *laid_out(change, folder / "scratch"))
    trees = plant(sides, folder, copies=False)
    bench = Bench(open_sandbox(), Python(sys.executable), Limits(seconds=20), ("src",))
    return Scene(change, sides.before, sides.after, trees, bench)


KEPT = {
    "broken": "from shop.cart import total\n\n\ndef test_empty():\n    assert total([]) == 0\n",
    "new": "from shop.cart import most\n\n\ndef test_most():\n    assert most([]) == 0\n",
    "data": (
        "from pathlib import Path\nfrom shop.cart import total\n\n\n"
        "def test_data():\n    data = Path(__file__).with_name('data.txt').read_text()\n"
        "    assert total([int(data)]) == 41\n"
    ),
    "fixture": "from shop.cart import total\n\n\ndef test_fixture(prices):\n    assert total(prices) == 3\n",
}
"""Tests that say something, each in another way."""


@pytest.fixture(name="kept", scope="module")
def _kept(scene: Scene) -> Mapping[str, Trial]:
    """What came of them."""
    return dict(zip(KEPT, scene.tried(**KEPT).trials, strict=True))


def test_a_test_that_the_change_breaks_is_told_with_what_it_said(scene: Scene, kept: Mapping[str, Trial]) -> None:
    trial = kept["broken"]

    assert (trial.base, trial.head, trial.reverted, trial.by) == ("passed", "failed", "passed", "test author")
    assert "ValueError: not enough values to unpack" in trial.output
    assert str(scene.trees.head) not in trial.output
    assert "src/shop/cart.py:2" in trial.output


def test_a_test_of_new_code_fails_before_it_and_says_which_new_lines_it_runs(kept: Mapping[str, Trial]) -> None:
    trial = kept["new"]

    assert (trial.base, trial.head, trial.reverted) == ("error", "passed", "error")
    assert (trial.covers_in, trial.covers) == ("src/shop/cart.py", (Lines(first=7, last=8),))
    assert (trial.covered, trial.coverable) == (2, 5)
    assert trial.output == ""


def test_files_that_the_change_brings_for_tests_are_there_when_its_code_is_taken_back(
    kept: Mapping[str, Trial],
) -> None:
    trial = kept["data"]

    assert (trial.base, trial.head, trial.reverted) == ("failed", "passed", "passed")


def test_fixtures_of_the_repository_can_be_used_and_its_plugins_are_not_needed(kept: Mapping[str, Trial]) -> None:
    assert kept["fixture"].head == "passed"


def test_what_does_not_run_or_says_nothing_is_dropped_and_told_why(scene: Scene) -> None:
    tried = scene.tried(
        syntax="def test(:\n",
        always="def test_nothing():\n    assert True\n",
        empty="X = 1\n",
        wants="import no_such_thing\n\n\ndef test_it():\n    assert no_such_thing\n",
        too="import no_such_thing\n\n\ndef test_it():\n    assert no_such_thing\n",
    )

    assert tried.trials == []
    assert [one.partition(": ")[2] for one in tried.dropped[:3]] == [
        "does not run at the head: SyntaxError: invalid syntax.",
        "passes before and after, and runs no new line.",
        "holds no test that runs.",
    ]
    assert tried.dropped[3:] == ["The Python that runs tests has no no_such_thing, so 2 drafted tests could not run."]


def test_a_test_that_ends_everything_is_dropped_and_told_why(scene: Scene) -> None:
    tried = scene.tried(exits="import os\n\n\ndef test_exit():\n    os._exit(0)\n")

    assert tried.dropped == ["tests/test_exits.py: does not run at the head: ended before it had run its tests."]


def test_a_test_without_end_is_stopped_and_told(scene: Scene) -> None:
    bench = Bench(scene.bench.sandbox, scene.bench.python, Limits(seconds=1), scene.bench.roots)
    rig = Rig(bench, scene.trees, scene.rig.new)
    draft = DraftTest(path="tests/test_endless.py", code="def test_it():\n    while True: pass\n")

    tried = try_drafts([draft], "test author", rig, seconds=60)

    assert tried.dropped == ["tests/test_endless.py: does not run at the head: took longer than 1 s."]


def test_drafts_that_pass_take_one_start_a_side_and_each_is_told_its_own_lines(scene: Scene) -> None:
    counting = Counting(scene.bench.sandbox)
    rig = replace(scene.rig, bench=replace(scene.bench, sandbox=counting))
    code = "from shop.cart import {}\n\n\ndef test_it():\n    assert {}([3]) == 3\n"
    drafts = [DraftTest(path=f"tests/test_{name}.py", code=code.format(name, name)) for name in ("total", "most")]
    drafts.append(DraftTest(path="tests/test_total_too.py", code=code.format("total", "total")))

    tried = try_drafts(drafts, "test author", rig, seconds=60)

    assert [(one.head, one.covers) for one in tried.trials] == [
        ("passed", (Lines(first=2, last=3),)),
        ("passed", (Lines(first=7, last=7), Lines(first=9, last=9))),
        ("passed", (Lines(first=2, last=3),)),
    ]
    assert [one.base for one in tried.trials] == ["passed", "error", "passed"]
    assert sorted(counting.starts) == ["base", "head", "reverted"]


def test_no_draft_is_blamed_for_what_another_did(scene: Scene) -> None:
    tried = scene.tried(
        a_spoils="import shop.cart\n\n\ndef test_it():\n    shop.cart.most = None\n    assert shop.cart.total([])\n",
        b_good="import shop.cart\n\n\ndef test_it():\n    assert shop.cart.most([3]) == 3\n",
    )

    assert [one.head for one in tried.trials if one.path == "tests/test_b_good.py"] == ["passed"]


@pytest.mark.parametrize("path", ["../../outside.py", "/etc/cron.d/x.py", "tests/../../x.py"])
def test_a_test_cannot_be_written_outside(scene: Scene, path: str) -> None:
    tried = try_drafts([DraftTest(path=path, code="X = 1\n")], "model", scene.rig, seconds=60)

    assert tried.dropped == [f"{path}: The test's path {path!r} leads out of the repository."]


def test_other_languages_are_told_and_not_run(scene: Scene) -> None:
    tried = try_drafts([DraftTest(path="a.test.js", code="test()")], "model", scene.rig, seconds=60)

    assert tried.dropped == ["a.test.js: only tests in Python are run."]


def test_when_the_time_is_over_the_rest_is_dropped(scene: Scene) -> None:
    tried = try_drafts([DraftTest(path="test_a.py", code="X = 1\n")], "model", scene.rig, seconds=-1)

    assert tried.dropped == ["test_a.py: no time was left to run it."]


def test_a_draft_never_changes_the_code_that_was_checked_out(scene: Scene) -> None:
    draft = DraftTest(path="tests/test_cart.py", code="def test_it():\n    assert False\n")

    try_drafts([draft], "model", scene.rig, seconds=60)

    assert (scene.after / "tests/test_cart.py").read_text("utf-8") == BEFORE["tests/test_cart.py"]


def test_where_nothing_can_be_linked_it_is_copied(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders for temporary files are in memory on many machines, and a link leads to no other disk."""

    def link(source: str, target: str) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link", source, None, target)

    monkeypatch.setattr(os, "link", link)
    trees = plant(Sides(scene.change, scene.before, scene.after), tmp_path, copies=False)

    assert (trees.head / "src/shop/cart.py").read_text("utf-8") == AFTER["src/shop/cart.py"]
    assert (trees.base / "src/shop/cart.py").read_text("utf-8") == BEFORE["src/shop/cart.py"]
    assert (trees.head / "src/shop/cart.py").stat().st_mode & 0o444 == 0o444


def test_the_repositorys_own_tests_tell_what_passed_before_and_fails_now(scene: Scene) -> None:
    chosen = choose(scene.after, {"total"}, {"shop.cart"}, most=3)

    own = run_own(scene.bench, scene.before, scene.after, [path for path in chosen if path in BEFORE])

    assert own.said == (
        "The repository's own tests that speak of this code, in one file: "
        "1 passes, 1 fails that passed before the change, 1 does not pass here, nor did it before."
    )
    assert [(one.path, one.base, one.head, one.by, one.about) for one in own.trials] == [
        ("tests/test_cart.py", "passed", "failed", "existing", "A test of the repository: test_of_nothing.")
    ]
    assert own.trials[0].code == "def test_of_nothing():\n    assert total([]) == 0"


def test_own_tests_that_can_no_longer_be_imported_are_told(scene: Scene, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_cart.py").write_text("from shop.gone import total\n", "utf-8")

    own = run_own(scene.bench, scene.before, tmp_path, ["tests/test_cart.py"])

    assert own.said.endswith("ran before the change and cannot run after it.")
    assert "No module named 'shop'" in own.trials[0].output


def test_calls_are_observed_and_what_cannot_be_imported_is_told(scene: Scene) -> None:
    calls = {"shop.cart": [["total([1, 2])", "total(1)", "total"], ["iter([1])", "{}[0]"]], "shop.none": [["f()"]]}

    observed = observe(scene.bench, scene.before, calls)

    assert {call: (said.how, said.text) for (_, call), said in observed.said.items()} == {
        "total([1, 2])": ("value", "3"),
        "total(1)": ("raised", "TypeError"),
        "iter([1])": ("listed", "[1]"),
        "{}[0]": ("raised", "KeyError"),
    }
    assert observed.broken == {"shop.none": "ModuleNotFoundError: No module named 'shop.none'"}


def test_where_calls_come_to_no_end_the_rest_of_that_function_is_left_out(scene: Scene) -> None:
    endless = [f"next(one for one in iter(int, {number}) if one)" for number in range(1, 9)]

    observed = observe(scene.bench, scene.before, {"shop.cart": [endless, ["total([1])"]]}, seconds=0.05)

    said = {call: said.text for (_, call), said in observed.said.items()}
    assert said == {**dict.fromkeys(endless[:3], NEVER), "total([1])": "1"}


def test_coverage_counts_new_lines_only() -> None:
    found = measure({"a.py": {2, 3, 9}, "b.py": {1}}, {"a.py": {1, 2, 3}}, {"a.py": [1, 2, 3, 4], "b.py": [1]})

    assert (found.path, found.ran, found.covered, found.coverable) == ("a.py", (Lines(first=2, last=3),), 2, 3)


def test_the_repositorys_python_is_taken_where_it_is_asked_for(tmp_path: Path) -> None:
    program = tmp_path / ".venv/bin/python"
    program.parent.mkdir(parents=True)
    program.symlink_to(sys.executable)

    found = find_python(tmp_path, ".venv/bin/python")

    assert (found.program, found.own) == (str(program), True)
    assert tmp_path / ".venv" in found.shown
    with pytest.raises(ValueError, match=r"There is no venv/python in the repository"):
        find_python(tmp_path, "venv/python")
