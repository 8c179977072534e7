"""Posts to try the site with, and ways to look at its pages as a browser does."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crewdesk.connectors.files import Disk
from crewdesk.connectors.languages import words_for
from crewdesk.connectors.markdown import Rendered, render_markdown
from crewdesk.connectors.settings import SiteSettings
from crewdesk.connectors.site import SiteConnector
from crewdesk.connectors.site_posts import PostBody
from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import JsonObject, digest

SETTINGS = SiteSettings(folder="site", base_url="https://blog.example.com", title="Crewdesk", tagline="Notes on crews")


class Clock:
    """A clock that goes on by a day each time it is looked at."""

    def __init__(self) -> None:
        self._day = 0

    def __call__(self) -> datetime:
        self._day += 1
        return datetime(2025, 11, self._day, 9, 30, tzinfo=UTC)


def site(folder: Path) -> SiteConnector:
    return SiteConnector("site", SETTINGS, folder=folder, clock=Clock(), disk=Disk())


def post(**fields: object) -> JsonObject:
    body: dict[str, object] = {
        "title": "Where people belong",
        "description": "Put a gate where a mistake is expensive.",
        "slug": "where-people-belong",
        "keywords": ["gates", "agents"],
        "language": "en",
        "body": "A gate stops.",
        "links": [],
        "sources": [],
        "confidence": 0.8,
        "open_questions": [],
    }
    return body | fields  # type: ignore[return-value]


def delivery(body: JsonObject, *, key: str = "key") -> Delivery:
    return Delivery(key, "Post", digest(body), body)


def rendered(markdown: str, **fields: object) -> Rendered:
    """Render a body as a page would; every slug but `missing` is there."""
    body = PostBody.model_validate(post(body=markdown, **fields))
    address_of = {"missing": None}.get
    return render_markdown(
        body,
        words=words_for(body.language),
        address_of=lambda slug: address_of(slug, f"../{slug}/index.html"),
    )


def html(markdown: str, **fields: object) -> str:
    return rendered(markdown, **fields).html.strip()


class Page(HTMLParser):
    """A page's elements in order, each a tag and its attributes; and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def addresses(self) -> list[str]:
        named = [attributes.get("href") or attributes.get("src") for _, attributes in self.elements]
        return [address for address in named if address]

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def broken_links(path: Path) -> list[str]:
    """Relative links of a page that lead nowhere when it is opened as a file."""
    here = page(path)
    broken: list[str] = []
    for address in here.addresses():
        parts = urlsplit(address)
        if parts.scheme:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        ids = page(target).ids() if target.is_file() and parts.fragment else [parts.fragment]
        if not target.is_file() or unquote(parts.fragment) not in ids:
            broken.append(address)
    return broken
