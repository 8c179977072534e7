"""Draft tests for what a change touches, by code alone: what is drafted is plain, and claims only what it can know."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from crewdesk.code.parsing import parsed
from crewdesk.code.sides import Sides
from crewdesk.code.trials.characterising import Drafted, Look, characterise, mended
from crewdesk.code.trials.functions import Function, callable_by_tests, changed_functions, functions_of
from crewdesk.code.trials.inputs import calls_for, texts_below
from crewdesk.code.trials.layout import draft_path, test_files
from crewdesk.code.trials.observing import Observed, observe
from crewdesk.code.trials.properties import examples, idempotent, round_trip, typed
from crewdesk.code.trials.stage import Stage
from crewdesk.domain.review.trials import DraftTest, Origin

FUNCTIONS = 12
"""Changed functions that are looked at."""


@dataclass
class Drafts:
    """Tests, and what could not be drafted."""

    tests: list[DraftTest] = field(default_factory=list[DraftTest])
    problems: list[str] = field(default_factory=list[str])


def draft(sides: Sides, stage: Stage | None = None, *, most: int) -> Drafts:
    """Draft at most so many tests: first what functions gave before, then what they promise.

    What they gave is seen on a stage; without one nothing is run.
    """
    drafts = Drafts()
    functions = [one for one in changed_functions(sides) if callable_by_tests(one)]
    if len(functions) > FUNCTIONS:
        drafts.problems.append(f"Tests were drafted for {FUNCTIONS} of {len(functions)} changed functions.")
    tests = test_files(sides.after)
    touched = "\n".join(texts_below(sides.after, [one.path for one in sides.change.files if one.path in tests]))
    for function, origin, word, drafted in _in_turn(functions[:FUNCTIONS], sides, stage, tests, drafts):
        stem = "_".join(part for part in (function.name.strip("_"), word) if part)
        path = draft_path(stem, tests, taken=[one.path for one in drafts.tests])
        meant = origin == "characterisation" and re.search(rf"\b{function.name}\b", touched) is not None
        one = DraftTest(path=path, code=drafted.code, about=drafted.about, origin=origin, meant=meant)
        drafts.tests.append(one)
        if len(drafts.tests) == most:
            break
    return drafts


def _in_turn(
    functions: Sequence[Function], sides: Sides, stage: Stage | None, tests: Sequence[str], drafts: Drafts
) -> Iterator[tuple[Function, Origin, str, Drafted]]:
    """Draft one kind of test after the other, for each function."""
    if stage and functions:
        yield from _observed(functions, stage, tests, drafts)
    kinds: tuple[tuple[Origin, str, Callable[[Function], Drafted | None]], ...] = (
        ("example", "examples", examples),
        ("property", "round_trip", lambda one: round_trip(one, functions_of(sides.after / one.path))),
        ("property", "twice", idempotent),
        ("property", "types", typed),
    )
    seen = set[str]()
    for origin, word, make in kinds:
        for function in functions:
            drafted = make(function)
            if drafted and drafted.code not in seen:
                seen.add(drafted.code)
                yield function, origin, word, drafted


def _observed(
    functions: Sequence[Function], stage: Stage, tests: Sequence[str], drafts: Drafts
) -> Iterator[tuple[Function, Origin, str, Drafted]]:
    """Call the functions that can be called alike before and after, and write down what they gave."""
    alike = [one for one in functions if one.called_alike]
    calls = {one: _calls(one, stage.trees.head, tests) for one in alike}
    asked: dict[str, list[list[str]]] = {}
    for function, listed in calls.items():
        if listed:
            asked.setdefault(function.module, []).append(listed)
    if not asked:
        return
    with ThreadPoolExecutor(1) as pool:
        earlier = pool.submit(observe, stage.bench, stage.trees.base, asked)
        after = observe(stage.bench, stage.trees.head, asked)
        before = earlier.result()
    drafts.problems += [f"{module} cannot be imported here: {why}" for module, why in sorted(after.broken.items())]
    for function, listed in calls.items():
        looks = _look(before, function), _look(after, function)
        if drafted := characterise(function, listed, *looks):
            yield function, "characterisation", "before", drafted
        if drafted := mended(function, listed, *looks):
            yield function, "mended", "mended", drafted


def _look(observed: Observed, function: Function) -> Look:
    return lambda call: observed.said.get((function.module, call))


def _calls(function: Function, root: Path, tests: Sequence[str]) -> list[str]:
    return calls_for(function, texts_below(root, [*tests, function.path]), _classes(root / function.path))


def _classes(path: Path) -> Mapping[str, ast.ClassDef]:
    tree = parsed(path.read_bytes())
    return {node.name: node for node in ([] if tree is None else tree.body) if isinstance(node, ast.ClassDef)}
