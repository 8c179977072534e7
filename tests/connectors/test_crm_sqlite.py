"""The CRM in a file: many leads, several writers, what is brought in again, and files that are none."""

from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from crewdesk.connectors.crm.sqlite import ALIKE, VERSION, SqliteCrm
from crewdesk.domain.outreach.lead import Lead, Note
from crewdesk.errors import DeliveryFailed, DeliveryRefused

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def crm_in(folder: Path) -> SqliteCrm:
    ticks = count()
    return SqliteCrm("crm", folder=folder, clock=lambda: NOON + timedelta(seconds=next(ticks)))


@pytest.fixture(name="crm")
def _crm(tmp_path: Path) -> SqliteCrm:
    return crm_in(tmp_path)


def test_a_lead_that_is_written_down_again_keeps_its_notes_and_when_it_was_entered(crm: SqliteCrm) -> None:
    crm.put(Lead(id="L-1", company="Brauer", notes=(Note(date="2025-01-01", author="Bo", text="They called."),)))
    crm.note("L-1", "key", "Noted.")
    before = crm.lead("L-1")

    crm.put(Lead(id="L-1", company="Brauer AG", notes=(Note(date="2025-01-01", author="Bo", text="They called."),)))

    after = crm.lead("L-1")
    assert [(note.author, note.text) for note in after.notes] == [("Bo", "They called."), ("Crewdesk", "Noted.")]
    assert (after.company, after.created) == ("Brauer AG", before.created)
    assert after.changed > before.changed


def test_what_is_written_down_as_it_was_is_no_change(crm: SqliteCrm) -> None:
    crm.put(Lead(id="L-1", company="Brauer"))
    before = crm.lead("L-1")

    crm.put(Lead(id="L-1", company="Brauer"))

    assert crm.lead("L-1") == before


def test_what_is_brought_in_again_leaves_alone_what_was_changed_here(crm: SqliteCrm) -> None:
    row: dict[str, str | bool] = {"company": "Brauer", "status": "new", "unsubscribed": False}
    crm.bring_in([("L-1", row)])
    crm.put(crm.lead("L-1").model_copy(update={"status": "in talks", "unsubscribed": True, "phone": "+49 30 1"}))

    fates = crm.bring_in([("L-1", row)]) + crm.bring_in([("L-1", row | {"company": "Brauer AG"})])

    lead = crm.lead("L-1")
    assert fates == ["same", "changed"]
    assert (lead.company, lead.status, lead.unsubscribed, lead.phone) == ("Brauer AG", "in talks", True, "+49 30 1")


def test_a_cell_that_was_emptied_empties_the_field_and_one_that_never_held_anything_does_not(crm: SqliteCrm) -> None:
    crm.put(Lead(id="L-1", phone="+49 30 1"))
    crm.bring_in([("L-1", {"company": "Brauer", "phone": ""})])

    crm.bring_in([("L-1", {"company": "", "phone": ""})])

    assert (crm.lead("L-1").company, crm.lead("L-1").phone) == ("", "+49 30 1")


def test_all_rows_come_in_or_none(crm: SqliteCrm) -> None:
    def rows() -> object:
        yield "L-1", {"company": "Brauer"}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crm.bring_in(rows())  # pyright: ignore[reportArgumentType]

    assert crm.changed("") == []


def test_others_are_found_by_indexes_and_nobody_else_is_read(crm: SqliteCrm, tmp_path: Path) -> None:
    crm.bring_in((f"L-{n}", {"email": f"p{n // 2}@x.example"}) for n in range(100))
    lead = crm.lead("L-40")
    with closing(sqlite3.connect(tmp_path / "leads.db")) as db, db:
        db.execute("update leads set record = 'nothing to be read' where id not in ('L-40', 'L-41')")
        plan = " ".join(row[3] for row in db.execute(f"explain query plan {ALIKE}", ("", "")))

    assert [one.id for one in crm.alike(lead)] == ["L-41"]
    assert "leads_email" in plan
    assert "leads_person" in plan
    assert "SCAN" not in plan


def write(folder: Path, name: str) -> None:
    """Write in a process of its own."""
    crm = crm_in(folder)
    for n in range(8):
        crm.put(Lead(id=f"{name}-{n}"))
        crm.note("L-1", f"{name}:{n}", "Noted.")
        crm.note("L-1", f"shared:{n}", "Noted by both.")


def test_two_processes_that_write_at_once_lose_nothing(crm: SqliteCrm, tmp_path: Path) -> None:
    crm.put(Lead(id="L-1"))
    both = [multiprocessing.get_context("spawn").Process(target=write, args=(tmp_path, name)) for name in "ab"]

    for process in both:
        process.start()
    for process in both:
        process.join(60)

    assert [process.exitcode for process in both] == [0, 0]
    assert len(crm.changed("")) == 17
    assert len(crm.lead("L-1").notes) == 24


@pytest.mark.parametrize("data", [b"no database", b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_file_that_is_damaged_is_told_with_what_to_do(crm: SqliteCrm, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "leads.db").write_bytes(data)

    with pytest.raises(DeliveryFailed, match=r"cannot read .*leads\.db") as told:
        crm.lead("L-1")

    assert "crewdesk crm import" in told.value.hint
    assert (tmp_path / "leads.db").read_bytes() == data


def test_a_file_of_another_version_is_left_as_it_is(crm: SqliteCrm, tmp_path: Path) -> None:
    crm.put(Lead(id="L-1"))
    with closing(sqlite3.connect(tmp_path / "leads.db")) as db:
        db.execute(f"pragma user_version = {VERSION + 1}")

    with pytest.raises(DeliveryFailed, match=f"leads of version {VERSION + 1}") as told:
        crm.put(Lead(id="L-2"))

    assert "Use the Crewdesk that wrote it" in told.value.hint


def test_a_database_of_somebody_else_is_not_made_ours(crm: SqliteCrm, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "leads.db")) as db:
        db.execute("create table theirs (x)")

    with pytest.raises(DeliveryFailed, match="version 0"):
        crm.changed("")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "crm").write_text("a file")

    with pytest.raises(DeliveryFailed, match="a file stands where a folder should be"):
        crm_in(tmp_path / "crm").lead("L-1")


def test_a_lead_that_is_removed_goes_with_its_notes_and_files(crm: SqliteCrm) -> None:
    crm.put(Lead(id="L-1"))
    crm.note("L-1", "key", "Noted.")
    crm.attach("L-1", "key", "a.eml", b"x")

    crm.remove("L-1")

    assert crm.files("L-1") == {}
    assert not crm.noted("L-1", "key")
    with pytest.raises(DeliveryRefused, match="has no lead"):
        crm.remove("L-1")
