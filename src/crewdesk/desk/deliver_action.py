"""Deliver what was approved: these very bytes, once, whatever crashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from crewdesk.desk.discretion import Discretion
from crewdesk.desk.earlier_tries import found_before
from crewdesk.desk.find_run import find_run
from crewdesk.desk.ledger import Caller, accounted, arrived
from crewdesk.desk.office import Office
from crewdesk.desk.signals import Cancelled, Rejected
from crewdesk.desk.work import Work
from crewdesk.domain.actions import ALWAYS_ASKED, RULE, Action, Delivery, Receipt
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import digest
from crewdesk.domain.gates import RELEASING, Gate, released_by
from crewdesk.domain.progress import Progress
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import DeliveryError, DeliveryFailed, DeliveryOutdated, DeliveryRefused, DeliveryUnsure
from crewdesk.ports.connector import Connector
from crewdesk.ports.records import Records

OVER = ("cancelled", "expired")
"""Nothing more leaves a run that ended so, whatever was approved before."""
LOOK = "Look whether it arrived, then say so: crewdesk settle {key} --arrived, or --lost to have it delivered again."


def deliver_actions(run: str, *, connectors: Mapping[str, Connector], office: Office) -> list[Receipt]:
    """Deliver every action of a run that is not out yet, in the order of tasks.yaml; stop at the first that fails.

    An action nobody approved opens a gate (`Parked`) instead of leaving.
    """
    with office.store.reading() as records:
        waiting = _in_order(run, [a for a in records.outbox.listed(run=run) if a.status != "delivered"], records)
        for action in waiting:
            gate = _action_gate(action, records)
            if gate is not None and gate.verb == "reject":
                raise Rejected(gate.words)
    return [deliver_action(action.key, connectors=connectors, office=office) for action in waiting]


def _in_order(run: str, actions: list[Action], records: Records) -> list[Action]:
    """Sort by tasks, and what one task delivers as tasks.yaml does: a CRM may need to know what became of a mail."""
    record = records.runs.get(run)
    tasks = {} if record is None else HouseSpec.model_validate(record.spec).tasks
    order = [(name, connector) for name, task in tasks.items() for connector in task.delivers]
    return sorted(actions, key=lambda action: order.index((action.task, action.connector)))


def deliver_action(key: str, *, connectors: Mapping[str, Connector], office: Office) -> Receipt:
    """Deliver one action once; a second call returns the first receipt.

    An action that was tried before is looked up outside before it is sent again. Raises
    `DeliveryRefused`, with an audit entry, unless the bytes are those that a person (or a named
    person's rule) approved, `DeliveryFailed` when the outside would not take it, and `DeliveryUnsure` when nothing
    says whether it did: then a person must.
    """
    try:
        action, artifact, by = _cleared(key, office)
    except DeliveryRefused as refused:
        _note_refusal(key, refused, office)
        raise
    if action.receipt is not None:
        return action.receipt
    connector = connectors.get(action.connector)
    if connector is None:
        raise DeliveryFailed(
            f"The connector {action.connector!r} is not in connectors.yaml any more.", hint="Put it back, then resume."
        )
    _begin(action, office)
    try:
        delivery = _delivery(action, artifact, office)
        with accounted(Caller(action.run, action.task, "", action.connector), office, carries=artifact.body) as account:
            receipt = found_before(action, delivery, connectors) or _deliver(delivery, connector, office)
            arrived(account, receipt.location, artifact.body)
            receipt = Discretion(action.run, office).receipt(receipt)
    except _Edited:
        return deliver_action(key, connectors=connectors, office=office)
    except DeliveryError as error:
        _note_failure(action, error, by, office)
        raise
    done = replace(action, status="delivered", attempts=action.attempts + 1, receipt=receipt, error="")
    _note(done, office, AuditEntry(office.now(), by, "delivered", action.run, key, action.sha, receipt.location))
    office.watcher.saw(Progress(action.run, "delivered", action.task, action.connector, receipt.location))
    return receipt


def _receipts(run: str, office: Office) -> dict[str, Receipt]:
    with office.store.reading() as records:
        receipts = {a.connector: a.receipt for a in records.outbox.listed(run=run) if a.receipt is not None}
    return {name: Discretion(run, office).as_said(receipt) for name, receipt in receipts.items()}


def _delivery(action: Action, artifact: Artifact, office: Office) -> Delivery:
    receipts, leaving = _receipts(action.run, office), partial(_leave, action.key, office)
    return Delivery(action.key, artifact.schema, artifact.sha, artifact.body, receipts, leaving=leaving)


def _leave(key: str, office: Office) -> None:
    """Write down that an action may have left, unless its run was called off or somebody else has it leave."""
    with office.store.writing() as records:
        action = records.outbox.get(key)
        if action is None or action.status != "sending":
            raise DeliveryUnsure(f"Somebody else is having {key} delivered.")
        if (run := records.runs.get(action.run)) is not None and run.status in OVER:
            raise Cancelled(run.id)
        records.outbox.put(replace(action, status="unsure"))


class _Edited(Exception):
    """A person who was asked again approved other bytes than those at hand."""


def _deliver(delivery: Delivery, connector: Connector, office: Office) -> Receipt:
    """Hand a delivery over; where what it is about has changed since it was approved, ask people about that first."""
    try:
        return connector.deliver(delivery)
    except DeliveryOutdated as changed:
        _ask_again(delivery.key, changed.message, office)
        return connector.deliver(replace(delivery, known=changed.now))


def _ask_again(key: str, reason: str, office: Office) -> None:
    with office.store.writing() as records:
        action = records.outbox.get(key)
        if action is None:
            raise DeliveryRefused(f"There is no action {key!r} in the outbox.", hint="See: crewdesk outbox")
        records.outbox.put(replace(action, status="proposed"))
        task = key.rsplit(":", 1)[-1]
        asked = [g for g in records.gates.listed(run=action.run) if g.kind == "action" and g.task == task]
    known = next((gate for gate in asked if gate.reason == reason), None)
    turn = max((gate.round for gate in asked), default=-1) + 1 if known is None else known.round
    if _hold(action, turn, reason, office):
        raise _Edited


def _cleared(key: str, office: Office) -> tuple[Action, Artifact, str]:
    """Find the action, its intact artifact, and who approved it; refuse otherwise."""
    with office.store.reading() as records:
        action = records.outbox.get(key)
        if action is None:
            raise DeliveryRefused(f"There is no action {key!r} in the outbox.", hint="See: crewdesk outbox")
        if action.receipt is not None:
            return action, _carried(action, records), ""
        problem, by = _objection(action, records)
    if problem:
        raise DeliveryRefused(problem, hint=f"See who approved what: crewdesk trace {action.run}")
    if not by:
        _hold(action, 0, f"Goes to {action.connector}.", office)
        return _cleared(key, office)
    with office.store.reading() as records:
        return action, _carried(action, records), by


def _objection(action: Action, records: Records) -> tuple[str, str]:
    """Say what speaks against a delivery, or who approved it; neither when nobody was asked yet."""
    artifact = _carried(action, records)
    if not artifact.intact or digest(artifact.body) != action.sha:
        return f"{action.key} does not carry the bytes that its hash names; it stays in the house.", ""
    run = records.runs.get(action.run)
    if run is not None and run.status in OVER:
        raise Cancelled(run.id)
    asked = [g for g in records.gates.listed(run=action.run) if g.kind in RELEASING]
    approved = [g for g in asked if g.verb == "approve" and g.noted_sha == action.sha]
    if approved:
        names = [released_by(gate) for gate in approved if released_by(gate)]
        return ("", " and ".join(names[-1])) if names else (_too_few(action, approved[-1]), "")
    rule = None if run is None else _rule(HouseSpec.model_validate(run.spec), action.connector)
    if rule is not None:
        return "", rule
    gate = _action_gate(action, records)
    if gate is not None and gate.verb == "reject":
        return f"{action.key} was not approved: {gate.by} rejected it.", ""
    return "", ""


def _too_few(action: Action, gate: Gate) -> str:
    return f"{action.key} was not approved by the {gate.needs} people that gate {gate.id} needs; it stays in the house."


def _rule(house: HouseSpec, connector: str) -> str | None:
    spec = house.connectors.connectors.get(connector)
    rule = None if spec is None or spec.kind in ALWAYS_ASKED else spec.approved_by_rule
    return None if rule is None else f"{RULE}{rule.by}"


def _carried(action: Action, records: Records) -> Artifact:
    task = action.key.rsplit(":", 1)[-1]
    versions = [a for a in records.artifacts.of_run(action.run) if a.task == task and a.sha == action.sha]
    if not versions:
        raise DeliveryRefused(f"{action.key} carries an artifact that does not exist (sha {action.sha[:12]}).")
    return versions[-1]


def _action_gate(action: Action, records: Records) -> Gate | None:
    gates = records.gates.listed(run=action.run)
    return next((g for g in gates if g.kind == "action" and g.task == action.key.rsplit(":", 1)[-1]), None)


def _hold(action: Action, turn: int, reason: str, office: Office) -> bool:
    """Go on once people approved; say whether they approved other bytes, which the action then carries."""
    work = Work(find_run(action.run, office), office)
    with office.store.reading() as records:
        artifact = _carried(action, records)
    gate = work.hold(artifact.task, "action", turn, artifact=artifact, reason=reason)
    if gate.verb != "approve":
        raise Rejected(gate.words)
    if gate.noted_sha == action.sha:
        return False
    work.accept(work.version(artifact.task, gate.noted_sha))
    _note(replace(action, sha=gate.noted_sha), office)
    return True


def _note_refusal(key: str, refused: DeliveryRefused, office: Office) -> None:
    with office.store.writing() as records:
        action = records.outbox.get(key)
        run, sha = ("", "") if action is None else (action.run, action.sha)
        records.audit.add(AuditEntry(office.now(), "crewdesk", "refused", run, key, sha, refused.message))


def _begin(action: Action, office: Office) -> None:
    """Write down that an action is about to leave, unless its run was called off: whichever comes first counts."""
    with office.store.writing() as records:
        if (run := records.runs.get(action.run)) is not None and run.status in OVER:
            raise Cancelled(run.id)
        status = "unsure" if action.status == "unsure" else "sending"
        records.outbox.put(replace(action, status=status, attempts=action.attempts + 1))


def _note_failure(action: Action, error: DeliveryError, by: str, office: Office) -> None:
    what = "refused" if isinstance(error, DeliveryRefused) else "failed"
    if isinstance(error, DeliveryUnsure):
        error.hint = LOOK.format(key=action.key)
    status = "unsure" if action.status == "unsure" or isinstance(error, DeliveryUnsure) else "failed"
    words = Discretion(action.run, office).text(str(error))
    with office.store.writing() as records:
        known = records.outbox.get(action.key)
        if known is None or known.receipt is None:  # else somebody else delivered it meanwhile
            records.outbox.put(replace(action, status=status, attempts=action.attempts + 1, error=words))
        records.audit.add(AuditEntry(office.now(), by, what, action.run, action.key, action.sha, words))


def _note(action: Action, office: Office, entry: AuditEntry | None = None) -> None:
    with office.store.writing() as records:
        records.outbox.put(action)
        if entry is not None:
            records.audit.add(entry)
