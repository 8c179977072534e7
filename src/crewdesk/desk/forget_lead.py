"""Forget somebody: take them out of every run about them, and say what remains of them where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from crewdesk.desk.change_run import cancel_run
from crewdesk.desk.office import Office
from crewdesk.desk.permit import permit_admin
from crewdesk.desk.take_back import Remain, take_back
from crewdesk.desk.turns import AGAIN, is_at_work, is_held
from crewdesk.domain.audit import FORGOT, AuditEntry
from crewdesk.domain.canonical import Json
from crewdesk.domain.claims import Claim
from crewdesk.domain.ledger import totals
from crewdesk.domain.people import Proof
from crewdesk.domain.personal import Veil
from crewdesk.domain.runs import FINISHED
from crewdesk.errors import AlreadyDecided, NotFound, WrongUsage
from crewdesk.ports.erasure import Rewritten, Standing
from crewdesk.ports.records import Records

PATIENCE = 60.0
"""Seconds that whoever works on a run about them has for noticing that it was called off."""
UNMISTAKABLE = ("email", "phone", "address", "name")
"""Fields that say who somebody is; single names are looked for in the runs about them alone."""
NOT_SCRUBBED = "Somebody reads the database, so that its log could not be emptied."
MOST = 50
"""Rows of a table that are looked at where something still stands."""


@dataclass(frozen=True)
class Forgotten:
    """What came of it."""

    lead: str
    runs: tuple[str, ...]
    cancelled: tuple[str, ...]
    """Those that were not finished."""
    versions: int
    """How many outputs read otherwise now."""
    taken_back: tuple[str, ...]
    """Drafts that were deleted: where they were."""
    remains: tuple[Remain, ...]
    again: tuple[str, ...]
    """What could not be done now, a sentence each."""


def leads_at(email: str, office: Office) -> list[str]:
    """Name the leads with this address that runs know of; raises `NotFound`."""
    with office.store.reading() as records:
        found = list(records.erasure.subjects("email", email.strip()))
    if not found:
        raise NotFound("No run knows anybody with this address.", hint="Say what the CRM calls the lead.")
    return found


def forget_lead(lead: str, *, by: str, proof: Proof = "typed", office: Office) -> Forgotten:
    """Take somebody out of what is written down, drafts and all.

    Their unfinished runs are called off. Values become placeholders in what people saw and approved, whose hashes stay
    as proof; the audit log says who forgot which lead, and names nobody. Doing it twice is fine. Raises `NotFound`
    where no run is about them, `NotAllowed` for who is no admin, where there are people, and `WrongUsage` while a run
    about them does not stop.
    """
    by = permit_admin(by, office)
    with office.store.reading() as records:
        runs = _runs_about(lead, records)
    if not runs:
        raise NotFound(f"No run is about a lead {lead!r}.", hint="Say what the CRM calls it: crewdesk crm")
    cancelled = [run for run in runs if _called_off(run, by, proof, office)]
    _wait_until_left(runs, office)
    drafts = take_back(runs, office)
    known, rewritten = _rewrite(lead, runs, by, proof, office)
    return Forgotten(
        lead=lead,
        runs=tuple(runs),
        cancelled=tuple(cancelled),
        versions=len(rewritten),
        taken_back=tuple(drafts.gone),
        remains=(*drafts.remain, *_logs_elsewhere(runs, office), *_still_here(known, office)),
        again=tuple(drafts.failed),
    )


def _runs_about(lead: str, records: Records) -> list[str]:
    return list(dict.fromkeys([*records.personal.runs_about(lead), *records.erasure.runs_of("lead", lead)]))


def _called_off(run: str, by: str, proof: Proof, office: Office) -> bool:
    with office.store.reading() as records:
        status = records.runs.status(run)
    if status is None or status in FINISHED:
        return False
    with suppress(AlreadyDecided):
        cancel_run(run, by=by, proof=proof, office=office)
    return True


def _wait_until_left(runs: Sequence[str], office: Office) -> None:
    """Wait until nobody works on any of them, who might write down what they know."""
    began = office.timer()
    while busy := next((run for run in runs if is_held(run, office)), None):
        if office.timer() - began > PATIENCE:
            raise _busy(busy)
        office.sleep(AGAIN)


def _busy(run: str) -> WrongUsage:
    return WrongUsage(
        f"Somebody still works on run {run}, which was called off. Nothing was forgotten.",
        hint="Try again in a moment, or end that process.",
    )


def _rewrite(
    lead: str, runs: Sequence[str], by: str, proof: Proof, office: Office
) -> tuple[Sequence[Mapping[str, str]], list[Rewritten]]:
    """Take them out of the database, all at once; return what was known of them, and what reads otherwise now."""
    rewritten: list[Rewritten] = []
    with office.store.writing() as records:
        if busy := next((run for run in runs if is_at_work(run, office, records)), None):
            raise _busy(busy)
        known = records.erasure.values(lead)
        veils = [Veil(values) for values in known]
        for run in runs:
            versions = records.erasure.rewrite(run, lambda value: _hidden(value, veils))
            forgot = AuditEntry(office.now(), by, FORGOT, run, str(_hidden(lead, veils)), proof=proof)
            for entry in _entries(forgot, versions, was_known=bool(records.personal.of_run(run))):
                records.audit.add(entry)
            rewritten += versions
            _close_to_the_late(run, records)
        records.erasure.rewrite_marks(lambda text: str(_hidden(text, [_unmistakable(values) for values in known])))
        records.personal.forget(lead)
    return known, rewritten


def _hidden(value: Json, veils: Sequence[Veil]) -> Json:
    for veil in veils:
        value = veil.hide(value)
    return value


def _unmistakable(values: Mapping[str, str]) -> Veil:
    """Know only what says who somebody is, for texts that are about something else."""
    return Veil({name: values[name] for name in UNMISTAKABLE if name in values and _says_who(name, values[name])})


def _says_who(name: str, value: str) -> bool:
    return name != "name" or " " in value.strip()


def _entries(forgot: AuditEntry, versions: Sequence[Rewritten], *, was_known: bool) -> list[AuditEntry]:
    """Say what is left of each version, so that no other change can hide behind this one."""
    if not versions:
        return [forgot] if was_known else []
    words = "What is left of {}, version {}: {}"
    return [replace(forgot, sha=v.sha, words=words.format(v.task, v.version, v.left)) for v in versions]


def _close_to_the_late(run: str, records: Records) -> None:
    """Let no answer be kept that was asked for before and comes only now: nobody knows any more what to hide in it."""
    claim = records.claims.get(run)
    if claim is not None:
        records.claims.put(Claim(run, "", claim.epoch + 1))


def _logs_elsewhere(runs: Sequence[str], office: Office) -> Iterator[Remain]:
    with office.store.reading() as records:
        left = [one for run in runs for one in records.ledger.of_run(run) if one.what != "delivery"]
    for host in totals(left):
        if host.clear:
            yield Remain(host.host, f"was told {', '.join(host.clear)}, and may keep logs; ask whoever runs it")


def _still_here(known: Sequence[Mapping[str, str]], office: Office) -> Iterator[Remain]:
    """Look whether anything that says who they are stands anywhere in the database."""
    said = {value for values in known for value in _unmistakable(values).values.values() if value}
    if not said:
        return
    with office.store.reading() as records:
        found = records.erasure.standing(sorted(said), limit=MOST)
    by_place: dict[tuple[str, str], list[Standing]] = {}
    for one in found:
        by_place.setdefault((one.table, one.column), []).append(one)
    for (table, column), several in by_place.items():
        names = dict.fromkeys(one.run or one.row for one in several)
        yield Remain(f"database, {table}.{column}", f"{len(several)} rows: {', '.join(names)}{_why(table)}")


def _why(table: str) -> str:
    match table:
        case "audit":
            return "; the log is sealed, and stays as it is"
        case "personal":
            return "; runs about another lead with the same data: forget that lead, too"
        case _:
            return ""
