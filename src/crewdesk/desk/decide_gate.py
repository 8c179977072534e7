"""Take a person's decision on a gate. Nothing but the typed decisions counts, and one decision wins."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.discretion import veil_of
from crewdesk.desk.edit_version import edit_version, must_be_intact, must_be_what_was_shown, waive_statement
from crewdesk.desk.office import Office
from crewdesk.desk.open_gate import at_open_gate, given_name, refuse_second_approval
from crewdesk.desk.queue_run import queue_waiting
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.gates import (
    WORKLESS,
    Approval,
    Approve,
    Decision,
    Edit,
    Gate,
    Reject,
    Revise,
    Waive,
    approvers,
    unsettled,
)
from crewdesk.domain.people import Proof
from crewdesk.errors import AlreadyDecided, DeliveryRefused, WrongUsage
from crewdesk.ports.asker import Asker
from crewdesk.ports.records import Records


def decide_gate(
    gate: str,
    decision: Decision,
    *,
    by: str,
    proof: Proof = "typed",
    looked: float | None = None,
    office: Office,
) -> Gate:
    """Write a decision down and return the gate as it is now; `looked` is for how many seconds they had it before them.

    Approve, Revise and Reject close the gate; Edit puts a new version in its place and leaves it open, and so do
    Waive, and an approval where more people must approve. The decision, its audit entry and the new version are
    one transaction. Raises `NotFound`, `AlreadyDecided` (who decided what, that it expired, that the version
    changed meanwhile, or that this person approved it before), `DeliveryRefused` when the approved bytes are no
    longer what they were, `NotAllowed` for a person who may not decide here, and `WrongUsage` for an empty reason,
    a bad edit, or flagged statements that must be settled first.
    """
    given = given_name(by, "A decision", "--by")
    begun: list[AuditEntry] = []

    def act(found: Gate, name: str, records: Records) -> Gate:
        begun.append(AuditEntry(office.now(), name, "", found.run, found.id, found.sha, proof=proof))
        return _decided(found, decision, begun[-1], looked, office, records)

    try:
        return at_open_gate(gate, given, office, act)
    except DeliveryRefused as refused:
        with office.store.writing() as records:
            records.audit.add(replace(begun[-1], what="refused", words=refused.message))
        raise


def decide_on_the_spot(gate: Gate, decision: Decision, *, by: str, asker: Asker, office: Office) -> Gate:
    """Write a decision down and return the gate; where it is not taken, whoever was asked hears why.

    Then the gate is as it was, or as somebody who was faster, or time, has left it.
    """
    try:
        return decide_gate(gate.id, decision, by=by, office=office)
    except WrongUsage as error:
        if not isinstance(error, AlreadyDecided):
            asker.refused(error)
        with office.store.reading() as records:
            return records.gates.get(gate.id) or gate


def _decided(
    gate: Gate, decision: Decision, entry: AuditEntry, looked: float | None, office: Office, records: Records
) -> Gate:
    """Do what was decided; `entry` says who, when and where, and is completed with what."""
    match decision:
        case Edit():
            return edit_version(gate, decision, entry, office, records)
        case Waive():
            return waive_statement(gate, decision, entry, records)
        case Approve(sha):
            must_be_what_was_shown(gate, sha)
            must_be_intact(gate, records)
            return _approved(replace(gate, looked=looked), entry, records)
        case Revise(notes, sha):
            must_be_what_was_shown(gate, sha)
            if gate.kind in WORKLESS:
                raise WrongUsage("There is no work to send back at this gate.", hint="Approve, edit or reject.")
            closed = replace(gate, verb="revise", words=_said(notes, "What should be different?", "-m 'notes'"))
        case Reject(reason, sha):
            must_be_what_was_shown(gate, sha)
            closed = replace(gate, verb="reject", words=_said(reason, "Why is it rejected?", "-m 'why'"))
    return _close(replace(closed, looked=looked), replace(entry, words=closed.words), records)


def _approved(gate: Gate, entry: AuditEntry, records: Records) -> Gate:
    """Count one more person; the gate closes with the last that it needs."""
    refuse_second_approval(gate, entry.who)
    _refuse_unsettled(gate)
    counted = replace(gate, approvals=(*gate.approvals, Approval(entry.who, gate.sha, entry.at, entry.proof)))
    so_far = len(approvers(counted, gate.sha))
    entry = replace(entry, words=f"{so_far} of {gate.needs}" if gate.needs > 1 else "")
    if so_far >= gate.needs:
        return _close(replace(counted, verb="approve", noted_sha=gate.sha), entry, records)
    records.gates.put(counted)
    records.audit.add(replace(entry, what="approve", sha=gate.sha))
    return counted


def _refuse_unsettled(gate: Gate) -> None:
    if gate.strict and (left := unsettled(gate)):
        count = "1 statement is" if len(left) == 1 else f"{len(left)} statements are"
        raise WrongUsage(
            f"{count} flagged and neither changed nor waived: “{left[0]}”",
            hint="Change what it says, or waive it with a reason; gates.yaml asks for that with 'strict'.",
        )


def _close(gate: Gate, entry: AuditEntry, records: Records) -> Gate:
    words = str(veil_of(gate.run, records).hide(gate.words))  # they go into prompts and traces
    closed = replace(gate, words=words, status="decided", by=entry.who, decided=entry.at, remind=None)
    if not records.gates.close(closed):
        raise AlreadyDecided("The version changed while you decided.", hint=f"Look again: crewdesk gates {gate.id}")
    records.audit.add(replace(entry, what=closed.verb or "", sha=closed.noted_sha))
    queue_waiting(gate.run, entry.at, records)
    return closed


def _said(words: str, question: str, option: str) -> str:
    if not words.strip():
        raise WrongUsage(question, hint=f"Say it with: {option}")
    return words.strip()
