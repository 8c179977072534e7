"""Call functions before and after a change, in the sandbox, and note what they give."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from crewdesk.code.trials import inside_calls
from crewdesk.code.trials.bench import Bench, strip_paths

EACH_SECONDS = 0.5
ALL_SECONDS = 20.0

Calls = Mapping[str, Sequence[Sequence[str]]]
"""Calls by module, those of one function together: where some come to no end, the rest of them is left out."""


class Said(BaseModel, frozen=True):
    """What a call gave."""

    how: Literal["value", "repr", "listed", "raised"]
    text: str


class Line(BaseModel):
    """A line of what the script in the sandbox says; whatever runs there may say anything."""

    module: str
    call: str = ""
    how: Literal["value", "repr", "listed", "raised", "broken"]
    text: str


@dataclass
class Observed:
    """What calls gave, by module and call, and which modules could not be imported."""

    said: dict[tuple[str, str], Said] = field(default_factory=dict[tuple[str, str], Said])
    broken: dict[str, str] = field(default_factory=dict[str, str])


def observe(bench: Bench, tree: Path, calls: Calls, seconds: float = EACH_SECONDS) -> Observed:
    """Evaluate calls on a tree, each within its seconds. What it comes to before the time of all is over counts."""
    asked = {"roots": bench.roots_of(tree), "calls": calls, "seconds": seconds}
    script = Path(inside_calls.__file__)
    command = (bench.python.program, "-I", str(script), json.dumps(asked))
    limits = replace(bench.limits, seconds=ALL_SECONDS)
    ran = bench.sandbox.run(command, tree, (script, *bench.python.shown), limits)
    observed = Observed()
    for text in ran.answer.decode("utf-8", "replace").splitlines():
        try:
            line = Line.model_validate_json(text)
        except ValidationError:
            continue
        if line.how == "broken":
            observed.broken[line.module] = strip_paths(line.text, tree)
        elif str(tree) not in line.text and _is_plain(line):
            observed.said[line.module, line.call] = Said(how=line.how, text=line.text)
    return observed


def _is_plain(line: Line) -> bool:
    """Say whether a claim is no more than a value or a name: it is written into tests, and may be forged."""
    if line.how == "repr":
        return True
    if line.how == "raised":
        return line.text.isidentifier()
    try:
        ast.literal_eval(line.text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
    return "\n" not in line.text
