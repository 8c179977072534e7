"""The house's own rules of writing, read from the front matter of its voice file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast


@dataclass(frozen=True)
class Voice:
    """What the voice file asks for in figures and words."""

    avoid: tuple[str, ...] = ()
    max_sentence_words: int | None = None


def read_voice(text: str) -> Voice:
    """Read a voice file's front matter; a file without one asks for nothing."""
    if not text.startswith("---\n") or "\n---" not in text[4:]:
        return Voice()
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    reader = cast("Any", YAML(typ="safe", pure=True))
    try:
        found = reader.load(text[4:].split("\n---", 1)[0])
    except YAMLError:
        return Voice()
    front = cast("Mapping[str, Any]", found if isinstance(found, dict) else {})
    avoid, longest = front.get("avoid"), front.get("max_sentence_words")
    return Voice(
        tuple(str(word) for word in cast("Sequence[object]", avoid)) if isinstance(avoid, list) else (),
        longest if isinstance(longest, int) else None,
    )


def house_notes(body: str, voice: Voice, *, language: str) -> list[str]:
    """Say where a text leaves the house's voice: words to avoid, with their line, and long sentences."""
    return [*_avoided(body, voice), *_long(body, voice, language)]


def _avoided(body: str, voice: Voice) -> list[str]:
    return [
        f"“{word}” (line {number})"
        for number, line in enumerate(body.splitlines(), start=1)
        for word in voice.avoid
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line, re.IGNORECASE)
    ]


def _long(body: str, voice: Voice, language: str) -> list[str]:
    from crewdesk.domain.text.sentences import sentences

    limit = voice.max_sentence_words
    if limit is None:
        return []
    counted = [(found.line, len(found.text.split())) for found in sentences(body, language=language)]
    return [f"sentence of {words} words (line {line})" for line, words in counted if words > limit]
