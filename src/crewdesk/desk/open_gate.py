"""Do something at an open gate: only while it is open, and only if this person may."""

from __future__ import annotations

from collections.abc import Callable
from shlex import quote

from crewdesk.desk.expire_gate import expire_gate
from crewdesk.desk.office import Office
from crewdesk.desk.permit import permit_decision
from crewdesk.domain.gates import Gate, decided_by, has_approved, may_decide
from crewdesk.domain.notices import who_may
from crewdesk.domain.people import person
from crewdesk.errors import AlreadyDecided, NotAllowed, NotFound, WrongUsage
from crewdesk.ports.records import Records


def at_open_gate(gate: str, by: str, office: Office, act: Callable[[Gate, str, Records], Gate]) -> Gate:
    """Do something at an open gate under the name of `by` and return the gate as it is then; all in one transaction.

    Raises `NotFound`, `AlreadyDecided` (who decided what, or that it expired: a gate whose time is over is
    closed here, whether or not a worker runs), and `NotAllowed` for a person who may not decide.
    """
    with office.store.writing() as records:
        found = open_gate(gate, records)
        if not expire_gate(found, office.now(), records):
            name = permit_decision(by, found.crew, office)
            refuse_others(found, name)
            return act(found, name, records)
        found = records.gates.get(gate) or found
    raise AlreadyDecided(_how_it_was_closed(found), hint=f"Ask again: crewdesk fork {found.run}")


def open_gate(gate: str, records: Records) -> Gate:
    """Find a gate that is open; raises `NotFound` and `AlreadyDecided`."""
    found = records.gates.get(gate)
    if found is None:
        raise NotFound(f"There is no gate {gate!r}.", hint="See what waits: crewdesk gates")
    if found.status != "open":
        raise AlreadyDecided(_how_it_was_closed(found), hint=f"See: crewdesk trace {found.run}")
    return found


def refuse_others(gate: Gate, by: str) -> None:
    """Raise `NotAllowed` for a person who may not decide here."""
    if person(by) in map(person, gate.excluded):
        raise NotAllowed(f"{by} started this run, so somebody else decides at gate {gate.id}.", hint="Ask a colleague.")
    if not may_decide(gate, by):
        command = f"crewdesk delegate {gate.id} --to {quote(by)} --by {quote(gate.people[0])}"
        raise NotAllowed(
            f"Only {who_may(gate)} may decide at gate {gate.id}.", hint=f"One of them can hand it on: {command}"
        )


def refuse_second_approval(gate: Gate, by: str) -> None:
    """Raise `AlreadyDecided` for a person who has approved what the gate shows, and whose second time adds nothing."""
    if has_approved(gate, by):
        raise AlreadyDecided(
            f"{by} has approved this version at gate {gate.id} before; another person must approve too.",
            hint=f"See who is waited for: crewdesk gates {gate.id}",
        )


def given_name(name: str, what: str, option: str) -> str:
    """Return a name without the spaces around it; `WrongUsage` where it is none."""
    if not person(name):
        raise WrongUsage(f"{what} needs a name.", hint=f"Say who: {option} NAME")
    return name.strip()


def _how_it_was_closed(gate: Gate) -> str:
    if gate.status == "expired":
        return f"Gate {gate.id} expired at {gate.decided}. {gate.words}"
    if gate.status == "closed":
        return f"Gate {gate.id} was closed at {gate.decided}. {gate.words}"
    verbs = {"approve": "approved", "revise": "sent back", "reject": "rejected"}
    return f"Gate {gate.id} was {verbs.get(gate.verb or '', 'decided')} by {decided_by(gate)} at {gate.decided}."
