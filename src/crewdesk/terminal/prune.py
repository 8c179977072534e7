"""Leave out of a review, or of a mail's needs, what is wrong, by the numbers it is shown under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.evidence import counted
from crewdesk.errors import WrongUsage

SCHEMA = "Review"
PRUNED = (SCHEMA, "Outreach")
NOUNS = {"findings": "finding", "tests": "test", "documentation": "proposal", "needs": "need"}
"""Lists whose entries are numbered, one list after the other."""
_RANGE = re.compile(r"(\d+)(?:\s*(?:-|–|\.\.)\s*(\d+))?")


def is_review(artifact: Artifact | None) -> bool:
    """Say whether this is a review."""
    return artifact is not None and artifact.schema == SCHEMA


def can_be_pruned(artifact: Artifact | None) -> bool:
    """Say whether this has numbered entries that can be left out."""
    return artifact is not None and artifact.schema in PRUNED


def leave_out(body: JsonObject, spelled: str) -> JsonObject:
    """Leave entries out; `WrongUsage` where these are no numbers of any. None spelled leaves nothing out."""
    sizes = {name: len(_entries(body, name)) for name in NOUNS}
    gone = _numbers(spelled, sum(sizes.values()), "mail" if "needs" in body else "review")
    kept, before = dict(body), 0
    for name, size in sizes.items():
        if any(before < number <= before + size for number in gone):
            numbered = enumerate(_entries(body, name), start=before + 1)
            kept[name] = [one for number, one in numbered if number not in gone]
        before += size
    return kept


def what_is_left(body: JsonObject) -> str:
    """Say how many entries there are: `2 findings, 1 test`."""
    counts = [counted(size, noun) for name, noun in NOUNS.items() if (size := len(_entries(body, name)))]
    return ", ".join(counts) or ("no need" if "needs" in body else "nothing but its summary")


def _entries(body: JsonObject, name: str) -> list[Json]:
    found = body.get(name)
    return cast("list[Json]", found) if isinstance(found, list) else []


def _numbers(spelled: str, most: int, what: str) -> set[int]:
    return {
        number
        for part in re.sub(r"\s*(-|–|\.\.)\s*", r"\1", spelled).replace(",", " ").split()
        for number in _range(part, most, what)
    }


def _range(part: str, most: int, what: str) -> Iterator[int]:
    found = _RANGE.fullmatch(part)
    if found is None:
        raise WrongUsage(f"{part!r} is no number of this {what}.", hint="Write numbers and ranges, such as 2 5-7.")
    first, last = int(found[1]), int(found[2] or found[1])
    if not 1 <= first <= last <= most:
        there_is = f"Its numbers go from 1 to {most}." if most else "There is nothing in it to leave out."
        raise WrongUsage(f"{part} is no number of this {what}.", hint=there_is)
    return iter(range(first, last + 1))
