"""Which of a change's new lines tests could run, and which of them they did."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crewdesk.code.importance import is_test
from crewdesk.code.parsing import parsed
from crewdesk.domain.review.change import Change, Lines


@dataclass(frozen=True)
class Coverage:
    """New lines that were run, of those that could be."""

    path: str = ""
    ran: tuple[Lines, ...] = ()
    covered: int = 0
    coverable: int = 0


def code_files(change: Change) -> list[str]:
    """List the changed Python files that are no tests, as they are called at the head."""
    return [
        one.path
        for one in change.files
        if one.language == "python" and one.status != "deleted" and one.path.endswith(".py") and not is_test(one.path)
    ]


def new_lines(change: Change, after: Path) -> dict[str, set[int]]:
    """Give the new lines within functions by file. Others run when a module is imported, whatever a test does."""
    found: dict[str, set[int]] = {}
    for path in code_files(change):
        file = change.file(path)
        numbers = {n for piece in (file.new if file else ()) for n in range(piece.first, piece.last + 1)}
        found[path] = numbers & _in_functions(after / path)
    return found


def measure(new: Mapping[str, set[int]], lines: Mapping[str, set[int]], all_: Mapping[str, list[int]]) -> Coverage:
    """Compare what ran with what is new."""
    could = {path: numbers & set(all_.get(path, ())) for path, numbers in new.items()}
    did = {path: numbers & lines.get(path, set()) for path, numbers in could.items()}
    most = max(did, key=lambda path: len(did[path]), default="")
    return Coverage(
        path=most if did.get(most) else "",
        ran=ranges(sorted(did.get(most, ()))),
        covered=sum(map(len, did.values())),
        coverable=sum(map(len, could.values())),
    )


def ranges(numbers: Sequence[int]) -> tuple[Lines, ...]:
    """Put sorted numbers into ranges."""
    return tuple(_ranges(numbers))


def _ranges(numbers: Sequence[int]) -> Iterator[Lines]:
    first = last = 0
    for number in numbers:
        if number != last + 1:
            if first:
                yield Lines(first=first, last=last)
            first = number
        last = number
    if first:
        yield Lines(first=first, last=last)


def _in_functions(path: Path) -> set[int]:
    tree = parsed(path.read_bytes()) if path.is_file() else None
    if tree is None:
        return set()
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return {n for body in bodies for n in range(body[0].lineno, (body[-1].end_lineno or body[-1].lineno) + 1)}
