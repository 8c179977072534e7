"""What moved is found, named as a person would name it, and compared with the window before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tool_samples import entry, materials, never_fetched, rss, tool


def trends(root: Path, feeds: dict[str, str], about: str = "", **settings: Any) -> dict[str, Any]:
    for name, text in feeds.items():
        (root / name).write_text(text, "utf-8")
    around = materials(root, fetch=never_fetched)
    answer = tool("trends", around, feeds=list(feeds), **settings).run(about=about)
    assert isinstance(answer, dict)
    return answer


def topics(answer: dict[str, Any]) -> list[str]:
    return [topic["topic"] for topic in answer["topics"]]


ONE = rss(
    entry("20 Nov 2026", "Human Gates In Agent Pipelines", "Where human gates save work, says OpenAI."),
    entry("19 Nov 2026", "A checklist for human gates", "Type an empty line; the gate must stay open."),
    entry("18 Nov 2026", "OpenAI publishes a price list", "Prices for every model."),
    entry("12 Nov 2026", "Agent memory, part one", "What to keep in agent memory."),
    entry("11 Nov 2026", "Agent memory, part two", "What to forget."),
)
TWO = rss(
    entry("20 Nov 2026", "Rotas for human gates", "Who decides on a holiday."),
    entry("17 Nov 2026", "Agent memory on disk", "Vectors or files."),
    entry("10 Nov 2026", "Agent memory and cost", "The bill for agent memory."),
    title="Operations",
)


def test_the_topic_that_grew_in_several_feeds_comes_first(tmp_path: Path) -> None:
    answer = trends(tmp_path, {"one.xml": ONE, "two.xml": TWO})

    first = answer["topics"][0]
    assert first["topic"] == "human gates"
    assert (first["now"], first["before"], first["feeds"]) == (3, 0, 2)
    assert answer["window"] == "7 days up to 2026-11-20"
    assert (answer["feeds"], answer["items"], answer["items_before"]) == (2, 5, 3)
    assert answer["problems"] == []


def test_a_topic_that_fell_is_no_trend(tmp_path: Path) -> None:
    assert "agent memory" not in topics(trends(tmp_path, {"one.xml": ONE, "two.xml": TWO}))


def test_a_name_keeps_its_capitals_and_a_headline_loses_them(tmp_path: Path) -> None:
    named = topics(trends(tmp_path, {"one.xml": ONE, "two.xml": TWO}))

    assert "OpenAI" in named
    assert "Human Gates" not in named


def test_topics_rest_on_passages_that_are_in_the_answer(tmp_path: Path) -> None:
    answer = trends(tmp_path, {"one.xml": ONE, "two.xml": TWO})

    known = {passage["id"]: passage for passage in answer["passages"]}
    first = [known[name]["title"] for name in answer["topics"][0]["passages"]]
    assert sorted(first) == [
        "Operations, 2026-11-20 — Rotas for human gates",
        "Weekly, 2026-11-19 — A checklist for human gates",
        "Weekly, 2026-11-20 — Human Gates In Agent Pipelines",
    ]
    assert all(set(passage) == {"id", "title", "source", "text"} for passage in answer["passages"])


def test_phrases_for_the_same_items_are_one_topic(tmp_path: Path) -> None:
    feed = rss(*(entry(f"{day} Nov 2026", f"Durable agent runs, {day}") for day in (18, 19, 20)))

    assert topics(trends(tmp_path, {"a.xml": feed, "b.xml": rss(entry("9 Nov 2026", "Old"))})) == ["durable agent runs"]


def test_a_topic_may_have_a_small_word_inside(tmp_path: Path) -> None:
    feed = rss(*(entry(f"{day} Nov 2026", f"The cost of retries, seen {day} ways") for day in (18, 19, 20)))

    answer = trends(tmp_path, {"a.xml": feed, "b.xml": rss(entry("9 Nov 2026", "Old"))})

    assert topics(answer) == ["cost of retries"]


def test_what_is_asked_about_is_shown_although_it_fell(tmp_path: Path) -> None:
    answer = trends(tmp_path, {"one.xml": ONE, "two.xml": TWO}, about="memory")

    assert topics(answer)[0] == "agent memory"
    assert (answer["items"], answer["items_before"]) == (1, 3)
    assert [passage["title"] for passage in answer["passages"]] == ["Operations, 2026-11-17 — Agent memory on disk"]


def test_nothing_about_it_is_said_plainly(tmp_path: Path) -> None:
    answer = trends(tmp_path, {"one.xml": ONE}, about="tomatoes")

    assert answer["topics"] == []
    assert answer["passages"] == []
    assert answer["problems"] == ["None of the 3 items in this window is about 'tomatoes'."]


@pytest.mark.parametrize("about", ["🎉", "?!", "  ", "the", "\ud800"])
def test_any_text_may_be_asked_about(tmp_path: Path, about: str) -> None:
    assert trends(tmp_path, {"one.xml": ONE}, about=about)["feeds"] == 1


def test_chinese_topics_are_found_without_spaces(tmp_path: Path) -> None:
    feed = rss(
        entry("20 Nov 2026", "人工审批的三个位置", "人工审批何时有用。"),
        entry("19 Nov 2026", "谁来做人工审批", "人工审批需要姓名。"),
        entry("10 Nov 2026", "模型价格", "便宜的模型。"),
        language="zh-CN",
    )

    answer = trends(tmp_path, {"zh.xml": feed})

    assert topics(answer)[0] == "人工审批"
    assert trends(tmp_path, {"zh.xml": feed}, about="审批")["items"] == 2


def test_a_german_feed_has_german_topics(tmp_path: Path) -> None:
    feed = rss(
        entry(
            "20 Nov 2026", "Das Vier-Augen-Prinzip für Agenten", "Warum das Vier-Augen-Prinzip und die Freigabe helfen."
        ),
        entry("19 Nov 2026", "Wann das Vier-Augen-Prinzip hilft", "Nicht immer und auch nicht oft."),
        entry("10 Nov 2026", "Preise der Modelle", "Eine Liste."),
        language="de",
    )

    assert topics(trends(tmp_path, {"de.xml": feed})) == ["Vier-Augen-Prinzip"]


def test_without_a_window_before_the_most_frequent_comes_first(tmp_path: Path) -> None:
    feed = rss(*(entry(f"{day} Nov 2026", f"Human gates {day}") for day in (18, 19, 20)))

    answer = trends(tmp_path, {"a.xml": feed})

    assert topics(answer) == ["human gates"]
    assert answer["problems"] == ["There are no items in the window before; topics are ranked by how often they occur."]


def test_a_single_item_still_names_a_topic(tmp_path: Path) -> None:
    answer = trends(tmp_path, {"a.xml": rss(entry("20 Nov 2026", "Prompt caching pays"))})

    assert answer["topics"][0]["passages"]


def test_feeds_that_cannot_be_read_leave_no_topics_and_say_why(tmp_path: Path) -> None:
    answer = trends(tmp_path, {"empty.xml": ""})

    assert answer["topics"] == []
    assert answer["feeds"] == 0
    assert answer["problems"][-1] == "The feeds hold no items with a date, so no topic can be named."
    assert len(answer["problems"]) == 2


def test_the_window_follows_the_settings_and_not_the_clock(tmp_path: Path) -> None:
    week = trends(tmp_path, {"one.xml": ONE}, window_days=7)
    day = trends(tmp_path, {"one.xml": ONE}, window_days=1)

    assert (week["items"], day["items"]) == (3, 1)
    assert (day["items_before"], day["window"]) == (1, "1 days up to 2026-11-20")


def test_long_answers_keep_their_topics_and_lose_passages(tmp_path: Path) -> None:
    feed = rss(*(entry(f"{day} Nov 2026", f"Human gates {day}", "Long words. " * 60) for day in range(14, 21)))

    answer = trends(tmp_path, {"a.xml": feed}, longest=2_500)

    assert topics(answer)[0] == "human gates"
    assert "passages: " in answer["left_out"]
    assert 1 <= len(answer["passages"]) < 6
