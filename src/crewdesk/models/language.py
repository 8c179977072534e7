"""What the house knows of a language: its small words, weak openings, and the cues of an aspect."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.models.text import capitalised, terms, words

_SAMPLE = 4_000
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Language:
    """One language as config/offline.yaml describes it; an unknown one has a tag and no words."""

    tag: str
    stopwords: frozenset[str] = frozenset()
    script: re.Pattern[str] = _NEVER
    """Characters that only this language uses, where it has such."""
    weak: re.Pattern[str] = _NEVER
    """Openings that lean on the sentence before: This, However, …"""
    leaning: re.Pattern[str] = _NEVER
    """Words anywhere that do so: such a, these, …"""
    aspects: Mapping[str, re.Pattern[str]] = field(default_factory=dict[str, re.Pattern[str]])
    """What a sentence is about: what, why, wrong, do, figures."""

    def terms(self, text: str) -> list[str]:
        """List the stems a text can be found by, without this language's small words."""
        return terms(text, self.stopwords)

    def aspect_of(self, sentence: str) -> str:
        """Name the first aspect whose cue stands in the sentence, or ''."""
        return next((name for name, cue in self.aspects.items() if cue.search(sentence)), "")

    def keywords(self, text: str, count: int) -> list[str]:
        """List the words and pairs of words a text uses most, best first; a pair weighs more than its parts."""
        weights: Counter[str] = Counter()
        before = ""
        for word in words(text[:200_000]):
            small = word.casefold()
            if small in self.stopwords or len(small) < 3 or small.isdigit():  # noqa: PLR2004 - "ab" is no keyword
                before = ""
                continue
            weights[small] += 2
            if before and before != small:
                weights[f"{before} {small}"] += 3
            before = small
        found: list[str] = []
        for term, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
            if weight > 3 and not any(term in kept or kept in term for kept in found):  # noqa: PLR2004 - said twice
                found.append(term)
        return found[:count]


class Languages:
    """The languages the house knows, by tag; any other tag gives a language without words."""

    def __init__(self, settings: JsonObject) -> None:
        self._known = {tag: _language(tag, value) for tag, value in settings.items() if isinstance(value, dict)}

    def get(self, tag: str) -> Language:
        """Give the language of a BCP 47 tag, by its first part."""
        base = base_tag(tag)
        return self._known.get(base, Language(base))

    def guess(self, text: str) -> str:
        """Name the language of a text by its script, then by its small words; '' where neither tells."""
        sample = text[:_SAMPLE]
        scripts = {tag: len(known.script.findall(sample)) for tag, known in self._known.items()}
        if scripts and max(scripts.values()) * 8 > len(sample):
            return max(scripts, key=lambda tag: scripts[tag])
        small = [word.casefold() for word in words(sample)]
        hits = {tag: sum(word in known.stopwords for word in small) for tag, known in self._known.items()}
        best = max(hits, key=lambda tag: hits[tag], default="")
        # In running prose a quarter of the words are small ones; a sixth is enough to be sure.
        return best if best and hits[best] * 6 >= len(small) and hits[best] > 1 else ""


def base_tag(tag: str) -> str:
    """Take the language out of a tag: pt-BR is pt."""
    return re.split(r"[-_]", tag.strip().casefold() or "en")[0]


def _language(tag: str, settings: JsonObject) -> Language:
    aspects = settings.get("aspects")
    return Language(
        tag,
        stopwords=frozenset(_text(settings.get("stopwords")).casefold().split()),
        script=_pattern(settings.get("script")),
        weak=_openings(_text(settings.get("weak"))),
        leaning=_pattern(settings.get("leaning")),
        aspects={k: _pattern(v) for k, v in aspects.items()} if isinstance(aspects, dict) else {},
    )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _pattern(value: Json) -> re.Pattern[str]:
    return re.compile(value) if isinstance(value, str) and value else _NEVER


def _openings(listed: str) -> re.Pattern[str]:
    """Make a pattern of openings out of a list with commas."""
    spelt = [re.escape(capitalised(piece.strip())) for piece in listed.split(",") if piece.strip()]
    return re.compile(rf"(?:{'|'.join(spelt)})(?!\w)") if spelt else _NEVER
