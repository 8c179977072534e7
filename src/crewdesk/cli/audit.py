"""`audit`, `audit export`, `audit verify`: who did what, and whether that is what was written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crewdesk.cli.common import json_option, print_json, print_rows, store
from crewdesk.errors import CrewdeskError, StoreError, WrongUsage

if TYPE_CHECKING:
    from crewdesk.desk.read_audit import ExportForm
    from crewdesk.desk.verify_audit import Verdict
    from crewdesk.domain.audit import AuditEntry, Chosen

SEAL = re.compile("[0-9a-f]{64}")


def choice(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which entries are wanted."""
    for option in (
        click.option("--until", default="", metavar="DAY", help="Up to this day, UTC, or before this moment."),
        click.option("--since", default="", metavar="DAY", help="From this day on, UTC, as in 2026-11-22."),
        click.option("--what", default="", metavar="VERB", help="What was done, as in approve or delivered."),
        click.option("--who", default="", metavar="NAME", help="Who did it."),
        click.option("--run", default="", metavar="RUN", help="What it was about."),
    ):
        command = option(command)
    return command


@click.group("audit", invoke_without_command=True)
@choice
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many to list.")
@json_option
@click.pass_context
def audit_command(context: click.Context, limit: int, *, as_json: bool, **wanted: str) -> None:
    """List who did what, the newest last."""
    if context.invoked_subcommand is not None:
        if any(wanted.values()):
            raise WrongUsage(f"Options go behind {context.invoked_subcommand!r}.")
        return
    with store().reading() as records:
        found = records.audit.newest(limit, chosen=_chosen(wanted))[::-1]
    if as_json:
        print_json([asdict(entry) for entry in found])
    else:
        print_rows([_row(entry) for entry in found], "Nothing like that was done.")


@audit_command.command("export")
@choice
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A new file; else it is printed.")
def export_command(form: ExportForm, out: Path | None, **wanted: str) -> None:
    """Take the log out of the house, the oldest entry first.

    Lines of JSON can be verified later, with `audit verify FILE`, if none is left out by an option. A table for a
    spreadsheet cannot: a cell that would be taken for a formula begins with an apostrophe there.
    """
    from crewdesk.desk.read_audit import export_audit

    pieces = export_audit(store(), form, _chosen(wanted))
    if out is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except FileExistsError as error:
        raise WrongUsage(f"{out} is there already; nothing was written.", hint="Name another file.") from error
    except OSError as error:
        raise StoreError(f"{out} cannot be written: {error.strerror}.", hint="Choose another place.") from error
    click.echo(f"Written to {out}.", err=True)


@audit_command.command("verify")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--head", default="", metavar="SEAL", help="A seal that was noted before: is it still in the log?")
@json_option
def verify_command(file: Path | None, head: str, *, as_json: bool) -> int:
    """Verify that the log is as it was written down; or FILE, an export of all of it as lines of JSON.

    Every entry is sealed with the one before: one that was changed, left out, moved or put in shows. What approvals
    and deliveries name must be kept, byte for byte, unless its run was pruned, and what was delivered must have been
    approved. Whoever may write to the database can cut off the end, or seal everything anew; that shows only against
    a seal noted elsewhere. So note the head that this prints, and give it as --head the next time.

    Exit status: 0 all is well, 1 something is wrong; the first entry that is wrong is named.
    """
    from crewdesk.desk.verify_audit import verify_audit, verify_entries

    noted = head.strip().lower()
    if noted and not SEAL.fullmatch(noted):
        raise WrongUsage("--head is no seal.", hint="A seal has 64 digits, 0 to 9 and a to f.")
    verdict = verify_audit(store(), noted=noted) if file is None else verify_entries(_read(file), noted=noted)
    if as_json:
        print_json(_facts(verdict))
    else:
        _tell(verdict)
    return 0 if verdict.holds else 1


def _chosen(wanted: dict[str, str]) -> Chosen:
    from crewdesk.desk.read_audit import choose

    return choose(**wanted)


def _read(file: Path) -> Iterator[AuditEntry]:
    from crewdesk.desk.read_audit import read_export

    try:
        with file.open(encoding="utf-8", newline="\n") as lines:
            yield from read_export(lines)
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{file} cannot be read as UTF-8 text.", hint="Export it again.") from error
    except CrewdeskError as error:
        raise StoreError(f"{file}: {error.message}", hint=error.hint) from error


def _row(entry: AuditEntry) -> dict[str, object]:
    return {
        "entry": entry.number,
        "when": entry.at[:19].replace("T", " "),
        "who": entry.who,
        "proof": entry.proof,
        "what": entry.what,
        "run": entry.run,
        "about": entry.subject,
        "sha": entry.sha[:12],
        "words": _short(entry.words),
    }


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 60 else f"{line[:59]}…"  # noqa: PLR2004 - what fits beside the rest


def _facts(verdict: Verdict) -> dict[str, object]:
    chain = verdict.chain
    return {
        "holds": verdict.holds,
        "entries": chain.entries,
        "head": chain.head,
        "broken": None if chain.broken is None else {"place": chain.place} | asdict(chain.broken),
        "noted": None if chain.noted is None else asdict(chain.noted),
        "kept": verdict.kept,
        "pruned": verdict.pruned,
        "forgotten": verdict.forgotten,
        "troubles": list(verdict.troubles),
    }


def _tell(verdict: Verdict) -> None:
    for trouble in verdict.troubles:
        click.echo(trouble)
    chain = verdict.chain
    for line in _good_news(verdict):
        click.echo(line)
    if chain.head:
        click.echo(f"Head: {chain.entries} entries, seal {chain.head}")
        if verdict.holds and chain.noted is None:
            click.echo("  Note it elsewhere; the next time: crewdesk audit verify --head SEAL")


def _good_news(verdict: Verdict) -> Sequence[str]:
    chain, lines = verdict.chain, list[str]()
    if chain.broken is None:
        lines.append("Every entry fits the one before." if chain.entries else "The log is empty.")
    if verdict.kept is not None and verdict.holds:
        pruned = f"; of {verdict.pruned} more the run was pruned" if verdict.pruned else ""
        lines.append(f"The bytes that {verdict.kept} approvals and deliveries name are kept{pruned}.")
        if verdict.forgotten:
            more = f"In {verdict.forgotten} more somebody was named who was forgotten"
            lines.append(f"{more}; what is left of them is as it was noted then.")
    if chain.noted is not None:
        when = chain.noted.at[:16].replace("T", " ")
        lines.append(f"The seal that was noted is that of an entry of {when} UTC; up to there, it is the log of then.")
    return lines
