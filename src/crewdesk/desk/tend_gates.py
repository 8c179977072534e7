"""Look after gates while nobody decides: remind people, tell them what is due, close what is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crewdesk.desk.expire_gate import expire_gate
from crewdesk.desk.office import Office
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.gate_specs import GatesSpec
from crewdesk.domain.gate_times import is_over, is_reached, next_notice
from crewdesk.domain.gates import Gate
from crewdesk.domain.notices import Notice, NoticeKind, notice_of
from crewdesk.domain.runs import FINISHED
from crewdesk.errors import DeliveryFailed
from crewdesk.ports.records import Records

TRIES = 2
"""How often people are told of one thing at most, where it is not known whether they were told."""
PAUSE = timedelta(minutes=1)
"""After a failure, before anybody tells people anything again."""
PATIENCE = 5.0
"""Seconds for telling people in one go; a worker has other things to see to."""
PAUSED, NOT_TOLD = "notices wait until", "not told"


@dataclass(frozen=True)
class Tended:
    """What was done about one gate; `str()` says it in a line."""

    gate: str
    what: NoticeKind | None
    """What people were to be told; None when the gate was closed."""
    told: bool = False
    trouble: str = ""

    def __str__(self) -> str:
        if self.what is None:
            return f"{self.gate}  expired: nobody decided in time"
        if self.trouble:
            return f"{self.gate}  {self.what}: {NOT_TOLD}. {self.trouble}"
        return f"{self.gate}  {self.what}: {'people were told' if self.told else 'there is nobody to tell'}"


@dataclass(frozen=True)
class _Claimed:
    """A notice that this process alone is to tell."""

    before: Gate
    after: Gate
    notice: Notice
    to: str
    """The variable with the address; empty where nobody is to be told."""


def tend_gates(office: Office) -> list[Tended]:
    """Close the gates that are over and tell people what is to be told by now; say what was done.

    Any number of processes may do it, every few seconds. Each gate is closed once. Each notice is told by one
    process: the next one is set before this one is told, so a process that is killed in between loses it. One
    that the other side did not take is told once more after a pause, and may then arrive twice.
    """
    with office.store.reading() as records:
        pressing = records.gates.pressing(office.now())
    if not pressing:
        return []
    return _close_what_is_over([(gate, run) for gate, run, over in pressing if over], office) + _tell_people(office)


def _close_what_is_over(gates: list[tuple[str, str]], office: Office) -> list[Tended]:
    done: list[Tended] = []
    began = office.timer()
    for gate, run in gates:
        with office.store.writing(run) as records:
            found = records.gates.get(gate)
            if found is not None and expire_gate(found, office.now(), records):
                done.append(Tended(gate, None))
        if office.timer() - began > PATIENCE:
            break
    return done


def _tell_people(office: Office) -> list[Tended]:
    now = office.now()
    with office.store.reading() as records:
        if _is_paused(records, now):
            return []
        gates = records.gates.pressing(now)
    done: list[Tended] = []
    began = office.timer()
    for gate, run, _ in gates:
        claimed = _claim(gate, run, office)
        if claimed is not None:
            done.append(_tell(claimed, office))
        if (done and done[-1].trouble) or office.timer() - began > PATIENCE:
            break
    return done


def _is_paused(records: Records, now: str) -> bool:
    until = records.marks.get(PAUSED)
    # A clock that was set back makes no long pause of a short one.
    return until is not None and not is_reached(until, now) and is_reached(until, _after_pause(now))


def _after_pause(now: str) -> str:
    return (datetime.fromisoformat(now) + PAUSE).isoformat(timespec="milliseconds")


def _claim(gate: str, run: str, office: Office) -> _Claimed | None:
    """Set a gate's next notice, so that nobody else tells this one; None where there is nothing to tell."""
    with office.store.writing(run) as records:
        now, found, record = office.now(), records.gates.get(gate), records.runs.get(run)
        if found is None or record is None or not is_reached(found.remind, now) or is_over(found, now):
            return None
        if found.status == "open" and record.status in FINISHED:
            records.gates.put(replace(found, remind=None))
            return None
        house = GatesSpec.model_validate(record.spec["gates"])
        spec = house.spec_for(found.kind, record.crew, found.task)
        every = None if spec is None else spec.remind
        after = replace(found, remind=next_notice(found, every, after=now) if found.status == "open" else None)
        records.gates.put(after)
    notice = notice_of(found, _kind(found, now), crew=record.crew, now=now)
    clean = replace(notice, text=office.redactor.text(notice.text))
    return _Claimed(found, after, clean, "" if house.notify is None else house.notify.url_env)


def _kind(gate: Gate, now: str) -> NoticeKind:
    if gate.status == "expired":
        return "expired"
    # Of what there was to tell since the notice was set, being due is the most.
    fell_due = gate.due is not None and is_reached(gate.due, now) and is_reached(gate.remind, gate.due)
    return "due" if fell_due else "reminder"


def _tell(claimed: _Claimed, office: Office) -> Tended:
    gate, notice = claimed.before.id, claimed.notice
    try:
        return Tended(gate, notice.kind, told=bool(claimed.to) and office.notifier.tell(notice, claimed.to))
    except DeliveryFailed as error:
        trouble = office.redactor.text(error.message)
        _note_failure(claimed, trouble, office)
        return Tended(gate, notice.kind, trouble=trouble)


def _note_failure(claimed: _Claimed, trouble: str, office: Office) -> None:
    """Write the failure down, and let it be told once more unless this was the last try."""
    gate, since = claimed.after, claimed.before.remind
    with office.store.writing() as records:
        now = office.now()
        records.audit.add(AuditEntry(now, "crewdesk", NOT_TOLD, gate.run, gate.id, words=trouble))
        entries = [e for e in records.audit.listed(run=gate.run) if (e.subject, e.what) == (gate.id, NOT_TOLD)]
        if sum(is_reached(since, entry.at) for entry in entries) < TRIES and records.gates.get(gate.id) == gate:
            records.gates.put(claimed.before)
        records.marks.put(PAUSED, _after_pause(now), now)
