"""What a person has typed at a gate: over which version, what that makes, and how long they have had it before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crewdesk.desk.review_body import Review, concerns
from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import WrongUsage
from crewdesk.web.asking import Form
from crewdesk.web.gates.look import Look
from crewdesk.web.spelling import between
from crewdesk.web.texts.changes import Change, changes
from crewdesk.web.texts.filling import PREFIX, in_order, read_fields

LONGEST_LOOK = 7200.0
"""Seconds; who had a page open for longer did not look at it all the time."""


class Unsaid(WrongUsage):
    """A decision lacks the words that are kept with it; `field` is where they belong."""

    def __init__(self, question: str, field: str) -> None:
        super().__init__(question)
        self.field = field


@dataclass(frozen=True)
class Draft:
    """What was typed, as a body that may be saved."""

    form: Form
    base: str
    """Hash of the version that it was typed over."""
    over: JsonObject
    body: JsonObject
    mistakes: Mapping[str, str]
    """What cannot be read, by the names of fields."""
    names: Mapping[str, str]
    review: Review | None = None

    @property
    def is_changed(self) -> bool:
        """Whether it differs from what it was typed over."""
        return bool(self.mistakes) or self.body != self.over

    def by_name(self, places: Mapping[str, str]) -> dict[str, str]:
        """Give problems at places of the body to the fields that stand for them, or to the nearest around them."""
        found: dict[str, str] = {}
        for place, problem in places.items():
            around = place
            while around and around not in self.names:
                around = around.rpartition("/")[0]
            found[self.names.get(around, around)] = problem
        return found

    def news(self, seen: Sequence[str], *, pruned: bool) -> list[str]:
        """List what the checks say of it that the person has not read yet.

        Of what was `pruned`, only problems count: that something found is left out is what the person has just done.
        """
        card = {} if self.review is None else self.review.card
        found = concerns({"problems": card.get("problems")} if pruned else card)
        return [said for said in found if said not in seen]

    def on_top_of(self, body: JsonObject) -> JsonObject | None:
        """Put what was changed into what stands there by now; None where not all of it can be read."""
        own = {name: value for name, value in self.body.items() if value != self.over.get(name)}
        return None if self.mistakes else body | own

    def against(self, body: JsonObject) -> tuple[Change, ...]:
        """List what saving it would change in what stands there by now."""
        return changes(body, self.on_top_of(body) or self.body)

    def meanwhile(self, body: JsonObject) -> tuple[Change, ...]:
        """List what somebody else has changed in what it was typed over."""
        return changes(self.over, body)


def read_draft(look: Look, form: Form) -> Draft:
    """Read what was typed over the version that the form names."""
    base = form.text("sha")
    version = look.version(base)
    over = look.body if version is None else in_order(look.shapes, version.body)
    filled = read_fields(look.shapes, over, form)
    return Draft(form, base, over, filled.body, filled.mistakes, filled.names)


def read_other(look: Look, form: Form) -> Draft:
    """Read the form with the other way to write a mail in place of the subject and text that were typed."""
    other = look.body.get("other")
    if not isinstance(other, dict):
        raise WrongUsage("There is no other way to write this.", hint="Edit it, or send it back with notes.")
    taken = tuple((f"{PREFIX}/{name}", str(other.get(name) or "")) for name in ("subject", "text"))
    return read_draft(look, Form((*taken, *form.pairs)))


def said(form: Form, name: str, question: str) -> str:
    """Return the words in a field; raises `Unsaid` with the question where there are none."""
    words = form.text(name).strip()
    if not words:
        raise Unsaid(question, name)
    return words


def seconds_looked(opened: str, now: str) -> float | None:
    """Say for how many seconds a page was open; None where that is not known, or too long to mean anything."""
    try:
        datetime.fromisoformat(opened)
        passed = between(opened, now)
    except (ValueError, TypeError):
        return None
    return passed if 0 <= passed <= LONGEST_LOOK else None
