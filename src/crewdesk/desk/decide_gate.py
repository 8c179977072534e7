"""Take a person's decision on a gate. Nothing but the four typed decisions counts, and one person wins."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.facts import facts_of
from crewdesk.desk.office import Office
from crewdesk.desk.queue_run import queue_waiting
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import Json, digest
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise
from crewdesk.errors import AlreadyDecided, DeliveryRefused, NotFound, WrongUsage
from crewdesk.ports.records import Records


def decide_gate(gate: str, decision: Decision, *, by: str, office: Office) -> Gate:
    """Write a decision down and return the gate as it is now.

    Approve, Revise and Reject close the gate; Edit puts a new version in its place and leaves it open.
    The decision, its audit entry and the new version are one transaction. Raises `NotFound`,
    `AlreadyDecided` (who decided what, or that the version changed meanwhile), `DeliveryRefused` when
    the approved bytes are no longer what they were, and `WrongUsage` for an empty reason or a bad edit.
    """
    name = by.strip()
    if not name:
        raise WrongUsage("A decision needs a name.", hint="Say who decides: --by NAME")
    try:
        with office.store.writing() as records:
            return _decided(_open_gate(gate, records), decision, name, office, records)
    except DeliveryRefused as refused:
        with office.store.writing() as records:
            found = _open_gate(gate, records)
            entry = AuditEntry(office.now(), name, "refused", found.run, gate, found.sha, refused.message)
            records.audit.add(entry)
        raise


def _open_gate(gate: str, records: Records) -> Gate:
    found = records.gates.get(gate)
    if found is None:
        raise NotFound(f"There is no gate {gate!r}.", hint="See what waits: crewdesk gates")
    if found.status != "open":
        raise AlreadyDecided(_who_was_faster(found), hint=f"See: crewdesk trace {found.run}")
    return found


def _decided(gate: Gate, decision: Decision, by: str, office: Office, records: Records) -> Gate:
    now = office.now()
    match decision:
        case Approve(sha):
            _must_be_what_was_shown(gate, sha, records)
            closed = replace(gate, verb="approve", noted_sha=gate.sha)
        case Revise(notes):
            if gate.kind in ("budget", "action"):
                raise WrongUsage("There is no work to send back at this gate.", hint="Approve, edit or reject.")
            closed = replace(gate, verb="revise", words=_said(notes, "What should be different?", "-m 'notes'"))
        case Reject(reason):
            closed = replace(gate, verb="reject", words=_said(reason, "Why is it rejected?", "-m 'why'"))
        case Edit():
            return _edited(gate, decision, by, office, records)
    closed = replace(closed, status="decided", by=by, decided=now)
    if not records.gates.close(closed):
        raise AlreadyDecided("The version changed while you decided.", hint=f"Look again: crewdesk gates {gate.id}")
    verb = closed.verb or ""
    records.audit.add(AuditEntry(now, by, verb, gate.run, gate.id, closed.noted_sha, closed.words))
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
    changed = replace(gate, sha=sha, card=card)
    records.artifacts.put(new)
    records.gates.put(changed)
    records.audit.add(AuditEntry(now, by, "edit", gate.run, gate.id, sha, f"version {new.version}"))
    return changed


def _who_was_faster(gate: Gate) -> str:
    verbs = {"approve": "approved", "revise": "sent back", "reject": "rejected"}
    return f"Gate {gate.id} was {verbs.get(gate.verb or '', 'decided')} by {gate.by} at {gate.decided}."
