"""The connector of every `crm/…` kind: notes what was approved, attaches it, sets the state; each once."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from crewdesk.connectors.crm.crm import Crm
from crewdesk.connectors.deliveries import check_delivery
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.lead import Changed, Lead
from crewdesk.domain.outreach.mail import MailBody, StopBody
from crewdesk.domain.outreach.notes import note_of, stop_note
from crewdesk.errors import DeliveryError, DeliveryRefused

SENT, DRAFTED, STOPPED = "contacted", "drafted", "stopped"
"""What becomes of a lead; connectors.yaml says how the CRM spells it."""


class CrmConnector:
    """Takes an `Outreach` or a `Stop` to a CRM, and looks leads up there.

    The moment of delivery is when the note stands there: it is written last. A lead counts as contacted only where a
    mail was sent before, which the receipts of the run say.
    """

    def __init__(self, name: str, crm: Crm) -> None:
        self._name = name
        self._crm = crm

    def address(self, body: JsonObject) -> str:
        """Say where people see the lead."""
        return self._crm.address(str(body.get("lead") or ""))

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look up the note with this key."""
        lead = str(delivery.body.get("lead") or "")
        return self._receipt(delivery, lead) if self._crm.noted(lead, delivery.key) else None

    def deliver(self, delivery: Delivery) -> Receipt:
        """Write the note, after the state, once."""
        schema = delivery.schema if delivery.schema in ("Outreach", "Stop") else "Outreach"
        check_delivery(delivery, connector=self._name, schema=schema)
        lead, text, status = _to_write(delivery)
        if not self._crm.noted(lead, delivery.key):
            self._crm.set_status(lead, status)
            self._crm.note(lead, delivery.key, text)
        return self._receipt(delivery, lead)

    def lead(self, name: str) -> Lead:
        """Look a lead up; raises `ValueError` with a sentence."""
        try:
            return self._crm.lead(name)
        except DeliveryError as error:
            raise ValueError(f"{error.message} {error.hint}".strip()) from error

    def changed(self, since: str) -> Sequence[Changed]:
        """List leads that are new or changed; raises `ValueError` with a sentence."""
        try:
            return self._crm.changed(since)
        except DeliveryError as error:
            raise ValueError(f"{error.message} {error.hint}".strip()) from error

    def alike(self, lead: Lead) -> Sequence[Lead]:
        """List other leads of the same person; raises `ValueError` with a sentence."""
        try:
            return self._crm.alike(lead)
        except DeliveryError as error:
            raise ValueError(f"{error.message} {error.hint}".strip()) from error

    def _receipt(self, delivery: Delivery, lead: str) -> Receipt:
        return Receipt(self._crm.address(lead), {"sha": delivery.sha, "key": delivery.key})


def _to_write(delivery: Delivery) -> tuple[str, str, str]:
    """Give the lead, the note's text and the new state."""
    try:
        if delivery.schema == "Stop":
            stop = StopBody.model_validate(delivery.body)
            return stop.lead, stop_note(stop), STOPPED
        mail = MailBody.model_validate(delivery.body)
    except ValidationError as wrong:
        raise DeliveryRefused("This is nothing that a CRM can keep.", hint=str(wrong)[:300]) from wrong
    sent = any(receipt.details.get("sent") is True for receipt in delivery.receipts.values())
    return mail.lead, note_of(mail, sent=sent), SENT if sent else DRAFTED
