"""An action: something that leaves the house, once, and carries an artifact by its hash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.runs import RunStatus

ActionStatus = Literal["proposed", "sending", "delivered", "failed", "unsure"]
"""Where an action is `unsure`, it may have left, and only a person can find out whether."""

RULE = "rule of "
"""How the audit log begins to say that a named person's standing rule released an action."""
ALWAYS_ASKED = frozenset({"mail/smtp"})
"""Kinds of connectors that no standing rule may release anything for: what they send reaches strangers at once."""


@dataclass(frozen=True)
class Receipt:
    """Proof that an action was delivered: where it is now, and what else the outside said."""

    location: str
    details: JsonObject


@dataclass(frozen=True)
class Action:
    """One entry of the outbox. `key` is what the outside remembers it by."""

    key: str
    run: str
    task: str
    connector: str
    sha: str
    schema: str
    status: ActionStatus
    created: str
    attempts: int = 0
    receipt: Receipt | None = None
    error: str = ""


@dataclass(frozen=True)
class ActionLine:
    """An action as a list shows it, with what is known of its run."""

    action: Action
    crew: str
    run_status: RunStatus | None
    """None where the run is not there any more."""
    hint: str
    """What to do, where its run failed."""


def _nobody_asks() -> None:
    """Leave it open what becomes of it."""


@dataclass(frozen=True)
class Delivery:
    """What a connector is given: the key, and the approved bytes as they were approved."""

    key: str
    schema: str
    sha: str
    body: JsonObject
    receipts: Mapping[str, Receipt] = field(default_factory=dict[str, Receipt])
    """What was delivered before in this run, by connector; such as whether a mail was sent, for whoever notes it."""
    known: str = ""
    """What people were told it is about by now, where that has changed since, and released it for all the same."""
    leaving: Callable[[], None] = field(default=_nobody_asks, compare=False, repr=False)
    """To be called right before it may have left, by a connector that cannot look up whether it did: from then on it is
    not tried again by itself, whatever crashes, unless the connector says that it did not leave."""
