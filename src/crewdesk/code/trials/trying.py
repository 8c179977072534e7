"""Run drafted tests before and after a change, and keep those that say something."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from crewdesk.code.trials.bench import Bench, Told
from crewdesk.code.trials.lines import measure
from crewdesk.code.trials.trees import Trees
from crewdesk.domain.review.trials import DraftTest, Outcome, Trial

AT_ONCE = 2
AUTHORED = "written"
"""Others than these were made up by code: where they fail on both sides, the guess was wrong, not the change."""


@dataclass
class Tried:
    """What came of it: tests that say something, and why the others were dropped."""

    trials: list[Trial] = field(default_factory=list[Trial])
    dropped: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Ground:
    """What tests are tried on."""

    bench: Bench
    trees: Trees
    new: dict[str, set[int]]
    """New lines that could run, by file."""


def try_drafts(drafts: Sequence[DraftTest], by: str, ground: Ground, *, seconds: float) -> Tried:
    """Try each alone. What is not begun when the time is over is dropped, and told."""
    until = time.monotonic() + seconds
    tried, missing = Tried(), Counter[str]()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        going = [pool.submit(_try, draft, by, ground, until) for draft in drafts]
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


def _try(draft: DraftTest, by: str, ground: Ground, until: float) -> tuple[Trial | str, str]:
    """Run one; give it with its outcomes, or why it is dropped, and the module for want of which that is."""
    if not draft.path.endswith(".py"):
        return "only tests in Python are run.", ""
    if time.monotonic() > until:
        return "no time was left to run it.", ""
    try:
        ground.trees.put(draft)
    except (ValueError, OSError) as error:
        return str(error), ""
    head = _run(draft, ground, ground.trees.head)
    base = _run(draft, ground, ground.trees.base)
    if why := _worthless(draft, base, head):
        return why, head.missing if head.outcome == "error" else ""
    trial = _trial(draft, by, base.outcome, head, ground)
    if trial.base == trial.head == "passed" and not trial.covered and trial.coverable:
        return "passes before and after, and runs no new line.", ""
    return trial.model_copy(update={"reverted": _reverted(draft, base, ground)}), ""


def _lacking(module: str, count: int) -> str:
    tests = "one drafted test" if count == 1 else f"{count} drafted tests"
    return f"The Python that runs tests has no {module}, so {tests} could not run."


def _run(draft: DraftTest, ground: Ground, tree: Path) -> Told:
    return ground.bench.run(tree, [draft.path], list(ground.new))


def _worthless(draft: DraftTest, base: Told, head: Told) -> str:
    """Say why a test is dropped: it never ran at the head, or says nothing about the change."""
    if head.outcome == "not run":
        return "holds no test that runs."
    if head.outcome == "error" and base.outcome != "passed":
        return f"does not run at the head: {_reason(head)}."
    if base.outcome == head.outcome == "failed" and draft.origin != AUTHORED:
        return "fails before and after, so what it supposes does not hold."
    if draft.origin == "characterisation" and base.outcome != "passed":
        return "does not give the same twice before the change."
    return ""


def _reason(told: Told) -> str:
    lines = [line.strip() for line in (told.broken or told.output).splitlines() if line.strip()]
    named = [line.removeprefix("E").strip() for line in lines if line.startswith("E ")]
    return ((named or lines)[-1] if lines else "it said nothing")[:200].rstrip(".")


def _trial(draft: DraftTest, by: str, base: Outcome, head: Told, ground: Ground) -> Trial:
    coverage = measure(ground.new, head.lines, head.statements)
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


def _reverted(draft: DraftTest, base: Told, ground: Ground) -> Outcome:
    """Run it on the code of the base with the head's own test files beside it, where there are any that changed."""
    if ground.trees.reverted is None:
        return base.outcome
    return _run(draft, ground, ground.trees.reverted).outcome
