"""Desks for tests of triggers: the shipped crew, a clock that one sets, any number of desks on one database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from crewdesk.domain.runs import RunRecord
from crewdesk.domain.trigger_specs import TriggerSpec
from crewdesk.facade import Desk
from crewdesk.settings import Settings
from crewdesk.store.database import Database
from support.homes import lay_out_small

WEEKLY: dict[str, Any] = {
    "kind": "schedule",
    "crew": "content",
    "cron": "0 9 * * MON",
    "time_zone": "Europe/Berlin",
    "inputs": {"topic": "Week {week} of {year}"},
}


def spec_of(base: dict[str, Any], **changes: Any) -> Any:
    """A trigger as triggers.yaml would have it."""
    return TypeAdapter[Any](TriggerSpec).validate_python(base | changes)


def trigger_home(folder: Path) -> Path:
    """A home with the shipped crew and no triggers."""
    home = lay_out_small(folder / "home", sources=())
    (home / "config" / "triggers.yaml").unlink(missing_ok=True)
    return home


def desk_at(home: Path, url: str = "", clock: Callable[[], str] | None = None, **changes: Any) -> Desk:
    """A desk of its own on a database, as another process would have it."""
    settings = Settings.load({"CREWDESK_DATABASE_URL": url, "CREWDESK_USER": "ed"}, home, home=home)
    desk = Desk(settings=settings, store=Database(settings.database_url))
    desk.office = replace(desk.office, **({} if clock is None else {"now": clock}), **changes)
    return desk


def runs_of(desk: Desk) -> list[RunRecord]:
    """All runs, in the order they were started."""
    with desk.store.reading() as records:
        started = [entry.run for entry in records.audit.listed() if entry.what == "started"]
        return [run for name in started if (run := records.runs.get(name)) is not None]


def topics(desk: Desk) -> list[str]:
    """What the runs are about, in the order they were started."""
    return [str(run.inputs["topic"]) for run in runs_of(desk)]
