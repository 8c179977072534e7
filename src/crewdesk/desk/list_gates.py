"""List what waits: for anybody, or for one person."""

from __future__ import annotations

from collections.abc import Callable

from crewdesk.domain.gates import Gate, GateKind, has_approved, may_decide
from crewdesk.domain.people import Person
from crewdesk.ports.records import Records


def list_gates(
    records: Records,
    *,
    limit: int,
    after: tuple[str, str] | None,
    crew: str,
    kind: GateKind | None,
    wanted: Callable[[Gate], bool] | None = None,
) -> list[Gate]:
    """List open gates, the oldest first, from behind the one opened `after`; only those that are `wanted`."""
    found: list[Gate] = []
    while len(found) < limit:
        listed = records.gates.waiting(limit=limit, after=after, crew=crew, kind=kind)
        found += [gate for gate in listed if wanted is None or wanted(gate)]
        if len(listed) < limit:
            break
        after = (listed[-1].opened, listed[-1].id)
    return found[:limit]


def waits_for(gate: Gate, name: str, somebody: Person | None) -> bool:
    """Say whether a gate waits for this person: they may decide, and have not approved what it shows.

    `somebody` is None where people.yaml names nobody, and everybody may.
    """
    may_work = somebody is None or somebody.may_work_on(gate.crew)
    return may_work and may_decide(gate, name) and not has_approved(gate, name)
