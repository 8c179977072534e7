"""`forget`: take a person out of all runs about them."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crewdesk.cli.common import json_option, print_json, settings, store, user
from crewdesk.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crewdesk.desk.forget_lead import Forgotten


@click.command("forget")
@click.argument("lead", required=False)
@click.option("--email", metavar="ADDRESS", help="Find the lead by its address, among those that runs know.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--by", help="Who does it; your login name when left out. Where there are people, an admin.")
@json_option
def forget_command(lead: str | None, email: str | None, by: str | None, *, yes: bool, as_json: bool) -> int:
    """Forget LEAD, as the CRM calls it: take the person out of every run about them. There is no way back.

    Unfinished runs about them are called off. In the journal, the versions that people saw, gates, receipts and
    inputs their data become placeholders; drafts that nobody sent are deleted. The hashes of what was approved stay
    as proof. Nothing of a lead is in the search index, which knows your own sources only. At the end stands what
    remains where: the CRM's own record, mails that were sent, backups, the logs of those who run models. Doing it
    twice is fine.

    Exit status: 0 done, 1 something could not be done now, as is said; then do it again.
    """
    from crewdesk.bootstrap import make_office
    from crewdesk.desk.forget_lead import forget_lead, leads_at
    from crewdesk.store.tidy import scrub

    if (lead is None) == (email is None):
        raise WrongUsage("Say whom to forget: a LEAD as the CRM calls it, or --email ADDRESS.")
    office = make_office(settings(), store())
    leads = [lead] if lead is not None else leads_at(email or "", office)
    if not yes:
        _confirm(leads)
    found = [forget_lead(one, by=user(by), office=office) for one in leads]
    scrubbed, backups = scrub(store()), _backups()
    if as_json:
        print_json({"leads": [asdict(one) for one in found], "scrubbed": scrubbed, "backups": backups})
    else:
        for one in found:
            _tell(one)
        _tell_of_files(backups, scrubbed=scrubbed)
    return int(not scrubbed or any(one.again for one in found))


def _confirm(leads: Sequence[str]) -> None:
    names = " and ".join(leads)
    if not sys.stdin.isatty():
        raise WrongUsage(f"{names} would be forgotten. Nothing was changed.", hint="Say --yes to do it.")
    click.confirm(f"Forget {names} for good?", abort=True)


def _tell(done: Forgotten) -> None:
    from crewdesk.domain.evidence import counted

    called_off = f", of which {', '.join(done.cancelled)} called off" if done.cancelled else ""
    click.echo(f"{done.lead} is forgotten in {counted(len(done.runs), 'run')} ({', '.join(done.runs)}){called_off}.")
    if done.versions:
        now = "reads" if done.versions == 1 else "read"
        what = f"  {counted(done.versions, 'output')} {now} with placeholders now"
        click.echo(f"{what}; the hash of what was approved stays.")
    for place in done.taken_back:
        click.echo(f"  No longer there: {place}")
    click.echo("What remains:")
    click.echo(f"  The CRM: its own record of {done.lead}, and whatever was noted there.")
    click.echo(f"  Where it is a file of this desk, that goes with: crewdesk crm remove {done.lead}")
    click.echo(f"  The audit log: that {done.lead} was written about, and who decided what, without a name.")
    for remain in done.remains:
        click.echo(f"  {remain.where}: {remain.what}.")
    for sentence in done.again:
        click.echo(f"Not done: {sentence}", err=True)


def _tell_of_files(backups: Sequence[str], *, scrubbed: bool) -> None:
    from crewdesk.desk.forget_lead import NOT_SCRUBBED

    for path in backups:
        click.echo(f"  {path}: a backup, which holds what it held; delete it, or forget again after a restore.")
    click.echo("  Backups that you keep elsewhere, and what you exported.")
    if not scrubbed:
        click.echo(f"Not done: {NOT_SCRUBBED} Do it again.", err=True)


def _backups() -> list[str]:
    folder = settings().home / ".crewdesk" / "backups"
    return sorted(str(path) for path in folder.glob("desk-*"))
