"""A mail that was approved, and did not get out, leaves later only where its reader has not said no meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from crewdesk.desk.earlier_tries import found_before
from crewdesk.domain.actions import Action, Delivery
from crewdesk.domain.outreach.lead import Changed, Lead
from crewdesk.errors import DeliveryError, DeliveryFailed, DeliveryRefused
from support.offices import Shelf


@dataclass
class KnowingShelf(Shelf):
    """A CRM with one lead, or none."""

    known: Lead | None

    delivered: dict[str, Delivery] = field(default_factory=dict[str, Delivery])

    def lead(self, name: str) -> Lead:
        if self.known is None:
            raise ValueError("The CRM cannot be reached.")
        return self.known

    def changed(self, since: str) -> Sequence[Changed]:
        return []

    def alike(self, lead: Lead) -> Sequence[Lead]:
        return []


def tried(known: Lead | None, *, attempts: int = 1, connector: str = "mail") -> Any:
    """Look for a mail that was tried before, while the CRM knows this of its lead."""
    key = f"7KQ2:{connector}:write"
    action = Action(key, "7KQ2", "record", connector, "sha", "Outreach", "failed", "2026-11-26", attempts=attempts)
    delivery = Delivery(key, "Outreach", "sha", {"lead": "L-1"})
    return lambda: found_before(action, delivery, {"mail": Shelf(), "crm": KnowingShelf(known)})


LEAD = Lead(id="L-1")
NO = LEAD.model_copy(update={"unsubscribed": True})


@pytest.mark.parametrize(
    ("look", "error", "sentence"),
    [
        (tried(NO), DeliveryRefused, r"unsubscribed meanwhile\. So 7KQ2:mail:write was not delivered"),
        (tried(LEAD.model_copy(update={"do_not_contact": True})), DeliveryRefused, "do not contact"),
        (
            tried(LEAD.model_copy(update={"closed": "acquired"})),
            DeliveryRefused,
            "nobody to write to any more: acquired",
        ),
        (tried(None), DeliveryFailed, "cannot be found out: The CRM cannot be reached"),
    ],
)
def test_whoever_said_no_since_gets_no_mail_that_was_approved_before(
    look: Callable[[], None], error: type[DeliveryError], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        look()


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(tried(LEAD), id="who said nothing"),
        pytest.param(tried(NO, attempts=0), id="somebody looked just now, as the task before does"),
        pytest.param(tried(NO, connector="crm"), id="the CRM is told all the same"),
    ],
)
def test_else_it_is_delivered(look: Callable[[], None]) -> None:
    assert look() is None
