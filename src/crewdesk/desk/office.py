"""Everything the use cases reach the world with; put together once, in bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crewdesk.desk.engine import Engine
from crewdesk.domain.claims import Claim
from crewdesk.domain.people import People
from crewdesk.domain.redaction import Redactor
from crewdesk.ports.asker import Asker
from crewdesk.ports.checks import Checks
from crewdesk.ports.connector import Connector
from crewdesk.ports.model import Model
from crewdesk.ports.notifier import Mute, Notifier
from crewdesk.ports.passwords import NoPasswords, Passwords
from crewdesk.ports.presence import Presence
from crewdesk.ports.store import Store
from crewdesk.ports.watcher import Nobody, Watcher

if TYPE_CHECKING:
    from crewdesk.domain.specs import HouseSpec


@dataclass(frozen=True)
class Office:
    """The ports in one place."""

    store: Store
    checks: Checks
    engine: Callable[[], Engine]
    """Made late: it takes seconds to import."""
    model: Callable[[HouseSpec], Model]
    connectors: Callable[[HouseSpec], Mapping[str, Connector]]
    presence: Presence
    """So that two processes never work on one run at once."""
    now: Callable[[], str]
    """UTC, ISO 8601."""
    timer: Callable[[], float]
    """Seconds, monotonic."""
    sleep: Callable[[float], None]
    new_id: Callable[[], str]
    redactor: Redactor = field(default_factory=Redactor)
    watcher: Watcher = field(default_factory=Nobody)
    notifier: Notifier = field(default_factory=Mute)
    """Tells people of gates and failed runs."""
    public: str = ""
    """Address of the desk as others know it; empty where it has none."""
    asker: Asker | None = None
    passwords: Passwords = field(default_factory=NoPasswords)
    people: Callable[[], People] = People
    """Who has a place at the desk, as people.yaml says now; nobody where there is no such file."""
    turns_left_over: set[Claim] = field(default_factory=set[Claim])
    """Turns of this process that are over, but could not be given back: the store was away."""
