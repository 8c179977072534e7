"""Feeds, a library, a connector and the materials that tool tests share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.passages import Passage
from crewdesk.domain.specs import ToolSpec
from crewdesk.errors import DeliveryRefused
from crewdesk.ports.tool import Tool
from crewdesk.tools.table import Materials, make_tool


def entry(day: str, title: str, text: str = "", *, link: str = "") -> str:
    """One item of an RSS feed, dated at noon of a day such as '20 Nov 2026'."""
    address = link or "https://example.org/" + title.replace(" ", "-")
    return (
        f"<item><title>{escape(title)}</title><link>{escape(address)}</link>"
        f"<description>{escape(text)}</description><pubDate>{day} 12:00:00 GMT</pubDate></item>"
    )


def rss(*entries: str, title: str = "Weekly", language: str = "en") -> str:
    """An RSS feed of these items."""
    head = f"<title>{title}</title><link>https://example.org</link><language>{language}</language>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{"".join(entries)}</channel></rss>'


@dataclass
class SmallLibrary:
    """Finds the passages it was given, and remembers what it was asked."""

    passages: Sequence[Passage] = ()
    warnings: Sequence[str] = ()
    asked: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    def search(self, query: str, *, limit: int) -> list[Passage]:
        self.asked.append((query, limit))
        return list(self.passages[:limit])


class Mute:
    """A connector that cannot list what it has published."""

    def address(self, body: JsonObject) -> str:
        if " " in str(body["slug"]):
            raise DeliveryRefused("It contains a space.", hint="Use hyphens.")
        return f"https://blog.example.com/posts/{body['slug']}/"

    def find(self, delivery: Delivery) -> Receipt | None:
        raise NotImplementedError

    def deliver(self, delivery: Delivery) -> Receipt:
        raise NotImplementedError


@dataclass
class Blog(Mute):
    """A connector with posts."""

    posts: list[JsonObject] = field(default_factory=list[JsonObject])

    def published(self) -> list[JsonObject]:
        return self.posts


def materials(root: Path, **given: Any) -> Materials:
    """Give materials in which everything left out is empty."""
    found: dict[str, Any] = {
        "library": lambda _folders: SmallLibrary(),
        "connector": {"site": Blog()}.__getitem__,
        **given,
    }
    return Materials(knowledge_root=root, **found)


def tool(kind: str, around: Materials, **settings: Any) -> Tool:
    """Make a tool called like its kind."""
    return make_tool(kind, ToolSpec(kind=kind, settings=settings), materials=around)


def never_fetched(address: str, /, *, allow_private: bool, stays: Callable[[str], bool] | None = None) -> bytes:
    """Stand in for the network where nothing may be fetched."""
    del stays
    raise AssertionError(f"fetched {address}, private addresses allowed: {allow_private}")


def fetched(answers: dict[str, bytes]) -> Callable[..., bytes]:
    """Answer from a table; an address that is not in it cannot be reached."""

    def fetch(address: str, /, *, allow_private: bool, stays: Callable[[str], bool] | None = None) -> bytes:
        del stays
        if address not in answers:
            raise ValueError(f"{address} cannot be reached, private addresses allowed: {allow_private}.")
        return answers[address]

    return fetch
