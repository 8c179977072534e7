"""A key and leads travel in clear nowhere but in a network of one's own."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from crewdesk.connectors.crm.settings import OdooSettings, TrytonSettings


def test_an_address_without_tls_outside_the_house_is_refused() -> None:
    with pytest.raises(ValidationError, match="would show the key, and who the leads are, to everybody on the way"):
        TrytonSettings(url="http://crm.example.com", database="crm")


def test_within_the_house_and_with_tls_it_may_be_asked() -> None:
    assert OdooSettings(url="http://odoo:8069", database="crm").url == "http://odoo:8069"
    assert OdooSettings(url="https://crm.example.com/", database="crm").url == "https://crm.example.com"
