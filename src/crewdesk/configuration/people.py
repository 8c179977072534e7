"""people.yaml, read strictly: who has a place at the desk. Light, because most decisions need no YAML at all."""

from __future__ import annotations

from pathlib import Path

from crewdesk.configuration.stamps import stamp
from crewdesk.domain.people import People
from crewdesk.errors import ConfigurationError

FILE = "people.yaml"


def load_people(config: Path) -> People:
    """Read config/people.yaml; no file means nobody. Raises `ConfigurationProblems` with all problems."""
    path = config / FILE
    if not path.exists():
        return People()
    from crewdesk.configuration.files import read_file
    from crewdesk.configuration.kinds import PEOPLE
    from crewdesk.configuration.problems import ConfigurationProblems

    read = read_file(path, PEOPLE, config=config)
    if read.spec is None or read.problems:
        raise ConfigurationProblems(read.problems)
    return read.spec.everybody()


class PeopleFile:
    """People as the file says now: read again whenever it changed. While it is broken, or gone, nobody gets in."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._read: tuple[tuple[int, ...], People] = ((), People())

    def __call__(self) -> People:
        """Return everybody. Raises `ConfigurationProblems`, and `ConfigurationError` once those it named are gone.

        A desk that knew its people would otherwise be open to all as soon as the file is deleted.
        """
        now = stamp(self._config / FILE)
        before, known = self._read
        if now == before:
            return known
        people = load_people(self._config)
        if known and not people:
            raise ConfigurationError(
                "config/people.yaml names nobody any more, so nobody gets in.",
                hint="Put it back. To do without people, on this machine alone, end the desk and start it again.",
            )
        self._read = now, people
        return people
