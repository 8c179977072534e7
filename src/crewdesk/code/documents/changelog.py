"""A changelog entry in the style of those that stand there, where what others use changed and nobody said so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crewdesk.code.documents.places import is_changelog, is_past, is_product, read_text, texts_of
from crewdesk.code.documents.signatures import Definition, Parameter, definitions
from crewdesk.code.documents.written import Written
from crewdesk.code.sides import Sides, files_below

_OPEN = re.compile(r"\b(un-?released|upcoming|in development|not (yet )?released|dev|next|tbd|xxxx)\b", re.IGNORECASE)
_VERSION = re.compile(r"\d+\.\d|" + _OPEN.pattern, re.IGNORECASE)
_PART = re.compile(r"\*\*.+\*\*:?|\w[\w ]+:")
_ITEM = re.compile(r"( *)([-*+])( +)\S")
_RULE = re.compile(r"([-=*~^#+])\1{2,}\s*")
MOST_FACTS = 4
"""A change that does more to what others use needs a person's words."""


@dataclass(frozen=True)
class Fact:
    """One thing that changed for those who use the code."""

    heading: str
    """Added, Changed or Removed, as most changelogs call it."""
    text: str


def mend_changelog(sides: Sides, written: Written) -> None:
    """Propose an entry where the changelog has a section for what is to come and this change did not touch it."""
    if any(is_past(one.path) for one in sides.change.files):
        return
    path = next((one for one in files_below(sides.after) if is_changelog(one) and one.count("/") <= 1), "")
    facts = [*_facts(sides)] if path else []
    if not 0 < len(facts) <= MOST_FACTS:
        return
    lines = read_text(sides.after, path).split("\n")
    section = _open_section(lines)
    if section is None:
        return
    for heading in dict.fromkeys(fact.heading for fact in facts):
        texts = [fact.text for fact in facts if fact.heading == heading]
        _propose(path, lines, section, heading, texts, written)


def _propose(
    path: str, lines: Sequence[str], section: tuple[int, int], heading: str, texts: Sequence[str], written: Written
) -> None:
    part = _part(lines, section, heading)
    if part is None:
        return
    first, last = part
    items = [n for n in range(first, last + 1) if _ITEM.match(lines[n - 1])]
    style = items or [n for n in range(1, len(lines) + 1) if _ITEM.match(lines[n - 1])]
    found = _ITEM.match(lines[style[-1] - 1]) if style else None
    mark = f"{found[1]}{found[2]}{found[3]}" if found else "- "
    tick = "``" if path.endswith(".rst") else "`"
    at = _after(lines, items[-1] if items else first - 1, last)
    new = [f"{mark}{text.replace('`', tick)}" for text in texts]
    new = new if items else ["", *new]
    title = "An entry for the changelog"
    written.propose(
        path, (at, at - 1), new, title, "The change alters what others use, and the changelog says nothing."
    )


def _after(lines: Sequence[str], item: int, last: int) -> int:
    """Say before which line a new item stands: after the last one with all that hangs in beneath it."""
    at = item + 1
    while at <= last and lines[at - 1].startswith(" ") and lines[at - 1].strip():
        at += 1
    return at


def _open_section(lines: Sequence[str]) -> tuple[int, int] | None:
    """Find the first version's section if it is not released yet: its first and last line after the heading."""
    heads = [n for n in range(1, len(lines) + 1) if _level(lines, n) and _VERSION.search(lines[n - 1])]
    if not heads:
        return None
    head = heads[0]
    level = _level(lines, head)
    start = head + (2 if not lines[head - 1].startswith("#") else 1)
    end = next((n - 1 for n in range(head + 1, len(lines) + 1) if _level(lines, n) == level), len(lines))
    opening = next((line for line in lines[start - 1 : end] if line.strip()), "")
    if not _OPEN.search(lines[head - 1]) and not _OPEN.fullmatch(opening.strip(" *_.()")):
        return None
    if not _OPEN.search(lines[head - 1]):
        start = next(n for n in range(start, end + 1) if lines[n - 1].strip()) + 1
    return start, end


