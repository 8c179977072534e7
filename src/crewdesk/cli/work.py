"""`run`, `resume`, `retry`, `fork`, `cancel`: make crews work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from crewdesk.cli.common import json_option, print_json
from crewdesk.cli.each import Each, run_each
from crewdesk.cli.here import Here
from crewdesk.cli.places import Fork, Resume, Retry, Start, place
from crewdesk.errors import WrongUsage

input_option: Callable[[Any], Any] = click.option(
    "-i", "--input", "pairs", multiple=True, metavar="NAME=VALUE", help="An input of the crew; may be repeated."
)
named_inputs: Callable[[Any], Any] = click.argument(
    "named", nargs=-1, type=click.UNPROCESSED, metavar="[--INPUT VALUE]..."
)
profile_option: Callable[[Any], Any] = click.option("--profile", help="Profile of config/models.yaml.")
wait_option: Callable[[Any], Any] = click.option(
    "--wait/--no-wait",
    default=None,
    help="Do the work here and ask at the gate, or leave it to a worker. With --desk it is left to a worker; "
    "--wait stays until it stops.",
)


@click.command("run", context_settings={"ignore_unknown_options": True})
@click.argument("crew")
@named_inputs
@input_option
@profile_option
@click.option(
    "--each",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file: a run for each row, with the columns that are inputs. What was started before is not again.",
)
@click.option("--limit", type=click.IntRange(1), help="With --each: start so many at most; the same again goes on.")
@click.option("--parallel", type=click.IntRange(1, 64), help="With --each: so many at once, as crew.yaml allows.")
@wait_option
@json_option
def run_command(
    crew: str,
    named: tuple[str, ...],
    pairs: tuple[str, ...],
    profile: str | None,
    file: Path | None,
    limit: int | None,
    parallel: int | None,
    *,
    wait: bool | None,
    as_json: bool,
) -> int:
    """Start CREW. At a terminal it asks at the gate; without one it parks there, says how to decide and exits 3.

    Each input of the crew is an option of its own name: --topic "human gates", --repo . --base main.
    """
    inputs = read_pairs(pairs) | read_options(named)
    if file is not None:
        return _run_each(Each(crew, file, inputs, profile, limit, parallel), wait=wait, as_json=as_json)
    if limit or parallel:
        raise click.UsageError("--limit and --parallel are for --each FILE.")
    return place().order(Start(crew, inputs, profile), wait=wait, as_json=as_json)


def _run_each(asked: Each, *, wait: bool | None, as_json: bool) -> int:
    if not isinstance(place(), Here):
        raise WrongUsage("Over the network runs are started one by one.", hint="Leave --desk and CREWDESK_DESK out.")
    return run_each(asked, wait=wait, as_json=as_json)


@click.command("resume")
@click.argument("run")
@wait_option
@json_option
def resume_command(run: str, *, wait: bool | None, as_json: bool) -> int:
    """Go on with RUN; what was finished is not done, and not paid for, again."""
    return place().order(Resume(run.upper()), wait=wait, as_json=as_json)


@click.command("retry")
@click.argument("run")
@wait_option
@json_option
def retry_command(run: str, *, wait: bool | None, as_json: bool) -> int:
    """Go on with the failed RUN under today's configuration."""
    return place().order(Retry(run.upper()), wait=wait, as_json=as_json)


@click.command("fork")
@click.argument("run")
@click.option("--from", "from_task", metavar="TASK", help="Make this task and all that rest on it anew.")
@click.option("--set", "pairs", multiple=True, metavar="INPUT=VALUE", help="Change an input; may be repeated.")
@profile_option
@wait_option
@json_option
def fork_command(
    run: str, from_task: str | None, pairs: tuple[str, ...], profile: str | None, *, wait: bool | None, as_json: bool
) -> int:
    """Run again as a new run, paying only for what changed since RUN."""
    order = Fork(run.upper(), read_pairs(pairs), profile, from_task)
    return place().order(order, wait=wait, as_json=as_json)


@click.command("cancel")
@click.argument("run")
@click.option("--by", help="Who calls it off; your login name when left out.")
@json_option
def cancel_command(run: str, by: str | None, *, as_json: bool) -> None:
    """Call RUN off: what it is asking for is not waited for, and nothing more leaves."""
    cancelled = place().cancel(run, by)
    if as_json:
        print_json({"id": cancelled["id"], "status": cancelled["status"]})
    else:
        click.echo(f"Run {cancelled['id']} is cancelled. What it finished is kept: crewdesk trace {cancelled['id']}")


def read_pairs(pairs: tuple[str, ...]) -> dict[str, str]:
    """Read NAME=VALUE options."""
    read: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise WrongUsage(f"{pair!r} is not NAME=VALUE.", hint="As in: --input language=de")
        read[name] = value
    return read


def read_options(given: tuple[str, ...]) -> dict[str, str]:
    """Read --name VALUE and --name=VALUE, as inputs are given that have no option in this program."""
    read: dict[str, str] = {}
    words = iter(given)
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not name:
            raise WrongUsage(f"{word!r} is not asked for.", hint="Inputs are given as: --topic 'human gates'")
        if not equals and (following := next(words, None)) is not None:
            value = following
        elif not equals:
            raise WrongUsage(f"{word} needs a value.", hint=f"As in: {word} VALUE")
        read[name.replace("-", "_")] = value
    return read
