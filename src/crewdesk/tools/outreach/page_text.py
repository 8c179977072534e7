"""The text of a web page, block by block, with its links; what the page says is material and nothing else."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from crewdesk.tools.outreach.cleaning import cleaned
from crewdesk.tools.outreach.companies import word_set

_HTML = re.compile(rb"<(?:!doctype html|html|head|body|title|main|h1|p|div)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LOOK = 4_000
"""Bytes in which a page says what it is."""
_MOST = 1_000
"""Blocks, and links, of a page."""
_SKIPPED = word_set(
    "script style noscript template svg math nav footer aside form button select iframe object canvas dialog title"
)
_BLOCKS = word_set(
    "address article blockquote body dd div dl dt figcaption figure header hr h1 h2 h3 h4 h5 h6 li main ol p "
    "pre section table tbody td th tr ul"
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_DATED = ("article:modified_time", "article:published_time", "last-modified", "date", "dcterms.modified", "dc.date")
"""Names under which a page says how old it is, the best first."""


@dataclass(frozen=True)
class Block:
    """A heading, or a stretch of text below one."""

    text: str
    heading: str


@dataclass(frozen=True)
class Link:
    """Where a page leads, and the words on it."""

    address: str
    text: str


@dataclass(frozen=True)
class Page:
    """A page as its reader sees it."""

    title: str
    date: str
    """The day it says it is from; empty where it says none."""
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]


def read_page(data: bytes, address: str) -> Page:
    """Read a page; raises `ValueError` where it is none, or has no text."""
    if not _HTML.search(data[:_LOOK]) or b"\0" in data[:_LOOK]:
        raise ValueError(f"{address} is no page of text (HTML).")
    html, etree = _lxml()
    try:
        # A parser of its own for each page: one that is shared may not be used by two threads.
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding=_encoding(data), remove_comments=True))
    except (etree.LxmlError, ValueError) as error:
        raise ValueError(f"{address} cannot be read: {error}.") from None
    return Page(
        title=cleaned(str(root.findtext(".//title") or ""))[:200],
        date=_date(root),
        blocks=tuple(islice(_blocks(root), _MOST)),
        links=tuple(islice(_links(root, address), _MOST)),
    )


def _lxml() -> tuple[Any, Any]:
    """Import lxml, which has no types, when the first page is read."""
    from lxml import html  # pyright: ignore[reportMissingTypeStubs]

    return html, html.etree  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]


def _encoding(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        named = _CHARSET.search(data[:_LOOK])
        return _known_encoding(named[1].decode("ascii") if named else "cp1252")
    return "utf-8"


def _known_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def _date(root: Any) -> str:  # noqa: ANN401 -- lxml is untyped
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = str(meta.get("property") or meta.get("name") or meta.get("http-equiv") or "").lower()
        metas.setdefault(name, str(meta.get("content") or ""))
    found = (_DAY.match(metas.get(name, "").strip()) for name in _DATED)
    return next((day.group() for day in found if day), "")


def _links(root: Any, address: str) -> Iterator[Link]:  # noqa: ANN401
    for link in root.iter("a"):
        target = str(link.get("href") or "").strip()
        try:
            whole = urljoin(address, target).partition("#")[0]
        except ValueError:
            continue
        if target and whole.startswith(("https://", "http://")):
            yield Link(whole, cleaned("".join(link.itertext())[:200]))


def _blocks(root: Any) -> Iterator[Block]:  # noqa: ANN401
    """Walk over the page in reading order, without recursion: who knows how deep it is."""
    heading, held = "", list[str]()
    for kind, text in _stream(root):
        if kind == "text":
            held.append(text)
            continue
        said = cleaned(" ".join("".join(held).split()))
        held.clear()
        if said:
            heading = said if kind == "heading" else heading
            yield Block(said, heading)


def _stream(root: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield texts, and where a block or a heading ends."""
    _, etree = _lxml()
    skipping: Any = None
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else "script"
        if skipping is None and event == "start":
            skipping = node if tag in _SKIPPED or _is_hidden(node) else None
            yield from _border(tag, "block")
            yield "text", f" {node.text or ''}" if tag == "br" else (node.text or "") * (skipping is None)
        elif event == "end" and skipping in (None, node):
            skipping = None
            yield from _border(tag, "heading" if tag in _HEADINGS else "block")
            yield "text", node.tail or ""
    yield "block", ""


def _is_hidden(node: Any) -> bool:  # noqa: ANN401
    style = str(node.get("style") or "").replace(" ", "").lower()
    return node.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style


def _border(tag: str, kind: str) -> Iterator[tuple[str, str]]:
    if tag in _BLOCKS or tag in _SKIPPED:
        yield kind, ""