def _level(lines: Sequence[str], number: int) -> str:
    """Name how deep a heading stands; empty where the line is none."""
    line, after = lines[number - 1], lines[number] if number < len(lines) else ""
    if found := re.match(r"(#{1,6}) \S", line):
        return found[1]
    rule = _RULE.fullmatch(after)
    return rule[1] if rule and line.strip() and not line.startswith((" ", "-", "*")) else ""


def _part(lines: Sequence[str], section: tuple[int, int], heading: str) -> tuple[int, int] | None:
    """Find where an entry belongs within a section; None where its parts have no place for it."""
    first, last = section
    heads = [n for n in range(first, last + 1) if _level(lines, n) or _PART.fullmatch(lines[n - 1].strip())]
    if not heads:
        return section
    wanted = {"Added": r"add|feature|new", "Changed": r"chang|improv", "Removed": r"remov|break"}[heading]
    mine = next((n for n in heads if re.search(wanted, lines[n - 1], re.IGNORECASE)), None)
    if mine is None:
        return None
    return mine + 1, next((n - 1 for n in heads if n > mine), last)


def _facts(sides: Sides) -> Iterator[Fact]:
    files = sides.change.files
    texts = {one.path: texts_of(sides, one) for one in files if is_product(one.path)}
    was, now = _words([old for old, _ in texts.values()]), _words([new for _, new in texts.values()])
    public = (one for one in files if one.language == "python" and one.status != "added")
    for old, new in (texts_of(sides, one) for one in public if _is_public(one.path, sides.after)):
        yield from _came(definitions(old), definitions(new), was)
        yield from _gone(definitions(old), now)
        yield from _altered(definitions(old), definitions(new))


def _words(texts: Sequence[str]) -> set[str]:
    return set(re.findall(r"\w+", "\n".join(texts)))


def _is_public(path: str, after: Path) -> bool:
    """Say whether a module is meant for others: a package's, without an underscore in its path."""
    inside = (after / path).parent.joinpath("__init__.py").is_file()
    private = any(part.startswith("_") and not part.startswith("__") for part in path.split("/"))
    return inside and is_product(path) and not private


def _came(old: Mapping[str, Definition], new: Mapping[str, Definition], was: set[str]) -> Iterator[Fact]:
    """Tell of names that stood nowhere before, unless they belong to one that is told already."""
    for name, one in new.items():
        owner, _, bare = name.rpartition(".")
        if old and one.public and bare not in was and not bare.startswith("__") and owner in ("", *old):
            yield Fact("Added", f"Add {_spoken(name, one)}.")


def _gone(old: Mapping[str, Definition], now: set[str]) -> Iterator[Fact]:
    for name, one in old.items():
        owner, _, bare = name.rpartition(".")
        if now and one.public and bare not in now and not bare.startswith("__") and (not owner or owner in now):
            yield Fact("Removed", f"Remove {_spoken(name, one)}.")


def _spoken(name: str, one: Definition) -> str:
    return f"`{name}()`" if one.kind == "function" else f"`{name}`"


def _altered(old: Mapping[str, Definition], new: Mapping[str, Definition]) -> Iterator[Fact]:
    for name, one in new.items():
        if name in old and one.public and one.kind == "function" and not name.rpartition(".")[2].startswith("__"):
            yield from _parameters(name, old[name].parameters, one.parameters)


def _parameters(name: str, old: Sequence[Parameter], new: Sequence[Parameter]) -> Iterator[Fact]:
    before, now = {one.name: one for one in old}, {one.name: one for one in new}
    came = [one for one in now if one not in before and not one.startswith("_") and not now[one].starred]
    gone = [one for one in before if one not in now and not one.startswith("_") and not before[one].starred]
    if came:
        yield Fact("Added", f"`{name}()` takes {_listed(came)}.")
    if gone:
        yield Fact("Removed", f"`{name}()` no longer takes {_listed(gone)}.")
    for one, taken in now.items():
        was, has = before[one].default if one in before else None, taken.default
        if was is not None and has is not None and was != has:
            yield Fact("Changed", f"`{one}` of `{name}()` is `{has}` by default; it was `{was}`.")


def _listed(names: Sequence[str]) -> str:
    return " and ".join(f"`{one}`" for one in names)
