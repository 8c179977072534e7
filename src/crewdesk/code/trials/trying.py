"""Run drafted tests before and after a change, and keep those that say something.

All are run in one start on each side: a start takes longer than most tests. What passes so has passed, and what wants
a name that is not there does so alone, too; a guess of code that fails on both sides is wrong. Whatever else is run
again alone, so that no test is blamed for another.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from crewdesk.code.trials.bench import Bench, Told
from crewdesk.code.trials.lines import measure
from crewdesk.code.trials.trees import Trees
from crewdesk.domain.review.trials import DraftTest, Outcome, Trial

AT_ONCE = 2
LATE = "no time was left to run it."
AUTHORED = "written"
"""Others than these were made up by code: where they fail on both sides, the guess was wrong, not the change."""


@dataclass
class Tried:
    """What came of it: tests that say something, and why the others were dropped."""

    trials: list[Trial] = field(default_factory=list[Trial])
    dropped: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Rig:
    """What tests are tried on."""

    bench: Bench
    trees: Trees
    new: dict[str, set[int]]
    """New lines that could run, by file."""
    known: dict[tuple[Path, str], Told] = field(default_factory=dict[tuple[Path, str], Told])
    """What is known already, by tree and test file."""

    def run(self, tree: Path, test: str) -> Told:
        """Run a test file alone, unless what it says is known; new lines are measured where they are."""
        return self.known.get((tree, test)) or self.bench.run(tree, [test], self.measured(tree))

    def measured(self, tree: Path) -> list[str]:
        """List the files whose lines are noted in a tree."""
        return list(self.new) if tree == self.trees.head else []


def try_drafts(drafts: Sequence[DraftTest], by: str, rig: Rig, *, seconds: float) -> Tried:
    """Try each. What is not begun when the time is over is dropped, and told."""
    until = time.monotonic() + seconds
    tried, missing = Tried(), Counter[str]()
    unfit = [_unfit(draft, rig.trees, until) for draft in drafts]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        rig = _together([draft for draft, why in zip(drafts, unfit, strict=True) if not why], rig, pool)
        going = [pool.submit(_try, draft, by, rig, until, why) for draft, why in zip(drafts, unfit, strict=True)]
        for draft, future in zip(drafts, going, strict=True):
            result, module = future.result()
            if isinstance(result, Trial):
                tried.trials.append(result)
            elif module:
                missing[module] += 1
            else:
                tried.dropped.append(f"{draft.path}: {result}")
    tried.dropped += [_lacking(module, count) for module, count in sorted(missing.items())]
    return tried


def _try(draft: DraftTest, by: str, rig: Rig, until: float, unfit: str) -> tuple[Trial | str, str]:
    """Run one; give it with its outcomes, or why it is dropped, and the module for want of which that is."""
    if unfit or time.monotonic() > until:
        return unfit or LATE, ""
    head = rig.run(rig.trees.head, draft.path)
    base = rig.run(rig.trees.base, draft.path) if head.outcome != "not run" else Told()
    trial = _trial(draft, by, base.outcome, head, rig)
    if why := _worthless(trial, head, rig):
        return why, "" if head.missing and _is_own(head.missing, rig) else head.missing
    return trial.model_copy(update={"reverted": _reverted(draft, base, rig)}), ""


def _together(drafts: Sequence[DraftTest], rig: Rig, pool: ThreadPoolExecutor) -> Rig:
    """Run all test files in one start on each side, and note what is known by that."""
    if len(drafts) < 2:  # noqa: PLR2004 - one is alone anyway
        return rig
    sides, tests = rig.trees, [draft.path for draft in drafts]
    trees = [tree for tree in (sides.head, sides.base, sides.reverted) if tree is not None]
    going = {tree: pool.submit(rig.bench.run_together, tree, tests, rig.measured(tree)) for tree in trees}
    told = {tree: future.result() for tree, future in going.items()}
    guesses = {draft.path for draft in drafts if draft.origin != AUTHORED}
    wrong = {test for test in guesses if told[sides.head][test].outcome == told[sides.base][test].outcome == "failed"}
    pairs = ((tree, test, one) for tree, by_test in told.items() for test, one in by_test.items())
    return replace(rig, known={(tree, test): one for tree, test, one in pairs if one.settled or test in wrong})


def _unfit(draft: DraftTest, trees: Trees, until: float) -> str:
    """Say why a test cannot be run, or put it where it would stand."""
    if not draft.path.endswith(".py"):
        return "only tests in Python are run."
    if time.monotonic() > until:
        return LATE
    try:
        trees.put(draft)
    except (ValueError, OSError) as error:
        return str(error)
    return ""


def _is_own(module: str, rig: Rig) -> bool:
    """Say whether a module that is missing would be one of the repository's, so that no Python could have it."""
    top = module.partition(".")[0]
    roots = [Path(root) for tree in (rig.trees.base, rig.trees.head) for root in rig.bench.roots_of(tree)]
    return any((root / top).is_dir() or (root / f"{top}.py").is_file() for root in roots)


def _lacking(module: str, count: int) -> str:
    tests = "one drafted test" if count == 1 else f"{count} drafted tests"
    return f"The Python that runs tests has no {module}, so {tests} could not run."


def _worthless(trial: Trial, head: Told, rig: Rig) -> str:
    """Say why a test is dropped: it never ran at the head, or says nothing about the change."""
    sides = trial.base, trial.head
    measurable = trial.coverable or not any(rig.new.values())
    if trial.head == "not run":
        return "holds no test that runs."
    if trial.head == "error" and trial.base != "passed":
        return f"does not run at the head: {_reason(head)}."
    if sides == ("passed", "passed") and not trial.covered and measurable:
        return "passes before and after, and runs no new line."
    if sides == ("failed", "failed") and trial.origin != AUTHORED:
        return "fails before and after, so what it supposes does not hold."
    if trial.origin == "characterisation" and trial.base != "passed":
        return "does not give the same twice before the change."
    return ""


def _reason(told: Told) -> str:
    lines = [line.strip() for line in (told.broken or told.output).splitlines() if line.strip()]
    named = [line.removeprefix("E").strip() for line in lines if line.startswith("E ")]
    return ((named or lines)[-1] if lines else "it said nothing")[:200].rstrip(".")


def _trial(draft: DraftTest, by: str, base: Outcome, head: Told, rig: Rig) -> Trial:
    coverage = measure(rig.new, head.ran, head.statements)
    said = f"{head.broken}\n{head.output}".strip() if head.broken else head.output
    return Trial(
        **draft.model_dump(),
        by=by,
        base=base,
        head=head.outcome,
        covers=coverage.ran,
        covers_in=coverage.path,
        covered=coverage.covered,
        coverable=coverage.coverable,
        output="" if head.outcome == "passed" else said,
    )


def _reverted(draft: DraftTest, base: Told, rig: Rig) -> Outcome:
    """Run it on the code of the base with the head's own test files beside it, where there are any that changed."""
    if rig.trees.reverted is None:
        return base.outcome
    return rig.run(rig.trees.reverted, draft.path).outcome
