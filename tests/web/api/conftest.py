"""A desk with people and tokens, and programs that ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from crewdesk.desk.sign_in import make_token
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from support.gates import Clock
from support.web import Browser, post_at_gate, site_of, web_desk

PEOPLE = """
people:
  ada: {name: Ada Byron, admin: true}
  bo: {name: Bo, approves: [content]}
  cy: {name: Cy}
"""

Ask = Callable[..., Any]
"""Takes a method, an address under /api/v1 and what httpx takes; returns the answer."""


@pytest.fixture(name="desk")
def _desk(tmp_path: Path, clock: Clock) -> Desk:
    return web_desk(tmp_path, clock, people=PEOPLE)


@pytest.fixture(name="gate")
def _gate(desk: Desk) -> Gate:
    return post_at_gate(desk)


@pytest.fixture(name="client")
def _client(desk: Desk) -> Iterator[TestClient]:
    """A program that has no token, yet."""
    with Browser(site_of(desk)).client as client:
        yield client


@pytest.fixture(name="ask_as")
def _ask_as(desk: Desk, client: TestClient) -> Callable[[str], Ask]:
    """Returns how somebody's program asks."""

    def ask_as(who: str) -> Ask:
        headers = {"Authorization": f"Bearer {make_token(who, 'test', office=desk.office)}"}

        def ask(method: str, address: str, **more: Any) -> Any:
            return client.request(method, f"/api/v1{address}", headers=headers | more.pop("headers", {}), **more)

        return ask

    return ask_as


@pytest.fixture(name="bo")
def _bo(ask_as: Callable[[str], Ask]) -> Ask:
    """Somebody who may work on the content crew."""
    return ask_as("bo")
