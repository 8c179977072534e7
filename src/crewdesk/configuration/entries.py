"""One more entry at the end of a YAML file: what is there stays as it is, byte for byte, comments and all."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from crewdesk.configuration.files import read_file
from crewdesk.configuration.kinds import FileKind
from crewdesk.configuration.problems import ConfigurationProblems
from crewdesk.configuration.yaml_source import Source, parse_yaml
from crewdesk.errors import WrongUsage


def with_entry(path: Path, kind: FileKind[Any], entry: str, *, config: Path, under: str = "") -> str:
    """Return a file's text with one entry, `key: …`, at its end; not a byte before it changes.

    Raises `ConfigurationProblems` for a file that cannot be read, `WrongUsage` for a key that is there already,
    and for a file at whose end nothing can be added.
    """
    read = read_file(path, kind, config=config)
    if not read.readable:
        raise ConfigurationProblems(read.problems)
    source, way = read.source, [under] if under else []
    key = entry.partition(":")[0]
    if key in source.names(*way):
        raise WrongUsage(f"{key!r} is there already, in {source.file}.")
    text = _appended(source, entry, under)
    if _grown(source, text, key, way):
        return text
    hint = f"Add it by hand{f' under {under}' if under else ''}:\n{entry}"
    raise WrongUsage(f"Nothing can be added at the end of {source.file}.", hint=hint)


def _appended(source: Source, entry: str, under: str) -> str:
    newline = "\r\n" if "\r\n" in source.text else "\n"
    first = next(iter(source.names(under)), "") if under else ""
    line = source.text.split("\n")[source.line(under, first) - 1] if first else ""
    indented = textwrap.indent(entry, " " * (len(line) - len(line.lstrip())))
    gap = "\n" if under else "\n\n"
    return source.text.rstrip() + (gap + indented).replace("\n", newline)


def _grown(source: Source, text: str, key: str, way: list[str]) -> bool:
    """Check that a text says what the source said, and the new entry."""
    try:
        after = parse_yaml(text, file=source.file).data
    except ConfigurationProblems:
        return False
    holder = after[way[0]] if way else after
    return isinstance(holder, dict) and holder.pop(key, None) is not None and after == source.data
