"""Fire one event of a trigger: its run is put in line for a worker, once for each occasion."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crewdesk.desk.start_run import run_started_for
from crewdesk.domain.canonical import JsonObject, sha256
from crewdesk.domain.events import fill
from crewdesk.domain.trigger_specs import FiringSpec
from crewdesk.errors import AlreadyStarted, WrongUsage
from crewdesk.triggers.notes import note_run

if TYPE_CHECKING:
    from crewdesk.facade import Desk


LONGEST = 200
"""Characters of an occasion's name."""
NO_NAME = re.compile("[\\x00-\\x1f\\x7f\\ud800-\\udfff]")


@dataclass(frozen=True)
class Fired:
    """What became of an event; `str()` says it in a line."""

    trigger: str
    occasion: str
    run: str
    new: bool
    """False where a run was started for it before, or is under way about the same."""

    def __str__(self) -> str:
        what = "put in line" if self.new else "was started already"
        return f"{self.run}  {what} by trigger {self.trigger}: {self.occasion}"


def fire(desk: Desk, name: str, spec: FiringSpec, event: JsonObject, *, occasion: str) -> Fired:
    """Put the run of an event in line; at any time, from any number of processes, there is one for each occasion.

    `occasion` is what sets this event apart, such as the id of a message; what triggers.yaml says under `once`
    goes before it. Whether the event is wanted (`only`) and the trigger paused is the caller's to ask.

    Raises `WrongUsage` where the event lacks what the inputs need, `ConfigurationError` where the crew does not
    load, `StoreUnavailable` while the database is away. After any of them it is safe to fire again.
    """
    return _fire(desk, name, spec, event, occasion if spec.once is None else fill(spec.once, event))


def fire_by_hand(desk: Desk, name: str, spec: FiringSpec, event: JsonObject) -> Fired:
    """Put a run in line because a person wants it now, whatever was started before; raises what `fire` raises."""
    return _fire(desk, name, spec, event, f"by hand {desk.office.now()}", by=desk.settings.user)


def _fire(desk: Desk, name: str, spec: FiringSpec, event: JsonObject, occasion: str, *, by: str = "") -> Fired:
    occasion = _named(name, occasion)
    once = f"{spec.occasions or name}:{occasion}"
    if earlier := run_started_for(once, office=desk.office):  # asked first: the crew may not load any more
        return Fired(name, occasion, earlier, new=False)
    inputs = {word: fill(text, event) for word, text in spec.inputs.items()}
    try:
        run = desk.enqueue(spec.crew, profile=spec.profile, by=by or f"trigger {name}", once=once, **inputs)
    except AlreadyStarted as error:
        return Fired(name, occasion, error.run, new=False)
    note_run(name, run.id, occasion, office=desk.office)
    return Fired(name, occasion, run.id, new=True)


def _named(name: str, occasion: str) -> str:
    """Spell an occasion as a database can keep it: what is long or holds odd characters ends in its hash."""
    if not occasion.strip():
        hint = "What 'once' names must have a value in every event; else all would be the same occasion."
        raise WrongUsage(f"The occasion of an event of trigger {name!r} has no name.", hint=hint)
    plain = NO_NAME.sub("?", occasion)
    return plain if plain == occasion and len(plain) <= LONGEST else f"{plain[: LONGEST - 17]}#{sha256(occasion)[:16]}"
