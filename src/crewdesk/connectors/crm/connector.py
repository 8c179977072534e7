"""The connector of every `crm/…` kind: attaches what was approved, sets the state, notes it; each once."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from pydantic import ValidationError

from crewdesk.connectors.crm.crm import Crm
from crewdesk.connectors.crm.settings import Statuses
from crewdesk.connectors.deliveries import check_delivery
from crewdesk.connectors.mail.message import copy_of
from crewdesk.connectors.records import folder_name
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.lead import Changed, Lead
from crewdesk.domain.outreach.mail import MailBody, StopBody
from crewdesk.domain.outreach.notes import note_of, stop_note
from crewdesk.errors import DeliveryError, DeliveryRefused
from crewdesk.ports.leads import Outcome


class CrmConnector:
    """Takes an `Outreach` or a `Stop` to a CRM, and looks leads up there.

    The moment of delivery is when the note stands there: it is written last, and whatever was interrupted before is
    done again, which changes nothing. A lead counts as contacted only where a mail was sent before, which the receipts
    of the run say. A state that a person set since the lead was read stays.
    """

    def __init__(self, name: str, crm: Crm, *, statuses: Statuses | None = None) -> None:
        self._name = name
        self.crm = crm
        self._statuses = Statuses() if statuses is None else statuses

    def spell(self, outcome: Outcome) -> str:
        """Say which state the lead is set to by that; empty where its state stays as it is."""
        return self._statuses.spell(outcome)

    def address(self, body: JsonObject) -> str:
        """Say where people see the lead."""
        return self.crm.address(str(body.get("lead") or ""))

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look up the note with this key."""
        lead = str(delivery.body.get("lead") or "")
        return self._receipt(delivery, lead) if self.crm.noted(lead, delivery.key) else None

    def deliver(self, delivery: Delivery) -> Receipt:
        """Attach, set the state, and write the note, once."""
        schema = delivery.schema if delivery.schema in ("Outreach", "Stop") else "Outreach"
        check_delivery(delivery, connector=self._name, schema=schema)
        told = _told(delivery)
        if not self.crm.noted(told.lead, delivery.key):
            if told.message is not None:
                self.crm.attach(told.lead, delivery.key, f"{folder_name(delivery.key)}.eml", told.message)
            remarks = self._settle(told)
            # No database of theirs need hold what ends a text in C.
            self.crm.note(told.lead, delivery.key, "\n\n".join([told.note, *remarks]).replace("\0", ""))
        return self._receipt(delivery, told.lead)

    def lead(self, name: str) -> Lead:
        """Look a lead up; raises `ValueError` with a sentence."""
        with _as_values():
            return self.crm.lead(name)

    def changed(self, since: str) -> Sequence[Changed]:
        """List leads that are new or changed; raises `ValueError` with a sentence."""
        with _as_values():
            return self.crm.changed(since)

    def alike(self, lead: Lead) -> Sequence[Lead]:
        """List other leads of the same person; raises `ValueError` with a sentence."""
        with _as_values():
            return self.crm.alike(lead)

    def _settle(self, told: _Told) -> list[str]:
        """Set the state, and say what a reader of the note must know besides."""
        lead = self.crm.lead(told.lead)
        remarks: list[str] = []
        outcome: Outcome | None = told.outcome
        if told.outcome != "stopped" and (lead.do_not_contact or lead.unsubscribed):
            remarks.append("By now this lead is not to be contacted.")
            outcome = "contacted" if told.outcome == "contacted" else None
        status = self._statuses.spell(outcome) if outcome else ""
        if status and lead.status not in (told.status, status):
            return [*remarks, f"The state stays {lead.status!r}: it was {told.status!r} when the lead was read."]
        if status and lead.status != status:
            try:
                self.crm.set_status(told.lead, status)
            except DeliveryRefused as refused:
                remarks.append(f"The state stays {lead.status!r}: {refused.message}")
        return remarks

    def _receipt(self, delivery: Delivery, lead: str) -> Receipt:
        return Receipt(self.crm.address(lead), {"sha": delivery.sha, "key": delivery.key})


class _Told(NamedTuple):
    """What a CRM is told."""

    lead: str
    status: str
    """The state it was in when it was read."""
    outcome: Outcome
    note: str
    message: bytes | None
    """The mail as it went out."""


def _told(delivery: Delivery) -> _Told:
    try:
        if delivery.schema == "Stop":
            stop = StopBody.model_validate(delivery.body)
            return _Told(stop.lead, stop.status, "stopped", stop_note(stop), None)
        mail = MailBody.model_validate(delivery.body)
    except ValidationError as wrong:
        raise DeliveryRefused("This is nothing that a CRM can keep.", hint=str(wrong)[:300]) from wrong
    sent = any(receipt.details.get("sent") is True for receipt in delivery.receipts.values())
    outcome: Outcome = "contacted" if sent else "drafted"
    return _Told(mail.lead, mail.status, outcome, note_of(mail, sent=sent), _message(delivery))


def _message(delivery: Delivery) -> bytes | None:
    """Spell the mail as it went out before; none where no receipt tells of a mail."""
    for receipt in delivery.receipts.values():
        match receipt.details:
            case {"sent": bool(), "key": str(key), "sender": str(sender)}:
                return copy_of(replace(delivery, key=key), sender=sender)
            case _:
                pass
    return None


@contextmanager
def _as_values() -> Generator[None]:
    try:
        yield
    except DeliveryError as error:
        raise ValueError(f"{error.message} {error.hint}".strip()) from error
