"""The CRM in a file holds what every CRM must hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import cast

import pytest

from contracts.crm_contract import CrmContract
from crewdesk.connectors.crm.crm import Crm
from crewdesk.connectors.crm.sqlite import SqliteCrm
from crewdesk.domain.outreach.lead import Lead

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


class TestSqliteCrm(CrmContract):
    person_sets = "in talks"

    @pytest.fixture(name="crm")
    def _crm(self, tmp_path: Path) -> Crm:
        self.numbers = count(1)
        ticks = count()
        return SqliteCrm("crm", folder=tmp_path, clock=lambda: NOON + timedelta(milliseconds=next(ticks)))

    def add(self, crm: Crm, lead: Lead) -> str:
        name = f"L-{next(self.numbers)}"
        cast("SqliteCrm", crm).put(lead.model_copy(update={"id": name, "status": "new"}))
        return name

    def files(self, crm: Crm, lead: str) -> Mapping[str, bytes]:
        return cast("SqliteCrm", crm).files(lead)
