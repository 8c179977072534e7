"""Events: JSON objects that triggers make, and texts in which parts of them are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from crewdesk.domain.canonical import Json, JsonObject, canonical
from crewdesk.errors import WrongUsage

PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w-]*(?:\.[\w-]+)*)\}")
"""What is filled in: {week}, {pull_request.title}, {commits.0.message}. Any other brace is just a brace."""
INDEX = re.compile(r"[0-9]{1,6}")
MOST_NAMES = 12


class Absent:
    """Stands for what is not in an event."""


ABSENT = Absent()


def fill(text: str, event: JsonObject) -> str:
    """Return a text with every {path.in.event} filled in; raises `WrongUsage` for one that is not there.

    What is not a text is spelled as JSON, and nothing (null) as nothing. What was filled in is not looked at again.
    """
    return PLACEHOLDER.sub(lambda found: _spelled(_needed(event, found[1])), text)


def paths_in(text: str) -> list[str]:
    """List the paths that a text needs, each once, in order."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def at(event: Json, path: str) -> Json | Absent:
    """Follow a path, such as `commits.0.message`; `ABSENT` where it leads nowhere. An empty path is all of it."""
    value = event
    for key in path.split(".") if path else ():
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and INDEX.fullmatch(key) and int(key) < len(value):
            value = value[int(key)]
        else:
            return ABSENT
    return value


def is_wanted(only: Mapping[str, str | Sequence[str]], event: JsonObject) -> bool:
    """Say whether an event has all the values that a trigger's `only` asks for; where a path is missing it has not."""
    return all(_has(event, path, wanted) for path, wanted in only.items())


def _has(event: JsonObject, path: str, wanted: str | Sequence[str]) -> bool:
    value = at(event, path)
    return not isinstance(value, Absent) and _spelled(value) in ((wanted,) if isinstance(wanted, str) else wanted)


def _needed(event: JsonObject, path: str) -> Json:
    value = at(event, path)
    if isinstance(value, Absent):
        raise WrongUsage(f"The event has no {path!r}.", hint=_what_there_is(event, path))
    return value


def _what_there_is(event: JsonObject, path: str) -> str:
    """Name what is at the deepest place on the way that is there."""
    way = path.split(".")
    found, place = ABSENT, ""
    while isinstance(found, Absent):
        way = way[:-1]
        place = ".".join(way)
        found = at(event, place)
    here = (
        [*found]
        if isinstance(found, dict)
        else [str(n) for n, _ in enumerate(found if isinstance(found, list) else [])]
    )
    named = ", ".join(here[:MOST_NAMES]) + (", …" if len(here) > MOST_NAMES else "")
    return f"In {repr(place) if place else 'it'} there is {named or 'nothing'}."


def _spelled(value: Json) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else canonical(value)
