"""Take a run as far as it goes: work, then wait, fail, or deliver."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.close_gates import close_gates
from crewdesk.desk.deliver_action import deliver_actions
from crewdesk.desk.discretion import veil_of
from crewdesk.desk.facts import accepted_of
from crewdesk.desk.find_run import find_run
from crewdesk.desk.office import Office
from crewdesk.desk.queue_run import put_in_line
from crewdesk.desk.signals import Cancelled, HandedBack, Parked, Rejected, Stopped, Superseded
from crewdesk.desk.turns import turn_at
from crewdesk.desk.work import Work
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.runs import FINISHED, RunRecord, RunStatus
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import CrewdeskError, StoreUnavailable


def advance_run(run: str, *, office: Office) -> RunRecord:
    """Go on with a run until it is done, waits for a person, or cannot go on; return it as it is then.

    A run is advanced by one process at a time; a second one waits its turn and finds the work done.
    What went wrong is in the record's `error` and `hint`, and in the audit log. Raises `StoreUnavailable`
    when the database cannot be used for now: nothing is lost, and the run can be advanced later.
    """
    try:
        with turn_at(run, office) as turn:
            return _advance_until_stopped(find_run(run, turn), turn)
    except Superseded:
        return find_run(run, office)
    except HandedBack:  # another process is at work on it, and this one is about to end
        return _hand_back(run, office, unless_begun=True)


def _advance_until_stopped(record: RunRecord, office: Office) -> RunRecord:
    """Go on as long as people decide while the run is being worked on."""
    while record.status not in FINISHED:
        decided = _decisions(record.id, office)
        _move(record, "running", office)
        record = _advance(record, office)
        if record.status != "waiting" or _decisions(record.id, office) == decided:
            break
    return record


def _decisions(run: str, office: Office) -> int:
    with office.store.reading() as records:
        return sum(gate.status != "open" for gate in records.gates.listed(run=run))


def forget_failures(run: str, *, office: Office) -> int:
    """Make the failed calls of unfinished tasks be made again; say how many there were."""
    with office.store.writing() as records:
        record = records.runs.get(run)
        if record is None:
            return 0
        versions = records.artifacts.of_run(run)
        house = HouseSpec.model_validate(record.spec)
        tasks = [task for task in house.tasks if accepted_of(versions, task) is None]
        return records.journal.drop_failures(run, ["", *tasks])


def _advance(record: RunRecord, office: Office) -> RunRecord:
    work = Work(record, office)
    try:
        office.engine().run(work)
    except (Superseded, StoreUnavailable):
        raise
    except (Stopped, CrewdeskError) as stop:
        return settle_run(work, office, stop)
    return settle_run(work, office, None)


def settle_run(work: Work, office: Office, stop: Exception | None) -> RunRecord:
    """Note how far a run came: deliver what was approved when nothing stopped it, else say what did."""
    record = work.run
    try:
        if stop is not None:
            raise stop
        deliver_actions(record.id, connectors=work.connectors, office=office)
    except Parked:
        return _move(record, "waiting", office)
    except Rejected as rejected:
        return _move(record, "rejected", office, error=str(rejected))
    except Cancelled:
        return find_run(record.id, office)
    except HandedBack:
        return _hand_back(record.id, office)
    except StoreUnavailable:
        raise
    except CrewdeskError as error:
        work.tell("failed", text=error.message)
        return _move(record, "failed", office, error=error.message, hint=error.hint)
    return _move(record, "done", office)


def fail_run(run: str, error: Exception, *, office: Office) -> RunRecord:
    """Note that a run stopped at something that should not happen."""
    told = f"Something went wrong that should not: {type(error).__name__}: {error}"
    hint = f"Please report it, with the output of: crewdesk trace {run}"
    return _move(find_run(run, office), "failed", office, error=told, hint=hint)


def _hand_back(run: str, office: Office, *, unless_begun: bool = False) -> RunRecord:
    with office.store.writing() as records:
        record = records.runs.get(run)
        if record is None or record.status in FINISHED or (unless_begun and record.status != "queued"):
            return find_run(run, office)
        return put_in_line(record, office.now(), records)


def _move(record: RunRecord, status: RunStatus, office: Office, *, error: str = "", hint: str = "") -> RunRecord:
    with office.store.writing() as records:
        now = records.runs.get(record.id) or record
        if now.status in FINISHED:
            return now
        veil = veil_of(record.id, records)
        told, then = (str(veil.hide(office.redactor.text(words))) for words in (error, hint))
        moved = replace(now, status=status, updated=office.now(), error=told, hint=then)
        records.runs.put(moved)
        if status == "failed":
            records.audit.add(AuditEntry(moved.updated, "crewdesk", "failed", moved.id, moved.crew, words=moved.error))
        if status == "rejected":
            close_gates(record.id, "Its run was rejected at another gate.", moved.updated, records)
    return moved
