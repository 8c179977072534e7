"""Findings and composed posts as plain JSON values, for recipes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.models.compose import Composition, Section
from crewdesk.models.prose import Sentence, document_of
from crewdesk.models.sources import Sources


def spell_findings(chosen: Sequence[Sentence], sources: Sources) -> list[JsonObject]:
    """Spell findings as `{statement, passages, document, aspect, score}`."""
    scores = {(sentence.passage.id, sentence.text): score for score, sentence in sources.scored()}
    return [
        {
            "statement": sentence.text,
            "passages": [sentence.passage.id],
            "document": document_of(sentence.passage),
            "aspect": sentence.aspect,
            "score": scores[sentence.passage.id, sentence.text],
        }
        for sentence in chosen
    ]


def spell_post(made: Composition) -> JsonObject:
    """Spell a post: sentences are `{text, id}`, sections `{heading, document, paragraphs}`.

    `headings` has the best section's first; `document` is the one that gave most of the words.
    """
    return {
        "opening": _sentences(made.opening.sentences if made.opening else ()),
        "sections": [_section(section) for section in made.sections],
        "closing": _section(made.closing) if made.closing else None,
        "steps": _sentences(made.steps),
        "headings": [section.heading for section in sorted(made.sections, key=lambda section: -section.score)],
        "document": _main_document(made),
    }


def _main_document(made: Composition) -> str:
    """Name the document that gives a post most of its words."""
    words: Counter[str] = Counter()
    for section in made.sections:
        words[section.document] += section.words
    if made.opening:
        words[document_of(made.opening.sentences[0].passage)] += made.opening.words
    return max(words, key=lambda name: words[name], default="")


def _section(section: Section) -> JsonObject:
    paragraphs: list[Json] = [_sentences(block.sentences) for block in section.blocks]
    return {"heading": section.heading, "document": section.document, "paragraphs": paragraphs}


def _sentences(sentences: Sequence[Sentence]) -> list[Json]:
    return [{"text": sentence.text, "id": sentence.passage.id} for sentence in sentences]
