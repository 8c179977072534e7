"""Patches: lines of a file that become others, spelled so that `git apply` takes them, alone and several as one.

A patch knows the lines around its edit. That is enough to spell the edit anew after a person changed its text, and to
join edits of one file, so that nobody needs the repository for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

CONTEXT = 3
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? ")
_QUOTED = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"}


@dataclass(frozen=True)
class Edit:
    """Lines of a file, counted from 1, that become others; `last` is one less than `first` where none is replaced."""

    path: str
    first: int
    last: int
    text: str
    """The new lines; nothing deletes those that are there."""


@dataclass(frozen=True)
class Joined:
    """Several edits as one patch."""

    patch: str
    left_out: tuple[Edit, ...]
    """Those that overlap with one before them."""


def lines_of(text: str) -> list[str]:
    """Split a text into lines as git counts them, with their ends."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def applied(text: str, edit: Edit) -> str:
    """Make an edit; raises `ValueError` where its lines are not there."""
    lines = lines_of(text)
    _check(edit, len(lines))
    edit = _fitted(edit, dict(enumerate(lines, start=1)))
    return "".join([*lines[: edit.first - 1], edit.text, *lines[edit.last :]])


def edit_patch(edit: Edit, text: str) -> str:
    """Spell an edit of this text as a patch; raises `ValueError` where its lines are not there."""
    lines = lines_of(text)
    _check(edit, len(lines))
    return _spelled(edit.path, [edit], dict(enumerate(lines, start=1)))


def new_file(path: str, text: str) -> str:
    """Spell a file that is not there yet as a patch."""
    lines = lines_of(text)
    name = _name(f"b/{path}")
    head = f"diff --git {_name(f'a/{path}')} {name}\nnew file mode 100644\n"
    tab = "\t" if " " in path else ""
    body = f"--- /dev/null\n+++ {name}{tab}\n@@ -0,0 +1,{len(lines)} @@\n" if lines else ""
    return head + body + "".join(_ended(f"+{line}") for line in lines)


def joined(pieces: Iterable[tuple[Edit, str]]) -> Joined:
    """Join edits into one patch, each given with its own patch; of two that overlap the first one counts."""
    files: dict[str, list[Edit]] = {}
    known: dict[str, dict[int, str]] = {}
    left_out: list[Edit] = []
    for edit, patch in pieces:
        lines = _known(patch)
        before = files.setdefault(edit.path, [])
        if not _covers(lines, edit) or any(overlap(edit, other) for other in before):
            left_out.append(edit)
            continue
        before.append(edit)
        known.setdefault(edit.path, {}).update(lines)
    patches = (_spelled(path, edits, known[path]) for path, edits in sorted(files.items()) if edits)
    return Joined("".join(patches), tuple(left_out))


def overlap(one: Edit, other: Edit) -> bool:
    """Say whether two edits of a file cannot both be made."""
    if one.path != other.path:
        return False
    if one.last < one.first or other.last < other.first:
        point, ranged = (one, other) if one.last < one.first else (other, one)
        return ranged.first < point.first <= ranged.last
    return one.first <= other.last and other.first <= one.last


def _check(edit: Edit, count: int) -> None:
    if not 1 <= edit.first <= edit.last + 1 <= count + 1:
        raise ValueError(f"{edit.path} has {count} lines; there is no {edit.first} to {edit.last}.")


def _fitted(edit: Edit, known: Mapping[int, str]) -> Edit:
    """Give the new lines the ends that the file's lines have, the last one too."""
    end = "\r\n" if any(line.endswith("\r\n") for line in known.values()) else "\n"
    text = re.sub(r"\r?\n", end, edit.text)
    if text and not text.endswith("\n"):
        text += end
    before = known.get(edit.first - 1, "\n")
    if text and not before.endswith("\n"):
        return replace(edit, first=edit.first - 1, text=before + end + text)
    return replace(edit, text=text)


