"""Tell people of something, once, by one process; once more where an address did not take it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crewdesk.desk.office import Office
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.gate_times import is_reached
from crewdesk.domain.notices import Notice
from crewdesk.ports.records import Records

TRIES = 2
"""How often an address is told of one thing at most, where it is not known whether it took it."""
PAUSE = timedelta(minutes=1)
"""After a failure, before anybody tells people anything again."""
PATIENCE = 5.0
"""Seconds for telling people in one go; a worker has other things to see to."""
PAUSED, NOT_TOLD = "notices wait until", "not told"


@dataclass(frozen=True)
class Tended:
    """What was done about one gate or run; `str()` says it in a line."""

    about: str
    what: str | None
    """What people were to be told; None when a gate was closed."""
    told: bool = False
    """Whether anybody was."""
    trouble: str = ""

    def __str__(self) -> str:
        if self.what is None:
            return f"{self.about}  expired: nobody decided in time"
        if self.trouble:
            return f"{self.about}  {self.what}: {'not everybody was' if self.told else NOT_TOLD}. {self.trouble}"
        return f"{self.about}  {self.what}: {'people were told' if self.told else 'there is nobody to tell'}"


@dataclass(frozen=True)
class Errand:
    """A notice that this process alone is to tell: whoever takes it on sees to that in a transaction before."""

    notice: Notice
    about: str
    """The gate or the run."""
    occasion: str
    """What sets this apart from all else that people are told about it."""
    to: tuple[str, ...]
    """Variables with addresses, or single ones of those; see ports/notifier.py."""
    give_back: Callable[[Records], None]
    """Lets it be taken on once more, if nobody has done anything about it since."""


def may_tell(records: Records, now: str) -> bool:
    """Say whether people can be told anything now, or whether it failed a moment ago."""
    until = records.marks.get(PAUSED)
    # A clock that was set back makes no long pause of a short one.
    return until is None or is_reached(until, now) or not is_reached(until, _after_pause(now))


def tell_all(take_on: Sequence[Callable[[], Errand | None]], office: Office) -> list[Tended]:
    """Take errands on and run them, until one fails or it has taken long enough; say what came of each."""
    done: list[Tended] = []
    began = office.timer()
    for take in take_on:
        errand = take()
        if errand is not None:
            done.append(_tell(errand, office))
        if (done and done[-1].trouble) or office.timer() - began > PATIENCE:
            break
    return done


def _tell(errand: Errand, office: Office) -> Tended:
    with office.store.reading() as records:
        tries, to = _tried(errand, records)
    clean = replace(
        errand.notice, title=office.redactor.text(errand.notice.title), text=office.redactor.text(errand.notice.text)
    )
    outcome = office.notifier.tell(clean, to)
    troubles = {place: office.redactor.text(words) for place, words in outcome.items() if words}
    if troubles:
        _note_failure(errand, tries + 1, troubles, office)
    return Tended(errand.about, errand.notice.kind, len(troubles) < len(outcome), " ".join(troubles.values()))


def _tried(errand: Errand, records: Records) -> tuple[int, Sequence[str]]:
    """Say how often this was tried before, and who is to be told: those who took it are not told again."""
    noted = records.marks.get(_mark(errand))
    known: dict[str, Any] = {} if noted is None else json.loads(noted)
    return (known["tries"], known["to"]) if known.get("occasion") == errand.occasion else (0, errand.to)


def _note_failure(errand: Errand, tries: int, troubles: dict[str, str], office: Office) -> None:
    """Write the failure down, and let it be told once more unless this was the last try."""
    with office.store.writing() as records:
        now = office.now()
        entry = AuditEntry(
            now, "crewdesk", NOT_TOLD, errand.notice.run, errand.about, words=" ".join(troubles.values())
        )
        records.audit.add(entry)
        if tries < TRIES:
            noted = {"occasion": errand.occasion, "tries": tries, "to": list(troubles)}
            records.marks.put(_mark(errand), json.dumps(noted), now)
            errand.give_back(records)
        records.marks.put(PAUSED, _after_pause(now), now)


def _mark(errand: Errand) -> str:
    return f"{NOT_TOLD} {errand.about}"


def _after_pause(now: str) -> str:
    return (datetime.fromisoformat(now) + PAUSE).isoformat(timespec="milliseconds")
