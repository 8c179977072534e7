"""What a recipe can call: text functions and the composing of passages, on plain JSON values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.passages import Passage
from crewdesk.models import handy, text
from crewdesk.models.compose import compose_post
from crewdesk.models.findings import choose_findings
from crewdesk.models.language import Languages, base_tag
from crewdesk.models.links import find_links
from crewdesk.models.matching import match, quoted, without
from crewdesk.models.materials import as_list, as_object, as_text
from crewdesk.models.notes import read_notes
from crewdesk.models.prose import Limits
from crewdesk.models.ranking import make_query, missing_words
from crewdesk.models.shape import Shape
from crewdesk.models.sources import Sources, Wishes, open_sources
from crewdesk.models.spelling import spell_findings, spell_post

_FEW_TERMS = 3
_SECTION = 150
"""Words for which a post gets one more section."""

_PLAIN: tuple[Callable[..., Any], ...] = (
    base_tag,
    handy.best_within,
    handy.cited,
    handy.cited_by,
    handy.distinct,
    handy.filled_in,
    handy.findings_cited,
    handy.fuller,
    handy.headings_of,
    handy.in_text,
    handy.lowered,
    handy.names_in,
    handy.network_limits,
    handy.one_each,
    handy.only,
    handy.paragraphs_of,
    handy.passages_of,
    handy.returned_by,
    handy.sayings,
    handy.says,
    handy.sentences_of,
    handy.share,
    handy.slug_or_hash,
    handy.stairs,
    handy.titles,
    handy.told_in,
    handy.unlisted,
    quoted,
    text.capitalised,
    text.clip,
    text.count_words,
    text.fit,
    text.plain,
)
"""Functions that need to know nothing of the house."""


class Craft:
    """The functions of one house: its languages, its limits, its table of notes."""

    def __init__(self, settings: JsonObject) -> None:
        self._languages = Languages(as_object(settings.get("languages")))
        self._limits = replace(Limits(), **_numbers(settings.get("limits"), Limits()))
        self._shape = replace(Shape(), **_numbers(settings.get("shape"), Shape()))
        self._notes = as_object(settings.get("notes"))
        self._wording = as_object(settings.get("wording"))

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Name everything a recipe can call."""
        own = (
            self.find_links,
            self.findings,
            self.headings_of_best,
            self.in_language,
            self.kin,
            self.keywords,
            self.languages_of,
            self.matches,
            self.missing,
            self.orders,
            self.post,
            self.say,
            self.search_terms,
            self.spoken,
            self.spared,
        )
        return {function.__name__: function for function in (*own, *_PLAIN)}

    def say(self, tag: str) -> JsonObject:
        """Give the house's wording in a language; what it lacks there it says in English."""
        return {**as_object(self._wording.get("en")), **as_object(self._wording.get(base_tag(tag)))}

    def languages_of(self, passages: Json) -> list[str]:
        """List the languages of the passages, as far as they can be told, the commonest first."""
        guessed = [self._languages.guess(passage.text) for passage in _passages(passages)]
        known = [tag for tag in guessed if tag]
        return sorted(set(known), key=lambda tag: (-known.count(tag), tag))

    def in_language(self, passages: Json, tag: str) -> list[JsonObject]:
        """Keep the passages of a language, and those whose language cannot be told."""
        wanted = ("", base_tag(tag))
        return [passage.to_json() for passage in _passages(passages) if self._languages.guess(passage.text) in wanted]

    def keywords(self, value: Json, count: int = 8, tag: str = "en") -> list[str]:
        """List the words and pairs of words a text uses most, best first."""
        return self._languages.get(tag).keywords(as_text(value), count)

    def search_terms(self, listed: Json, value: Json, count: int = 8, tag: str = "en") -> list[str]:
        """Keep keywords people could type, the commonest first; single words that are no names only if there are few.

        A phrase with a small word inside goes; one whose part is said at least twice as often is cut to it.
        """
        language = self._languages.get(tag)
        whole = as_text(value)
        clean = [term for term in handy.sayings(listed) if not language.stopwords & set(term.casefold().split())]
        cut = handy.varied([handy.commonest_part(term, whole.casefold()) for term in clean], len(clean))
        cut = handy.outstanding(cut, whole.casefold())
        strong = [term for term in cut if " " in term or handy.is_name(term, whole)]
        weak = [term for term in cut if term not in strong]
        return (strong + weak[: max(0, _FEW_TERMS - len(strong))])[:count]

    def matches(self, items: Json, passages: Json, marker: str, tag: str = "en") -> list[JsonObject]:
        """Pair passages with the item that shares most of the words they list behind a marker, the best first."""
        return match(items, passages, marker, self._languages.get(tag))

    def missing(self, passages: Json, topic: str, tag: str = "en") -> list[str]:
        """List the words of a topic that no passage mentions."""
        return missing_words(_passages(passages), as_text(topic), self._languages.get(tag))

    def headings_of_best(self, passages: Json, topic: str, count: int, tag: str = "en") -> list[str]:
        """Name the headings that say most on a topic: worth a search of their own."""
        groups = self._open(passages, topic, {}, tag).by_heading()
        return [group.heading for group in groups if group.heading != group.document][:count]

    def kin(self, one: str, other: str, tag: str = "en") -> bool:
        """Say whether a text holds at least half of the other's words."""
        language = self._languages.get(tag)
        sought = set(language.terms(as_text(other)))
        return len(sought & set(language.terms(as_text(one)))) * 2 >= max(1, len(sought))

    def findings(
        self, passages: Json, topic: str, count: int = 12, tag: str = "en", others: Json = None, notes: Json = None
    ) -> list[JsonObject]:
        """Choose sentences that stand alone: statement, passages, document, aspect and score of each."""
        sources = self._open(passages, topic, others, tag, notes)
        return spell_findings(choose_findings(sources, int(count), self._shape), sources)

    def post(
        self, passages: Json, topic: str, words: int, tag: str = "en", others: Json = None, notes: Json = None
    ) -> JsonObject:
        """Compose a post: opening, sections, closing, steps, each sentence as {text, id}."""
        usual = self._shape
        # A longer text needs more sections, and reaches further for them.
        sections = max(3, min(7, round(words / _SECTION)))
        worthwhile = usual.worthwhile * min(1.0, usual.words / max(1, words))
        shape = replace(usual, words=int(words), sections=sections, worthwhile=worthwhile)
        made = compose_post(self._open(passages, topic, others, tag, notes), shape)
        return spell_post(made)

    def spoken(self, passages: Json, asked: str, tag: str = "en") -> str:
        """Keep those of the asked words that the passages use."""
        language = self._languages.get(tag)
        known = [word for word in dict.fromkeys(as_text(asked).split()) if language.terms(word)]
        absent = missing_words(_passages(passages), " ".join(known), language)
        return " ".join(word for word in known if word not in absent)

    def spared(self, sentences: Json, orders: Json, tag: str = "en") -> list[str]:
        """Keep the sentences that notes, read by `orders`, do not ask to leave out."""
        asked = as_object(orders)
        return without(sentences, asked.get("avoid"), asked.get("quoted"), self._languages.get(tag))

    def orders(self, notes: Json) -> JsonObject:
        """Say what the notes gave to do: factor, length, prefer, avoid, quoted."""
        found = read_notes([as_text(note) for note in as_list(notes)], self._notes)
        return {
            "factor": found.factor,
            "length": found.length,
            "prefer": found.prefer,
            "avoid": list[Json](found.avoid),
            "quoted": list[Json](found.quoted),
        }

    def find_links(
        self, posts: Json, body: str, own_slug: str = "", tag: str = "en", count: int = 3
    ) -> list[JsonObject]:
        """Find words of the body that are also in another post's title, and link each such post once."""
        return find_links(as_list(posts), as_text(body), own_slug, self._languages.get(tag))[:count]

    def _open(self, passages: Json, topic: str, others: Json, tag: str, notes: Json = None) -> Sources:
        orders = as_object(notes)
        language = self._languages.get(tag)
        weights = {key: float(value) for key, value in as_object(others).items() if isinstance(value, (int, float))}
        wishes = Wishes(
            as_text(orders.get("prefer")),
            tuple(map(as_text, as_list(orders.get("avoid")))),
            tuple(map(as_text, as_list(orders.get("quoted")))),
        )
        weights[wishes.prefer] = float(as_text(self._notes.get("weigh")) or 3)
        query = make_query(as_text(topic), weights, language)
        return open_sources(_passages(passages), query, language, self._limits, wishes=wishes)


def _passages(passages: Json) -> list[Passage]:
    parts = [as_object(part) for part in as_list(passages)]
    return [Passage(*(as_text(part.get(key)) for key in ("id", "title", "source", "text"))) for part in parts]


def _numbers(settings: Json, defaults: object) -> Mapping[str, Any]:
    """Keep the settings that the defaults know."""
    return {key: value for key, value in as_object(settings).items() if hasattr(defaults, key)}
