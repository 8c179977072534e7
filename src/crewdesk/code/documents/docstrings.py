"""Docstrings that a change made wrong: parameters that are gone, renamed, new, or have another default."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from crewdesk.code.documents.entries import Entry, entries, new_entry
from crewdesk.code.documents.signatures import Definition, Parameter, definitions
from crewdesk.code.documents.written import Written

_DEFAULT = r"(?i:\bdefaults?(?:\s+value)?(?:\s+to|\s+is|\s*[:=,])?\s*[`'\"]*)"


@dataclass(frozen=True)
class _Place:
    """One definition before and after the change, and what its docstring says."""

    path: str
    lines: Sequence[str]
    old: Definition
    new: Definition
    entries: Sequence[Entry]
    told: Mapping[str, str]
    """What other docstrings of the file say about parameters, by name."""

    @property
    def documented(self) -> set[str]:
        return {name for entry in self.entries for name in entry.names}

    def renamed(self) -> dict[str, str]:
        """Pair parameters that are gone with those that took their places."""
        gone = [one for one in self.old.parameters if self.new.parameter(one.name) is None and not one.starred]
        came = [one for one in self.new.parameters if self.old.parameter(one.name) is None and not one.starred]
        if len(gone) != 1 or len(came) != 1:
            return {}
        places = self.old.parameters.index(gone[0]), self.new.parameters.index(came[0])
        alike = (gone[0].default, gone[0].annotation) == (came[0].default, came[0].annotation)
        return {gone[0].name: came[0].name} if places[0] == places[1] and alike else {}


def mend_docstrings(path: str, before: str, after: str, written: Written) -> None:
    """Look at every docstring of a Python file whose function takes other parameters than before."""
    old, new = definitions(before), definitions(after)
    lines = after.split("\n")
    said = {
        name: entries(lines, one.doc_first, one.doc_last) for name, one in new.items() if one.doc_first and one.public
    }
    for name, found in said.items():
        earlier, now = old.get(name), new[name]
        if earlier is None or not found or earlier.parameters == now.parameters:
            continue
        if now.kind == "class" and not (f"{name}.__init__" in new and f"{name}.__init__" in old):
            continue
        told = {key: text for other in said if other != name for key, text in _told(said[other], lines).items()}
        place = _Place(path, lines, earlier, now, found, told)
        renamed = place.renamed()
        _mend_renamed(place, renamed, written)
        _drop_gone(place, renamed, written)
        _add_new(place, renamed, written)
        _change_defaults(place, written)


def _mend_renamed(place: _Place, renamed: Mapping[str, str], written: Written) -> None:
    for entry in place.entries:
        for name in set(entry.names) & renamed.keys() - {one.name for one in place.new.parameters}:
            head = re.compile(rf"(:\w+\s+(?:[^:]*\s)?|^\s*)\b{name}\b(?=\s*[:(,]|\s*$)|(?<=`){name}(?=`)")
            now = place.lines[entry.first - 1 : entry.last]
            spelled = [head.sub(lambda m, to=renamed[name]: f"{m[1] or ''}{to}", line) for line in now]
            title = f"The parameter `{name}` of `{place.new.name}` is called `{renamed[name]}` now"
            written.propose(
                place.path, (entry.first, entry.last), spelled, title, "The change renames it; its docstring does not."
            )


def _drop_gone(place: _Place, renamed: Mapping[str, str], written: Written) -> None:
    for entry in place.entries:
        gone = [
            name
            for name in entry.names
            if place.old.parameter(name) and not place.new.parameter(name) and name not in renamed
        ]
        quoted = any(mark in line for line in place.lines[entry.first - 1 : entry.last] for mark in ('"""', "'''"))
        if not gone or len(gone) < len(entry.names) or place.new.open or quoted:
            continue
        title = f"The docstring of `{place.new.name}` still explains {_named(gone)}"
        written.propose(
            place.path, (entry.first, entry.last), [], title, f"The change removes {_named(gone)} from its parameters."
        )


def _add_new(place: _Place, renamed: Mapping[str, str], written: Written) -> None:
    known = [one for one in place.new.parameters if not one.starred]
    text = "\n".join(place.lines[place.new.doc_first - 1 : place.new.doc_last])
    others = [one for one in known if place.old.parameter(one.name)]
    if not others or sum(one.name in place.documented for one in others) * 2 < len(others):
        return
    for number, one in enumerate(known):
        if place.old.parameter(one.name) or one.name.startswith("_") or one.name in renamed.values():
            continue
        if re.search(rf"\b{one.name}\b", text):
            continue
        _add(place, known, number, written)


