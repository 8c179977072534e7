"""What a file defines, by name: functions, methods, classes; whether a text is code at all."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crewdesk.code import parsing
from crewdesk.code.definitions import documentation, last_line, named, outermost, parameters, signature
from crewdesk.code.grammars import found, parsed

if TYPE_CHECKING:
    from tree_sitter import Node

Kind = Literal["function", "method", "class"]


@dataclass(frozen=True)
class Symbol:
    """A definition in a file. Lines count from 1; first and last are included."""

    name: str
    qualified: str
    """With the names of what it lies in, such as `Repo.open`."""
    kind: Kind
    """`class` for whatever is like one: interfaces, structs, traits, enumerations."""
    signature: str
    """How the file says it, on one line, without its body: `async def open(self, path: str) -> File`."""
    parameters: str
    """The parameters as they stand there, in their brackets; empty for a class."""
    first: int
    """The first line, that of its first decorator where there is one."""
    last: int
    doc_first: int | None = None
    """Where its documentation begins: its docstring, or the comment right above it."""
    doc_last: int | None = None
    parent: str = ""
    """Qualified name of what it lies in."""

    @property
    def called(self) -> str:
        """Name it with its parameters, as people speak of it: `Repo.open(path, *, retry)`."""
        return self.qualified + self.parameters


def symbols(text: str, language: str) -> list[Symbol]:
    """List what a file defines, in its order; nothing for a language without a grammar."""
    captured = ((node, what) for what, nodes in found(text, language).items() for node in nodes)
    listed: list[Symbol] = []
    around: list[tuple[int, str, str]] = []
    for node, what in sorted(captured, key=lambda one: (one[0].start_byte, -one[0].end_byte)):
        while around and around[-1][0] <= node.start_byte:
            around.pop()
        _, within, held = around[-1] if around else (0, "", "")
        name, owner = named(node)
        if not name:
            continue
        parent = ".".join(part for part in (within, owner) if part)
        qualified = f"{parent}.{name}" if parent else name
        if what in ("c", "f"):
            kind: Kind = "class" if what == "c" else "method" if owner or held in ("c", "i") else "function"
            listed.append(_symbol(node, name, qualified, kind, parent))
        around.append((node.end_byte, qualified, what))
    return listed


def _symbol(node: Node, name: str, qualified: str, kind: Kind, parent: str) -> Symbol:
    outer = outermost(node)
    doc = documentation(node, outer)
    return Symbol(
        name=name,
        qualified=qualified,
        kind=kind,
        signature=signature(node),
        parameters="" if kind == "class" else parameters(node),
        first=outer.start_point.row + 1,
        last=last_line(outer),
        doc_first=doc[0] if doc else None,
        doc_last=doc[1] if doc else None,
        parent=parent,
    )


def enclosing(listed: Sequence[Symbol], line: int) -> Symbol | None:
    """Find the innermost of some symbols that a line lies in."""
    holding = [one for one in listed if one.first <= line <= one.last]
    return min(holding, key=lambda one: one.last - one.first, default=None)


def parses(text: str, language: str, before: str = "") -> bool:
    """Say whether a text is well-formed, or no worse than it was before; True where no grammar can tell."""
    wrong = _mistakes(text, language)
    return wrong == 0 or (bool(before) and wrong <= _mistakes(before, language))


def _mistakes(text: str, language: str) -> int:
    if language in ("json", "toml"):
        return int(not _loads(text, language))
    if language == "python" and not parsing.parses(text):
        return 1 + _broken(text, language)
    return _broken(text, language)


def _broken(text: str, language: str) -> int:
    tree = parsed(text, language)
    if tree is None or not tree.root_node.has_error:
        return 0
    count, waiting = 0, [tree.root_node]
    while waiting:
        node = waiting.pop()
        count += node.is_error or node.is_missing
        waiting.extend(child for child in node.children if child.has_error or child.is_missing)
    return count


def _loads(text: str, language: str) -> bool:
    try:
        json.loads(text) if language == "json" else tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
