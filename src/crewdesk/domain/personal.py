"""Personal data of whom a run is about: known by field, replaced by placeholders, and put back (O6).

Journal, trace, logs and model calls have placeholders; the values stand in one table of the store alone, and in what
a person is shown at a gate. An agent that `allows` a field gets its value at the last moment, in the call itself.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import Literal, get_args
from urllib.parse import quote

from crewdesk.domain.canonical import Json
from crewdesk.domain.text.decoded import Decoded
from crewdesk.domain.text.spellings import (
    SHORTEST_WORDING,
    address_spellings,
    email_spellings,
    full_name_spellings,
    name_spellings,
    phone_spellings,
    wordings,
    words_of,
)

PersonalField = Literal["name", "first_name", "last_name", "email", "phone", "address"]
FIELDS: tuple[PersonalField, ...] = get_args(PersonalField)
PUBLIC = "public"
"""Beside the fields: a name that is nobody's secret though a person's may stand in it, as in Brauer Werkzeuge GmbH."""

_PLACEHOLDER = re.compile(r"\[\[\s*lead\.(\w+)\s*\]\]")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\"<>]{0,500}\[\[lead\.[^\s\"<>]{0,500}")
_PASSES = 50
"""More than any text needs that was not made to take long."""
_RECENT = 32
"""How many people's patterns are kept at hand."""


@dataclass(frozen=True)
class Personal:
    """What a tool's answer says about one person, by field."""

    subject: str
    """Whom it is about: what the CRM calls the lead."""
    values: Mapping[str, str]
    """By field; also what is public."""


def placeholder(name: str) -> str:
    """Spell what stands for a field."""
    return f"[[lead.{name}]]"


@dataclass(frozen=True)
class Veil:
    """Replaces known personal data by placeholders, and puts them back; knows nothing at first."""

    values: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """By field."""

    def hide(self, value: Json) -> Json:
        """Replace what is known, in whatever spelling, by its placeholder, in every string of a JSON value.

        Doing it twice is doing it once. Names by themselves stay in keys, which are words of ours.
        """
        if not self.values:
            return value
        known = _known(tuple(sorted(self.values.items())))
        return _each(value, known.hidden, known.hidden_in_key)

    def show(self, value: Json, *, only: Sequence[str] = FIELDS) -> Json:
        """Put the values of these fields back; a placeholder that is somebody's value stays what it is."""
        return _each(value, lambda text: self._shown(text, only), str)

    def show_in_json(self, text: str, *, only: Sequence[str] = FIELDS) -> str:
        """Put values back into a JSON text, which stays one; what is none stays as it is."""
        if not self.placeholders(text, only=only):
            return text
        try:
            return json.dumps(self.show(json.loads(text), only=only), ensure_ascii=False)
        except ValueError:
            return text

    def placeholders(self, value: Json, *, only: Sequence[str] = FIELDS) -> list[str]:
        """List the fields whose values would be put back."""
        found: set[str] = set()

        def note(text: str) -> str:
            found.update(_PLACEHOLDER.findall(text))
            return text

        _each(value, note, str)
        return sorted(found & set(only) & set(self.values))

    def _shown(self, text: str, only: Sequence[str]) -> str:
        def in_address(found: re.Match[str]) -> str:
            return _PLACEHOLDER.sub(lambda one: self._value(one, only, _in_address), found[0])

        return _PLACEHOLDER.sub(lambda one: self._value(one, only, str), _ADDRESS.sub(in_address, text))

    def _value(self, found: re.Match[str], only: Sequence[str], spelled: Callable[[str], str]) -> str:
        known = found[1] in only and found[1] in self.values
        return spelled(self.values[found[1]]) if known else found[0]


