"""Odoo, as far as a small one of our own goes, holds what every CRM must hold."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import pytest

from contracts.crm_contract import CrmContract
from crewdesk.connectors.crm.crm import Crm
from crewdesk.connectors.crm.odoo import OdooCrm
from crewdesk.connectors.crm.settings import OdooSettings, OdooStatuses
from crewdesk.domain.outreach.lead import Lead
from support.odoo import DATABASE, KEY, FakeOdoo


class TestOdooCrm(CrmContract):
    statuses = OdooStatuses(stopped="Parked")
    person_sets = "In talks"

    @pytest.fixture(name="crm")
    def _crm(self) -> Crm:
        self.odoo = FakeOdoo()
        settings = OdooSettings(url="https://odoo.example", database=DATABASE)
        return OdooCrm("crm", settings, key=lambda _: KEY, transport=self.odoo.transport)

    def add(self, crm: Crm, lead: Lead) -> str:
        del crm
        values = {
            "partner_name": lead.company,
            "contact_name": lead.name,
            "email_from": lead.email,
            "phone": lead.phone,
            "lang_code": lead.language,
            "website": lead.website,
            "description": f"<p>{lead.interest}</p>",
        }
        return str(self.odoo.put("crm.lead", **values))

    def files(self, crm: Crm, lead: str) -> Mapping[str, bytes]:
        del crm
        files = self.odoo.tables["ir.attachment"].values()
        return {file["name"]: base64.b64decode(file["datas"]) for file in files if file["res_id"] == int(lead)}
