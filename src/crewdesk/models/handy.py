"""Small functions for recipes: what can be said of plain JSON values without knowing a language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crewdesk.domain.canonical import Json, JsonObject, sha256
from crewdesk.models.materials import as_list, as_object, as_text
from crewdesk.models.text import capitalised, clip, fit, plain, sentences, slug, terms

_ROOMY = 1000
"""Characters from which a share text has room for the post's headings."""
_LIMIT = re.compile(r"([^\d,;]+?)[\s:=(]+(\d{2,6})")


def cited(parts: Json) -> str:
    """Write sentences `{text, id}` as a paragraph, each with its footnote after the full stop."""
    return " ".join(
        f"{as_text(part.get('text'))}[^{as_text(part.get('id'))}]" for part in map(as_object, as_list(parts))
    )


def findings_cited(findings: Json) -> str:
    """Write findings `{statement, passages}` as a paragraph, each with its footnotes."""
    pieces: list[str] = []
    for finding in map(as_object, as_list(findings)):
        marks = "".join(f"[^{as_text(each)}]" for each in as_list(finding.get("passages")))
        pieces.append(as_text(finding.get("statement")) + marks)
    return " ".join(pieces)


def passages_of(findings: Json) -> list[Json]:
    """Make passages of findings, for a writer who was given no passages: one for each statement."""
    made: list[Json] = []
    for finding in map(as_object, as_list(findings)):
        listed = as_list(finding.get("passages"))
        if listed:
            made.append({"id": listed[0], "title": "", "source": "", "text": finding.get("statement")})
    return made


def cited_by(findings: Json, passages: Json) -> list[JsonObject]:
    """Keep the passages that some finding names: what was found besides is no source."""
    named = {as_text(id_) for finding in map(as_object, as_list(findings)) for id_ in as_list(finding.get("passages"))}
    return [part for part in map(as_object, as_list(passages)) if as_text(part.get("id")) in named]


def returned_by(answers: Json) -> list[JsonObject]:
    """Collect the passages in the answers of one tool, each once, in order."""
    found: dict[str, JsonObject] = {}
    for answer in map(as_object, as_list(answers)):
        for part in map(as_object, as_list(answer.get("passages"))):
            found.setdefault(as_text(part.get("id")), part)
    return list(found.values())


def lowered(heading: str, context: str) -> str:
    """Begin with a small letter where the first word stands so in the context; a name keeps its capital."""
    first = heading.split(" ", 1)[0].strip(",;:")
    small = first[:1].lower() + first[1:]
    known = bool(small) and re.search(rf"(?<![\w.?!]){re.escape(small)}(?!\w)", context)
    return heading[:1].lower() + heading[1:] if known else heading


def network_limits(listed: str) -> list[JsonObject]:
    """Read networks and their limits: `LinkedIn 1300, Mastodon 500`."""
    return [{"network": name.strip(), "limit": int(most)} for name, most in _LIMIT.findall(as_text(listed))]


def only(items: Json, *keys: str) -> list[JsonObject]:
    """Keep these keys of each object."""
    return [{key: part.get(key) for key in keys} for part in map(as_object, as_list(items))]


def stairs(count: float, table: Json) -> float:
    """Look a number up in steps [[from, value], …]: the value of the highest step it reaches."""
    reached = 0.0
    for step in as_list(table):
        start, value = (step[0], step[1]) if isinstance(step, list) else (0, 0)
        if isinstance(start, (int, float)) and isinstance(value, (int, float)) and count >= start:
            reached = float(value)
    return reached


def names_in(items: Json, *keys: str) -> list[str]:
    """Read names as tools spell them: texts, or objects that hold them under one of these keys; each once."""
    found: dict[str, None] = {}
    for item in as_list(items):
        told = [item.get(key) for key in keys if item.get(key)] if isinstance(item, dict) else [item]
        name = as_text(told[0]).strip() if told else ""
        if name:
            found[name] = None
    return list(found)


def unlisted(candidates: Json, taken: Json) -> str:
    """Take the first candidate that is not taken; with a number behind it where all are."""
    used = {as_text(each) for each in as_list(taken)}
    wanted = [name for each in as_list(candidates) if (name := as_text(each))]
    numbered = (f"{wanted[0]}-{n}" for n in range(2, len(used) + 3)) if wanted else iter(())
    return next((name for name in [*wanted, *numbered] if name not in used), "")


def slug_or_hash(candidates: Json, limit: int = 60) -> list[str]:
    """Spell each candidate as part of an address; one that no letter can spell becomes `post-` and its hash."""
    texts = [text for each in as_list(candidates) if (text := as_text(each))]
    return [slug(text, limit) or f"post-{sha256(text)[:8]}" for text in texts]


def paragraphs_of(body: str) -> list[str]:
    """List a post's paragraphs without headings, footnotes and its last line in italics."""
    blocks = re.split(r"\n\s*\n", as_text(body))
    kept = [block for block in blocks if block.strip() and not block.lstrip().startswith(("#", "*", "|", "```"))]
    return [plain(block) for block in kept]


def headings_of(body: str) -> list[str]:
    """List a post's headings."""
    return [plain(found) for found in re.findall(r"^#{1,6}\s+(.+)$", as_text(body), re.MULTILINE)]


def says(value: Json) -> str:
    """Say a value in words, without spaces around."""
    return as_text(value).strip()


