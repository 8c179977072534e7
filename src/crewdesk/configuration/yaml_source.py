"""One YAML 1.2 file as plain data, and the line of every key and list item in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from crewdesk.configuration.file_text import read_text
from crewdesk.configuration.problems import ConfigurationProblems, Problem
from crewdesk.configuration.yaml_nodes import DEEPEST, KeyPath, Node, Reading
from crewdesk.configuration.yaml_sentences import parser_problem
from crewdesk.domain.canonical import Json, JsonObject

LONGEST = 1_000_000
"""Bytes of one file."""


@dataclass(frozen=True)
class Source:
    """A file that was read: `data` as JSON would hold it, `lines` from 1 by key path."""

    file: str
    """The file as messages name it, such as `config/gates.yaml`."""
    data: JsonObject
    lines: Mapping[KeyPath, int] = field(repr=False)
    text: str = field(repr=False)

    def line(self, *path: str | int) -> int:
        """Return the line of a key path, or of the nearest thing around it that is there."""
        return next((self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), 1)

    def line_of(self, words: str, *path: str | int) -> int:
        """Return the first line at or after a key path that holds these words; the path's own where none does."""
        start = self.line(*path)
        following = self.text.split("\n")[start - 1 :]
        return next((start + n for n, line in enumerate(following) if words in line), start)

    def names(self, *path: str | int) -> tuple[str, ...]:
        """Return the keys of the mapping at a key path, in order; none where there is no mapping."""
        found = self.at(*path)
        return tuple(found) if isinstance(found, dict) else ()

    def at(self, *path: str | int) -> Json:
        """Return the value at a key path, or None where there is none."""
        value: Json = self.data
        for key in path:
            value = step(value, key)
        return value

    def word(self, *path: str | int) -> str:
        """Return the text at a key path; an empty one where there is none."""
        value = self.at(*path)
        return value if isinstance(value, str) else ""

    def problem(self, sentence: str, *path: str | int, hint: str = "") -> Problem:
        """State a problem at a key path."""
        return Problem(self.file, self.line(*path), sentence, hint)


def read_yaml(path: Path, *, file: str) -> Source:
    """Read one file; the top of it must be a mapping with at least one key.

    Raises `ConfigurationProblems` for a file that is missing, unreadable, no UTF-8 or longer than
    1 MB, for broken YAML, keys that stand twice, and what JSON cannot hold.
    """
    return parse_yaml(read_text(path, file=file, limit=LONGEST), file=file)


def parse_yaml(text: str, *, file: str) -> Source:
    """Read a text as `read_yaml` reads a file."""
    node = _compose(text, file=file)
    if node is None or not node.value:
        raise ConfigurationProblems([Problem(file, 1, "the file is empty", "Fill it in, or copy the shipped one.")])
    reading = Reading(file)
    data = reading.value(node, ())
    if reading.problems:
        raise ConfigurationProblems(reading.problems)
    if not isinstance(data, dict):
        sentence = "the file must hold 'key: value' lines, and holds " + (
            "a list" if isinstance(data, list) else "text"
        )
        raise ConfigurationProblems([Problem(file, reading.first_line(node), sentence)])
    return Source(file=file, data=data, lines=reading.lines, text=text)


def step(value: Json, key: str | int) -> Json:
    """Return what stands under a key or at a place of a list, or None where there is nothing."""
    if isinstance(value, dict) and isinstance(key, str):
        return value.get(key)
    return value[key] if isinstance(value, list) and isinstance(key, int) and key < len(value) else None


def _compose(text: str, *, file: str) -> Node | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = DEEPEST + 1  # the parser's own time grows with the square of the depth
    try:
        node: object = yaml.compose(text)  # pyright: ignore[reportUnknownMemberType] # ruamel's gap
    except YAMLError as error:
        raise ConfigurationProblems([parser_problem(error, text, file=file)]) from error
    return cast("Node | None", node)
