"""`crm`: leads as the CRM has them; bring some in, where the CRM is a file of this desk."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crewdesk.cli.common import json_option, print_json, print_rows, settings
from crewdesk.domain.gate_times import spoken
from crewdesk.errors import WrongUsage

if TYPE_CHECKING:
    from crewdesk.cli.rows import Rows
    from crewdesk.connectors.crm.columns import ReadLead
    from crewdesk.connectors.crm.connector import CrmConnector
    from crewdesk.connectors.crm.sqlite import SqliteCrm
    from crewdesk.domain.outreach.lead import Lead

connector_option = click.option("--connector", metavar="NAME", help="In connectors.yaml; the first CRM, if left out.")


class _Leads(click.Group):
    """Takes any other word than a command of its own for a lead."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command."""
        if args and args[0] not in self.commands:
            return "show", self.commands["show"], args
        return super().resolve_command(ctx, args)


@click.group("crm", cls=_Leads, invoke_without_command=True, subcommand_metavar="[LEAD | COMMAND [ARGS]...]")
@connector_option
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many to list.")
@json_option
@click.pass_context
def crm_command(context: click.Context, connector: str | None, limit: int, *, as_json: bool) -> None:
    """List the leads that changed last, or show LEAD with what was noted about it."""
    if context.invoked_subcommand is not None:
        return
    crm = _crm(connector)
    with _told():
        changed = list(crm.changed(""))[::-1]
        leads = [crm.lead(one.lead) for one in changed[:limit]]
    if as_json:
        print_json([_card(lead, whole=False) for lead in leads])
        return
    print_rows([_row(lead) for lead in leads], "There are no leads. Bring some in: crewdesk crm import leads.csv")
    if len(changed) > limit:
        click.echo(f"And {len(changed) - limit} more: --limit {len(changed)}")


@crm_command.command("show")
@click.argument("lead")
@connector_option
@json_option
def show_command(lead: str, connector: str | None, *, as_json: bool) -> None:
    """Show LEAD; the same as: crewdesk crm LEAD."""
    with _told():
        found = _crm(connector).lead(lead)
    if as_json:
        print_json(_card(found, whole=True))
        return
    from crewdesk.domain.text.visible import in_one_line, visible

    moments = {"created": spoken(found.created), "changed": spoken(found.changed)}
    for name, value in (_card(found, whole=False) | moments).items():
        if value:
            click.echo(f"{name.replace('_', ' '):14}  {in_one_line(str(value)) if value is not True else 'yes'}")
    for note in found.notes:
        click.echo(f"\n{' '.join(filter(None, ('Note', note.date, note.author and f'by {in_one_line(note.author)}')))}")
        for line in visible(note.text).splitlines():
            click.echo(f"  {line}".rstrip())


@crm_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@connector_option
@json_option
def import_command(file: Path, connector: str | None, *, as_json: bool) -> int:
    """Bring leads in from FILE, a table as CSV.

    Its first line names the columns, in any order and by their usual names. A lead is called as its column `id` says,
    or by a name made of its address. The same file twice changes nothing; a row that changed changes its lead, and
    leaves what was changed here since. Rows that are none are told, and the rest comes in.

    Exit status: 0 all rows came in, 1 some did not.
    """
    from crewdesk.cli.rows import read_rows
    from crewdesk.connectors.crm.columns import COLUMNS, field_of

    crm = _file(connector)
    rows = read_rows(file)
    unknown = [said for name, said in rows.columns.items() if not field_of(name)]
    if len(unknown) == len(rows.columns):
        raise WrongUsage(
            f"{file} has no column of a lead.", hint=f"The first line names columns: {', '.join(COLUMNS)}."
        )
    _refuse_twice(file, rows)
    problems = list(rows.problems)
    read = dict(_read(file, rows, problems))
    fates = crm.bring_in((lead.id, lead.values) for lead in read.values())
    counts = {fate: fates.count(fate) for fate in ("new", "changed", "same")} | {"left_out": len(problems)}
    if as_json:
        leads = [
            {"line": line, "id": lead.id, "is": fate} for (line, lead), fate in zip(read.items(), fates, strict=True)
        ]
        print_json({**counts, "problems": problems, "unknown_columns": unknown, "leads": leads})
    else:
        for problem in problems:
            click.echo(problem, err=True)
        if unknown:
            click.echo(f"Not read: {', '.join(unknown)}.", err=True)
        click.echo(", ".join(f"{count} {fate.replace('_', ' ')}" for fate, count in counts.items()))
    return int(bool(problems))


@crm_command.command("remove")
@click.argument("lead")
@connector_option
def remove_command(lead: str, connector: str | None) -> None:
    """Remove LEAD with its notes and files; what runs know of it goes with: crewdesk forget LEAD."""
    _file(connector).remove(lead)
    click.echo(f"Removed {lead}.")


def _read(file: Path, rows: Rows, problems: list[str]) -> Iterator[tuple[int, ReadLead]]:
    """Give the leads by their lines; what is wrong with a row is added to the problems."""
    from crewdesk.connectors.crm.columns import read_lead

    lines: dict[str, int] = {}
    for row in rows.rows:
        if not any(row.values.values()):
            continue
        try:
            lead = read_lead(row.values)
        except ValueError as wrong:
            problems.append(f"{file}:{row.line}: {wrong}.")
            continue
        if before := lines.get(lead.id):
            problems.append(f"{file}:{row.line}: the lead of line {before} again ({lead.id}).")
            continue
        lines[lead.id] = row.line
        yield row.line, lead


def _refuse_twice(file: Path, rows: Rows) -> None:
    from crewdesk.connectors.crm.columns import field_of

    known: dict[str, str] = {}
    for name, said in rows.columns.items():
        field = field_of(name)
        if field and field in known:
            raise WrongUsage(
                f"{file} has two columns for one thing: {known[field]!r} and {said!r}.", hint="Leave one of them out."
            )
        if field:
            known[field] = said


def _row(lead: Lead) -> dict[str, object]:
    from crewdesk.domain.text.visible import in_one_line

    told = {"id": lead.id, "company": lead.company, "name": lead.name, "status": lead.status}
    return {**{name: in_one_line(value)[:40] for name, value in told.items()}, "changed": spoken(lead.changed)}


def _card(lead: Lead, *, whole: bool) -> dict[str, Any]:
    told = lead.model_dump(mode="json")
    return told if whole else {name: value for name, value in told.items() if name != "notes"}


@contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except ValueError as wrong:
        raise WrongUsage(str(wrong)) from wrong


def _crm(name: str | None) -> CrmConnector:
    from crewdesk.bootstrap import make_connectors
    from crewdesk.configuration.connectors import load_connectors
    from crewdesk.connectors.crm.connector import CrmConnector

    connectors = make_connectors(load_connectors(settings().config), settings())
    crms = {name: one for name, one in connectors.items() if isinstance(one, CrmConnector)}
    if name is None and crms:
        return next(iter(crms.values()))
    if name is None or name not in crms:
        said = f"no CRM {name!r}" if name else "no CRM"
        raise WrongUsage(f"There is {said} in connectors.yaml.", hint=f"There are: {', '.join(crms) or 'none'}.")
    return crms[name]


def _file(name: str | None) -> SqliteCrm:
    from crewdesk.connectors.crm.sqlite import SqliteCrm

    crm = _crm(name).crm
    if not isinstance(crm, SqliteCrm):
        raise WrongUsage("This CRM is no file of this desk.", hint="Enter leads there, or remove them there.")
    return crm
