"""HubSpot, as far as a small one of our own goes, holds what every CRM must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest

from contracts.crm_contract import CrmContract
from crewdesk.connectors.crm.crm import Crm
from crewdesk.connectors.crm.hubspot import HubspotCrm
from crewdesk.connectors.crm.settings import HubspotSettings, HubspotStatuses
from crewdesk.domain.outreach.lead import Lead
from support.hubspot import TOKEN, FakeHubspot

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


class TestHubspotCrm(CrmContract):
    statuses = HubspotStatuses()
    person_sets = "CONNECTED"

    @pytest.fixture(name="crm")
    def _crm(self) -> Iterator[Crm]:
        with FakeHubspot() as self.hubspot:
            settings = HubspotSettings(portal=77, api=self.hubspot.url)
            yield HubspotCrm("crm", settings, key=lambda _: TOKEN, clock=lambda: NOON)

    def add(self, crm: Crm, lead: Lead) -> str:
        del crm
        contact = self.hubspot.put(
            "contacts",
            firstname=lead.first_name,
            lastname=lead.last_name,
            email=lead.email.lower(),
            phone=lead.phone,
            hs_language=lead.language,
            message=lead.interest,
            company=lead.company,
            hs_lead_status="NEW",
        )
        company = self.hubspot.put("companies", name=lead.company, domain=lead.website)
        self.hubspot.link("contacts", contact, "companies", company)
        return contact

    def files(self, crm: Crm, lead: str) -> Mapping[str, bytes]:
        del crm
        notes = [
            self.hubspot.objects["notes"].get(to) for a, n, b, to in self.hubspot.links if (a, n) == ("contacts", lead)
        ]
        attached = [note["hs_attachment_ids"] for note in notes if note and "hs_attachment_ids" in note]
        return {self.hubspot.files[number][0]: self.hubspot.files[number][1] for number in attached}
