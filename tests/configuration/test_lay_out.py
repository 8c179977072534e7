"""The defaults are copied whole into an empty place, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_house import FILES, SmallHouse

from crewdesk.configuration.house import load_house
from crewdesk.configuration.lay_out import lay_out
from crewdesk.configuration.writing import write_all
from crewdesk.errors import ConfigurationError, WrongUsage


def copied(small: SmallHouse, target: Path) -> list[str]:
    written = lay_out(target, config=small.root / "config", knowledge=small.root / "knowledge")
    return sorted(path.relative_to(target).as_posix() for path in written)


def test_config_knowledge_and_the_example_of_an_environment_are_laid_out(small: SmallHouse, tmp_path: Path) -> None:
    small.write(".env.example", "# keys\n")
    small.write("config/.cache", "x")

    assert copied(small, tmp_path / "new" / "desk") == sorted([*FILES, ".env.example"])


def test_what_was_laid_out_loads(small: SmallHouse, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    copied(small, desk)

    assert load_house("notes", config=desk / "config", knowledge=desk / "knowledge", names=small.names).warnings == ()


def test_an_existing_file_stays_and_nothing_is_copied(small: SmallHouse, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    (desk / "config").mkdir(parents=True)
    (desk / "config/gates.yaml").write_text("mine")

    with pytest.raises(WrongUsage, match=r"there is config/gates.yaml already"):
        copied(small, desk)

    assert [path.name for path in desk.rglob("*") if path.is_file()] == ["gates.yaml"]
    assert (desk / "config/gates.yaml").read_text() == "mine"


def test_other_files_in_the_folder_do_no_harm(small: SmallHouse, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "README.md").write_text("mine")

    assert "config/gates.yaml" in copied(small, desk)


def test_the_defaults_are_not_laid_out_over_themselves(small: SmallHouse) -> None:
    with pytest.raises(WrongUsage, match="already"):
        copied(small, small.root)


def test_a_file_is_no_place(small: SmallHouse, tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("a file")

    with pytest.raises(WrongUsage, match="is a file, and a folder is needed"):
        copied(small, tmp_path / "desk")


def test_nothing_to_copy_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="There is nothing to copy"):
        lay_out(tmp_path / "desk", config=tmp_path / "config", knowledge=tmp_path / "knowledge")


def test_what_was_written_is_taken_back_when_the_rest_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")

    with pytest.raises(WrongUsage, match="is there already, and stays as it is"):
        write_all({tmp_path / "new": "x", tmp_path / "taken": "y"})

    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(WrongUsage, match="cannot be written"):
        write_all({tmp_path / "file" / "deeper" / "inside": "x"})


def test_changed_files_are_as_they_were_when_a_later_one_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").mkdir()

    with pytest.raises(WrongUsage, match="cannot be written"):
        write_all({tmp_path / "new": "x"}, changed={tmp_path / "a": "changed", tmp_path / "b": "changed"})

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
    assert (tmp_path / "a").read_text() == "old"


def test_a_changed_file_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o600)

    write_all({}, changed={tmp_path / "a": "new"})

    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
