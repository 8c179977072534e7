"""A review at its gate: each finding, test and proposal with the box that keeps it, and the fields that mend it.

The boxes are those of the typed fields, so what is left out here is an edit like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import released_by
from crewdesk.domain.review.findings import SEVERITIES
from crewdesk.domain.text.visible import visible
from crewdesk.web.gates.look import Look
from crewdesk.web.texts.fields import Field, Row, objects
from crewdesk.web.texts.renderings import html_of
from crewdesk.web.texts.reviews import Cards, cards_of

OWN = ("title", "summary")
"""What of a review stands above its findings, and can be edited."""
MENDED = ("title", "explanation", "evidence", "suggestion", "severity")
"""What of a finding can be edited; the rest is what code found, and would be wrong if it were something else."""
LONG = ("explanation", "evidence", "suggestion")
"""What of that wants more than a line."""


class Card(Protocol):
    """What a person keeps or leaves out."""

    @property
    def about(self) -> str:
        """What a person calls it."""
        ...


@dataclass(frozen=True)
class Choice:
    """One card and what can be done about it."""

    card: Card
    name: str
    """The field of the list that it stands in."""
    row: Row | None = None
    """Its row in the form; None where nothing can be chosen."""
    fields: tuple[Field, ...] = ()
    is_mended: bool = False
    """Whether its fields hold something that is not saved, or wrong."""

    @property
    def keep(self) -> bool:
        """Whether it is posted."""
        return self.row is None or self.row.keep


@dataclass(frozen=True)
class Pruning:
    """A review, and what of it is kept."""

    cards: Cards
    title: str
    summary: str
    """As HTML that is sanitised."""
    address: str
    head: str
    head_name: str
    base: str
    not_read: tuple[str, ...]
    findings: tuple[Choice, ...]
    tests: tuple[Choice, ...]
    documentation: tuple[Choice, ...]
    own: tuple[Field, ...]
    is_mended: bool
    """Whether the fields above the findings hold something that is not saved, or wrong."""
    approved_before: str
    """Who has approved these very bytes at another gate; empty where nobody did."""

    @property
    def severities(self) -> tuple[tuple[str, int], ...]:
        """How many findings there are of each severity, the gravest first."""
        counted = Counter(card.finding.severity for card in self.cards.findings)
        return tuple((severity, counted[severity]) for severity in SEVERITIES if severity in counted)

    @property
    def authors(self) -> tuple[tuple[str, int], ...]:
        """How many findings there are of each who found any, the busiest first."""
        return tuple(Counter(card.finding.by for card in self.cards.findings if card.finding.by).most_common())


def pruning_of(look: Look, body: JsonObject, fields: Sequence[Field]) -> Pruning | None:
    """Read a review with the fields that were made of it; None where this gate is about something else."""
    if not look.is_review:
        return None
    cards, _ = cards_of("Review", body)
    by_title = {one.shape.title: one for one in fields}
    text = {name: visible(str(body.get(name) or "")) for name in (*OWN, "target", "head", "head_name", "base")}
    own = [one for title, one in by_title.items() if title in OWN or _is_other(one)]
    unread = body.get("not_read")
    return Pruning(
        cards=cards,
        title=text["title"],
        summary=html_of(text["summary"]),
        address=text["target"],
        head=text["head"],
        head_name=text["head_name"],
        base=text["base"],
        not_read=tuple(visible(str(one)) for one in unread) if isinstance(unread, list) else (),
        findings=choices(cards.findings, by_title.get("findings"), body, mended=MENDED, long=LONG),
        tests=choices(cards.tests, by_title.get("tests"), body),
        documentation=choices(cards.documentation, by_title.get("documentation"), body),
        own=tuple(own),
        is_mended=_is_mended(own, body),
        approved_before=_approved_before(look),
    )


def _is_other(field: Field) -> bool:
    """Say whether a list cannot be shown as cards with boxes, such as one of hundreds; it is edited as it is."""
    return field.shape.title in ("findings", "tests", "documentation") and field.shape.kind != "rows"


def choices(
    cards: Sequence[Card],
    field: Field | None,
    body: JsonObject,
    *,
    mended: Sequence[str] = (),
    long: Sequence[str] = (),
) -> tuple[Choice, ...]:
    """Give each card its row of the form: its box, and the fields that mend it."""
    if field is None or field.shape.kind != "rows":
        return tuple(Choice(card, "") for card in cards)
    rows = {row.index: row for row in field.rows if not row.new}
    items = objects(body.get(field.shape.title))
    found: list[Choice] = []
    for index, card in enumerate(cards):
        row = rows.get(index, Row(index, keep=False, parts=()))
        parts = {part.shape.title: part for part in row.parts}
        own = tuple(replace(parts[name], long=name in long) for name in mended if name in parts)
        found.append(Choice(card, field.name, row, own, is_mended=_is_mended(own, items[index])))
    return tuple(found)


def _is_mended(fields: Sequence[Field], before: Mapping[str, object]) -> bool:
    plain = [one for one in fields if one.shape.kind in ("text", "choice")]
    return any(one.error for one in fields) or any(one.text != (before.get(one.shape.title) or "") for one in plain)


def _approved_before(look: Look) -> str:
    gate = look.gate
    others = [one for one in look.file.gates if one.id != gate.id and one.verb == "approve"]
    return next(
        (" and ".join(released_by(one)) for one in reversed(others) if gate.sha and one.noted_sha == gate.sha), ""
    )