class _Known:
    """Patterns for what is known, made once; spellings.py says what is found."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict.fromkeys((*FIELDS, PUBLIC), "") | {name: _plain(text) for name, text in values.items()}
        first, last, name = self._values["first_name"], self._values["last_name"], self._values["name"]
        self._alone = {"first_name": first, "last_name": last} if first or last else {"name": name}
        self._parts = (first, last) if first and last else (name.rpartition(" ")[0], name.rpartition(" ")[2])

    def hidden(self, text: str) -> str:
        return _replaced(text, *self._all)

    def hidden_in_key(self, text: str) -> str:
        return _replaced(text, *self._distinctive)

    @cached_property
    def _all(self) -> _Patterns:
        alone = [_of(name, value, name_spellings(value)) for name, value in self._alone.items()]
        return _joined([*self._unmistakable(), *self._kept(), *chain.from_iterable(alone)])

    @cached_property
    def _distinctive(self) -> _Patterns:
        return _joined(self._unmistakable())

    def _unmistakable(self) -> Iterator[_Spelling]:
        yield from _of("email", self._values["email"], email_spellings(self._values["email"]))
        yield from _of("phone", self._values["phone"], phone_spellings(self._values["phone"]))
        yield from _of("address", self._values["address"], address_spellings(self._values["address"]))
        yield from _of("name", " ".join(self._parts), full_name_spellings(*self._parts))

    def _kept(self) -> Iterator[_Spelling]:
        """Leave a company's name alone in which a person's last name stands, unless it says who the person is."""
        company = self._values[PUBLIC]
        words = words_of(company)
        own = {word for name in self._alone.values() for word in words_of(name)}
        firsts = set(words_of(self._values["first_name"]))
        if own & set(words) and not firsts & set(words) and not own.issuperset(words):
            yield from _of(None, company, wordings(company))
            yield from _of(None, company, wordings(" ".join(_without_form(words, own))))


_Spelling = tuple[str | None, int, str]
"""A field, or none for what stays; how long its value is; a pattern."""
_Each = list[tuple[str | None, re.Pattern[str]]]
_Patterns = tuple[re.Pattern[str], _Each]
"""All in one, to find where something is known, and each, to say what."""


@lru_cache(_RECENT)
def _known(values: tuple[tuple[str, str], ...]) -> _Known:
    return _Known(dict(values))


def _in_address(value: str) -> str:
    """Spell a value as pages about people are called."""
    return "-".join(words_of(value)) if " " in value else quote(value, safe="@")


def _plain(value: str) -> str:
    """Read a value as texts are read; a placeholder that somebody gave as their name is nobody's name."""
    return unicodedata.normalize("NFC", _PLACEHOLDER.sub(" ", Decoded(value).text)).strip()


def _of(name: str | None, value: str, patterns: Iterator[str]) -> Iterator[_Spelling]:
    yield from ((name, len(value), pattern) for pattern in patterns)


def _without_form(words: list[str], own: set[str]) -> list[str]:
    """Take from the end what people leave out of a company's name, such as GmbH; Brauer alone is the person."""
    for length in range(2, len(words)):
        said = words[:length]
        if own & set(said) and any(len(word) >= SHORTEST_WORDING for word in set(said) - own):
            return said
    return words


def _joined(found: Iterable[_Spelling]) -> _Patterns:
    """Put patterns together, the longest value first; a placeholder is never looked into."""
    names: dict[str, str | None] = {_PLACEHOLDER.pattern: None}
    for name, _, pattern in sorted(found, key=lambda one: -one[1]):
        names.setdefault(pattern, name)
    return re.compile("|".join(names)), [(name, re.compile(pattern)) for pattern, name in names.items()]


def _replaced(text: str, anything: re.Pattern[str], each: _Each) -> str:
    """Replace until nothing is left: what stands beside a placeholder may be a word by itself only now."""
    for _ in range(_PASSES):
        after = _replaced_once(text, anything, each)
        if after == text:
            break
        text = after
    return text


def _replaced_once(text: str, anything: re.Pattern[str], each: _Each) -> str:
    read = Decoded(text)
    parts: list[str] = []
    end = 0
    for found in anything.finditer(read.text):
        name = next(name for name, one in each if one.match(read.text, found.start()))
        if name is not None:
            start, after = read.written(*found.span())
            parts += [text[end:start], placeholder(name)]
            end = after
    return "".join([*parts, text[end:]])


def _each(value: Json, change: Callable[[str], str], in_key: Callable[[str], str]) -> Json:
    match value:
        case str():
            return change(value)
        case list():
            return [_each(item, change, in_key) for item in value]
        case dict():
            return {in_key(key): _each(item, change, in_key) for key, item in value.items()}
        case _:
            return value
