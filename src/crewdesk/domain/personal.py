"""Personal data of whom a run is about: known by field, replaced by placeholders, and put back (O6).

Journal, trace, logs and model calls have placeholders; the values stand in one table of the store alone, and in what
a person is shown at a gate. An agent that `allows` a field gets its value at the last moment, in the call itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from crewdesk.domain.canonical import Json

PersonalField = Literal["name", "first_name", "last_name", "email", "phone", "address"]
FIELDS: tuple[PersonalField, ...] = get_args(PersonalField)


@dataclass(frozen=True)
class Personal:
    """What a tool's answer says about one person, by field."""

    subject: str
    """Whom it is about: what the CRM calls the lead."""
    values: Mapping[str, str]


def placeholder(name: str) -> str:
    """Spell what stands for a field."""
    return f"[[lead.{name}]]"


@dataclass(frozen=True)
class Veil:
    """Replaces known personal data by placeholders, and puts them back; knows nothing at first."""

    values: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """By field."""

    def hide(self, value: Json) -> Json:
        """Replace what is known, in whatever spelling, by its placeholder, in every string of a JSON value."""
        return _each(value, self._hidden)

    def show(self, value: Json, *, only: Sequence[str] = FIELDS) -> Json:
        """Put the values of these fields back."""
        return _each(value, lambda text: self._shown(text, only))

    def _hidden(self, text: str) -> str:
        for name in sorted(self.values, key=lambda one: -len(self.values[one])):
            text = text.replace(self.values[name], placeholder(name))
        return text

    def _shown(self, text: str, only: Sequence[str]) -> str:
        for name, value in self.values.items():
            if name in only:
                text = text.replace(placeholder(name), value)
        return text


def _each(value: Json, change: Callable[[str], str]) -> Json:
    match value:
        case str():
            return change(value)
        case list():
            return [_each(item, change) for item in value]
        case dict():
            return {change(key): _each(item, change) for key, item in value.items()}
        case _:
            return value