def sayings(value: Json) -> list[str]:
    """List what a value says: a list's items in words, anything else as one, nothing where it is empty."""
    return [text for each in as_list(value) if (text := says(each))]


def best_within(texts: Sequence[str], least: int, most: int) -> str:
    """Take the first text whose length lies within the bounds, or else ''."""
    return next((text for text in map(as_text, texts) if least <= len(text) <= most), "")


def fuller(name: str, others: Json, most: int = 8) -> str:
    """Take the longest of the other names that holds this one, in at most so many words; else the name."""
    holding = [each for each in sayings(others) if name.casefold() in each.casefold() and len(each.split()) <= most]
    return max([name, *holding], key=len)


def filled_in(templates: Json, topic: str) -> list[str]:
    """Put the topic into each template; nothing without a topic."""
    return [as_text(each).replace("{topic}", topic) for each in as_list(templates)] if topic else []


def one_each(items: Json, key: str, count: int) -> list[JsonObject]:
    """Take the first object of each value of a key, then fill up with the others in their order."""
    listed = [as_object(item) for item in as_list(items)]
    values = [as_text(item.get(key)) for item in listed]
    first = [item for at, item in enumerate(listed) if values[at] not in values[:at]]
    rest = [item for at, item in enumerate(listed) if values[at] in values[:at]]
    return (first + rest)[:count]


def titles(topic: str, headings: Json, context: str) -> list[str]:
    """Join the topic with each heading, `Topic: heading`; headings that repeat the topic come last."""
    told = set(terms(topic))
    joinable = topic and topic[-1] not in "?!.:？！。"
    listed = [heading for each in as_list(headings) if (heading := as_text(each))] if joinable else []
    listed.sort(key=lambda heading: len(told & set(terms(heading))) > 1)
    return [f"{capitalised(topic)}: {lowered(heading, context)}" for heading in listed]


def told_in(post: JsonObject) -> str:
    """Give a composed post's sentences without headings and footnotes."""
    sections = [as_object(each) for each in [*as_list(post.get("sections")), post.get("closing")]]
    parts = [
        post.get("opening"),
        *(part for each in sections for part in as_list(each.get("paragraphs"))),
        post.get("steps"),
    ]
    return " ".join(as_text(as_object(sentence).get("text")) for part in parts for sentence in as_list(part))


def sentences_of(paragraphs: Json, language: str) -> list[str]:
    """List the sentences of several paragraphs."""
    return [sentence for each in as_list(paragraphs) for sentence in sentences(as_text(each), language)]


def in_text(listed: Json, text: str) -> list[str]:
    """Keep the terms that stand in a text, in small letters or large."""
    small = as_text(text).casefold()
    return [term for each in as_list(listed) if (term := as_text(each)) and term.casefold() in small]


def commonest_part(term: str, text: str) -> str:
    """Cut a phrase of three or more words to a pair of its words that stands in the text at least twice as often."""
    split = term.split()
    pairs = [" ".join(split[at : at + 2]) for at in range(len(split) - 1)]
    best = max(pairs, key=lambda pair: text.count(pair.casefold()), default=term)
    uses = text.count(term.casefold())
    often = len(split) > 2 and 0 < 2 * uses <= text.count(best.casefold())  # noqa: PLR2004 - a pair is short enough
    return best if often else term


def outstanding(listed: Sequence[str], text: str) -> list[str]:
    """Put the commonest first; a term that shares a word with one used three times as often is left out."""
    uses = {term: text.count(term.casefold()) for term in listed}
    kept: list[str] = []
    for term in sorted(listed, key=lambda each: -uses[each]):
        own = set(term.casefold().split())
        if not any(own & set(other.casefold().split()) and uses[other] >= 3 * uses[term] for other in kept):
            kept.append(term)
    return kept


def is_name(word: str, text: str) -> bool:
    """Say whether a word is only ever written with a capital, and often enough to be no accident."""
    return word[:1].isupper() and text.count(word) > 2 and word.lower() not in text  # noqa: PLR2004


def distinct(listed: Json) -> list[str]:
    """Keep the first of texts that differ only in capitals, hyphens or the forms of their words."""
    found: dict[tuple[str, ...], str] = {}
    for each in sayings(listed):
        found.setdefault(tuple(sorted(terms(each))) or (each,), each)
    return list(found.values())


def varied(listed: Json, count: int) -> list[str]:
    """Keep terms that are no part of one another, the first of such winning."""
    kept: list[str] = []
    for term in map(as_text, as_list(listed)):
        small = term.casefold()
        if small and not any(small in other.casefold() or other.casefold() in small for other in kept):
            kept.append(term)
    return kept[:count]


def share(limit: int, title: str, lines: Json, headings: Json, address: str, lead: str) -> str:
    """Write a share text within a limit: the post's own opening, its headings where there is room, the address."""
    tail = f"\n\n{address}" if address and len(address) + 2 < limit else ""
    told = [line for each in as_list(lines) if "!" not in (line := as_text(each))]
    listed = "\n".join(f"- {as_text(each)}" for each in as_list(headings))
    contents = f"\n\n{lead}\n{listed}" if listed and limit >= _ROOMY else ""
    text = fit(told, limit - len(tail) - len(contents)) if len(tail) + len(contents) < limit else ""
    return ((text or clip(as_text(title), limit - len(tail) - len(contents))) + contents + tail).strip()
