"""The audit log can be taken out of the house whole, and what was taken out can be followed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewdesk.desk import read_audit as module
from crewdesk.desk.read_audit import EXPORTED, choose, export_audit, read_audit, read_export
from crewdesk.domain.audit import AuditEntry, Chosen, follow
from crewdesk.errors import StoreError, WrongUsage
from crewdesk.store.database import Database

AT = "2026-11-22T10:00:00.000+00:00"
NASTY = [
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@x",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    'say "hi", ok',
    "two\nlines",
    "日本語 🎈",
    "\u2028",
]


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/desk.db")


def write(store: Database, *words: str, who: str = "ada") -> list[AuditEntry]:
    with store.writing() as records:
        for each in words:
            records.audit.add(AuditEntry(AT, who, "revise", "R1", "R1-1", "sha", each, "login"))
    with store.reading() as records:
        return list(records.audit.listed())


def test_it_is_read_in_batches_to_its_end(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    written = write(store, *"abcde")
    batches: list[int] = []

    found = list(read_audit(store, weigh=lambda batch, _: batches.append(len(batch))))

    assert (found, batches) == (written, [2, 2, 1, 0])


def test_what_is_written_while_it_is_read_comes_too(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    write(store, "a", "b", "c")

    reading = read_audit(store)
    first = next(reading)
    write(store, "d")

    assert [first.words, *(entry.words for entry in reading)] == ["a", "b", "c", "d"]


def test_lines_of_json_come_back_as_they_were_and_can_be_followed(store: Database) -> None:
    written = write(store, *NASTY)

    lines = "".join(export_audit(store, "jsonl")).splitlines(keepends=True)
    back = list(read_export(io.StringIO("".join(export_audit(store, "jsonl")), newline="\n")))

    assert back == written
    assert (follow(back).entries, follow(back).broken) == (len(NASTY), None)
    assert list(json.loads(lines[0])) == list(EXPORTED)


def test_no_cell_of_a_table_is_a_formula(store: Database) -> None:
    write(store, *NASTY, who="=ada")

    rows = list(csv.DictReader(io.StringIO("".join(export_audit(store, "csv")), newline="")))

    assert len(rows) == len(NASTY)
    assert {row["who"] for row in rows} == {"'=ada"}
    cells = [row["words"] for row in rows]
    assert cells == [*(f"'{words}" for words in NASTY[:8]), *NASTY[8:]]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text())
def test_whatever_was_said_no_cell_begins_as_a_formula(store: Database, words: str) -> None:
    write(store, words)

    rows = list(csv.reader(io.StringIO("".join(export_audit(store, "csv")), newline="")))

    assert all(not cell.lstrip().startswith(module.FORMULA) for row in rows for cell in row)


def test_an_export_holds_what_is_chosen(store: Database) -> None:
    write(store, "a", who="ada")
    write(store, "b", who="bo")

    assert [json.loads(line)["words"] for line in export_audit(store, "jsonl", Chosen(who="bo"))] == ["b"]
    assert len(list(export_audit(store, "csv", Chosen(who="cy")))) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda line: "not json",
        lambda line: "[]",
        lambda line: "[" * 100_000,
        lambda line: "17",
        lambda line: json.dumps({**json.loads(line), "more": "x"}),
        lambda line: json.dumps({k: v for k, v in json.loads(line).items() if k != "proof"}),
        lambda line: json.dumps({**json.loads(line), "words": 17}),
        lambda line: line.replace('{"at"', '{"who": "eve", "at"'),
        lambda line: "",
    ],
    ids=["text", "list", "deep", "number", "more", "less", "no text", "a name twice", "empty"],
)
def test_a_line_that_is_no_entry_is_named(store: Database, change: object) -> None:
    write(store, "a", "b", "c")
    lines = list(export_audit(store, "jsonl"))
    lines[1] = change(lines[1])  # type: ignore[operator]

    with pytest.raises(StoreError, match="Line 2 is no entry"):
        list(read_export(lines))


def test_days_and_moments_are_utc_and_the_last_day_is_within() -> None:
    assert choose(since="2026-11-22", until="2026-11-30") == Chosen(since="2026-11-22", until="2026-12-01")
    assert choose(since="2026-11-22T10:00+01:00").since == "2026-11-22T09:00:00.000+00:00"
    assert choose(until="2026-11-22 10:00").until == "2026-11-22T10:00:00.000+00:00"


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "22.11.2026", "9999-12-31", "0001-01-01T00:00+14:00"])
def test_what_is_no_day_is_refused(day: str) -> None:
    with pytest.raises(WrongUsage, match="is no day"):
        choose(until=day)
