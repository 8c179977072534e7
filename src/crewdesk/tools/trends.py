"""What moved in the feeds this week."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.tools.answers import fit
from crewdesk.tools.feeds import Item, read_feeds
from crewdesk.tools.materials import Materials
from crewdesk.tools.settings import Settings
from crewdesk.tools.topics import Topic, items_about, rank_topics, windows

About = Annotated[str, Field(description="Only what the feeds say about this; empty for everything that moved.")]


class TrendsSettings(Settings):
    """Settings of `kind: trends`."""

    feeds: tuple[str, ...] = Field(min_length=1, description="https addresses, or files under knowledge/.")
    window_days: int = Field(default=7, ge=1, le=366, description="Days that are compared with as many before.")
    topics: int = Field(default=8, ge=1, le=50, description="Topics in an answer.")
    items: int = Field(default=6, ge=1, le=50, description="Feed items shown for each topic, newest first.")
    allow_private: bool = Field(default=False, description="Fetch from addresses inside the house too.")


def trending_topics(about: About = "", *, settings: TrendsSettings, materials: Materials) -> JsonObject:
    """Say which topics moved in our feeds in the last window of days, compared with the window before.

    Topics come best first: `now` and `before` count feed items, `feeds` how many feeds took the topic up,
    `passages` names the items it rests on, which stand in full under `passages`. `problems` says what
    could not be read.
    """
    feeds = read_feeds(
        settings.feeds,
        root=materials.knowledge_root,
        fetch=materials.fetch,
        allow_private=settings.allow_private,
    )
    now, before = windows(feeds.items, days=settings.window_days)
    meant = items_about([*now, *before], about) if about.strip() else [*now, *before]
    meant_now, meant_before = ([item for item in part if item in meant] for part in (now, before))
    topics = rank_topics(now, before, about=meant_now if about.strip() else None)[: settings.topics]
    shown = _shown(topics, meant_now if about.strip() else [], most=settings.items)
    answer: JsonObject = {
        "topics": [_spell(topic, most=settings.items) for topic in topics],
        "passages": [item.to_passage().to_json() for item in shown],
        "feeds": feeds.read,
        "items": len(meant_now),
        "items_before": len(meant_before),
        "window": f"{settings.window_days} days up to {now[0].day}" if now else "",
        "problems": list[Json]([*feeds.problems, *_remarks(about, now, before, meant_now)]),
    }
    return fit(answer, shorten="passages", longest=settings.longest)


def _spell(topic: Topic, *, most: int) -> JsonObject:
    return {
        "topic": topic.name,
        "also": list[Json](topic.also),
        "now": len(topic.now),
        "before": topic.before,
        "feeds": topic.feeds,
        "score": topic.score,
        "passages": [item.id for item in topic.now[:most]],
    }


def _shown(topics: list[Topic], about: list[Item], *, most: int) -> list[Item]:
    """List the items that topics rest on, in the topics' order, each once; then the newest asked about."""
    listed = [item for topic in topics for item in topic.now[:most]] + about[:most]
    return list({item.id: item for item in listed}.values())


def _remarks(about: str, now: list[Item], before: list[Item], meant: list[Item]) -> list[str]:
    if not now:
        return ["The feeds hold no items with a date, so no topic can be named."]
    if about.strip() and not meant:
        return [f"None of the {len(now)} items in this window is about '{about.strip()}'."]
    return [] if before else ["There are no items in the window before; topics are ranked by how often they occur."]
