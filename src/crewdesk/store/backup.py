"""Copy a database that is in use: what was committed when the copy began, whole, or nothing."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import cast

from sqlalchemy import URL

from crewdesk.errors import StoreError, WrongUsage
from crewdesk.store.database import Database

QUEUES = "dbos"
"""The schema of the queues on Postgres; they are filled again from the runs."""


def back_up(database: Database, path: Path, *, environment: Mapping[str, str]) -> None:
    """Write a copy that can be used in the database's place; whoever works on it goes on working.

    The copy takes its name when it is complete and sound. Raises `WrongUsage` where there is nothing to copy
    or something of that name, and `StoreError` when it cannot be written, or needs a program that is not here.
    """
    if path.exists():
        raise WrongUsage(f"{path} is there already; nothing was copied.", hint="Name another file.")
    if not database.version():
        raise WrongUsage("There is no database to copy yet.", hint="See: crewdesk doctor")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.touch(mode=0o600)  # it holds whatever runs hold
        if database.url.get_backend_name() == "sqlite":
            _copy_file(database, part)
        else:
            _dump(database.url, part, environment, path=path)
        _settle(part, path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.", hint="Choose another place.") from error
    finally:
        with suppress(OSError):
            part.unlink()


def _copy_file(database: Database, part: Path) -> None:
    try:
        with closing(database.engine.raw_connection()) as source, closing(sqlite3.connect(part)) as copy:
            cast("sqlite3.Connection", source.driver_connection).backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, that can be carried away
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        raise StoreError(f"The copy failed: {error}.", hint="Check free space where the copy goes.") from error
    if found != "ok":
        raise StoreError(f"The copy is damaged, and so may the database be: {found}.", hint="Keep earlier copies.")


def dump_command(url: URL, path: Path) -> list[str]:
    """Spell the command that copies a Postgres; the password is not in it."""
    query = url.difference_update_query(["password"]).query
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    return [
        "pg_dump",
        "--no-password",
        "--format=custom",
        f"--exclude-schema={QUEUES}",
        f"--file={path}",
        f"--dbname={bare}",
    ]


def _dump(url: URL, part: Path, environment: Mapping[str, str], *, path: Path) -> None:
    program = shutil.which("pg_dump", path=environment.get("PATH"))
    if program is None:
        words = shlex.join(dump_command(url, path))
        hint = f"Install PostgreSQL's client programs, or run where they are: {words}"
        raise StoreError("pg_dump, which copies a Postgres database, is not here.", hint=hint)
    password = url.password or url.query.get("password")
    secret = {"PGPASSWORD": str(password)} if password else {}
    command = [program, *dump_command(url, part)[1:]]
    done = subprocess.run(  # noqa: S603 - Postgres' own program
        command, env={**environment, **secret}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().replace("\n", " ")
        raise StoreError(f"pg_dump refused: {said}", hint="It must be at least as new as the server.")


def _settle(part: Path, path: Path) -> None:
    """Give the copy its name once it is on the disk."""
    _sync(part)
    part.rename(path)
    if os.name != "nt":  # Windows does that by itself
        _sync(path.parent)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDWR if place.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
