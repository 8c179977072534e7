"""People at the desk, what each may do, and how a name was come by."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Proof = Literal["login", "token", "typed", ""]
"""How a name was come by: a password, an API token, or somebody typed it; empty for Crewdesk's own doings."""

EVERY_CREW = "*"


def person(name: str) -> str:
    """Spell a name so that one person is one person, whatever the case, the spaces and what cannot be seen."""
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen.casefold()).split())


@dataclass(frozen=True)
class Person:
    """Somebody with a place at the desk; everybody who has one may look at everything."""

    id: str
    name: str
    admin: bool = False
    """May do everything that a gate does not leave to others."""
    approves: tuple[str, ...] = ()
    """Crews whose runs they may start and decide about; `*` for all."""
    notify_env: str = ""
    """Variable with their own addresses for notices; empty where they have none."""

    def may_work_on(self, crew: str) -> bool:
        """Say whether they may start, change and decide runs of this crew."""
        return self.admin or EVERY_CREW in self.approves or crew in self.approves


@dataclass(frozen=True)
class People:
    """Everybody of config/people.yaml; without a single one the desk takes anybody at their word."""

    by_id: Mapping[str, Person] = field(default_factory=dict[str, Person])

    def __bool__(self) -> bool:
        return bool(self.by_id)

    def find(self, name: str) -> Person | None:
        """Find somebody by id, whatever the case."""
        wanted = person(name)
        return next((somebody for id_, somebody in self.by_id.items() if person(id_) == wanted), None)


@dataclass(frozen=True)
class Session:
    """Somebody's visit in a browser; `id` is the hash of what the browser holds."""

    id: str
    person: str
    proof: Proof
    created: str
    seen: str
    expires: str


@dataclass(frozen=True)
class Token:
    """A key to the API; `id` is a hash of it, so that nobody can take it from the database."""

    id: str
    person: str
    label: str
    created: str
    used: str | None = None
