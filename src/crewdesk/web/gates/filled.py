"""The page of a gate: what was looked at, and what was typed so far, as templates want it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

from crewdesk.desk.review_body import Review, concerns
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gate_times import is_overdue
from crewdesk.domain.gates import WHY, approvers, decided_by, marked, released_by
from crewdesk.web.asking import Ask, Form
from crewdesk.web.gates.evidence import EvidenceCard, evidence_of
from crewdesk.web.gates.look import Look
from crewdesk.web.gates.next_steps import address_of_posts, approval_says, letter_of, steps_after
from crewdesk.web.gates.pruning import pruning_of
from crewdesk.web.gates.sales import sales_of
from crewdesk.web.pages import show
from crewdesk.web.texts.changes import Change
from crewdesk.web.texts.filling import show_fields
from crewdesk.web.texts.marks import Marked
from crewdesk.web.texts.renderings import Around, Rendering, render

DONE: Mapping[str, tuple[str, str]] = {
    "saved": ("good", "Saved as a version of its own. Nobody has approved it yet."),
    "unapproved": (
        "warn",
        "Saved, and not approved: the checks say something new, below. Approve it if it shall go on in spite of that.",
    ),
    "same": ("", "Nothing differs from the version shown, so nothing was saved."),
    "waived": ("good", "Noted, with your name and your reason."),
    "delegated": ("good", "Handed on."),
    "other": ("good", "The other way to write it is in the fields now, not saved yet."),
    "approved": ("good", "Your approval counts. Another person must approve this version too."),
}
"""What a page says after something was done, by the word in its address."""


@dataclass(frozen=True)
class Typed:
    """What a person has filled in and what became of it; nothing, where they only look."""

    form: Form = field(default_factory=Form)
    kind: str = ""
    """How the note looks: `good`, `warn`, `bad`."""
    note: str = ""
    status: int = 200
    base: JsonObject | None = None
    """The version that the fields were filled over, where that is not the one shown."""
    merged: JsonObject | None = None
    """What was typed, put on top of what somebody else has saved meanwhile."""
    dirty: bool = False
    """Whether the fields hold something that is not saved."""
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    """By the names of fields."""
    review: Review | None = None
    conflict: tuple[Change, ...] = ()
    """What saving would change in what somebody else has saved meanwhile."""
    wanting: str = ""
    """The field whose words are missing; the note is shown there."""


@dataclass(frozen=True)
class Shown:
    """A version as a person sees it: the one that waits, or the one that they are typing."""

    rendering: Rendering
    evidence: EvidenceCard
    card: JsonObject
    is_typed: bool

    @property
    def concerns(self) -> tuple[str, ...]:
        """What the checks say against it."""
        return concerns(self.card)

    def notes(self, key: str) -> list[str]:
        """List the sentences that its card has under this key."""
        found = self.card.get(key)
        return [str(item) for item in found] if isinstance(found, list) else []


def show_page(ask: Ask, look: Look, typed: Typed) -> Response:
    """Show a gate, with what was typed still in the fields."""
    gate, office = look.gate, look.site.desk.office
    steps = steps_after(look) if look.is_open else ()
    form = typed.form if typed.dirty and typed.merged is None else None
    body = typed.merged or typed.base or look.body
    fields = show_fields(look.shapes, body, form, typed.errors) if look.may_edit else ()
    return show(
        ask,
        "gate.html",
        status=typed.status,
        look=look,
        gate=gate,
        artifact=look.artifact,
        typed=typed,
        fields=fields,
        pruning=pruning_of(look, body, fields),
        sales=sales_of(look, body, fields, letter_of(look, look.body)),
        why=WHY[gate.kind],
        steps=steps,
        approval=approval_says(look, steps),
        approved=marked(gate, approvers(gate, gate.sha)),
        so_far=len(approvers(gate, gate.sha)),
        decided_by=" and ".join(marked(gate, released_by(gate))) or decided_by(gate),
        overdue=is_overdue(gate, office.now()),
        opened=typed.form.text("opened") or office.now(),
        cost=look.cost,
        neighbours=look.neighbours(),
        colleagues=[one for one in office.people().by_id.values() if one.may_work_on(gate.crew)],
        shown=shown_of(look, typed.review),
        moving=False,
        saved=ask.query.get("done") in ("saved", "unapproved"),
        editing=ask.query.get("edit") == "1" or bool(typed.errors),
    )


def shown_of(look: Look, review: Review | None) -> Shown:
    """Render what waits, or what was typed where that could be saved, with its evidence."""
    typed = None if review is None or review.body == look.body else review.body
    body = look.body if typed is None else typed
    card = look.gate.card if review is None or typed is None else review.card
    evidence = evidence_of(card, body, look.gate, look.passages)
    # While somebody types, the list of statements on their page is that of the version before.
    marked = evidence.numbered if look.is_outreach else evidence.marked
    if typed is not None:
        marked = [Marked(one.sentence, "check", flagged=True) for one in evidence.flagged]
    around = Around(look.passages, address_of_posts(look), marked, letter_of(look, body))
    return Shown(render(look.schema, body, around), evidence, card, typed is not None)
