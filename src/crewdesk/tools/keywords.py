"""Keywords of a text without a model: yake, and repeated runs of ideographs."""

from __future__ import annotations

import re
from collections import Counter

from crewdesk.domain.canonical import JsonObject
from crewdesk.tools.stop_words import feed_words, stop_words
from crewdesk.tools.words import phrases

_TWICE = 2
_CANDIDATES = 80
_MOST_TEXT = 200_000
"""Characters that are looked at: the subject of a longer text does not change after these."""
_LONG = 150
"""Words from which a keyword that is used once is an accident."""


def keywords(text: str, *, language: str, most: int) -> list[JsonObject]:
    """List what a text is about, best first, each with `keyword`, `uses` and yake's `score` (low is good).

    Ordered by yake's score over the square of the number of words, because people search for phrases.
    Chinese and Japanese have no spaces for yake to go by: there it is what is said twice, without a score.
    """
    text = text[:_MOST_TEXT]
    if is_unspaced(text):
        return _repeated(text, language=language, most=most)
    import yake  # pyright: ignore[reportMissingTypeStubs]

    extractor = yake.KeywordExtractor(lan=language.lower()[:2], n=3, dedupLim=0.9, top=_CANDIDATES)
    found = [(score / len(term.split()) ** 2, term, score) for term, score in extractor.extract_keywords(text)]
    least = _TWICE if len(text.split()) > _LONG else 1
    weak = feed_words() | stop_words(language)
    chosen: list[JsonObject] = []
    for _, term, score in sorted(found):
        uses = _uses(term, text)
        says_little = all(word.casefold() in weak for word in term.split())
        if uses < least or says_little or any(_says_the_same(term, str(one["keyword"])) for one in chosen):
            continue
        chosen.append({"keyword": term, "uses": uses, "score": round(score, 4)})
    return chosen[:most]


def _uses(term: str, text: str) -> int:
    """Count how often a term occurs, its plural included."""
    return len(re.findall(rf"(?<!\w){re.escape(term.casefold())}(?:s?)(?!\w)", text.casefold()))


def is_unspaced(text: str) -> bool:
    """Whether a good part of the text is written without spaces, as Chinese, Japanese or Thai is."""
    unspaced = len(re.findall("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]", text))
    return unspaced > 0.2 * len(re.findall(r"\w", text))


def _says_the_same(term: str, other: str) -> bool:
    """One holds all the words of the other, plural or not."""
    these, those = (set(re.sub(r"s\b", "", text.casefold()).split()) for text in (term, other))
    return these <= those or those <= these


def _repeated(text: str, *, language: str, most: int) -> list[JsonObject]:
    often = Counter(phrase.text for phrase in phrases(text, stop=stop_words(language), weak=feed_words()))
    kept: list[str] = []
    for term in sorted((term for term, uses in often.items() if uses >= _TWICE), key=lambda term: (-len(term), term)):
        # A part of a longer term says something of its own only where it occurs without it.
        if not any(term in other and often[other] >= often[term] for other in kept):
            kept.append(term)
    kept.sort(key=lambda term: (-often[term] * len(term), term))
    return [{"keyword": term, "uses": often[term], "score": None} for term in kept[:most]]
