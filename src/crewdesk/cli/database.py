"""`db migrate|move|backup` and `prune`: look after the database."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crewdesk.cli.common import json_option, print_json, settings, store, user
from crewdesk.errors import WrongUsage

if TYPE_CHECKING:
    from crewdesk.desk.prune_runs import Pruned
    from crewdesk.store.database import Database


@click.group("db")
def db_command() -> None:
    """Look after the database: bring it up to date, move it, back it up."""


@db_command.command("migrate")
@click.option("--check", is_flag=True, help="Only say; exit 1 when it is behind.")
@json_option
def migrate_command(*, check: bool, as_json: bool) -> int:
    """Bring the database that CREWDESK_DATABASE_URL names up to date, or make it.

    Any command does so when it opens the database. This one is for those who want it done before, or who let
    nobody else change tables.
    """
    from crewdesk.store.database import HEAD

    database = _as_it_is()
    before = database.version()
    if not check or before > HEAD:
        database.bring_up_to_date()  # which says so where a newer Crewdesk wrote it
    after = database.version()
    if as_json:
        print_json({"before": before or None, "after": after or None, "newest": HEAD})
    elif before != after:
        click.echo(f"{database.address} went from {_spoken(before)} to {_spoken(after)}.")
    elif after == HEAD:
        click.echo(f"{database.address} is up to date, at {_spoken(after)}.")
    else:
        click.echo(f"{database.address} is at {_spoken(after)}, not {HEAD}. Bring it there: crewdesk db migrate")
    return int(after != HEAD)


@db_command.command("move")
@click.option("--to", "url", required=True, help="Address of a new, empty database.")
@json_option
def move_command(url: str, *, as_json: bool) -> None:
    """Move everything to another database: runs, journal, gates, outbox, audit log. Runs go on there.

    From SQLite to Postgres, or any other way. End workers first. Every row is compared when it has arrived; a
    move that is interrupted leaves the new database empty and is made again. The old database stays as it is
    and takes nothing more. To keep the password out of the shell's history, leave it out of the address and
    put it into PGPASSWORD or ~/.pgpass.
    """
    from crewdesk import bootstrap
    from crewdesk.desk.roll_call import living
    from crewdesk.store.move import move

    source = store()
    target = bootstrap.open_store(settings().on(url))
    office = bootstrap.make_office(settings(), source)
    moved = move(source, target, alive=lambda records: living(records, office.presence), at=office.now())
    if as_json:
        print_json({"moved": dict(moved), "to": target.address})
        return
    click.echo(f"Moved to {target.address}, and compared: {_listed(moved)}.")
    click.echo(f"Put this into .env, with the password if it has one:\n  CREWDESK_DATABASE_URL={target.address}")


@db_command.command("backup")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@json_option
def backup_command(file: Path | None, *, as_json: bool) -> None:
    """Copy the database into FILE while everybody goes on working; .crewdesk/backups/desk-TIME.db when left out.

    To restore SQLite: end workers; delete desk.db, desk.db-wal, desk.db-shm and desk.queue.db in .crewdesk; put
    the copy there as desk.db. To restore Postgres: createdb NEW; pg_restore --no-owner -d NEW FILE; point
    CREWDESK_DATABASE_URL at NEW. Runs go on from where they were when the copy was made; what was delivered
    since is found again by its key, and not delivered twice.
    """
    from crewdesk.bootstrap import make_office
    from crewdesk.store.backup import back_up

    database = _as_it_is()
    path = file or _free_name(database, make_office(settings(), database).now())
    back_up(database, path, environment=settings().environment)
    if as_json:
        print_json({"file": str(path), "bytes": path.stat().st_size})
    else:
        click.echo(
            f"Copied to {path} ({_megabytes(path.stat().st_size)}). How to restore it: crewdesk db backup --help"
        )


@click.command("prune")
@click.option("--older-than", required=True, metavar="TIME", help="As in 90d: what was not changed for so long goes.")
@click.option("--yes", is_flag=True, help="Delete without asking.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--shrink", is_flag=True, help="Give the space back to the disk; writers wait meanwhile (SQLite).")
@click.option("--by", help="Who prunes; your login name when left out.")
@json_option
def prune_command(older_than: str, by: str | None, *, yes: bool, dry_run: bool, shrink: bool, as_json: bool) -> None:
    """Delete runs that are done, rejected, cancelled, expired or failed, and have not changed for some time.

    Journal, artifacts, gates, actions and traces go. The audit log is kept, and so is what was started once
    for an occasion. Failed runs go too: a retry takes what the journal holds of them, so retry before.
    """
    from crewdesk.bootstrap import make_office
    from crewdesk.desk.prune_runs import prunable, prune_runs

    office = make_office(settings(), store())
    before = _before(older_than, office.now())
    if not yes:
        found = prunable(before, office=office)
        if dry_run or not found.runs or as_json:
            _tell_pruned(found, "Would delete", as_json=as_json, dry=True)
            return
        _confirm(found)
    pruned = prune_runs(before, by=user(by), office=office)
    _tell_pruned(pruned, "Deleted", as_json=as_json, dry=False)
    if shrink:
        from crewdesk.store.tidy import shrink as give_back

        give_back(store())


def _as_it_is() -> Database:
    from crewdesk.store.database import Database

    return Database(settings().database_url, as_it_is=True)


def _spoken(version: str) -> str:
    return f"version {version}" if version else "no version (there are no tables)"


def _listed(moved: Mapping[str, int]) -> str:
    return ", ".join(f"{rows} {name}" for name, rows in moved.items() if rows) or "nothing was there"


def _free_name(database: Database, now: str) -> Path:
    folder = settings().home / ".crewdesk" / "backups"
    ending = "db" if database.url.get_backend_name() == "sqlite" else "dump"
    stem = f"desk-{now[:16].replace(':', '')}"
    names = (f"{stem}{'' if n == 1 else f'-{n}'}.{ending}" for n in range(1, 1000))
    return next(path for name in names if not (path := folder / name).exists())


def _before(older_than: str, now: str) -> str:
    from crewdesk.domain.durations import seconds

    try:
        then = datetime.fromisoformat(now) - timedelta(seconds=seconds(older_than))
    except OverflowError as error:
        raise WrongUsage(f"{older_than} ago there was no year to count.") from error
    except ValueError as error:
        raise WrongUsage(f"--older-than: {error}") from error
    return then.isoformat(timespec="milliseconds")


def _confirm(found: Pruned) -> None:
    if not sys.stdin.isatty():
        raise WrongUsage(f"{_counted(found)} would go. Nothing was deleted.", hint="Say --yes to delete them.")
    click.confirm(f"Delete {_counted(found)}?", abort=True)


def _tell_pruned(pruned: Pruned, verb: str, *, as_json: bool, dry: bool) -> None:
    if as_json:
        print_json({"runs": dict(pruned.runs), "letters": pruned.letters, "dry_run": dry})
    else:
        click.echo(f"{verb} {_counted(pruned)}." if pruned.runs else "Nothing has been over for so long.")


def _counted(pruned: Pruned) -> str:
    kinds = ", ".join(f"{number} {status}" for status, number in sorted(pruned.runs.items()))
    number = pruned.runs.total()
    return f"{number} {'run' if number == 1 else 'runs'} ({kinds}), about {_megabytes(pruned.letters)}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
