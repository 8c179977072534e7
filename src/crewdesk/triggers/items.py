"""What is to be found at the address of a poll: the entries of a feed, or the objects of a list in JSON."""

from __future__ import annotations

import calendar
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from crewdesk.domain.canonical import Json, JsonObject, canonical, sha256
from crewdesk.domain.events import Absent, at
from crewdesk.domain.trigger_specs import PollSpec
from crewdesk.errors import CrewdeskError
from crewdesk.tools.answers import shortened
from crewdesk.tools.feeds import plain

LONGEST_SUMMARY = 4000


@dataclass(frozen=True)
class Item:
    """One thing that was found; `id` is what tells it from another."""

    id: str
    event: JsonObject


def read_items(spec: PollSpec, data: bytes) -> list[Item]:
    """Read the answer of a poll's address, the oldest first where that is known; `CrewdeskError` where it is unfit."""
    found = _entries(data, spec.url) if spec.reads == "feed" else _objects(data, spec)
    once: dict[str, Item] = {}
    for item in found:
        once.setdefault(item.id, item)
    return list(once.values())


def _entries(data: bytes, url: str) -> list[Item]:
    import feedparser  # pyright: ignore[reportMissingTypeStubs]

    # A stream, because feedparser takes bytes for a file name or an address first.
    parse = cast("Callable[..., Any]", feedparser.parse)  # pyright: ignore[reportUnknownMemberType]
    parsed = parse(io.BytesIO(data), resolve_relative_uris=False)
    entries: list[Any] = list(parsed.entries)
    if not parsed.get("version") and not entries:
        raise CrewdeskError(f"{url} is no RSS or Atom feed.", hint="Where it answers in JSON, write 'reads: json'.")
    feed = plain(parsed.feed.get("title"))
    items = [_entry(entry, feed) for entry in reversed(entries)]  # feeds begin with the newest
    dated = all(item.event["published"] for item in items)
    return sorted(items, key=lambda item: str(item.event["published"])) if dated else items


def _entry(entry: Any, feed: str) -> Item:  # noqa: ANN401 - feedparser is untyped
    contents = cast("list[Any]", entry.get("content") or [{}])
    title, link = plain(entry.get("title")), str(entry.get("link") or "")
    summary = plain(entry.get("summary") or contents[0].get("value"))
    name = str(entry.get("id") or link or sha256(title + summary))
    event: JsonObject = {
        "id": name,
        "title": title,
        "link": link,
        "summary": shortened(summary, LONGEST_SUMMARY),
        "author": plain(entry.get("author")),
        "published": _published(entry),
        "feed": feed,
    }
    return Item(name, event)


def _published(entry: Any) -> str:  # noqa: ANN401 - feedparser is untyped
    # Looked up only where it stands: feedparser warns when it has to guess one date from the other.
    dates: list[Any] = [entry[name] for name in ("published_parsed", "updated_parsed") if name in entry]
    when = next((date for date in dates if date), None)
    return "" if when is None else datetime.fromtimestamp(calendar.timegm(when), tz=UTC).isoformat()


def _objects(data: bytes, spec: PollSpec) -> list[Item]:
    found = at(_parsed(data, spec.url), spec.items)
    if not isinstance(found, list):
        where = f"Under {spec.items!r}" if spec.items else "At the top"
        raise CrewdeskError(f"{where} of what {spec.url} answers there is no list.", hint="Say where: 'items: path'.")
    items = [Item(_id(each, spec), each) for each in found if isinstance(each, dict)]
    named = [item for item in items if item.id]
    if found and not named:
        raise CrewdeskError(f"No item of {spec.url} has {spec.id!r}.", hint="Say what tells them apart: 'id: path'.")
    return named


def _id(item: JsonObject, spec: PollSpec) -> str:
    value = at(item, spec.id)
    if isinstance(value, Absent) or value is None:
        return ""
    return value if isinstance(value, str) else canonical(value)


def _parsed(data: bytes, url: str) -> Json:
    try:
        return json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise CrewdeskError(f"{url} does not answer in JSON.", hint="For RSS or Atom, write 'reads: feed'.") from error


def _no_number(word: str) -> None:
    raise ValueError(word)
