"""`triggers`: see what starts runs by itself and when it does next, or fire it by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from crewdesk.cli.common import json_option, print_json, print_rows, settings, store
from crewdesk.domain.trigger_specs import ChangesSpec, PollSpec, ScheduleSpec, WebhookSpec
from crewdesk.errors import NotFound, WrongUsage

if TYPE_CHECKING:
    from crewdesk.configuration.triggers import ReadTriggers
    from crewdesk.domain.canonical import JsonObject
    from crewdesk.domain.trigger_specs import TriggerSpec
    from crewdesk.facade import Desk
    from crewdesk.triggers.notes import Note

NEXT_TIMES = 5


@click.command("triggers")
@click.argument("name", required=False)
@click.option("--fire", "by_hand", is_flag=True, help="Start its run now, whatever was started before.")
@click.option(
    "--event",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file with the event to fire; a schedule needs none.",
)
@json_option
def triggers_command(name: str | None, path: Path | None, *, by_hand: bool, as_json: bool) -> int:
    """List the triggers of config/triggers.yaml, or show NAME with its next times.

    Workers look after schedules and polls, and crewdesk serve takes webhooks; a paused one still fires by hand.
    """
    from crewdesk.configuration.triggers import read_triggers
    from crewdesk.facade import Desk

    if by_hand and name is None:
        raise click.UsageError("Say which trigger to fire: crewdesk triggers NAME --fire")
    if path is not None and not by_hand:
        raise click.UsageError("An event is for firing: add --fire")
    read, desk = read_triggers(settings().config), Desk(settings=settings(), store=store())
    if name is None:
        return _list(read, desk, as_json=as_json)
    spec = _found(name, read)
    if by_hand:
        _fire(desk, name, spec, path, as_json=as_json)
    else:
        _show(desk, name, spec, as_json=as_json)
    return 0


def _list(read: ReadTriggers, desk: Desk, *, as_json: bool) -> int:
    rows = [_row(desk, name, spec) for name, spec in read.spec.triggers.items()]
    problems = [str(problem) for problem in read.problems]
    if as_json:
        print_json(rows)
    else:
        print_rows(
            [row | {"next": _spoken(row["next"]), "state": _cut(row["state"])} for row in rows],
            "No triggers. What starts runs by itself stands in config/triggers.yaml.",
        )
    for line in problems:
        click.echo(line, err=True)
    return 2 if problems else 0


def _show(desk: Desk, name: str, spec: TriggerSpec, *, as_json: bool) -> None:
    from crewdesk.triggers.schedules import next_times

    note = _note(desk, name)
    times = next_times(desk, name, spec, NEXT_TIMES) if isinstance(spec, ScheduleSpec) else []
    more = {
        "when": _when(spec),
        "inputs": dict(spec.inputs),
        "once": spec.once,
        "last_occasion": note.occasion,
        "last_at": note.at,
        "next_times": times,
    }
    shown = _row(desk, name, spec) | more
    if as_json:
        print_json(shown)
        return
    for key, value in shown.items():
        if value and key not in ("next", "next_times"):
            click.echo(f"{key.replace('_', ' '):<14} {value}")
    for n, moment in enumerate(times):
        click.echo(f"{'' if n else 'next times':<14} {_spoken(moment)}")


def _fire(desk: Desk, name: str, spec: TriggerSpec, path: Path | None, *, as_json: bool) -> None:
    from crewdesk.triggers.fire import fire_by_hand

    fired = fire_by_hand(desk, name, spec, _event(desk, spec, path))
    run = desk.run(fired.run)
    if as_json:
        print_json({"id": run.id, "crew": run.record.crew, "status": run.status, "trigger": name, "new": fired.new})
        return
    if fired.new:
        click.echo(f"Run {run.id} of {run.record.crew} is in line. A worker takes it: crewdesk worker")
    else:
        click.echo(f"Run {run.id} is about the same and is {run.status}; no other was started.")


def _event(desk: Desk, spec: TriggerSpec, path: Path | None) -> JsonObject:
    from crewdesk.domain.schedules import event_of

    now = event_of(desk.office.now(), spec.time_zone) if isinstance(spec, ScheduleSpec) else {}
    if path is None:
        return now
    try:
        given = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise WrongUsage(f"{path} holds no JSON that can be read.", hint="It must be one JSON object.") from error
    if not isinstance(given, dict):
        raise WrongUsage(f"{path} holds no JSON object.", hint='Such as {"title": "Gates"}')
    return now | cast("JsonObject", given)


def _row(desk: Desk, name: str, spec: TriggerSpec) -> dict[str, Any]:
    from crewdesk.triggers.schedules import next_times

    note = _note(desk, name)
    comes = next_times(desk, name, spec, 1) if isinstance(spec, ScheduleSpec) and not spec.paused else []
    return {
        "name": name,
        "kind": spec.kind,
        "crew": spec.crew,
        "next": comes[0] if comes else None,
        "last_run": note.run,
        "state": f"failing: {note.trouble}" if note.trouble else "paused" if spec.paused else "on",
    }


def _note(desk: Desk, name: str) -> Note:
    from crewdesk.triggers.notes import read_note

    with desk.store.reading() as records:
        return read_note(name, records)


def _found(name: str, read: ReadTriggers) -> TriggerSpec:
    from crewdesk.configuration.problems import ConfigurationProblems, did_you_mean

    if name in read.spec.triggers:
        return read.spec.triggers[name]
    if read.problems:
        raise ConfigurationProblems(read.problems)
    near = did_you_mean(name, read.spec.triggers, none="there are none")
    raise NotFound(f"There is no trigger {name!r}{near}", hint="See what there is: crewdesk triggers")


def _when(spec: TriggerSpec) -> str:
    match spec:
        case ScheduleSpec():
            return f"{spec.cron}, {spec.time_zone}; {spec.catch_up} of what passed within {spec.within}"
        case WebhookSpec():
            return f"when somebody posts to /hooks{spec.path}, signed as {spec.signature} does"
        case PollSpec():
            return f"every {spec.every} at {spec.url}"
        case ChangesSpec():
            return f"every {spec.every} in {spec.connector}, for each new lead"


def _spoken(moment: str | None) -> str:
    """Spell a moment as people would, with the offset of its time zone."""
    return "" if moment is None else f"{moment[:10]} {moment[11:16]} {moment[16:]}"


def _cut(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
