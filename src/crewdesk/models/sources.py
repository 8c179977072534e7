"""Passages read for one question: ranked, split into sentences, each sentence with a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from crewdesk.domain.passages import Passage
from crewdesk.models.language import Language
from crewdesk.models.prose import Limits, Sentence, document_of, heading_of, line_of, read, within
from crewdesk.models.ranking import Query, rank

_MOST = 60
"""Passages that are read sentence by sentence."""
_ASPECT_WORTH = 0.3
_LEADING_WORTH = 0.25
_WISH_WORTH = 3.0
_LEAST_GROUPS = 5
_SECOND_WORTH = 0.6


@dataclass(frozen=True)
class Group:
    """The passages under one heading of a document, the best first."""

    document: str
    heading: str
    score: float
    """The best passage's, and some of the second's: two paragraphs make a better section than one."""
    late: float
    """Where it stands in its document, from 0 to 1, as far as the document is known."""
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Sources:
    """Passages on one question, the best first, and their paragraphs."""

    ranked: tuple[tuple[float, Passage], ...]
    runs: Mapping[str, list[list[Sentence]]]
    """Paragraphs by passage id."""
    query: Query
    language: Language
    preferred: frozenset[str] = frozenset()
    """Terms a person asked for more of."""

    def scored(self) -> list[tuple[float, Sentence]]:
        """List every sentence with its score, in the order of the passages."""
        best = self.ranked[0][0] if self.ranked else 1.0
        return [
            (own / (best or 1.0) + self._merit(sentence), sentence)
            for own, passage in self.ranked
            for run in self.runs[passage.id]
            for sentence in run
        ]

    def by_heading(self) -> list[Group]:
        """Put the passages of one heading together, the best heading first."""
        found: dict[tuple[str, str], list[tuple[float, Passage]]] = {}
        for score, passage in self.ranked:
            found.setdefault((document_of(passage), heading_of(passage)), []).append((score, passage))
        ends: dict[str, int] = {}
        for _, passage in self.ranked:
            ends[document_of(passage)] = max(ends.get(document_of(passage), 1), line_of(passage))
        groups = [
            Group(
                document,
                heading,
                late=line_of(own[0][1]) / ends[document],
                score=(own[0][0] + (_SECOND_WORTH * own[1][0] if len(own) > 1 else 0.0)) * self.wished(heading),
                passages=tuple(passage for _, passage in own),
            )
            for (document, heading), own in found.items()
        ]
        return sorted(groups, key=lambda group: -group.score)

    def worthwhile(self, share: float) -> list[Group]:
        """Leave out headings that hardly speak of the topic: below a share of the best three's score.

        The first five stay, since all speak of it somehow; a heading a person asked for stays too.
        """
        groups = self.by_heading()
        best = sorted((group.score / self.wished(group.heading) for group in groups), reverse=True)[:3]
        return [
            group
            for place, group in enumerate(groups)
            if place < _LEAST_GROUPS or group.score >= share * sum(best) / len(best)
        ]

    def wished(self, heading: str) -> float:
        """Say how much more a heading counts because a person asked for its words."""
        return _WISH_WORTH if self.preferred & set(self.language.terms(heading)) else 1.0

    def _merit(self, sentence: Sentence) -> float:
        """Weigh a sentence's share of the question's words, whether it has an aspect, and whether it leads."""
        weights = self.query.weights
        hits = sum(weights.get(term, 0.0) for term in set(sentence.terms))
        leading = _LEADING_WORTH if sentence.place == 1 else 0.0
        return min(hits, 4.0) / 4.0 + leading + (_ASPECT_WORTH if sentence.aspect else 0.0)


@dataclass(frozen=True)
class Wishes:
    """What a person's notes ask of the sources."""

    prefer: str = ""
    avoid: tuple[str, ...] = ()
    """A sentence with all words of one of these is left out."""
    quoted: tuple[str, ...] = ()
    """Sentences that are left out."""


def open_sources(
    passages: Sequence[Passage], query: Query, language: Language, limits: Limits, *, wishes: Wishes
) -> Sources:
    """Rank and read passages; a sentence that is to be left out takes the rest of its paragraph with it."""
    ranked = rank(within(passages, limits), query, language)[:_MOST]
    avoided = [frozenset(language.terms(text)) for text in wishes.avoid]
    # A word of the topic itself cannot be left out of a text on it.
    avoided = [terms for terms in avoided if terms and not terms <= set(query.topic)]
    runs = {
        passage.id: [
            kept
            for run in read(passage, language, limits)
            if (kept := list(takewhile(lambda sentence: not _left_out(sentence, avoided, wishes.quoted), run)))
        ]
        for _, passage in ranked
    }
    preferred = frozenset(language.terms(wishes.prefer)) - set(query.topic)
    return Sources(tuple(ranked), runs, query, language, preferred)


def _left_out(sentence: Sentence, avoided: Sequence[frozenset[str]], quoted: Sequence[str]) -> bool:
    told = set(sentence.terms)
    return any(terms <= told for terms in avoided) or any(
        text in sentence.text or sentence.text in text for text in quoted if text
    )
