"""people.yaml, read strictly: who has a place at the desk."""

from __future__ import annotations

from pathlib import Path

from crewdesk.configuration.files import read_file
from crewdesk.configuration.kinds import PEOPLE
from crewdesk.configuration.problems import ConfigurationProblems
from crewdesk.domain.people import People


def load_people(config: Path) -> People:
    """Read config/people.yaml; no file means nobody. Raises `ConfigurationProblems` with all problems."""
    path = config / PEOPLE.file
    if not path.exists():
        return People()
    read = read_file(path, PEOPLE, config=config)
    if read.spec is None or read.problems:
        raise ConfigurationProblems(read.problems)
    return read.spec.everybody()


class PeopleFile:
    """People as the file says now: read again whenever it changed; while it is broken nobody gets in."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._read: tuple[tuple[int, int] | None, People] | None = None

    def __call__(self) -> People:
        """Return everybody; raises `ConfigurationProblems`."""
        stamp = _stamp(self._config / PEOPLE.file)
        if self._read is None or self._read[0] != stamp:
            self._read = stamp, load_people(self._config)
        return self._read[1]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size
