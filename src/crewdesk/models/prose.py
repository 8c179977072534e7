"""Passages as a reader takes them: paragraphs of whole sentences, each knowing where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crewdesk.domain.passages import Passage
from crewdesk.models.language import Language
from crewdesk.models.text import count_words, is_finished, likeness, paragraphs, sentences

_ALIKE = 0.7
_JOINT = " — "
_LINE = re.compile(r":(\d+)")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a passage, word for word."""

    text: str
    passage: Passage
    paragraph: int
    place: int
    terms: tuple[str, ...]
    aspect: str
    opens: bool
    """It can open a paragraph: its first word does not point back."""
    alone: bool
    """It can be quoted alone: no word of it points back."""

    @property
    def words(self) -> int:
        """Count its words."""
        return count_words(self.text)


@dataclass(frozen=True)
class Limits:
    """How much is read, and which sentences are fit to be quoted."""

    passage_chars: int = 20_000
    total_chars: int = 1_500_000
    shortest: int = 5
    """Words of the shortest sentence worth quoting."""
    longest: int = 32


def document_of(passage: Passage) -> str:
    """Name the document a passage is from: the title's part before the dash."""
    return passage.title.split(_JOINT)[0].strip() or passage.source.split(":")[0]


def heading_of(passage: Passage) -> str:
    """Name the heading a passage stands under: the title's last part."""
    return passage.title.split(_JOINT)[-1].strip()


def line_of(passage: Passage) -> int:
    """Read the line out of a passage's source, `path:line`; 0 where it has none."""
    found = _LINE.search(passage.source)
    return int(found[1]) if found else 0


def within(passages: Sequence[Passage], limits: Limits) -> list[Passage]:
    """Take as much of the passages as is read in bounded time; what is beyond is not looked at."""
    taken: list[Passage] = []
    room = limits.total_chars
    for passage in passages:
        text = passage.text[: min(limits.passage_chars, room)]
        if not text:
            break
        taken.append(passage if text == passage.text else Passage(passage.id, passage.title, passage.source, text))
        room -= len(text)
    return taken


def read(passage: Passage, language: Language, limits: Limits) -> list[list[Sentence]]:
    """Split a passage into paragraphs of sentences; a paragraph ends where a sentence cannot be quoted."""
    found: list[list[Sentence]] = []
    place = 0
    for number, paragraph in enumerate(paragraphs(passage.text)):
        run: list[Sentence] = []
        for text in sentences(paragraph, language.tag):
            place += 1
            if not _quotable(text, limits):
                found.append(run)
                run = []
                continue
            run.append(_sentence(text, passage, number, place, language))
        found.append(run)
    return [run for run in found if run]


def _sentence(text: str, passage: Passage, paragraph: int, place: int, language: Language) -> Sentence:
    return Sentence(
        text,
        passage,
        paragraph,
        place,
        terms=tuple(language.terms(text)),
        aspect=language.aspect_of(text),
        opens=_opens(text, language),
        alone=_opens(text, language) and not language.leaning.search(text),
    )


def alike(one: Sentence, others: Sequence[Sentence]) -> bool:
    """Say whether a sentence says nearly what one of the others says."""
    return any(likeness(one.terms, other.terms) >= _ALIKE for other in others)


def _quotable(text: str, limits: Limits) -> bool:
    return is_finished(text) and limits.shortest <= count_words(text) <= limits.longest


def _opens(text: str, language: Language) -> bool:
    """Say whether a sentence opens as one and does not point back; a question states nothing."""
    if text.rstrip("\"'”’»)").endswith(("?", "？")):
        return False
    first = text.lstrip("\"'“‘«`(")[:1]
    return not first.islower() and not language.weak.match(text)
