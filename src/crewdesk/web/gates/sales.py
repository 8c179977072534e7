"""A mail to a lead, or that none is written, at its gate: who they are, what they need and why, what the CRM will say.

A need is left out by its box, and mended in its fields, which are those of an edit like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from crewdesk.crews.house import count_words
from crewdesk.crews.outreach.guardrails import SHOWN
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.letter import Letter
from crewdesk.domain.outreach.mail import Fact, MailBody, Need, StopBody, Variant
from crewdesk.domain.outreach.notes import note_of, stop_note
from crewdesk.domain.passages import Passage
from crewdesk.domain.text.visible import visible
from crewdesk.web.gates.look import Look
from crewdesk.web.gates.pruning import Choice, choices
from crewdesk.web.texts.fields import Field

MENDED = ("need", "because")
"""What of a need can be edited; what it rests on is what was found."""


@dataclass(frozen=True)
class NeedCard:
    """A need, with the passages that speak for it."""

    need: Need
    passages: tuple[Passage, ...]

    @property
    def about(self) -> str:
        """What a person calls it."""
        return visible(self.need.need)

    @property
    def because(self) -> str:
        """Why we think so."""
        return visible(self.need.because)


@dataclass(frozen=True)
class Known:
    """Something that is known of the lead's company, with the passages that say so."""

    statement: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Sales:
    """All that a sales person looks at besides the mail itself."""

    lead: str
    status: str
    own: tuple[Field, ...]
    """What of it is edited as it stands: subject and text, or reasons."""
    needs: tuple[Choice, ...]
    known: tuple[Known, ...]
    other: Variant | None
    """The other way to write the mail; None where that is what it says already."""
    warnings: tuple[str, ...]
    checked: tuple[str, ...]
    """What was looked at before anything was spent."""
    record: str
    """What the CRM will say."""


def sales_of(look: Look, body: JsonObject, fields: Sequence[Field], letter: Letter | None) -> Sales | None:
    """Read a mail or a stop with the fields that were made of it; None where this gate is about something else."""
    if not look.is_outreach:
        return None
    mail = _read(body)
    screenings = [artifact.body for artifact in look.file.artifacts if artifact.schema == "Screening"]
    screened: JsonObject = screenings[-1] if screenings else {}
    warned = screened.get("warnings") if isinstance(mail, MailBody) else None
    own = tuple(_counted(one) for one in fields if one.shape.title != "needs" or one.shape.kind != "rows")
    sources = look.passages
    return Sales(
        lead=visible(str(body.get("lead") or "")),
        status=visible(str(body.get("status") or "")),
        own=own,
        needs=_needs(mail, fields, body, sources),
        known=tuple(_known(fact, sources) for fact in mail.facts) if isinstance(mail, MailBody) else (),
        other=_other(mail, own),
        warnings=tuple(dict.fromkeys([*_said(look.gate.card.get("noticed")), *_said(warned)])),
        checked=tuple(_said(screened.get("checked"))),
        record=_record(mail, sends=letter is not None and letter.sends),
    )


def _read(body: JsonObject) -> MailBody | StopBody | None:
    for kind in (MailBody, StopBody):
        try:
            return kind.model_validate(body)
        except ValidationError:
            continue
    return None  # written by an older version, or changed in the database


def _needs(
    mail: MailBody | StopBody | None, fields: Sequence[Field], body: JsonObject, sources: Mapping[str, Passage]
) -> tuple[Choice, ...]:
    if not isinstance(mail, MailBody):
        return ()
    cards = [NeedCard(need, _named(need.passages, sources)) for need in mail.needs]
    field = next((one for one in fields if one.shape.title == "needs"), None)
    return choices(cards, field, body, mended=MENDED, long=("because",))


def _known(fact: Fact, sources: Mapping[str, Passage]) -> Known:
    return Known(visible(fact.statement), _named(fact.passages, sources))


def _named(ids: Sequence[str], sources: Mapping[str, Passage]) -> tuple[Passage, ...]:
    return tuple(sources[id_] for id_ in ids if id_ in sources)


def _other(mail: MailBody | StopBody | None, own: Sequence[Field]) -> Variant | None:
    if not isinstance(mail, MailBody) or mail.other is None:
        return None
    typed = {one.shape.title: one.text for one in own} or {"subject": mail.subject, "text": mail.text}
    is_taken = (typed.get("subject"), typed.get("text")) == (mail.other.subject, mail.other.text)
    return None if is_taken else Variant(subject=visible(mail.other.subject), text=visible(mail.other.text))


def _counted(field: Field) -> Field:
    """Give a mail's fields what its readers' programs and patience allow."""
    match field.shape.title:
        case "subject":
            return replace(field, shape=replace(field.shape, longest=SHOWN), long=False)
        case "text":
            return replace(field, words=count_words(field.text))
        case _:
            return field


def _record(mail: MailBody | StopBody | None, *, sends: bool) -> str:
    match mail:
        case MailBody():
            return visible(note_of(mail, sent=sends))
        case StopBody():
            return visible(stop_note(mail))
        case None:
            return ""


def _said(value: Json) -> Iterator[str]:
    return (visible(str(one)) for one in value) if isinstance(value, list) else iter(())
