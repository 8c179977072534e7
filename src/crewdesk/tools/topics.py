"""Which topics moved: phrases in more items, and in more feeds, than in the window before."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from crewdesk.tools.feeds import Item
from crewdesk.tools.spelling import Spelling
from crewdesk.tools.stop_words import feed_words, stop_words
from crewdesk.tools.words import keys, phrases

_SMOOTH = 1.0
_SINGLE = 0.33
"""What a single word is worth beside a phrase: 'gates' says less than 'human gates'."""
_SHARED = 0.5
"""Share of the smaller topic's items from which two topics with a word in common are one."""
_SAME = 0.8
"""The same for topics without a common word."""
_NEAR = 0.7
"""Share of the best score from which the phrase with the most items names the topic."""
_ABOUT = 0.35
"""Share of the words asked about, by weight, that an item must have to be about them."""
_BELONGS = 0.6
"""Share of a phrase's items that must be about what was asked."""


@dataclass(frozen=True)
class Topic:
    """A phrase, the items that use it, and how much more than before."""

    name: str
    also: tuple[str, ...]
    """Other phrases for the same items."""
    now: tuple[Item, ...]
    before: int
    feeds: int
    score: float


@dataclass
class _Candidate:
    key: tuple[str, ...]
    now: dict[str, Item] = field(default_factory=dict[str, Item])
    before: set[str] = field(default_factory=set[str])
    forms: Counter[str] = field(default_factory=Counter[str])
    titled: set[str] = field(default_factory=set[str])
    name: str = ""
    score: float = 0.0

    @property
    def feeds(self) -> int:
        return len({item.feed for item in self.now.values()})

    @property
    def is_name(self) -> bool:
        """Whether it is written with a capital, as OpenAI or SQLite."""
        return self.name != self.name.casefold()

    def note(self, item: Item, text: str, *, in_title: bool, is_now: bool) -> None:
        self.forms[text] += 1
        if is_now:
            self.now[item.id] = item
        else:
            self.before.add(item.id)
        if is_now and in_title:
            self.titled.add(item.id)


def windows(items: Sequence[Item], *, days: int) -> tuple[list[Item], list[Item]]:
    """Part the items into the last `days` up to the newest item, and as many days before."""
    if not items:
        return [], []
    newest = max(item.published for item in items)
    span = days * 86_400
    now = [item for item in items if item.published > newest - span]
    before = [item for item in items if newest - 2 * span < item.published <= newest - span]
    return now, before


def items_about(items: Sequence[Item], about: str) -> list[Item]:
    """Keep the items that hold a good third of the words asked about, rare words counting for more."""
    stop = frozenset[str]().union(*(stop_words(item.language) for item in items))
    wanted = keys(about, stop=stop) or keys(about, stop=frozenset())
    held = [wanted & keys(f"{item.title}; {item.text}", stop=frozenset()) for item in items]
    often = Counter(key for found in held for key in found)
    weights = {key: math.log(1 + (len(items) + 0.5) / (often[key] + 0.5)) for key in wanted}
    needed = _ABOUT * sum(weights.values())
    return [
        item for item, found in zip(items, held, strict=True) if found and sum(weights[key] for key in found) >= needed
    ]


def rank_topics(now: Sequence[Item], before: Sequence[Item], *, about: Collection[Item] | None = None) -> list[Topic]:
    """Rank the phrases of `now` by how much more often they occur than in `before`, best first.

    The score is the logarithm (base 2) of the ratio of two shares of items, each smoothed by one item,
    times the number of feeds, times the root of the number of items; a single word counts a third, and
    only where headlines use it. Phrases for the same items are one topic. Only what grew, and occurs
    twice, is a topic. With `about`, only phrases that belong to these items, grown or not.
    """
    spelling = Spelling(text for item in (*now, *before) for text in (item.title, item.text))
    counted = _count(now, before)
    for one in counted:
        one.name = spelling.of(one.forms)
        one.score = _score(one, totals=(len(now), len(before)))
    meant = None if about is None else {item.id for item in about}
    moved = [one for one in counted if (one.score > 0 if meant is None else _belongs(one, meant))]
    often = [one for one in moved if len(one.now) > 1 and (len(one.key) > 1 or one.is_name or len(one.titled) > 1)]
    often.sort(key=lambda one: (-one.score, -len(one.key), one.key))
    rare = [one for one in moved if len(one.key) > 1 and one.titled]
    rare.sort(key=lambda one: (-len(one.now) - len(one.before), -one.score, one.key))
    return [_topic(group) for group in _merge(often or rare)]


def _count(now: Iterable[Item], before: Iterable[Item]) -> list[_Candidate]:
    counted: dict[tuple[str, ...], _Candidate] = {}
    for items, is_now in ((now, True), (before, False)):
        for item in items:
            stop, weak = stop_words(item.language), feed_words()
            for text, in_title in ((item.title, True), (item.text, False)):
                for phrase in phrases(text, stop=stop, weak=weak):
                    one = counted.setdefault(phrase.key, _Candidate(phrase.key))
                    one.note(item, phrase.text, in_title=in_title, is_now=is_now)
    return [one for one in counted.values() if one.now]


def _score(one: _Candidate, *, totals: tuple[int, int]) -> float:
    share_now = (len(one.now) + _SMOOTH) / (totals[0] + _SMOOTH)
    share_before = (len(one.before) + _SMOOTH) / (totals[1] + _SMOOTH)
    # Without a window before there is nothing to compare with; how often must do.
    growth = math.log2(share_now / share_before) if totals[1] else 1.0
    worth = 1 if len(one.key) > 1 or one.is_name else _SINGLE
    return growth * one.feeds * math.sqrt(len(one.now)) * worth


def _belongs(one: _Candidate, meant: Collection[str]) -> bool:
    return sum(item in meant for item in one.now) >= _BELONGS * len(one.now)


def _merge(ranked: Sequence[_Candidate]) -> list[list[_Candidate]]:
    """Put phrases for the same items together; the best of each group comes first."""
    groups: list[list[_Candidate]] = []
    for one in ranked:
        group = next((group for group in groups if _is_same(group[0], one)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return groups


def _is_same(one: _Candidate, other: _Candidate) -> bool:
    common = len(one.now.keys() & other.now.keys())
    needed = _SHARED if set(one.key) & set(other.key) else _SAME
    return common >= needed * min(len(one.now), len(other.now))


def _topic(group: Sequence[_Candidate]) -> Topic:
    strong = [one for one in group if one.score >= _NEAR * group[0].score > 0] or group[:1]
    best = max(strong, key=lambda one: (len(one.now), one.score))
    others = [one for one in group if len(one.key) > 1 and not set(one.key) <= set(best.key)]
    whole = [one for one in others if not any(set(one.key) < set(other.key) for other in others)]
    items = sorted(best.now.values(), key=lambda item: (-item.published, item.id))
    return Topic(
        name=best.name,
        also=tuple(dict.fromkeys(one.name for one in whole))[:3],
        now=tuple(items),
        before=len(best.before),
        feeds=best.feeds,
        score=round(best.score, 2),
    )
