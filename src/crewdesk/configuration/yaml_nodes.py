"""YAML nodes to what JSON can hold, with the line of each: one meaning a text, no expansion without end."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Protocol, TypeAlias, cast

from crewdesk.configuration.problems import Problem
from crewdesk.domain.canonical import Json

KeyPath: TypeAlias = "tuple[str | int, ...]"

DEEPEST = 40
MOST = 50_000
"""Values of one file after aliases are written out."""
TOO_MUCH = f"the file is nested deeper than {DEEPEST} levels or holds more than {MOST} values"

CORE = "tag:yaml.org,2002:"
UNHEARD_OF = re.compile("[\0\ud800-\udfff]")


class Mark(Protocol):
    """A place in a text; lines are counted from 0."""

    line: int


class Node(Protocol):
    """What ruamel.yaml composes, with the types it leaves out."""

    id: str
    """`mapping`, `sequence` or `scalar`."""
    tag: str
    value: object
    """Pairs of nodes, nodes, or a text."""
    start_mark: Mark


class Reading:
    """One walk over a file's nodes; keeps `lines` by key path, and `problems` where it had to leave something out."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[KeyPath, int] = {}
        self.problems: list[Problem] = []
        self._values = 0

    def value(self, node: Node, path: KeyPath) -> Json:
        """Return a node as JSON would hold it; what cannot be held becomes None and a problem."""
        self._values += 1
        if self._values > MOST or len(path) > DEEPEST:
            return self._too_much(node)
        if node.id == "mapping":
            return self._mapping(node, path)
        return self._sequence(node, path) if node.id == "sequence" else self._scalar(node, path)

    def first_line(self, node: Node) -> int:
        """Return the line a node starts on, from 1."""
        return node.start_mark.line + 1

    def _mapping(self, node: Node, path: KeyPath) -> dict[str, Json] | None:
        if not self._plain_tag(node, "map"):
            return None
        found: dict[str, Json] = {}
        for key_node, value_node in cast("list[tuple[Node, Node]]", node.value):
            key = self._key(key_node)
            if key is None:
                continue
            if key in found:
                first = self.lines[(*path, key)]
                self._say(key_node, f"key {key!r} stands twice; it is on line {first} already", "Keep one of them.")
                continue
            self.lines[(*path, key)] = self.first_line(key_node)
            found[key] = self.value(value_node, (*path, key))
        return found

    def _key(self, node: Node) -> str | None:
        if node.id != "scalar":
            return self._say(node, "a key must be one text", "A text that starts with [ or { needs quotes.")
        if node.value == "<<":
            return self._say(node, "<< is not read here", "Write the keys out; a reader need not look for them then.")
        if not node.value:
            return self._say(node, "a key is missing before the colon")
        return str(node.value) if self._sound(node) else None

    def _sequence(self, node: Node, path: KeyPath) -> list[Json] | None:
        if not self._plain_tag(node, "seq"):
            return None
        found: list[Json] = []
        for n, item in enumerate(cast("list[Node]", node.value)):
            self.lines[(*path, n)] = self.first_line(item)
            found.append(self.value(item, (*path, n)))
        return found

    def _scalar(self, node: Node, path: KeyPath) -> Json:
        if not self._sound(node):
            return None
        tag = node.tag
        if tag.startswith("!"):
            return self._say(node, f"{tag} is not read here", "A text that starts with ! needs quotes.")
        read = SCALARS.get(tag.removeprefix(CORE), str)
        try:
            return read(str(node.value))
        except (ValueError, OverflowError):
            key = f" of {path[-1]!r}" if path else ""
            return self._say(node, f"the number{key} is none that can be used", "Put it in quotes if it is a text.")

    def _sound(self, node: Node) -> bool:
        if not UNHEARD_OF.search(str(node.value)):
            return True
        self._say(node, "an escape such as \\0 or \\ud800 stands for no character", "Delete it.")
        return False

    def _plain_tag(self, node: Node, kind: str) -> bool:
        if node.tag == CORE + kind:
            return True
        self._say(node, f"{node.tag} is not read here", "A text that starts with ! needs quotes.")
        return False

    def _too_much(self, node: Node) -> None:
        if not any(problem.sentence == TOO_MUCH for problem in self.problems):
            self._say(node, TOO_MUCH, "An alias (*name) that contains itself or many others does that: write it out.")

    def _say(self, node: Node, sentence: str, hint: str = "") -> None:
        self.problems.append(Problem(self.file, self.first_line(node), sentence, hint))


def _integer(text: str) -> int:
    return int(text.replace("_", ""), 0 if text.lstrip("+-").lower().startswith(("0x", "0o", "0b")) else 10)


def _number(text: str) -> float:
    number = float(text.replace("_", ""))
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _truth(text: str) -> bool | str:
    # A file that declares YAML 1.1 would turn no and on into truths; texts they stay.
    return {"true": True, "false": False}.get(text.lower(), text)


def _nothing(_: str) -> None:
    return None


SCALARS: dict[str, Callable[[str], Json]] = {"int": _integer, "float": _number, "bool": _truth, "null": _nothing}
