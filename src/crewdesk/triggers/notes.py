"""What is known of each trigger: its last run and why it does not fire; a mark, so that it outlives every process."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from crewdesk.desk.office import Office
from crewdesk.ports.records import Records


@dataclass(frozen=True)
class Note:
    """How a trigger fares; empty texts until something happens."""

    run: str = ""
    """The last run it started."""
    at: str = ""
    """When, UTC."""
    occasion: str = ""
    trouble: str = ""
    """Why it could not fire, until it can again."""


def read_note(name: str, records: Records) -> Note:
    """Return what is known of a trigger."""
    text = records.marks.get(_mark(name))
    return Note() if text is None else Note(**json.loads(text))


def note_run(name: str, run: str, occasion: str, *, office: Office) -> None:
    """Write down that a trigger started a run; what troubled it is over."""
    _change(name, office, run=run, at=office.now(), occasion=occasion, trouble="")


def note_trouble(name: str, trouble: str, *, office: Office) -> None:
    """Write down why a trigger does not fire, or with an empty text that it can."""
    with office.store.reading() as records:
        if read_note(name, records).trouble == trouble:
            return
    _change(name, office, trouble=trouble)


def _change(name: str, office: Office, **changes: str) -> None:
    with office.store.writing(_mark(name)) as records:
        changed = replace(read_note(name, records), **changes)
        records.marks.put(_mark(name), json.dumps(asdict(changed), ensure_ascii=False), office.now())


def _mark(name: str) -> str:
    return f"trigger:{name}"
