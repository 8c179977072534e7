"""Which of our passages speaks to what is known of somebody: by the words that we list for each, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.text.quotations import quotations
from crewdesk.models.language import Language
from crewdesk.models.materials import as_list, as_object, as_text

_WEIGHT = 1.0


def match(items: Json, passages: Json, marker: str, language: Language) -> list[JsonObject]:
    """Pair each passage with the item that shares most of its listed words: statement, words in common, weight.

    Listed words stand behind `marker`, with commas between; one of several words counts where an item has all of
    them. Of a statement that quotes somebody only the quotation is looked at.
    """
    found: list[JsonObject] = []
    for passage in map(as_object, as_list(passages)):
        phrases = list(_phrases(as_text(passage.get("text")), marker))
        rated = [(item, _shared(item, phrases, language)) for item in map(as_object, as_list(items))]
        rated = [(item, shared) for item, shared in rated if shared]
        if rated:
            item, shared = max(rated, key=lambda pair: _weight(pair[0]) * len(pair[1]))
            heading = as_text(passage.get("title")).split(" — ")[-1]
            weight = _weight(item) * len(shared)
            found.append({**item, "offer": passage.get("id"), "heading": heading, "words": [*shared], "weight": weight})
    return sorted(found, key=lambda one: -_weight(one))


def without(sentences: Json, avoid: Json, spoken: Json, language: Language) -> list[str]:
    """Leave out sentences that hold all words of something to avoid, or that somebody quoted to be left out."""
    avoided = [terms for text in as_list(avoid) if (terms := set(language.terms(as_text(text))))]
    listed = [as_text(sentence) for sentence in as_list(sentences)]
    quotes = [as_text(text) for text in as_list(spoken)]
    return [
        sentence
        for sentence in listed
        if not any(terms <= set(language.terms(sentence)) for terms in avoided)
        and not any(text in sentence or sentence in text for text in quotes)
    ]


def quoted(text: str) -> str:
    """Give the first words that a text quotes; empty where it quotes none."""
    return next((text[start:end].strip() for start, end in quotations(text)), "")


def _phrases(text: str, marker: str) -> Iterator[str]:
    if marker and marker in text:
        yield from filter(None, (part.strip(" .\n") for part in re.split(r"[,;،、]", text.split(marker, 1)[1])))


def _shared(item: JsonObject, phrases: list[str], language: Language) -> list[str]:
    statement = as_text(item.get("statement"))
    terms = set(language.terms(quoted(statement) or statement))
    return [phrase for phrase in phrases if (own := set(language.terms(phrase))) and own <= terms]


def _weight(item: JsonObject) -> float:
    weight = item.get("weight")
    return float(weight) if isinstance(weight, (int, float)) else _WEIGHT
