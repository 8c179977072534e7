"""A crew is read once, and again as soon as a file of it changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_house import SmallHouse

from crewdesk.configuration.house import load_house
from crewdesk.configuration.houses import Houses
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import ConfigurationError, NotFound


class Readings:
    """The crews of a house, and which of them were read."""

    def __init__(self, small: SmallHouse) -> None:
        self.small = small
        self.seen: list[str] = []
        self.house = Houses(small.root / "config", small.root / "knowledge", read=self.read)

    def read(self, crew: str) -> HouseSpec:
        self.seen.append(crew)
        root = self.small.root
        return load_house(crew, config=root / "config", knowledge=root / "knowledge", names=self.small.names).house


@pytest.fixture(name="readings")
def _readings(small: SmallHouse) -> Readings:
    return Readings(small)


def test_what_did_not_change_is_not_read_again(readings: Readings) -> None:
    assert readings.house("notes") is readings.house("notes")
    assert readings.seen == ["notes"]


@pytest.mark.parametrize("file", ["config/crews/notes/crew.yaml", "config/gates.yaml"])
def test_what_changed_is_read_again(readings: Readings, small: SmallHouse, file: str) -> None:
    before = readings.house("notes")
    path: Path = small.root / file
    path.write_text(path.read_text("utf-8") + "# more\n", "utf-8")

    assert readings.house("notes") == before
    assert readings.seen == ["notes", "notes"]


def test_a_file_that_is_new_counts(readings: Readings, small: SmallHouse) -> None:
    readings.house("notes")
    small.write("config/people.yaml", "people:\n  cy:\n    name: Cy\n")

    with pytest.raises(ConfigurationError, match="nobody may"):
        readings.house("notes")


def test_what_is_broken_is_said_until_it_is_mended(readings: Readings, small: SmallHouse) -> None:
    right = (small.root / "config/gates.yaml").read_text("utf-8")
    readings.house("notes")
    small.write("config/gates.yaml", "gates: what")

    for _ in range(2):
        with pytest.raises(ConfigurationError):
            readings.house("notes")
    small.write("config/gates.yaml", right)

    assert readings.house("notes").crew


def test_a_text_in_knowledge_that_is_gone_is_missed(readings: Readings, small: SmallHouse) -> None:
    readings.house("notes")
    (small.root / "knowledge" / "voice.md").unlink()

    with pytest.raises(ConfigurationError, match=r"voice\.md"):
        readings.house("notes")


def test_a_crew_that_is_gone_is_not_found(readings: Readings, small: SmallHouse) -> None:
    readings.house("notes")
    (small.root / "config/crews/notes").rename(small.root / "config/crews/others")

    with pytest.raises(NotFound):
        readings.house("notes")
