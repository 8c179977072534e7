"""Which passages speak of what was asked: BM25 over stems, with the asker's words weighed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from crewdesk.domain.passages import Passage
from crewdesk.models.language import Language

_K1 = 1.5
_B = 0.75
_TITLE_WEIGHT = 2
_NEEDED = 0.4
_FEW = 5
"""A passage must name 0.4 of the share of the topic, by weight of its words, that the fifth best names."""
_LONG_TOPIC = 4


@dataclass(frozen=True)
class Query:
    """What is looked for: the words of the topic, and how much each word of the whole question weighs."""

    topic: tuple[str, ...]
    weights: Mapping[str, float]
    """Weight by stem; below zero where a person asked to leave something out."""

    def covers(self, terms: Collection[str]) -> bool:
        """Say whether a text with these terms speaks of the topic: half of its words, of a long one a third."""
        size = len(self.topic)
        return size > 0 and self.shared(terms) * (2 if size <= _LONG_TOPIC else 3) >= size

    def shared(self, terms: Collection[str]) -> int:
        """Count the topic's words that stand among these terms."""
        return sum(word in terms for word in self.topic)


def make_query(topic: str, others: Mapping[str, float], language: Language) -> Query:
    """Weigh the topic's words 2, and the words of each other text as its weight says; the strongest counts."""
    weights = dict.fromkeys(language.terms(topic), 2.0)
    for text, weight in others.items():
        for term in language.terms(text):
            known = weights.get(term, 0.0)
            weights[term] = weight if abs(weight) > abs(known) else known
    return Query(tuple(dict.fromkeys(language.terms(topic))), weights)


def rank(passages: Sequence[Passage], query: Query, language: Language) -> list[tuple[float, Passage]]:
    """Order passages by BM25, the best first; those that do not speak of the topic are left out.

    Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), k1 = 1.5, b = 0.75; a word of the
    title counts twice. Multiplied by how much of the topic the passage and its title name, and by up to a half
    for coming early, since whoever gave the passages put the best first.
    """
    counted = [(passage, Counter(_weighted_terms(passage, language))) for passage in passages]
    rarity = _rarity([terms for _, terms in counted], query)
    mean = sum(terms.total() for _, terms in counted) / max(1, len(counted))
    shares = [_share(terms, query, rarity) for _, terms in counted]
    least = _NEEDED * sorted([0.0] * _FEW + shares)[-_FEW]
    scored: list[tuple[float, Passage]] = []
    for place, ((passage, terms), share) in enumerate(zip(counted, shares, strict=True)):
        if query.covers(terms) and share >= least:
            titled = _share(Counter(language.terms(passage.title)), query, rarity)
            score = _score(terms, query, rarity, terms.total() / max(1.0, mean))
            scored.append((score * _early(place, len(counted)) * (0.5 + share + titled), passage))
    return sorted(scored, key=lambda pair: -pair[0])


def _share(terms: Counter[str], query: Query, rarity: Mapping[str, float]) -> float:
    """Say how much of the topic a passage names, each word weighed by how rare it is."""
    total = sum(rarity[word] for word in query.topic)
    return sum(rarity[word] for word in query.topic if terms[word]) / total if total else 0.0


def missing_words(passages: Sequence[Passage], topic: str, language: Language) -> list[str]:
    """List the words of a topic that no passage mentions, as they were written."""
    present = {term for passage in passages for term in _weighted_terms(passage, language)}
    return [word for word in dict.fromkeys(topic.split()) if (own := language.terms(word)) and not present & set(own)]


def _early(place: int, count: int) -> float:
    return 1 + 0.5 * (1 - place / count)


def _weighted_terms(passage: Passage, language: Language) -> list[str]:
    return language.terms(passage.title) * _TITLE_WEIGHT + language.terms(passage.text)


def _rarity(counted: Sequence[Counter[str]], query: Query) -> dict[str, float]:
    """Weigh a word by how few passages have it; one that all have still counts a little."""
    size = len(counted)
    having = {term: sum(term in terms for terms in counted) for term in query.weights}
    return {term: math.log(1 + (size - n + 0.5) / (n + 0.5)) for term, n in having.items()}


def _score(terms: Counter[str], query: Query, rarity: Mapping[str, float], length: float) -> float:
    damping = _K1 * (1 - _B + _B * length)
    return sum(
        weight * rarity[term] * terms[term] * (_K1 + 1) / (terms[term] + damping)
        for term, weight in query.weights.items()
        if terms[term]
    )
