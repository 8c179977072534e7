"""Deliver to one outside system."""

from __future__ import annotations

from typing import Protocol

from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject


class Connector(Protocol):
    """One outside system.

    `deliver` leaves the delivery's key in what it writes, and `find` looks for it there, so that a
    delivery whose answer was lost is found again. `deliver` with a key that was delivered already
    returns the first receipt. Raises `DeliveryFailed` where the outside refused or did not answer,
    `DeliveryRefused` where this connector must not carry such an artifact, `DeliveryOutdated` where what it is about
    has changed since, so that people are asked again. One that cannot look up what it delivered calls
    `delivery.leaving()` right before it does, and raises `DeliveryUnsure` where it was not told what became of it.
    """

    def address(self, body: JsonObject) -> str:
        """Say where this artifact would appear, without touching anything."""
        ...

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look up what was delivered under this delivery's key."""
        ...

    def deliver(self, delivery: Delivery) -> Receipt:
        """Deliver once."""
        ...
