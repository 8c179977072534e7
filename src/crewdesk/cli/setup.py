"""`check`, `new`, `init`: have a configuration, and know that it is right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from crewdesk.cli.common import json_option, print_json, settings
from crewdesk.errors import ConfigurationError, WrongUsage
from crewdesk.settings import Settings


@click.command("check")
@click.argument("crew", required=False)
@click.option("--write-schemas", is_flag=True, help="Write the JSON Schemas for editors anew, too.")
@json_option
def check_command(crew: str | None, *, write_schemas: bool, as_json: bool) -> int:
    """Read everything under config/ and say what is wrong with it, all at once, with file and line."""
    from crewdesk.configuration.house import list_crews

    where = settings()
    if write_schemas:
        from crewdesk.bootstrap import names
        from crewdesk.configuration.schemas import export_schemas

        export_schemas(where.config / "schemas", names=names())
    crews = [crew] if crew else list_crews(where.config)
    problems, warnings = _found(crews, where)
    if as_json:
        print_json({"crews": crews, "problems": problems, "warnings": warnings})
    else:
        for line in problems:
            click.echo(line, err=True)
        for line in warnings:
            click.echo(f"{line} (not wrong, worth a look)")
        click.echo(f"{'Not good' if problems else 'All good'}: {', '.join(crews)} in {where.config}")
    return 2 if problems else 0


def _found(crews: list[str], where: Settings) -> tuple[list[str], list[str]]:
    """Read everything; return each problem and each warning once."""
    from crewdesk.bootstrap import load, load_triggers
    from crewdesk.configuration.people import load_people

    problems: list[str] = []
    warnings: list[str] = []

    def note(read: Callable[[], object]) -> None:
        try:
            read()
        except ConfigurationError as error:
            problems.extend(error.message.splitlines())

    for crew in crews:
        note(lambda crew=crew: warnings.extend(load(crew, where).warnings))
    note(lambda: load_triggers(where))
    note(lambda: load_people(where.config))
    return list(dict.fromkeys(problems)), list(dict.fromkeys(warnings))


@click.group("new")
def new_command() -> None:
    """Make a crew, an agent or a tool to start from; nothing that is there is changed."""


@new_command.command("crew")
@click.argument("name")
def new_crew_command(name: str) -> None:
    """Make config/crews/NAME: a small crew that works, and its gate."""
    from crewdesk.configuration.scaffold import new_crew

    _tell(new_crew(own_config(), name), f"Try it: crewdesk check {name}")


@new_command.command("agent")
@click.argument("crew")
@click.argument("name")
def new_agent_command(crew: str, name: str) -> None:
    """Add agent NAME and a first task for it to CREW."""
    from crewdesk.configuration.scaffold import new_agent

    _tell(new_agent(own_config(), crew, name), f"Now say in its YAML what it is for, then: crewdesk check {crew}")


@new_command.command("tool")
@click.argument("name")
def new_tool_command(name: str) -> None:
    """Write a tool to start from, in the source of Crewdesk."""
    import crewdesk.tools
    from crewdesk.configuration.scaffold import new_tool

    written = new_tool(name, Path(crewdesk.tools.__file__ or "").parent)
    _tell(written, "Add a line to the table in tools/table.py, an entry in config/tools.yaml, and a test.")


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def init_command(folder: Path) -> None:
    """Lay config/, knowledge/ and .env.example out in FOLDER, to be your own."""
    from crewdesk.configuration.lay_out import lay_out

    defaults = settings().defaults
    written = lay_out(folder, config=defaults / "config", knowledge=defaults / "knowledge")
    folder = folder.absolute()
    click.echo(f"Wrote {len(written)} files to {folder}\n  Go there and start: cd {folder} && crewdesk run content")


def own_config() -> Path:
    """Return the home's own config/; raises `WrongUsage` where it uses the one that travels with the package."""
    where = settings()
    if where.config != where.home / "config":
        raise WrongUsage(f"There is no config/ in {where.home} to add to.", hint="Lay one out first: crewdesk init DIR")
    return where.config


def _tell(written: list[Path], then: str) -> None:
    for path in written:
        click.echo(f"  {path}")
    click.echo(then)
