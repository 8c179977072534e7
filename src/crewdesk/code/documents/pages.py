"""Pages that mention names which a change took away, or defaults that it changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crewdesk.code.documents.docstrings import with_default
from crewdesk.code.documents.places import is_page, is_product, read_text, texts_of
from crewdesk.code.documents.signatures import definitions
from crewdesk.code.documents.vanished import Vanished, by_name, vanished
from crewdesk.code.documents.written import Written
from crewdesk.code.sides import Sides, files_below

_TOLD = re.compile(
    r"\b(removed?|renamed?|deprecat\w+|former(ly)?|no longer|replaced|used to|was called|old name|instead of"
    r"|versionchanged|versionremoved|prior to|before version)\b",
    re.IGNORECASE,
)
"""Words of a page that speaks of the past."""
_DIRECTIVE = re.compile(
    r"\s*(?:\.\. |:{3,}\s*|```\{)(?:py:)?auto(?:function|class|method|exception|attribute|data)"
    r"(?:::|\})?\s*([\w.]+)\s*$"
)
_TICKED = re.compile(r"`([^`]+)`(?!_)")
NEAR = 40
"""Lines above a default within which its function must be named."""


@dataclass(frozen=True)
class _Default:
    function: str
    parameter: str
    before: str
    now: str


def mend_pages(sides: Sides, written: Written) -> None:
    """Look through every page of the repository at the head."""
    names = by_name(vanished(sides))
    defaults = [*_defaults(sides)]
    if not names and not defaults:
        return
    for path in files_below(sides.after):
        if is_page(path):
            lines = read_text(sides.after, path).split("\n")
            _mend_names(path, lines, names, written)
            _mend_defaults(path, lines, defaults, written)


def _mend_names(path: str, lines: Sequence[str], names: Mapping[str, Vanished], written: Written) -> None:
    code = _code_lines(lines)
    for number, line in enumerate(lines, start=1):
        around = " ".join(lines[max(number - 2, 0) : number + 1])
        found = [one for one in names.values() if _mentions(line, one, in_code=number in code)]
        if not found or _TOLD.search(around):
            continue
        if all(one.now for one in found):
            _rename(path, number, line, found, written)
        elif directive := _DIRECTIVE.match(line):
            _undirect(path, number, lines, directive[1], written)
        else:
            one = next(one for one in found if not one.now)
            title = f"`{one.shown}` is mentioned here, and the change removes it"
            written.find(path, number, title, f"`{one.name}` stood in {one.path} before; no code mentions it now.")


def _mentions(line: str, one: Vanished, *, in_code: bool) -> bool:
    """Say whether a line speaks of a name as code; a word that could be plain English must be marked as code."""
    name = re.escape(one.name)
    if one.name.startswith("--"):
        return re.search(rf"(?<![\w-]){name}(?![\w-])", line) is not None
    ticked = (span for span in _TICKED.findall(line) if "://" not in span)
    if (
        any(re.search(rf"\b{name}\b", span) for span in ticked)
        or re.search(rf"\.{name}\(", line)
        or re.search(rf"auto\w+.*\b{name}\s*$", line)
    ):
        return len(one.name) > 3 or f".{one.name}" in line  # noqa: PLR2004 - shorter names are words
    distinctive = "_" in one.name or re.search(r"[a-z][A-Z]", one.name) is not None
    return (distinctive or (in_code and one.name[0].isupper())) and re.search(rf"\b{name}\b", line) is not None


def _code_lines(lines: Sequence[str]) -> set[int]:
    """Find the lines within fences, by number."""
    inside, found = False, set[int]()
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith(("```", "~~~")):
            inside = not inside
        elif inside:
            found.add(number)
    return found


def _rename(path: str, number: int, line: str, found: Sequence[Vanished], written: Written) -> None:
    new = line
    for one in found:
        new = re.sub(rf"(?<![\w-]){re.escape(one.name)}(?![\w-])", one.now, new)
    told = " and ".join(f"`{one.name}` is called `{one.now}` now" for one in found)
    written.propose(path, (number, number), [new], told, f"The change renames it in {found[0].path}.")


def _undirect(path: str, number: int, lines: Sequence[str], name: str, written: Written) -> None:
    """Take out a directive that documents what is gone, with its options."""
    last = number
    while last < len(lines) and lines[last].startswith((" ", "\t")):
        last += 1
    if last < len(lines) and not lines[last].strip():
        last += 1
    reason = "The page cannot be built with it: the change removes what it documents."
    written.propose(path, (number, last), [], f"`{name}` is gone", reason)


def _defaults(sides: Sides) -> Iterator[_Default]:
    for one in sides.change.files:
        if one.language != "python" or one.status not in ("modified", "renamed") or not is_product(one.path):
            continue
        old, new = (definitions(text) for text in texts_of(sides, one))
        for name, now in new.items():
            for taken in now.parameters if name in old and now.public else ():
                was = old[name].parameter(taken.name)
                if was is not None and was.default and taken.default and was.default != taken.default:
                    spoken = name.removesuffix(".__init__").rpartition(".")[2]
                    yield _Default(spoken, taken.name, was.default, taken.default)


def _mend_defaults(path: str, lines: Sequence[str], defaults: Sequence[_Default], written: Written) -> None:
    for one in dict.fromkeys(defaults):
        for number, line in enumerate(lines, start=1):
            if not re.search(rf"`+{one.parameter}`+", line):
                continue
            near = "\n".join(lines[max(number - NEAR, 0) : number])
            spelled = with_default(line, one.before, one.now)
            if spelled and re.search(rf"\b{re.escape(one.function)}\b", near):
                title = f"The default of `{one.parameter}` of `{one.function}` is {one.now} now"
                written.propose(path, (number, number), [spelled], title, f"It was {one.before} before the change.")
