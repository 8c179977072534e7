"""Take a person's decision on a gate. Nothing but the four typed decisions counts, and one decision wins."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.facts import facts_of
from crewdesk.desk.office import Office
from crewdesk.desk.open_gate import at_open_gate, given_name, open_gate, refuse_second_approval
from crewdesk.desk.queue_run import queue_waiting
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import Json, digest
from crewdesk.domain.gates import Approval, Approve, Decision, Edit, Gate, Reject, Revise, approvers
from crewdesk.errors import AlreadyDecided, DeliveryRefused, NotFound, WrongUsage
from crewdesk.ports.records import Records


def decide_gate(gate: str, decision: Decision, *, by: str, office: Office) -> Gate:
    """Write a decision down and return the gate as it is now.

    Approve, Revise and Reject close the gate; Edit puts a new version in its place and leaves it open, and so
    does an approval where more people must approve. The decision, its audit entry and the new version are one
    transaction. Raises `NotFound`, `AlreadyDecided` (who decided what, that it expired, that the version changed
    meanwhile, or that this person approved it before), `DeliveryRefused` when the approved bytes are no longer
    what they were, and `WrongUsage` for an empty reason, a bad edit, or a person who may not decide here.
    """
    name = given_name(by, "A decision", "--by")
    try:
        return at_open_gate(gate, name, office, lambda found, records: _decided(found, decision, name, office, records))
    except DeliveryRefused as refused:
        with office.store.writing() as records:
            found = open_gate(gate, records)
            entry = AuditEntry(office.now(), name, "refused", found.run, gate, found.sha, refused.message)
            records.audit.add(entry)
        raise


def decide_on_the_spot(gate: Gate, decision: Decision, *, by: str, office: Office) -> Gate:
    """Write a decision down, or find the gate as somebody who was faster, or time, has left it."""
    try:
        return decide_gate(gate.id, decision, by=by, office=office)
    except AlreadyDecided:
        with office.store.reading() as records:
            return records.gates.get(gate.id) or gate


def _decided(gate: Gate, decision: Decision, by: str, office: Office, records: Records) -> Gate:
    now = office.now()
    match decision:
        case Approve(sha):
            _must_be_what_was_shown(gate, sha, records)
            return _approved(gate, by, now, records)
        case Revise(notes):
            if gate.kind in ("budget", "action"):
                raise WrongUsage("There is no work to send back at this gate.", hint="Approve, edit or reject.")
            closed = replace(gate, verb="revise", words=_said(notes, "What should be different?", "-m 'notes'"))
        case Reject(reason):
            closed = replace(gate, verb="reject", words=_said(reason, "Why is it rejected?", "-m 'why'"))
        case Edit():
            return _edited(gate, decision, by, office, records)
    return _close(closed, by, now, closed.words, records)


def _approved(gate: Gate, by: str, now: str, records: Records) -> Gate:
    """Count one more person; the gate closes with the last that it needs."""
    refuse_second_approval(gate, by)
    counted = replace(gate, approvals=(*gate.approvals, Approval(by, gate.sha, now)))
    so_far = len(approvers(counted, gate.sha))
    words = f"{so_far} of {gate.needs}" if gate.needs > 1 else ""
    if so_far >= gate.needs:
        return _close(replace(counted, verb="approve", noted_sha=gate.sha), by, now, words, records)
    records.gates.put(counted)
    records.audit.add(AuditEntry(now, by, "approve", gate.run, gate.id, gate.sha, words))
    return counted


def _close(gate: Gate, by: str, now: str, words: str, records: Records) -> Gate:
    closed = replace(gate, status="decided", by=by, decided=now, remind=None)
    if not records.gates.close(closed):
        raise AlreadyDecided("The version changed while you decided.", hint=f"Look again: crewdesk gates {gate.id}")
    records.audit.add(AuditEntry(now, by, closed.verb or "", gate.run, gate.id, closed.noted_sha, words))
    queue_waiting(gate.run, now, records)
    return closed


def _must_be_what_was_shown(gate: Gate, sha: str, records: Records) -> None:
    if sha != gate.sha:
        raise AlreadyDecided(
            "You approved another version than the one that waits here.", hint=f"Look again: crewdesk gates {gate.id}"
        )
    if gate.sha:
        _shown(gate, records)


def _shown(gate: Gate, records: Records) -> Artifact:
    """Find the version a gate asks about, intact."""
    versions = [a for a in records.artifacts.of_run(gate.run) if a.task == gate.task and a.sha == gate.sha]
    if not versions or not versions[-1].intact:
        raise DeliveryRefused(
            f"The text at gate {gate.id} was changed behind the desk's back: it is not what its hash says.",
            hint="Do not approve it. Have it made anew with: crewdesk revise",
        )
    return versions[-1]


def _said(words: str, question: str, option: str) -> str:
    if not words.strip():
        raise WrongUsage(question, hint=f"Say it with: {option}")
    return words.strip()


def _edited(gate: Gate, edit: Edit, by: str, office: Office, records: Records) -> Gate:
    if not gate.sha:
        raise WrongUsage("There is no text at this gate to edit.", hint="Approve or reject it.")
    from crewdesk.domain.specs import HouseSpec

    shown = _shown(gate, records)
    body = office.checks.normalise(shown.schema, edit.body)
    if digest(body) == gate.sha:
        return gate
    versions = [a for a in records.artifacts.of_run(gate.run) if a.task == gate.task]
    now, sha = office.now(), digest(body)
    new = replace(
        shown,
        version=versions[-1].version + 1,
        author=by,
        body=body,
        sha=sha,
        created=now,
        doubts=(),
        status="proposed",
    )
    run = records.runs.get(gate.run)
    if run is None:
        raise NotFound(f"There is no run {gate.run!r}.")
    facts = facts_of(run, records)
    card = office.checks.card(new.schema, body, facts)
    guardrails = HouseSpec.model_validate(run.spec).tasks[gate.task].guardrails
    card["problems"] = list[Json](office.checks.problems(guardrails, new.schema, body, facts))
    changed = replace(gate, sha=sha, card=card, approvals=())
    records.artifacts.put(new)
    records.gates.put(changed)
    records.audit.add(AuditEntry(now, by, "edit", gate.run, gate.id, sha, f"version {new.version}"))
    return changed