def _spelled(path: str, edits: Sequence[Edit], known: Mapping[int, str]) -> str:
    fitted = [_fitted(edit, known) for edit in _merged(edits)]
    changing = [edit for edit in fitted if edit.text != "".join(known[n] for n in range(edit.first, edit.last + 1))]
    hunks: list[str] = []
    shift = 0
    for group in _groups(changing):
        hunk, grown = _hunk(group, known, shift)
        hunks.append(hunk)
        shift += grown
    old, new = _name(f"a/{path}"), _name(f"b/{path}")
    tab = "\t" if " " in path else ""
    return "".join([f"diff --git {old} {new}\n--- {old}{tab}\n+++ {new}{tab}\n", *hunks]) if hunks else ""


def _merged(edits: Sequence[Edit]) -> Iterator[Edit]:
    """Make one edit of those that follow each other without a line between them."""
    held: Edit | None = None
    for edit in sorted(edits, key=lambda one: (one.first, one.last)):
        if held is None or held.last + 1 != edit.first:
            if held is not None:
                yield held
            held = edit
        else:
            end = "" if not held.text or held.text.endswith("\n") else "\n"
            held = replace(held, last=edit.last, text=held.text + end + edit.text)
    if held is not None:
        yield held


def _groups(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    group: list[Edit] = []
    for edit in edits:
        if group and edit.first - CONTEXT > group[-1].last + CONTEXT + 1:
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _hunk(group: Sequence[Edit], known: Mapping[int, str], shift: int) -> tuple[str, int]:
    """Spell edits that stand close together, and say how many lines the file grows by them."""
    start = group[0].first
    while start - 1 in known and start > group[0].first - CONTEXT:
        start -= 1
    out: list[str] = []
    at = start
    for edit in group:
        out += [f" {known[n]}" for n in range(at, edit.first)]
        out += _turned([known[n] for n in range(edit.first, edit.last + 1)], lines_of(edit.text))
        at = edit.last + 1
    end = at
    while end in known and end < at + CONTEXT:
        out.append(f" {known[end]}")
        end += 1
    old, new = (sum(line[0] in signs for line in out) for signs in (" -", " +"))
    return f"@@ -{_range(start, old)} +{_range(start + shift, new)} @@\n" + "".join(map(_ended, out)), new - old


def _turned(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Spell old lines as new ones; those that stay at both ends are context, so that the edit is known wholly."""
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    tail = next((n for n in range(most - head) if old[-1 - n] != new[-1 - n]), most - head)
    yield from (f" {line}" for line in old[:head])
    yield from (f"-{line}" for line in old[head : len(old) - tail])
    yield from (f"+{line}" for line in new[head : len(new) - tail])
    yield from (f" {line}" for line in old[len(old) - tail :])


def _range(start: int, count: int) -> str:
    return f"{start if count else start - 1},{count}"


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _known(patch: str) -> dict[int, str]:
    """Read which lines of the old file a patch of one file shows."""
    known: dict[int, str] = {}
    number, sign = -1, ""
    for line in lines_of(patch):
        if hunk := _HUNK.match(line):
            number = int(hunk[1]) - (hunk[2] != "0")
        elif number >= 0 and line[0] in " -":
            number += 1
            known[number] = line[1:]
        elif line[0] == "\\" and sign in (" ", "-"):
            known[number] = known[number].removesuffix("\n")
        sign = line[0]
    return known


def _covers(known: Mapping[int, str], edit: Edit) -> bool:
    """Say whether the lines of an edit are among those that are known."""
    if edit.last < edit.first:
        return edit.first in known or edit.first - 1 in known or (not known and edit.first == 1)
    return all(n in known for n in range(edit.first, edit.last + 1))


def _name(name: str) -> str:
    """Quote a name as git does, where it must be."""
    if not re.search(r'[\x00-\x1f\x7f"\\]', name):
        return name
    spelled = (_QUOTED.get(one) or (f"\\{ord(one):03o}" if one < " " or one == "\x7f" else one) for one in name)
    return f'"{"".join(spelled)}"'
