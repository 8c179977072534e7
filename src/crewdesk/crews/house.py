"""The house's own rules of writing, read from the front matter of its voice file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from crewdesk.domain.text.folding import is_unspaced
from crewdesk.domain.text.quotations import unquoted
from crewdesk.domain.text.sentences import sentences

_NO_PROSE = re.compile(r"\[\^[^\]]*\]|`[^`]*`|\]\([^()\s]*\)|https?://\S+")


@dataclass(frozen=True)
class Voice:
    """What the voice file asks for in figures and words."""

    avoid: tuple[str, ...] = ()
    max_sentence_words: int | None = None


def read_voice(text: str) -> Voice:
    """Read a voice file's front matter; a file without one asks for nothing."""
    front, _ = front_matter(text)
    longest = front.get("max_sentence_words")
    return Voice(words_to_avoid(front.get("avoid")), longest if isinstance(longest, int) else None)


def words_to_avoid(listed: object) -> tuple[str, ...]:
    """Read a list of words from a house file's front matter; what is no list asks for nothing."""
    return tuple(str(word) for word in cast("Sequence[object]", listed)) if isinstance(listed, list) else ()


def front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """Read a house file: what stands between two `---` lines at its top, and the text below."""
    if not text.startswith("---\n") or "\n---" not in text[4:]:
        return {}, text
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    above, below = text[4:].split("\n---", 1)
    try:
        found = cast("Any", YAML(typ="safe", pure=True)).load(above)
    except YAMLError:
        found = None
    return cast("Mapping[str, Any]", found if isinstance(found, dict) else {}), below.partition("\n")[2]


def house_notes(body: str, voice: Voice, *, language: str) -> list[str]:
    """Say where a text leaves the house's voice: words to avoid, with their line, and long sentences.

    What is quoted is left alone, and so are code, addresses and the ids of footnotes.
    """
    return [*_avoided(body, voice), *_long(body, voice, language)]


def count_words(text: str) -> int:
    """Count words; where no spaces part them, two characters are one."""
    return (len(text) + 1) // 2 if is_unspaced(text) else len(text.split())


def _avoided(body: str, voice: Voice) -> list[str]:
    if not voice.avoid:
        return []
    listed = "|".join(re.escape(word) for word in sorted(voice.avoid, key=len, reverse=True))
    rule = re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE)
    return [
        f"“{found}” is a word to avoid (line {number})"
        for number, line in enumerate(body.split("\n"), start=1)
        for found in rule.findall(unquoted(_NO_PROSE.sub(" ", line)))
    ]


def _long(body: str, voice: Voice, language: str) -> list[str]:
    limit = voice.max_sentence_words
    if limit is None:
        return []
    counted = [(found.line, count_words(found.text)) for found in sentences(body, language=language)]
    return [f"sentence of {words} words, {limit} at most (line {line})" for line, words in counted if words > limit]
