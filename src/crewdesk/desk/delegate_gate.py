"""Hand one's place at a gate on to another person."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.office import Office
from crewdesk.desk.open_gate import at_open_gate, given_name
from crewdesk.desk.permit import permit_decision
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.gates import Gate, has_approved, may_decide
from crewdesk.domain.people import Proof, person
from crewdesk.errors import AlreadyDecided, WrongUsage
from crewdesk.ports.records import Records


def delegate_gate(gate: str, *, to: str, by: str, why: str = "", proof: Proof = "typed", office: Office) -> Gate:
    """Put `to` in the place of `by` among those who may decide, or alone in it where anybody may; return the gate.

    Only somebody who may decide can do it, and only as long as they have not approved what the gate shows: one
    person's place never counts twice. Raises `WrongUsage`, `NotFound` and `AlreadyDecided`, each with what to do.
    """
    given, next_one = given_name(by, "Handing on", "--by"), given_name(to, "The person it is handed on to", "--to")

    def hand_on(found: Gate, name: str, records: Records) -> Gate:
        heir = permit_decision(next_one, found.crew, office)
        _refuse_what_helps_nobody(found, name, heir)
        people = tuple(heir if person(other) == person(name) else other for other in found.people)
        changed = replace(found, people=people or (heir,), remind=office.now())  # whoever it is handed to is told
        records.gates.put(changed)
        words = f"to {heir}: {why.strip()}" if why.strip() else f"to {heir}"
        records.audit.add(AuditEntry(office.now(), name, "delegate", found.run, found.id, found.sha, words, proof))
        return changed

    return at_open_gate(gate, given, office, hand_on)


def _refuse_what_helps_nobody(gate: Gate, by: str, to: str) -> None:
    if has_approved(gate, by):
        raise AlreadyDecided(
            f"{by} approved this version at gate {gate.id}; there is nothing left to hand on.",
            hint=f"See who is waited for: crewdesk gates {gate.id}",
        )
    if person(to) in map(person, gate.excluded):
        raise WrongUsage(
            f"{to} started this run, so somebody else decides at gate {gate.id}.", hint="Name another colleague."
        )
    if gate.people and may_decide(gate, to):
        raise WrongUsage(f"{to} may decide at gate {gate.id} already.", hint=f"See: crewdesk gates {gate.id}")
    if not gate.people and gate.needs > 1:
        raise WrongUsage(
            f"Anybody may decide at gate {gate.id}, and {gate.needs} must approve: there is no place to hand on.",
            hint="Who may decide is set with 'people' in gates.yaml.",
        )
