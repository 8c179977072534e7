"""HubSpot: leads are its contacts, with their companies; notes and files of ours carry their keys."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from crewdesk.connectors.crm.html_notes import write_html
from crewdesk.connectors.crm.hubspot_api import HubspotApi
from crewdesk.connectors.crm.hubspot_leads import (
    COMPANY,
    NOTE,
    STAGE,
    lead_of,
    notes_of,
    number_of,
    properties_of,
    text_of,
)
from crewdesk.connectors.crm.marks import is_marked, mark
from crewdesk.connectors.crm.moments import when
from crewdesk.connectors.crm.settings import HubspotSettings
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.lead import Changed, Lead
from crewdesk.errors import DeliveryRefused

CONTACTS, COMPANIES, NOTES = "contacts", "companies", "notes"
NOTE_TO_CONTACT = 202
"""HubSpot's number for: this note belongs to that contact."""


class HubspotCrm:
    """Reaches one HubSpot. A lead's id is the number of the contact, as in the address of its page.

    HubSpot knows no keys, so something of ours is looked up before it is written, and again afterwards: of two that
    were written at the same moment the first stays.
    """

    def __init__(
        self,
        name: str,
        settings: HubspotSettings,
        *,
        key: Callable[[str], str | None],
        clock: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._name = name
        self._settings = settings
        self._clock = clock
        self._api = HubspotApi(
            settings.api, token=(key(settings.token_env) or "").strip(), variable=settings.token_env, sleep=sleep
        )

    def lead(self, name: str) -> Lead:
        """Look a lead up."""
        contact = self._contact(name, properties_of(self._settings.fields))
        companies = self._api.associated(CONTACTS, name, COMPANIES)
        company = self._api.get(COMPANIES, companies[0], [*COMPANY.values(), STAGE]) if companies else None
        notes = self._api.read(NOTES, self._api.associated(CONTACTS, name, NOTES), NOTE)
        return self._lead(contact, company or {}).model_copy(update={"notes": notes_of(notes)})

    def changed(self, since: str) -> Sequence[Changed]:
        """List leads that are new or changed since a moment, the oldest change first."""
        later: list[JsonObject] = []
        if since:
            at = str(int(when(since).timestamp() * 1000))
            later.append({"propertyName": "lastmodifieddate", "operator": "GT", "value": at})
        groups: list[list[JsonObject]] = []
        if spelled_out := [status for status in self._settings.leads if status]:
            groups.append([*later, {"propertyName": "hs_lead_status", "operator": "IN", "values": [*spelled_out]}])
        if "" in self._settings.leads:
            groups.append([*later, {"propertyName": "hs_lead_status", "operator": "NOT_HAS_PROPERTY"}])
        asked = ["createdate", "lastmodifieddate"]
        found = [self._lead(one, {}) for one in self._api.search(CONTACTS, groups, asked, sort="lastmodifieddate")]
        listed = [Changed(lead=one.id, at=one.changed, created=one.created) for one in found]
        return sorted(listed, key=lambda one: (one.at, one.lead))

    def alike(self, lead: Lead) -> Sequence[Lead]:
        """List other leads with the same address, or with the same name at the same company; without their notes."""
        groups: list[list[JsonObject]] = [
            [{"propertyName": name, "operator": "EQ", "value": value} for name, value in pairs]
            for pairs in (
                [("email", lead.email.casefold())],
                [("firstname", lead.first_name), ("lastname", lead.last_name), ("company", lead.company)],
            )
            if all(value for _, value in pairs)
        ]
        if not groups:
            return []
        asked = properties_of(self._settings.fields)
        found = self._api.search(CONTACTS, groups, asked, sort="createdate")
        leads = [self._lead(contact, {}) for contact in found]
        return [one for one in leads if one.id != lead.id and one.is_like(lead)]

    def address(self, lead: str) -> str:
        """Say where people see the lead."""
        return f"{self._settings.web}/contacts/{self._settings.portal}/record/0-1/{lead}"

    def noted(self, lead: str, key: str) -> bool:
        """Say whether a note with this key stands there."""
        self._contact(lead, ["email"])
        return bool(self._marked(lead, mark(key)))

    def note(self, lead: str, key: str, text: str) -> None:
        """Write a note, once for each key; its last line holds the key."""
        self._contact(lead, ["email"])
        if not self._marked(lead, mark(key)):
            self._write(lead, mark(key), {"hs_note_body": write_html(text, key)})

    def attach(self, lead: str, key: str, name: str, data: bytes) -> None:
        """Attach a file, once for each key, to a note that says nothing else; only people of the account see it."""
        self._contact(lead, ["email"])
        ours = mark(key, file=True)
        if not self._marked(lead, ours):
            file = self._api.upload(name, data)
            self._write(lead, ours, {"hs_note_body": write_html(name, key, file=True), "hs_attachment_ids": file})

    def set_status(self, lead: str, status: str) -> None:
        """Set `Lead status`; raises `DeliveryRefused` where HubSpot has no such value."""
        if not _is_number(lead) or not self._api.update(CONTACTS, lead, {"hs_lead_status": status}):
            raise self._none(lead)

    def _write(self, lead: str, ours: str, properties: JsonObject) -> None:
        at = self._clock().isoformat(timespec="milliseconds")
        self._api.create(NOTES, {"hs_timestamp": at, **properties}, to=lead, association=NOTE_TO_CONTACT)
        for number in self._marked(lead, ours)[1:]:
            self._api.archive(NOTES, number)

    def _marked(self, lead: str, ours: str) -> list[str]:
        """Name the notes whose last line is that, the first one first."""
        notes = self._api.read(NOTES, self._api.associated(CONTACTS, lead, NOTES), NOTE)
        marked = [note for note in notes if is_marked(text_of(note), ours)]
        return [str(note["id"]) for note in sorted(marked, key=number_of)]

    def _contact(self, lead: str, properties: Sequence[str]) -> JsonObject:
        found = self._api.get(CONTACTS, lead, properties) if _is_number(lead) else None
        if found is None:
            raise self._none(lead)
        return found

    def _none(self, lead: str) -> DeliveryRefused:
        return DeliveryRefused(
            f"The CRM {self._name!r} has no lead {lead!r}.",
            hint="A lead is called as its contact in HubSpot: by the number at the end of its page's address.",
        )

    def _lead(self, contact: JsonObject, company: JsonObject) -> Lead:
        address = self.address(str(contact.get("id")))
        return lead_of(contact, company, fields=self._settings.fields, address=address)


def _is_number(lead: str) -> bool:
    return lead.isascii() and lead.isdecimal()
