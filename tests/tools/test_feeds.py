"""Feeds are read as they come; what is broken is told, never raised."""

from __future__ import annotations

from pathlib import Path

import pytest
from tool_samples import entry, fetched, never_fetched, rss

from crewdesk.tools.feeds import Feeds, read_feeds


def read(root: Path, files: dict[str, str | bytes], *addresses: str) -> Feeds:
    for name, text in files.items():
        (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_feeds(addresses or tuple(files), root=root, fetch=never_fetched, allow_private=False)


def test_an_item_is_a_passage_with_its_feed_and_day(tmp_path: Path) -> None:
    text = rss(entry("20 Nov 2026", "Gates & doors", "<p>One.</p><p>Two &lt;b&gt;.<script>x()</script></p>"))

    item = read(tmp_path, {"weekly.xml": text}).items[0]

    passage = item.to_passage()
    assert passage.id.startswith("weekly-")
    assert passage.title == "Weekly, 2026-11-20 — Gates & doors"
    assert passage.source == "https://example.org/Gates-&-doors"
    assert "script" not in passage.text
    assert "x()" not in passage.text
    assert passage.text.startswith("One. Two")


def test_atom_is_read_as_well(tmp_path: Path) -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title><entry><title>Gates</title>'
        '<link href="https://example.org/1"/><updated>2026-11-20T12:00:00Z</updated>'
        "<content>Whole text.</content></entry></feed>"
    )

    feeds = read(tmp_path, {"atom.xml": text})

    assert [(item.title, item.text, item.day) for item in feeds.items] == [("Gates", "Whole text.", "2026-11-20")]
    assert feeds.problems == ()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "it is no RSS or Atom feed"),
        (b"\x89PNG\r\n\0\1", "it is no RSS or Atom feed"),
        (b"<html><body>Not found</body></html>", "it is no RSS or Atom feed"),
        (b"Just words.", "it is no RSS or Atom feed"),
    ],
)
def test_what_is_no_feed_is_left_out_and_the_rest_is_read(tmp_path: Path, data: bytes, problem: str) -> None:
    feeds = read(tmp_path, {"bad.xml": data, "good.xml": rss(entry("20 Nov 2026", "Gates"))})

    assert [item.title for item in feeds.items] == ["Gates"]
    assert feeds.read == 1
    assert [text for text in feeds.problems if text.startswith("bad.xml") and problem in text]


def test_a_feed_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    text = rss(entry("20 Nov 2026", "Whole"), entry("19 Nov 2026", "Cut"))

    feeds = read(tmp_path, {"cut.xml": text[: text.index("Cut")]})

    assert "Whole" in [item.title for item in feeds.items]
    assert "cut.xml is not well-formed" in feeds.problems[0]


def test_entities_that_grow_without_end_are_not_expanded(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )

    feeds = read(tmp_path, {"bomb.xml": f"{bomb}]>" + rss(entry("20 Nov 2026", "Boom"), title="&j;").split("?>")[1]})

    assert all(len(item.feed) < 1_000 for item in feeds.items)


def test_items_without_a_date_or_a_title_are_counted_and_left_out(tmp_path: Path) -> None:
    text = rss(entry("20 Nov 2026", "Good"), entry("the day before", "Bad day"), entry("20 Nov 2026", ""))

    feeds = read(tmp_path, {"weekly.xml": text})

    assert [item.title for item in feeds.items] == ["Good"]
    assert feeds.problems == ("weekly.xml: 2 items without a title or a usable date were left out.",)


def test_a_date_far_after_all_others_is_a_mistake(tmp_path: Path) -> None:
    text = rss(*(entry(f"{day} Nov 2026", f"Item {day}") for day in (18, 19, 20)), entry("20 Nov 2099", "Typo"))

    feeds = read(tmp_path, {"weekly.xml": text})

    assert [item.title for item in feeds.items] == ["Item 20", "Item 19", "Item 18"]
    assert feeds.problems == ("Weekly: 'Typo' is dated 2099-11-20, which cannot be; left out.",)


def test_a_story_in_two_feeds_counts_once(tmp_path: Path) -> None:
    one = rss(
        entry("19 Nov 2026", "Gates fail closed", link="https://example.org/gates/"),
        entry("18 Nov 2026", "A second story"),
    )
    two = rss(
        entry("20 Nov 2026", "Gates fail closed, they say", link="http://www.example.org/gates?utm_source=feed"),
        entry("20 Nov 2026", "A Second Story!", link="https://elsewhere.example.org/2"),
        title="Other",
    )

    feeds = read(tmp_path, {"one.xml": one, "two.xml": two})

    assert [(item.feed, item.title) for item in feeds.items] == [
        ("Weekly", "Gates fail closed"),
        ("Weekly", "A second story"),
    ]
    assert feeds.problems == ("2 items stand in more than one feed and count once.",)


def test_items_of_one_feed_without_links_are_all_kept(tmp_path: Path) -> None:
    items = "".join(
        f"<item><title>Story {n}</title><pubDate>{n} Nov 2026 12:00:00 GMT</pubDate></item>" for n in (1, 2, 3)
    )

    feeds = read(tmp_path, {"weekly.xml": rss(items)})

    assert len(feeds.items) == 3
    assert feeds.problems == ()


@pytest.mark.parametrize("address", ["missing.xml", "../outside.xml", "/etc/hostname", "", "file:///etc/hostname"])
def test_an_address_that_leads_nowhere_is_a_problem(tmp_path: Path, address: str) -> None:
    (tmp_path.parent / "outside.xml").write_text(rss(entry("20 Nov 2026", "Secret")))

    feeds = read_feeds([address], root=tmp_path, fetch=fetched({}), allow_private=False)

    assert feeds.items == ()
    assert feeds.read == 0
    assert f"{address} was left out: " in feeds.problems[0]


def test_feeds_by_address_come_through_fetch(tmp_path: Path) -> None:
    address = "https://news.example.org/feed.xml"
    fetch = fetched({address: rss(entry("20 Nov 2026", "Gates")).encode()})

    feeds = read_feeds([address, address, "https://gone.example.org/"], root=tmp_path, fetch=fetch, allow_private=False)

    assert [item.id.rsplit("-", 1)[0] for item in feeds.items] == ["news-example-org-feed-xml"]
    assert len(feeds.problems) == 1
    assert feeds.problems[0].startswith("https://gone.example.org/ was left out: ")
    assert feeds.problems[0].endswith("private addresses allowed: False.")


def test_ids_stay_when_a_feed_moves_on(tmp_path: Path) -> None:
    old = read(tmp_path, {"weekly.xml": rss(entry("20 Nov 2026", "Gates"))}).items[0]

    new = read(tmp_path, {"weekly.xml": rss(entry("21 Nov 2026", "News"), entry("20 Nov 2026", "Gates"))}).items[1]

    assert new.id == old.id
