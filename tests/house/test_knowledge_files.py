"""The shipped knowledge: real front matter, passages that can be quoted, and sample feeds with a riser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from time import struct_time
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from ruamel.yaml import YAML
from sentencex import segment  # pyright: ignore[reportAttributeAccessIssue] -- compiled, without stubs

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"
DOCUMENTS = sorted((KNOWLEDGE / "content").glob("*.md"))
FEEDS = sorted((KNOWLEDGE / "feeds").glob("*.xml"))
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
LAST_DAY = date(2026, 11, 20)
WINDOW = timedelta(days=7)
RISERS = ("human gate", "durable", "cost")
"""What the sample feeds are about this week, the clearest riser first."""

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
each_feed = pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)


@dataclass(frozen=True)
class Document:
    """A knowledge file: its front matter and its paragraphs, headings apart."""

    meta: dict[str, Any]
    headings: list[str]
    paragraphs: list[str]

    @property
    def sentences(self) -> list[str]:
        return [sentence for paragraph in self.paragraphs for sentence in sentences_of(paragraph)]


def read(path: Path) -> Document:
    match = FRONT_MATTER.match(path.read_text(encoding="utf-8"))
    assert match, f"{path.name} has no front matter between two lines of ---"
    blocks = [" ".join(block.split()) for block in match[2].split("\n\n") if block.strip()]
    return Document(
        meta=YAML(typ="safe").load(match[1]),
        headings=[block for block in blocks if block.startswith("#")],
        paragraphs=[block for block in blocks if not block.startswith("#")],
    )


def sentences_of(text: str) -> list[str]:
    return [sentence.strip() for sentence in segment("en", text) if sentence.strip()]


def words(text: str) -> list[str]:
    return [word for word in text.split() if re.search(r"\w", word)]


@cache
def voice() -> dict[str, Any]:
    return read(KNOWLEDGE / "house" / "voice.md").meta


def day(moment: struct_time) -> date:
    return date(moment.tm_year, moment.tm_mon, moment.tm_mday)


def windows(items: list[tuple[date, str]]) -> tuple[list[str], list[str]]:
    """Split dated texts into the last seven days and the seven before."""
    start = LAST_DAY - WINDOW
    return (
        [text for when, text in items if start < when <= LAST_DAY],
        [text for when, text in items if start - WINDOW < when <= start],
    )


def entries(path: Path) -> Iterator[tuple[date, str]]:
    for entry in feedparser.parse(path.read_bytes()).entries:
        yield day(entry.get("published_parsed") or entry["updated_parsed"]), f"{entry['title']}. {entry['summary']}"


def test_the_files_this_walks_over_are_there() -> None:
    assert len(DOCUMENTS) >= 12
    assert {path.stem for path in FEEDS} == {"agents-weekly", "release-notes", "operations"}


@pytest.mark.parametrize("name", ["voice", "products", "claims"])
def test_the_house_files_have_a_title(name: str) -> None:
    assert read(KNOWLEDGE / "house" / f"{name}.md").meta["title"]


def test_the_voice_names_its_limits_for_the_checks() -> None:
    assert voice()["max_sentence_words"] == 32
    assert len(voice()["avoid"]) == len(set(voice()["avoid"])) >= 20
    assert all(word == word.lower() for word in voice()["avoid"])


@each_document
def test_front_matter_is_complete(path: Path) -> None:
    meta = read(path).meta

    assert set(meta) == {"title", "topics", "sources"}
    assert meta["title"]
    assert 5 <= len(meta["topics"]) <= 10
    assert all(isinstance(topic, str) for topic in meta["topics"])


@each_document
def test_every_source_can_be_followed(path: Path) -> None:
    sources = read(path).meta["sources"]

    assert sources
    for source in sources:
        assert set(source) == {"title", "url"}
        assert source["title"]
        outside = urlsplit(source["url"])
        assert (outside.scheme == "https" and outside.netloc) or (KNOWLEDGE / source["url"]).is_file(), source["url"]


@each_document
def test_a_document_has_sections_that_say_something(path: Path) -> None:
    document = read(path)

    assert 600 <= sum(len(words(paragraph)) for paragraph in document.paragraphs) <= 1_150
    assert len(document.headings) >= 4
    assert all(heading.startswith("## ") and len(words(heading)) >= 3 for heading in document.headings)


@each_document
def test_a_paragraph_is_one_quotable_passage(path: Path) -> None:
    for paragraph in read(path).paragraphs:
        assert not re.match(r"[-*|>`]|\d+\. ", paragraph), f"not prose: {paragraph[:60]}"
        assert 35 <= len(words(paragraph)) <= 130, paragraph[:60]
        assert 2 <= len(sentences_of(paragraph)) <= 6, paragraph[:60]


@each_document
def test_no_sentence_is_longer_than_our_voice_allows(path: Path) -> None:
    long = [sentence for sentence in read(path).sentences if len(words(sentence)) > voice()["max_sentence_words"]]

    assert not long


@each_document
def test_a_sentence_stands_alone_without_a_pronoun_for_a_subject(path: Path) -> None:
    leaning = re.compile(r"(It|This|That|These|Those|They|He|She|Such|Here|There)\b")

    assert not [sentence for sentence in read(path).sentences if leaning.match(sentence)]


@each_document
def test_words_we_avoid_do_not_occur(path: Path) -> None:
    text = " ".join([*read(path).headings, *read(path).sentences]).lower()

    assert not [word for word in voice()["avoid"] if re.search(rf"\b{re.escape(word)}\b", text)]


@each_feed
def test_a_feed_is_well_formed_and_says_it_is_a_sample(path: Path) -> None:
    parsed = feedparser.parse(path.read_bytes())

    assert not parsed.bozo
    assert "Sample feed shipped with Crewdesk" in parsed.feed["title"] + parsed.feed["subtitle"]
    assert 12 <= len(parsed.entries) <= 16
    assert all(entry["title"] and entry["summary"] and entry["id"] for entry in parsed.entries)
    assert all((urlsplit(entry["link"]).hostname or "").endswith("example.com") for entry in parsed.entries)


def test_the_feeds_use_rss_and_atom() -> None:
    assert {feedparser.parse(path.read_bytes()).version for path in FEEDS} == {"rss20", "atom10"}


@each_feed
def test_a_feed_has_dated_items_in_both_windows(path: Path) -> None:
    items = list(entries(path))

    recent, earlier = windows(items)

    assert len(recent) >= 5
    assert len(earlier) >= 5
    assert len(recent) + len(earlier) == len(items)


def test_human_gates_rise_most_then_durable_runs_then_cost() -> None:
    recent, earlier = windows([item for path in FEEDS for item in entries(path)])

    def rise(term: str) -> int:
        return sum(term in text.lower() for text in recent) - sum(term in text.lower() for text in earlier)

    rises = [rise(term) for term in RISERS]
    assert rises == sorted(rises, reverse=True)
    assert len(set(rises)) == len(rises)
    assert rises[-1] >= 2
    assert max(rise(term) for term in ("benchmark", "context window", "memory", "voice", "browser")) <= 0