def _add(place: _Place, known: Sequence[Parameter], number: int, written: Written) -> None:
    one = known[number]
    like = next((e for n in reversed(known[:number]) for e in place.entries if n.name in e.names), None)
    what = f"`{place.new.name}` takes the new parameter `{one.name}`"
    text = _saying(place, one)
    if like is None or text is None or _has_quotes(place, like):
        written.find(
            place.path,
            place.new.doc_first,
            f"The docstring of `{place.new.name}` does not explain its new parameter `{one.name}`",
            f"{what}; its other parameters are explained.",
        )
        return
    new = new_entry(one, like, text).split("\n")
    at = like.last + 1
    if _spaced(place, like):
        new = [*new, ""] if at <= place.new.doc_last and not place.lines[at - 1].strip() else ["", *new]
        at += 1 if new[-1] == "" else 0
    title = f"Document the new parameter `{one.name}` of `{place.new.name}`"
    written.propose(place.path, (at, at - 1), new, title, f"{what}; its docstring does not say so.")


def _spaced(place: _Place, like: Entry) -> bool:
    """Say whether entries stand apart from each other."""
    firsts = sorted(one.first for one in place.entries)
    return len(firsts) > 1 and all(not place.lines[first - 2].strip() for first in firsts[1:]) and like.first in firsts


def _has_quotes(place: _Place, entry: Entry) -> bool:
    return any(mark in line for line in place.lines[entry.first - 1 : entry.last] for mark in ('"""', "'''"))


def _saying(place: _Place, one: Parameter) -> str | None:
    """Say of a parameter what the file's other docstrings say, or its default; None where nothing is known."""
    if one.name in place.told:
        return place.told[one.name]
    if one.default in (None, "None"):
        return None
    tick = "``" if any(e.style != "google" for e in place.entries) else "`"
    return f"Defaults to {tick}{one.default}{tick}."


def _told(found: Sequence[Entry], lines: Sequence[str]) -> dict[str, str]:
    told: dict[str, str] = {}
    for entry in found:
        first = lines[entry.first - 1].strip()
        if entry.style != "numpy" and entry.first == entry.last and len(entry.names) == 1:
            text = re.sub(r"^(:\w+[^:]*:|[^:]*:)\s*", "", first)
            if text and '"""' not in text:
                told[entry.names[0]] = text
    return told


def _change_defaults(place: _Place, written: Written) -> None:
    for entry in place.entries:
        name = entry.names[0]
        before, now = place.old.parameter(name), place.new.parameter(name)
        if len(entry.names) > 1 or before is None or now is None or before.default == now.default:
            continue
        for number in range(entry.first, entry.last + 1):
            if spelled := with_default(place.lines[number - 1], before.default, now.default):
                title = f"The default of `{name}` of `{place.new.name}` is {now.default} now"
                written.propose(
                    place.path, (number, number), [spelled], title, f"It was {before.default} before the change."
                )


def with_default(line: str, before: str | None, now: str | None) -> str | None:
    """Spell a line that names a default with another one; None where it names no such default.

    A name, or None, may stand for a default that the code works out: only a value says what it is.
    """
    if before is None or now in (None, "None") or not _is_value(now):
        return None
    old, new = _plain(before), _plain(now)
    found = re.search(rf"({_DEFAULT})({re.escape(before)}|{re.escape(old)})(?![\w.]*\w)", line) if old else None
    if found is None:
        return None
    return line[: found.start(2)] + (now if found[2] == before else new) + line[found.end(2) :]


def _is_value(default: str) -> bool:
    try:
        ast.literal_eval(default)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
    return True


def _plain(default: str) -> str:
    """Spell a default as people do: texts without quotes."""
    try:
        value: object = ast.literal_eval(default)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return default
    return value if isinstance(value, str) else default


def _named(names: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def wrong_names(path: str, before: str, after: str, written: Written) -> None:
    """Look at docstrings of new functions that explain parameters their function does not take."""
    old, lines = definitions(before), after.split("\n")
    known = {name.rpartition(".")[2] for name in old}
    for name, one in definitions(after).items():
        if name.rpartition(".")[2] in known or one.open or not one.parameters or not one.doc_first:
            continue
        found = entries(lines, one.doc_first, one.doc_last)
        bare = [p.name for p in one.parameters if all(p.name not in entry.names for entry in found)]
        for entry in found:
            for said in entry.names:
                if one.parameter(said) is None:
                    near = get_close_matches(said, bare, n=1)
                    hint = f"; it takes `{near[0]}`" if near else ""
                    written.find(path, entry.first, f"`{name}` has no parameter `{said}`{hint}", "its docstring")
