"""Look after gates while nobody decides: tell people what waits and what is due, close what is over."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from crewdesk.desk.expire_gate import expire_gate
from crewdesk.desk.office import Office
from crewdesk.desk.tell_people import PATIENCE, Errand, Tended, may_tell, tell_all
from crewdesk.domain.gate_specs import GatesSpec
from crewdesk.domain.gate_times import is_over, is_reached, next_notice
from crewdesk.domain.gates import Gate
from crewdesk.domain.notices import NoticeKind, addressees, kind_of, notice_of
from crewdesk.domain.runs import FINISHED
from crewdesk.ports.records import Records


def tend_gates(office: Office) -> list[Tended]:
    """Close the gates that are over and tell people what is to be told by now; say what was done.

    Any number of processes may do it, every few seconds. Each gate is closed once. Each notice is told by one
    process: the next one is set before this one is told, so a process that is killed in between loses it. An address
    that did not take it is told once more after a pause, and may then have it twice; the others have it once.
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
        gates = records.gates.pressing(now) if may_tell(records, now) else ()
    return tell_all([partial(_take_on, gate, run, office) for gate, run, _ in gates], office)


def _take_on(gate: str, run: str, office: Office) -> Errand | None:
    """Set a gate's next notice, so that nobody else tells this one; None where there is nobody to tell it."""
    with office.store.writing(run) as records:
        now, found, record = office.now(), records.gates.get(gate), records.runs.get(run)
        if found is None or record is None or not is_reached(found.remind, now) or is_over(found, now):
            return None
        if found.status == "open" and record.status in FINISHED:
            records.gates.put(replace(found, remind=None))
            return None
        house, kind = GatesSpec.model_validate(record.spec["gates"]), kind_of(found, now)
        spec = house.spec_for(found.kind, record.crew, found.task)
        every = None if spec is None else spec.remind
        later = next_notice(found, every, after=now) if found.status == "open" else None
        after = replace(found, remind=later, told=kind)
        records.gates.put(after)
        to = addressees(found, office.people(), house.told_at()) if house.tells(kind) else ()
    return _errand(found, after, kind, record.crew, to, office) if to else None


def _errand(before: Gate, after: Gate, kind: NoticeKind, crew: str, to: tuple[str, ...], office: Office) -> Errand:
    def give_back(records: Records) -> None:
        if records.gates.get(after.id) == after:
            records.gates.put(before)

    notice = notice_of(before, kind, crew=crew, now=office.now(), public=office.public)
    return Errand(notice, before.id, f"{kind} {before.remind}", to, give_back)
