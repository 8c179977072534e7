"""News of a company are those that name it, newest first, each with its day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from outreach_samples import lead, use
from tool_samples import entry, rss

KESTREL = lead(company="Kestrel B.V.", website="https://kestrel.nl", email="anna@kestrel.nl")
FEED = (
    entry("03 Sep 2026", "Kestrel sent mails twice", "2,300 notices."),
    entry("12 Nov 2026", "A second control room", "Kestrel has opened one."),
    entry("10 Nov 2026", "Kestrels are seen in the city", "Birds come back."),
    entry("09 Nov 2026", "Elsewhere", "A report that can be read at www.kestrel.nl, in Dutch."),
    entry("01 Jan 2025", "Kestrel moves", "Long ago."),
)


def news(tmp_path: Path, *entries: str, **given: Any) -> dict[str, Any]:
    """What is found in a feed of these items."""
    feed = tmp_path / "knowledge" / "feeds" / "a.xml"
    feed.parent.mkdir(parents=True)
    feed.write_text(rss(*entries, title="Weekly"), encoding="utf-8")
    return use("company_news", given.pop("about", KESTREL), home=tmp_path, feeds=["feeds/a.xml"], **given)


def test_items_that_name_the_company_are_passages_newest_first(tmp_path: Path) -> None:
    answer = news(tmp_path, *FEED)

    assert [(p["date"], p["title"]) for p in answer["passages"]] == [
        ("2026-11-12", "Weekly, 2026-11-12 — A second control room"),
        ("2026-11-09", "Weekly, 2026-11-09 — Elsewhere"),
        ("2026-09-03", "Weekly, 2026-09-03 — Kestrel sent mails twice"),
    ]
    assert answer["passages"][0]["text"] == "Kestrel has opened one."
    assert answer["problems"] == []


def test_no_more_items_than_asked_for(tmp_path: Path) -> None:
    assert [p["date"] for p in news(tmp_path, *FEED, items=1)["passages"]] == ["2026-11-12"]


def test_a_name_that_is_an_everyday_word_needs_the_companys_domain(tmp_path: Path) -> None:
    about = lead(company="Journal GmbH", website="https://journal.de", email="a@journal.de")
    entries = (
        entry("12 Nov 2026", "Journal and replay", "Calls are kept in a journal."),
        entry("11 Nov 2026", "Home-made", "Of their own.", link="https://www.journal.de/news"),
    )

    answer = news(tmp_path, *entries, about=about)

    assert [p["date"] for p in answer["passages"]] == ["2026-11-11"]
    assert "'Journal' means other things, too" in answer["problems"][0]


def test_that_nothing_is_known_is_said(tmp_path: Path) -> None:
    answer = news(tmp_path, *FEED, about=lead(company="Halden AS"))

    assert answer["passages"] == []
    assert answer["problems"] == ["None of the 4 items in our feeds is about Halden."]


def test_a_lead_without_company_and_with_a_free_address_has_no_news(tmp_path: Path) -> None:
    entries = (entry("12 Nov 2026", "gmail.com was down", ""), *FEED)

    answer = news(tmp_path, *entries, about=lead(company="", website="", email="a@gmail.com"))

    assert answer["passages"] == []
    assert answer["problems"] == ["The CRM names no company, so nothing was looked for by name."]


def test_a_feed_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    answer = use("company_news", KESTREL, home=tmp_path, feeds=["feeds/none.xml"])

    assert answer["passages"] == []
    assert "feeds/none.xml was left out" in answer["problems"][0]
