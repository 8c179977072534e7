"""Which hosts are this machine, and which are in a network of one's own."""

from __future__ import annotations

import pytest

from crewdesk.domain.hosts import is_of_the_house


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "::1", "10.0.0.7", "192.168.1.2", "odoo", "crm.internal", "nas.local"]
)
def test_a_host_without_a_name_outside_is_of_the_house(host: str) -> None:
    assert is_of_the_house(host)


@pytest.mark.parametrize("host", ["crm.example.com", "8.8.8.8", "local.example", "localhost.example.com"])
def test_a_host_that_the_world_can_name_is_not(host: str) -> None:
    assert not is_of_the_house(host)
