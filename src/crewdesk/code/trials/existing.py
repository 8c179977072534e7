"""The repository's own tests of the changed code: whether one passed before the change and fails after it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crewdesk.code.parsing import parsed
from crewdesk.code.trials.bench import Bench, Told
from crewdesk.code.trials.layout import test_files
from crewdesk.domain.review.trials import Trial

LONGEST = 200_000
"""Characters of a test file that is looked at."""
BY = "existing"


@dataclass
class Own:
    """What they said."""

    trials: list[Trial] = field(default_factory=list[Trial])
    said: str = ""


def choose(root: Path, names: Collection[str], modules: Collection[str], *, most: int) -> list[str]:
    """Choose the test files that speak most of changed names or modules."""
    words = sorted({*names, *(module.rpartition(".")[2] for module in modules)} - {"", "__init__"})
    if not words:
        return []
    spoken = re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b")
    ranked = sorted(
        ((len(spoken.findall(text)), path) for path in test_files(root) if (text := _text(root / path))),
        key=lambda pair: (-pair[0], pair[1]),
    )
    return [path for count, path in ranked if count][:most]


def run_own(bench: Bench, before: Path, after: Path, paths: Sequence[str]) -> Own:
    """Run test files after the change, and what fails before it too: what passed there is told, test by test."""
    if not paths:
        return Own()
    head = bench.run(after, paths)
    if head.broken and not head.outcomes:
        return _not_run(bench, head, before, after, paths)
    bad = [name for name, outcome in head.outcomes.items() if outcome in ("failed", "error")]
    earlier = bench.run(before, there).outcomes if (there := _there(before, bad)) else {}
    broken = [name for name in bad if earlier.get(name) == "passed"]
    if broken:  # once more: one that fails only now and then, as by a time limit, says nothing of the change
        again = bench.run(after, broken).outcomes
        broken = [name for name in broken if again.get(name, "failed") != "passed"]
    return Own(list(_trials(broken, head, after)), _said(head, len(broken), len(paths)))


def _not_run(bench: Bench, head: Told, before: Path, after: Path, paths: Sequence[str]) -> Own:
    """Tell that they do not run; where they could be imported before the change, it is to blame."""
    old = [path for path in paths if (before / path).is_file()]
    if head.stopped or not old or bench.run(before, old).broken:
        return Own(said=f"The repository's own tests of this code do not run here: {_last(head.broken)}.")
    trial = Trial(
        path=old[0],
        code=_text(after / old[0]) or "-",
        about="The tests of the repository can no longer be imported.",
        origin="existing",
        by=BY,
        base="passed",
        head="error",
        reverted="passed",
        output=head.broken[-2000:],
    )
    return Own([trial], "The repository's own tests of this code ran before the change and cannot run after it.")


def _there(root: Path, names: Sequence[str]) -> list[str]:
    """Give the tests that are there, too, without their parameters: these may be called otherwise there."""
    tests = dict.fromkeys(name.partition("[")[0] for name in names)
    return [name for name in tests if f"def {name.rpartition('::')[2]}(" in _text(root / name.partition("::")[0])]


def _said(head: Told, broken: int, files: int) -> str:
    counts = Counter(head.outcomes.values())
    failing = counts["failed"] + counts["error"]
    where = "one file" if files == 1 else f"{files} files"
    parts = [
        _each(counts["passed"], "passes", "pass"),
        _each(broken, "fails that passed before the change", "fail that passed before the change"),
        _each(failing - broken, "does not pass here, nor did it before", "do not pass here, nor did they before"),
        _each(counts["not run"], "is skipped", "are skipped"),
    ]
    said = ", ".join(part for part in parts if part) or "none ran"
    return f"The repository's own tests that speak of this code, in {where}: {said}."


def _each(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}" if count else ""


def _trials(names: Sequence[str], head: Told, root: Path) -> Iterator[Trial]:
    for path in dict.fromkeys(name.partition("::")[0] for name in names):
        inner = [name.rpartition("::")[2].partition("[")[0] for name in names if name.startswith(f"{path}::")]
        tests = list(dict.fromkeys(inner))
        yield Trial(
            path=path,
            code=_functions(_text(root / path), tests) or "-",
            about=f"{'A test' if len(tests) == 1 else 'Tests'} of the repository: {', '.join(tests)[:200]}.",
            origin="existing",
            by=BY,
            base="passed",
            head="failed",
            reverted="passed",
            output=head.output,
        )


def _functions(text: str, names: Sequence[str]) -> str:
    """Give the text of the functions with these names."""
    tree = parsed(text)
    if tree is None:
        return ""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in names]
    return "\n\n\n".join(ast.get_source_segment(text, node) or "" for node in found)


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200].removeprefix("E").strip().rstrip(".") if lines else "they said nothing"


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")[:LONGEST]
    except OSError:
        return ""
