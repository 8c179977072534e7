"""`crewdesk audit`: list, export and verify who did what."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from crewdesk.domain.audit import AuditEntry
from crewdesk.store.database import Database
from support.command_line import Crewdesk


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CREWDESK_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(name="store")
def _store(home: Path) -> Database:
    """Three days of a log."""
    store = Database(f"sqlite:///{home}/.crewdesk/desk.db")
    with store.writing() as records:
        for day, who, what, words in (
            (22, "ada", "started", ""),
            (23, "bo", "revise", "=start with\nthe costs"),
            (24, "ada", "reject", "Straße 日本"),
        ):
            at = f"2026-11-{day}T10:00:00.000+00:00"
            records.audit.add(AuditEntry(at, who, what, f"R{day}", f"R{day}-1", "", words, "login"))
    return store


def seals(store: Database) -> list[str]:
    with store.reading() as records:
        return [entry.seal for entry in records.audit.listed()]


def test_it_lists_the_newest_last(crewdesk: Crewdesk, store: Database) -> None:
    status, out, _ = crewdesk("audit", "--limit", "2")

    assert status == 0
    assert [line.split()[:4] for line in out.splitlines()] == [
        ["entry", "when", "who", "proof"],
        ["2", "2026-11-23", "10:00:00", "bo"],
        ["3", "2026-11-24", "10:00:00", "ada"],
    ]
    assert "=start with the costs" in out


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ((), [1, 2, 3]),
        (("--who", "ada"), [1, 3]),
        (("--what", "revise"), [2]),
        (("--run", "R24"), [3]),
        (("--since", "2026-11-23"), [2, 3]),
        (("--until", "2026-11-23"), [1, 2]),
        (("--since", "2026-11-23T10:00:01", "--who", "ada"), [3]),
    ],
)
def test_it_lists_what_is_chosen_for_scripts_too(
    crewdesk: Crewdesk, store: Database, options: tuple[str, ...], numbers: list[int]
) -> None:
    assert [row["number"] for row in json.loads(crewdesk("audit", "--json", *options)[1])] == numbers


def test_it_says_when_nothing_fits_and_when_a_day_is_none(crewdesk: Crewdesk, store: Database) -> None:
    assert crewdesk("audit", "--who", "eve")[1] == "Nothing like that was done.\n"

    status, _, err = crewdesk("audit", "--since", "yesterday")

    assert (status, "'yesterday' is no day." in err) == (2, True)


def test_an_export_can_be_verified_until_somebody_changes_it(crewdesk: Crewdesk, store: Database, home: Path) -> None:
    out = home / "log.jsonl"

    assert crewdesk("audit", "export", "--out", str(out)) == (0, "", f"Written to {out}.\n")
    status, told, _ = crewdesk("audit", "verify", str(out))
    assert (status, f"Head: 3 entries, seal {seals(store)[-1]}" in told) == (0, True)

    out.write_text(out.read_text("utf-8").replace('"bo"', '"eve"'), "utf-8")
    status, told, _ = crewdesk("audit", "verify", str(out))
    assert status == 1
    assert told.startswith("Entry 2 (2026-11-23 10:00 UTC, eve, revise, R23-1) is the first that does not fit")


def test_an_export_is_printed_as_it_would_be_written(crewdesk: Crewdesk, store: Database, home: Path) -> None:
    for form in ("jsonl", "csv"):
        out = home / f"log.{form}"
        crewdesk("audit", "export", "--format", form, "--out", str(out))
        assert crewdesk("audit", "export", "--format", form)[1] == out.read_text("utf-8")

    with (home / "log.csv").open(encoding="utf-8", newline="") as file:
        assert [row["words"] for row in csv.DictReader(file)] == ["", "'=start with\nthe costs", "Straße 日本"]


def test_an_export_overwrites_nothing(crewdesk: Crewdesk, store: Database, home: Path) -> None:
    out = home / "log.jsonl"
    out.write_text("mine")

    status, _, err = crewdesk("audit", "export", "--out", str(out))

    assert (status, "is there already" in err, out.read_text()) == (2, True, "mine")
    assert crewdesk("audit", "export", "--out", str(home / "none" / "log"))[0] == 1


def test_a_file_that_is_no_export_is_named(crewdesk: Crewdesk, home: Path) -> None:
    file = home / "log.jsonl"
    file.write_text("nonsense\n")
    status, _, err = crewdesk("audit", "verify", str(file))
    assert (status, f"{file}: Line 1 is no entry of the audit log" in err) == (1, True)

    file.write_bytes(b"\xff\xfe")
    assert crewdesk("audit", "verify", str(file))[0] == 1
    assert crewdesk("audit", "verify", str(home / "none"))[0] == 2


def test_a_log_that_holds_says_its_head_and_what_to_do_with_it(crewdesk: Crewdesk, store: Database) -> None:
    status, out, _ = crewdesk("audit", "verify")

    assert status == 0
    assert out.splitlines() == [
        "Every entry fits the one before.",
        "The bytes that 0 approvals and deliveries name are kept.",
        f"Head: 3 entries, seal {seals(store)[-1]}",
        "  Note it elsewhere; the next time: crewdesk audit verify --head SEAL",
    ]


def test_a_log_that_was_changed_says_where_first(crewdesk: Crewdesk, store: Database) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET words = 'shorter' WHERE position = 2"))

    status, out, _ = crewdesk("audit", "verify")
    facts = json.loads(crewdesk("audit", "verify", "--json")[1])

    assert status == 1
    assert out.startswith("Entry 2 (2026-11-23 10:00 UTC, bo, revise, R23-1) is the first that does not fit")
    assert "Every entry fits" not in out
    assert (facts["holds"], facts["broken"]["place"], facts["broken"]["words"]) == (False, 2, "shorter")


def test_a_seal_that_was_noted_is_looked_for(crewdesk: Crewdesk, store: Database) -> None:
    noted = seals(store)[1]
    with store.writing() as records:
        records.audit.add(AuditEntry("2026-11-25", "ada", "edit", "R", "x"))

    status, out, _ = crewdesk("audit", "verify", "--head", noted.upper())
    assert (status, "is that of an entry of 2026-11-23 10:00 UTC" in out) == (0, True)

    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit WHERE position > 1"))
    status, out, _ = crewdesk("audit", "verify", "--head", noted)
    assert (status, "the log was cut off, or sealed anew since" in out) == (1, True)

    assert crewdesk("audit", "verify", "--head", "123")[0] == 2


def test_an_empty_log_holds(crewdesk: Crewdesk, home: Path) -> None:
    assert crewdesk("audit", "verify")[:2] == (
        0,
        "The log is empty.\nThe bytes that 0 approvals and deliveries name are kept.\n",
    )


def test_options_in_front_of_what_they_belong_to_are_not_swallowed(crewdesk: Crewdesk, store: Database) -> None:
    status, out, err = crewdesk("audit", "--who", "ada", "export")

    assert (status, out, "Options go behind 'export'." in err) == (2, "", True)
