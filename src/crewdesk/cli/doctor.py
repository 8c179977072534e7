"""`doctor`: say where things are, whether the database and the sandbox work, who works, and what needs which key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import click

from crewdesk.cli.common import json_option, new_database, print_json, print_rows, settings, store
from crewdesk.domain.needs import needs_of
from crewdesk.domain.runs import RunStatus
from crewdesk.errors import ConfigurationError, CrewdeskError

if TYPE_CHECKING:
    from crewdesk.domain.canonical import Json
    from crewdesk.domain.model_specs import ModelsSpec
    from crewdesk.domain.specs import HouseSpec
    from crewdesk.settings import Settings

UNFINISHED: tuple[RunStatus, ...] = ("queued", "running", "waiting", "failed")
"""States that somebody may still have to do something about."""


@click.command("doctor")
@click.option("--notify", is_flag=True, help="Send a test message to everywhere people are told of what waits.")
@json_option
def doctor_command(*, notify: bool, as_json: bool) -> None:
    """Say where things are, what works and who, and what each profile, connector and webhook needs."""
    from crewdesk.bootstrap import load
    from crewdesk.cli.notices import services_of, spoken_services, try_notices
    from crewdesk.configuration.house import list_crews

    where = settings()
    places = {"home": str(where.home), "config": str(where.config), "knowledge": str(where.knowledge)}
    try:
        house = load(list_crews(where.config)[0], where).house
        named = list(_named(house, where))
    except ConfigurationError:
        if not notify:  # what else there is to know is worth knowing now, of all times
            _show(places | _work(), as_json=as_json)
        raise
    if notify:
        try_notices(house.gates, where)
        return
    models = house.models
    rows = [
        {"profile": name, "needs": _needs(models, name, where), "what": spec.description}
        for name, spec in models.profiles.items()
    ]
    notices = services_of(house.gates, where)
    found = (
        places | _work() | {"sandbox": _sandbox(house), "notices": notices, "default": where.profile or models.default}
    )
    variables = [{"variable": name, "for": what, "set": where.key(name) is not None} for name, what in named]
    if as_json:
        print_json(found | {"profiles": rows, "variables": variables})
        return
    _show(found | {"notices": spoken_services(notices)}, as_json=False)
    print_rows(rows, "No profiles.")
    click.echo()
    print_rows(
        [row | {"set": "yes" if row["set"] else "no"} for row in variables], "No connector or webhook needs a variable."
    )


def _show(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        click.echo(f"{name:<10} {_spoken(value)}")
    click.echo()


def _work() -> dict[str, Any]:
    """Say how the database is, which workers live and what waits; a database in trouble is told, not raised.

    Where there is none, none is made: it may have been moved away.
    """
    from crewdesk.bootstrap import make_office
    from crewdesk.desk.roll_call import living_workers

    try:
        if new := new_database():
            return {"database": f"{new} is not there yet", "workers": [], "runs": dict.fromkeys(UNFINISHED, 0)}
        database = store()
        workers = [holder.name for holder in living_workers(make_office(settings(), database))]
        with database.reading() as records:
            runs = {status: len(records.runs.legs(status)) for status in UNFINISHED}
    except CrewdeskError as error:
        return {"database": f"{error.message} {error.hint}", "workers": None, "runs": None}
    return {"database": database.address, "workers": workers, "runs": runs}


def _sandbox(house: HouseSpec) -> str:
    """Say whether code of a change can be run."""
    from crewdesk.code.sandbox.sandbox import open_sandbox

    trusted = any(tool.settings.get("trusted") is True for tool in house.tools.tools.values())
    try:
        return open_sandbox(trusted=trusted).about
    except ValueError as error:
        return str(error)


def _named(house: HouseSpec, where: Settings) -> Iterator[tuple[str, str]]:
    """List the variables that connectors and webhooks name, with what they are for."""
    from crewdesk.bootstrap import load_triggers, names
    from crewdesk.domain.trigger_specs import WebhookSpec

    for name, connector in house.connectors.connectors.items():
        model = names().settings["connectors"][connector.kind]
        told = model.model_validate(dict(connector.settings)).model_dump(mode="json")
        yield from _variables(told, f"connector {name}")
    for name, trigger in load_triggers(where).triggers.items():
        if isinstance(trigger, WebhookSpec):
            yield trigger.secret_env, f"trigger {name}{' (paused)' if trigger.paused else ''}"


def _variables(settings: Json, what: str) -> Iterator[tuple[str, str]]:
    """Find the variables that settings name, those that nobody had to write down too."""
    if not isinstance(settings, dict):
        return
    by_token = bool(settings.get("token_env")) or settings.get("user") == ""
    for name, value in settings.items():
        if isinstance(value, str) and name.endswith("_env"):
            if value and not (name == "password_env" and by_token):
                yield value, what
        else:
            yield from _variables(value, f"{what}, {name}")


def _spoken(value: object) -> str:
    match value:
        case None:
            return "unknown"
        case []:
            return "none; start one with: crewdesk worker"
        case list():
            return ", ".join(map(str, cast("list[object]", value)))
        case dict():
            return ", ".join(f"{number} {name}" for name, number in cast("dict[str, int]", value).items())
        case _:
            return str(value)


def _needs(models: ModelsSpec, profile: str, where: Settings) -> str:
    needs = needs_of(models, profile, lambda variable: where.key(variable) is not None)
    return ", ".join(map(str, needs)) or "nothing"
