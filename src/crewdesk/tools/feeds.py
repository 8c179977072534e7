"""Read feeds into items; whatever is broken becomes a problem in words, never an error."""

from __future__ import annotations

import calendar
import html
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from slugify import slugify

from crewdesk.domain.canonical import sha256
from crewdesk.domain.passages import Passage
from crewdesk.tools.answers import shortened
from crewdesk.tools.materials import Fetch

_DAY = 86_400
_FAR = 400 * _DAY
"""Seconds after all other items from which a date is a mistake rather than news."""
_MOST_TEXT = 600
_MOST_MARKUP = 20_000
"""Characters of an entry that are read: nesting costs the parser the square of its depth."""


@dataclass(frozen=True)
class Item:
    """One entry of a feed."""

    id: str
    feed: str
    title: str
    text: str
    link: str
    language: str
    published: int
    """Seconds since 1970, UTC."""

    @property
    def day(self) -> str:
        """The day it was published, as 2026-11-20."""
        return datetime.fromtimestamp(self.published, tz=UTC).date().isoformat()

    def to_passage(self) -> Passage:
        """Spell the item as a passage: its feed and day stand in the title."""
        return Passage(
            id=self.id,
            title=f"{self.feed}, {self.day} — {self.title}",
            source=self.link,
            text=shortened(self.text or self.title, _MOST_TEXT),
        )


@dataclass(frozen=True)
class Feeds:
    """What the feeds hold: items newest first, each story once."""

    items: tuple[Item, ...]
    read: int
    """Feeds that could be read."""
    problems: tuple[str, ...]


def read_feeds(addresses: Sequence[str], *, root: Path, fetch: Fetch, allow_private: bool) -> Feeds:
    """Read feeds by https address, or by path under `root`."""
    items: list[Item] = []
    problems: list[str] = []
    read = 0
    for address in dict.fromkeys(addresses):
        try:
            data = _bytes_of(address, root=root, fetch=fetch, allow_private=allow_private)
            found, troubles = _parse(data, address)
        except (OSError, ValueError) as error:
            problems.append(f"{address} was left out: {error}")
            continue
        read += 1
        items += found
        problems += troubles
    once, copies = _once(items)
    kept, late = _without_far_future(once)
    problems += [f"{copies} items stand in more than one feed and count once."] if copies else []
    problems += [f"{item.feed}: '{item.title}' is dated {item.day}, which cannot be; left out." for item in late]
    return Feeds(items=tuple(kept), read=read, problems=tuple(problems))


def _bytes_of(address: str, *, root: Path, fetch: Fetch, allow_private: bool) -> bytes:
    if "://" in address:
        return fetch(address, allow_private=allow_private)
    home = root.resolve()
    path = (home / address).resolve()
    if not path.is_relative_to(home):
        raise ValueError("it is not under knowledge/.")
    if not path.is_file():
        raise ValueError("there is no such file under knowledge/.")
    return path.read_bytes()


def _parse(data: bytes, address: str) -> tuple[list[Item], list[str]]:
    import feedparser  # pyright: ignore[reportMissingTypeStubs]

    # A stream, because feedparser takes bytes for a file name or an address first.
    parse = cast("Callable[..., Any]", feedparser.parse)  # pyright: ignore[reportUnknownMemberType]
    parsed = parse(io.BytesIO(data), resolve_relative_uris=False)
    entries: list[Any] = list(parsed.entries)
    if not parsed.get("version") and not entries:
        raise ValueError("it is no RSS or Atom feed.")
    feed = plain(parsed.feed.get("title")) or _stem(address)
    language = str(parsed.feed.get("language") or "en")
    items = [item for entry in entries if (item := _item(entry, address, feed=feed, language=language))]
    problems: list[str] = []
    if parsed.bozo and not _only_encoding(parsed):
        problems.append(f"{address} is not well-formed; {len(entries)} items could be read.")
    if len(items) < len(entries):
        problems.append(f"{address}: {len(entries) - len(items)} items without a title or a usable date were left out.")
    return items, problems


def _item(entry: Any, address: str, *, feed: str, language: str) -> Item | None:  # noqa: ANN401 -- feedparser is untyped
    # Looked up only where it stands: feedparser warns when it has to guess one date from the other.
    dates: list[Any] = [entry[name] for name in ("published_parsed", "updated_parsed") if name in entry]
    when: Any = next((date for date in dates if date), None)
    title = plain(entry.get("title"))
    if not when or not title:
        return None
    link = _link(str(entry.get("link") or entry.get("id") or ""), address)
    contents = cast("list[Any]", entry.get("content") or [{}])
    return Item(
        id=f"{_stem(address)}-{sha256(link + title)[:6]}",
        feed=feed,
        title=title,
        text=plain(entry.get("summary") or contents[0].get("value")),
        link=link,
        language=language,
        published=calendar.timegm(when),
    )


def _link(given: str, address: str) -> str:
    """Read a link from where its feed stands; one that has no scheme even so might be taken for a file of ours."""
    try:
        link = urljoin(address, given.strip())
        return link if urlsplit(link).scheme else address
    except ValueError:
        return address


def plain(markup: object) -> str:
    """Return the text of some markup: tags are stripped, scripts and styles go with what is in them."""
    import nh3

    spaced = str(markup or "")[:_MOST_MARKUP].replace("<", " <")
    text = html.unescape(nh3.clean(spaced, tags=set())) if "<" in spaced else html.unescape(spaced)
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))


def _only_encoding(parsed: Any) -> bool:  # noqa: ANN401 -- feedparser is untyped
    import feedparser  # pyright: ignore[reportMissingTypeStubs]

    return isinstance(parsed.get("bozo_exception"), feedparser.CharacterEncodingOverride)


def _stem(address: str) -> str:
    if "://" in address:
        return slugify(re.sub(r"^\w+://(www\.)?", "", address), max_length=40) or f"feed-{sha256(address)[:6]}"
    return slugify(PurePosixPath(address).stem, max_length=40) or f"feed-{sha256(address)[:6]}"


def _once(items: Sequence[Item]) -> tuple[list[Item], int]:
    """Keep the first of each story: a copy in a second feed is no second voice."""
    kept: list[Item] = []
    links: set[str] = set()
    titles: set[str] = set()
    for item in sorted(items, key=lambda item: (item.published, item.id)):
        link = re.sub(r"^\w+://(www\.)?|[?#].*$|/+$", "", item.link)
        title = " ".join(re.findall(r"\w+", item.title.casefold()))
        known = (item.link != link and link in links) or (title and title in titles)
        if not known:
            kept.append(item)
        links.add(link)
        titles.add(title)
    return sorted(kept, key=lambda item: (-item.published, item.id)), len(items) - len(kept)


def _without_far_future(items: Sequence[Item]) -> tuple[Sequence[Item], Sequence[Item]]:
    """Set apart the newest item where its date lies more than a year after all others'.

    The window ends at the newest item, so one mistaken date would empty it.
    """
    at = 0
    while at + 2 < len(items) and items[at].published - items[at + 1].published > _FAR:
        at += 1
    return items[at:], items[:at]
