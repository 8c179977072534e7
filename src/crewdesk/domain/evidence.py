"""The evidence check: what each statement of a text rests on, and what of it is in no source.

It compares a text with the passages that tools returned, sentence by sentence and without a model: does the
statement name a passage; do its figures, names and quotations occur in the passages it names; does it share
words with them at all. It does not understand: a statement whose words all occur in its passage may still
claim the opposite, so a clean report means "nothing made up that can be found by looking", no more. What it
flags is there to be looked at by a person. Headings are not checked, nor is text inside code or images.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.passages import Passage
from crewdesk.domain.text import figure_index, names, quotations
from crewdesk.domain.text.folding import content
from crewdesk.domain.text.inline import inline
from crewdesk.domain.text.languages import STOPWORDS, has_capitals, primary
from crewdesk.domain.text.markdown import blocks
from crewdesk.domain.text.names import NameIndex
from crewdesk.domain.text.quotations import QuoteIndex
from crewdesk.domain.text.sentences import Sentence, sentences
from crewdesk.domain.text.sources import Source
from crewdesk.domain.text.statements import is_statement

FlagKind = Literal["no source", "unknown source", "number", "name", "quote", "overlap"]

LEAST_OVERLAP = 0.2
"""Share of a statement's words of meaning that its passages should have."""
_ENOUGH_WORDS = 4
"""Below this many words of meaning a share says nothing."""


@dataclass(frozen=True)
class Flag:
    """One thing about a statement that a person should look at."""

    kind: FlagKind
    text: str = ""
    """The words it is about, as the sentence has them; for an unknown source its id."""


@dataclass(frozen=True)
class Claim:
    """A statement, and what it rests on."""

    sentence: str
    line: int
    """Line of the body it starts on, from 1."""
    passages: tuple[str, ...]
    """Ids it names, known or not, in order."""
    flags: tuple[Flag, ...] = ()
    quotes: int = 0
    """How many quotations it has."""

    @property
    def is_sourced(self) -> bool:
        """Whether it names at least one passage, and none that does not exist."""
        return not any(flag.kind in ("no source", "unknown source") for flag in self.flags)

    def shown(self, most: int) -> str:
        """Give the sentence in at most so many characters, cut between words where there are any."""
        if len(self.sentence) <= most:
            return self.sentence
        return f"{self.sentence[: most - 1].rsplit(' ', 1)[0][: most - 2]} …"

    def to_json(self) -> JsonObject:
        """Spell the claim for a gate's card."""
        flags: list[Json] = [{"kind": flag.kind, "text": flag.text} for flag in self.flags]
        return {"sentence": self.sentence, "line": self.line, "passages": list[Json](self.passages), "flags": flags}


@dataclass(frozen=True)
class Evidence:
    """All statements of a text, in order."""

    claims: tuple[Claim, ...]

    @property
    def statements(self) -> int:
        """How many sentences state something."""
        return len(self.claims)

    @property
    def sourced(self) -> int:
        """How many of them name a passage that exists, and none that does not."""
        return sum(claim.is_sourced for claim in self.claims)

    @property
    def unsupported(self) -> tuple[Claim, ...]:
        """The statements with at least one flag."""
        return tuple(claim for claim in self.claims if claim.flags)

    def count(self, kind: FlagKind) -> int:
        """Say how many flags of a kind there are."""
        return sum(flag.kind == kind for claim in self.claims for flag in claim.flags)

    def to_json(self) -> JsonObject:
        """Spell the evidence for a gate's card: `{statements, sourced, summary, flagged: […], claims: […]}`."""
        return {
            "statements": self.statements,
            "sourced": self.sourced,
            "summary": self.summary(),
            "flagged": [claim.to_json() for claim in self.unsupported],
            "claims": [claim.to_json() for claim in self.claims],
        }

    def summary(self) -> str:
        """Say in one line how it stands."""
        quotes = sum(claim.quotes for claim in self.claims)
        parts = [
            f"{self.sourced} of {counted(self.statements, 'statement')} sourced",
            f"{counted(self.count('number'), 'number')} without source",
            f"{counted(quotes, 'quote')} checked",
        ]
        more = {
            f"{counted(self.count('quote'), 'quote')} not found": self.count("quote"),
            f"{counted(self.count('name'), 'name')} not found": self.count("name"),
            f"{counted(self.count('overlap'), 'statement')} far from the source": self.count("overlap"),
        }
        return " · ".join([*parts, *(sentence for sentence, found in more.items() if found)])


