"""Where people are told of what waits: which services, and whether they take a message. No address is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crewdesk.errors import DeliveryFailed, WrongUsage

if TYPE_CHECKING:
    from crewdesk.domain.gate_specs import GatesSpec
    from crewdesk.settings import Settings

SEE = "Say where with 'notify' in config/gates.yaml, and put the addresses into .env."


def services_of(gates: GatesSpec, where: Settings) -> dict[str, list[str]]:
    """Name the services at each variable that the house or a person of people.yaml has for notices."""
    from crewdesk.bootstrap import make_notifier

    notifier = make_notifier(where)
    return {variable: list(notifier.services(variable)) for variable in _variables(gates, where)}


def spoken_services(found: dict[str, list[str]]) -> str:
    """Say it in a line."""
    said = [f"{name} ({', '.join(services) or 'not set'})" for name, services in found.items()]
    return ", ".join(said) or f"nobody is told. {SEE}"


def try_notices(gates: GatesSpec, where: Settings) -> None:
    """Send a test message everywhere and say which address took it; raises `DeliveryFailed` where one did not."""
    from crewdesk.bootstrap import make_notifier
    from crewdesk.domain.notices import trial_notice

    public = where.public or ""
    outcome = make_notifier(where).tell(trial_notice(public), _variables(gates, where))
    if not outcome:
        raise WrongUsage("There is nobody to tell: no variable with addresses is named and set.", hint=SEE)
    for place, trouble in outcome.items():
        click.echo(trouble or f"{place} took it.")
    if any(outcome.values()):
        raise DeliveryFailed(
            "Not every address took it.", hint="See what the service says: uv run apprise -vv -b test ADDRESS"
        )


def _variables(gates: GatesSpec, where: Settings) -> list[str]:
    from crewdesk.configuration.people import load_people

    own = [somebody.notify_env for somebody in load_people(where.config).by_id.values()]
    return [name for name in dict.fromkeys([gates.told_at(), *own]) if name]
