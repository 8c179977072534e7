"""What became of a delivery that was tried before, and whether it may still leave where it did not."""

from __future__ import annotations

from collections.abc import Mapping

from crewdesk.domain.actions import Action, Delivery, Receipt
from crewdesk.errors import DeliveryFailed, DeliveryRefused, DeliveryUnsure
from crewdesk.ports.connector import Connector
from crewdesk.ports.leads import Leads


def found_before(action: Action, delivery: Delivery, connectors: Mapping[str, Connector]) -> Receipt | None:
    """Look outside for what was tried before; None where it is to be delivered.

    Raises `DeliveryUnsure` where it may have left and is not found, and what `_nobody_may_object` raises.
    """
    if not action.attempts:
        return None
    receipt = connectors[action.connector].find(delivery)
    if receipt is None and action.status == "unsure":
        was_cut_off = f"{action.connector} was cut off while {action.key} left; it may have arrived."
        raise DeliveryUnsure(action.error or was_cut_off)
    if receipt is None:
        _nobody_may_object(action, delivery, connectors)
    return receipt


def _nobody_may_object(action: Action, delivery: Delivery, connectors: Mapping[str, Connector]) -> None:
    """Raise `DeliveryRefused` where the lead it goes to said no since, as a CRM of the house knows.

    The CRM itself is told of everything. Raises `DeliveryFailed` where it cannot be asked.
    """
    lead = str(delivery.body.get("lead") or "")
    crms = [one for name, one in connectors.items() if name != action.connector and isinstance(one, Leads)]
    for crm in crms if lead else []:
        try:
            known = crm.lead(lead)
        except ValueError as error:
            raise DeliveryFailed(f"Whether {action.key} may still leave cannot be found out: {error}") from error
        if known.said_no:
            raise DeliveryRefused(f"{known.said_no} So {action.key} was not delivered; its run can be cancelled.")
