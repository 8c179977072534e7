"""Lay the shipped config/ and knowledge/ out in a folder of the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crewdesk.configuration.writing import write_all
from crewdesk.errors import ConfigurationError, WrongUsage

ENVIRONMENT = ".env.example"


def lay_out(target: Path, *, config: Path, knowledge: Path) -> list[Path]:
    """Copy the defaults to `target/config`, `target/knowledge` and `target/.env.example`; return what was written.

    `.env.example` lies beside `config`. Raises `WrongUsage` where any of the files is there already
    or the folder cannot be written; then nothing is copied.
    """
    if target.exists() and not target.is_dir():
        raise WrongUsage(f"{target} is a file, and a folder is needed.")
    copies = dict(_copies(target, config=config, knowledge=knowledge))
    if not copies:
        raise ConfigurationError(f"There is nothing to copy in {config} and {knowledge}.")
    if there := [path for path in copies if path.exists()]:
        first = there[0].relative_to(target).as_posix()
        others = f" and {len(there) - 1} more of our files" if there[1:] else ""
        hint = "Choose an empty folder; nothing was copied."
        raise WrongUsage(f"In {target} there is {first} already{others}.", hint=hint)
    return write_all({to: source.read_bytes() for to, source in copies.items()})


def _copies(target: Path, *, config: Path, knowledge: Path) -> Iterator[tuple[Path, Path]]:
    for folder, name in ((config, "config"), (knowledge, "knowledge")):
        for source in sorted(folder.rglob("*")):
            if source.is_file() and not any(part.startswith(".") for part in source.relative_to(folder).parts):
                yield target / name / source.relative_to(folder), source
    if (environment := config.parent / ENVIRONMENT).is_file():
        yield target / ENVIRONMENT, environment