def check_evidence(
    body: str, passages: Mapping[str, Passage], *, language: str, vocabulary: Collection[str] = ()
) -> Evidence:
    """Check a Markdown body, whose statements end with footnotes `[^passage-id]`, against the passages.

    `passages` are those that tools returned, by id; `language` is the body's BCP 47 tag; `vocabulary` lists
    names that need no source, such as our own. Never raises, whatever the text.
    """
    check = _Check(passages, language, vocabulary)
    found = sentences(body, language=language)
    proper = names.proper_words((sentence.text for sentence in found), language=language)
    return Evidence(tuple(check.claim(one, proper) for one in found if is_statement(one, language=language)))


def passages_cited(body: str) -> list[str]:
    """List the ids of a body's footnotes in the order in which they are first mentioned."""
    noted = (name for block in blocks(body) for _, name in inline(block.raw).notes)
    return list(dict.fromkeys(noted))


class _Check:
    """One check of one body: the passages it may name, each made ready once."""

    def __init__(self, passages: Mapping[str, Passage], language: str, vocabulary: Collection[str]) -> None:
        self._passages = passages
        self._language = language
        self._sources: dict[str, Source] = {}
        self._quotes = _Quotes()
        self._house_names, self._house_quotes = NameIndex(), QuoteIndex()
        for entry in vocabulary:
            self._house_names.add(entry)
            self._house_quotes.add(entry)

    def claim(self, sentence: Sentence, proper: frozenset[str]) -> Claim:
        """Check one statement."""
        sources = [self._source(name) for name in sentence.notes if name in self._passages]
        quotes = self._quotes.of(sentence)
        flags = [
            *self._source_flags(sentence),
            *self._flags("number", self._missing_figures(sentence, sources)),
            *self._flags("name", self._missing_names(sentence, sources, proper)),
            *self._flags("quote", quotations.missing(quotes, [*(s.quotes for s in sources), self._house_quotes])),
            *self._overlap(sentence, sources),
        ]
        return Claim(sentence.text, sentence.line, sentence.notes, tuple(flags), len(quotes))

    def _source(self, name: str) -> Source:
        if name not in self._sources:
            self._sources[name] = Source(self._passages[name], self._language)
        return self._sources[name]

    def _source_flags(self, sentence: Sentence) -> Iterator[Flag]:
        if not sentence.notes:
            yield Flag("no source")
        yield from (Flag("unknown source", name) for name in sentence.notes if name not in self._passages)

    @staticmethod
    def _flags(kind: FlagKind, texts: list[str]) -> Iterator[Flag]:
        return (Flag(kind, text) for text in texts)

    def _missing_figures(self, sentence: Sentence, sources: list[Source]) -> list[str]:
        return figure_index.missing(sentence.text, [source.figures for source in sources], language=self._language)

    def _missing_names(self, sentence: Sentence, sources: list[Source], proper: frozenset[str]) -> list[str]:
        known = [*(source.names for source in sources), self._house_names]
        return names.missing(sentence.text, known, language=self._language, proper=proper)

    def _overlap(self, sentence: Sentence, sources: list[Source]) -> Iterator[Flag]:
        wanted = content(sentence.text, stopwords=STOPWORDS.get(primary(self._language), frozenset()))
        capitals = has_capitals(sentence.text)
        if not sources or len(wanted) < _ENOUGH_WORDS:
            return
        if not all(source.is_comparable and source.has_capitals == capitals for source in sources):
            return
        shared = wanted & set[str]().union(*(source.content for source in sources))
        if len(shared) < LEAST_OVERLAP * len(wanted):
            yield Flag("overlap", f"{len(shared)} of {len(wanted)} words")


class _Quotes:
    """The quotations of one block after the other, shared out to the sentences they run through."""

    def __init__(self) -> None:
        self._context = ""
        self._spans: list[tuple[int, int]] = []

    def of(self, sentence: Sentence) -> list[str]:
        """Give what a sentence quotes; a sentence of a block quote is a quotation itself."""
        if sentence.kind == "quote" and not sentence.text.startswith(("—", "–", "- ")):
            return [sentence.text]
        if sentence.context is not self._context:
            self._context, self._spans = sentence.context, quotations.quotations(sentence.context)
        first = max(0, bisect_right(self._spans, (sentence.start, 0)) - 1)
        parts = (
            sentence.context[max(start, sentence.start) : min(end, sentence.end)].strip()
            for start, end in takewhile(lambda span: span[0] < sentence.end, self._spans[first:])
            if end > sentence.start
        )
        return [part for part in parts if any(sign.isalnum() for sign in part)]


def counted(number: int, noun: str) -> str:
    """Say a number of things in English: `1 quote`, `2 quotes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
