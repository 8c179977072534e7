"""What became of a function's errors: one that is no longer caught, one that is no longer raised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from crewdesk.code.analysers.functions import Function, Version
from crewdesk.code.analysers.saying import cut, reported
from crewdesk.code.definitions import spelled
from crewdesk.domain.review.findings import Reported

HANDLERS = frozenset({"except_clause", "catch_clause", "rescue"})
RAISING = frozenset({"raise_statement", "throw_statement", "throw_expression"})
FEW = 4
"""Words that may stand where an error was raised without raising it."""


def unhandled(function: Function) -> Iterator[Reported]:
    """Say which error is no longer caught."""
    before, after = _handlers(function.old), _handlers(function.new)
    if len(after) >= len(before):
        return
    for caught, line in before.items():
        if caught not in after and not any(caught.split(".")[-1] in other for other in after):
            yield reported(
                *(function, function.line(line), f"{f'`{caught}`' if caught else 'An error'} is no longer caught here"),
                "What raised it before can raise it still; now it reaches the caller.",
            )


def _handlers(version: Version) -> dict[str, int]:
    found: dict[str, int] = {}
    for node in version.nodes:
        if node.type in HANDLERS:
            head = spelled(node).partition("\n")[0]
            caught = re.sub(r"^(?:except\*?|catch|rescue)\s*|\s*\bas\s+\w+|[:{].*$|=>.*$", "", head).strip(" ()")
            found[caught] = node.start_point.row + 1
    return found


def unraised(function: Function) -> Iterator[Reported]:
    """Say which error is no longer raised, where nothing that could raise it came in its place."""
    before, after = _raises(function.old), Counter(said for said, _ in _raises(function.new))
    if after.total() >= len(before):
        return
    for said, line in before:
        come = [word for old, new in function.edits if any(word.line == line for word in old) for word in new]
        if (
            after[said]
            or not function.is_rarer(said)
            or len(come) > FEW
            or any(word.text == "(" or function.new.is_called(word) for word in come)
        ):
            continue
        yield reported(
            *(function, function.line(line), f"`{cut(said)}` no longer happens here"),
            "Callers that counted on the error get an answer now, and go on as if all were well.",
        )


def _raises(version: Version) -> list[tuple[str, int]]:
    return [
        (" ".join(spelled(node).split()).rstrip(";").replace("`", "'"), node.start_point.row + 1)
        for node in version.nodes
        if node.type in RAISING
    ]
