"""`crewdesk run CREW --each FILE`: a run for each row, once, whatever comes between; one fails alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from crewdesk.cli.each import at_once
from crewdesk.facade import Desk
from support.command_line import Crewdesk
from support.leads import lay_out_leads, leads_file

MANY = 16


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = lay_out_leads(tmp_path / "home", MANY)
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    return home


def rows_of(out: str) -> list[dict[str, Any]]:
    return json.loads(out)["rows"]


def leads(home: Path) -> list[str]:
    """What the runs of this home are about."""
    return sorted((str(run.record.inputs["lead"]) for run in Desk(home).runs(1000)), key=lambda name: int(name[2:]))


def test_each_row_is_a_run_and_the_same_file_again_starts_none(home: Path, crewdesk: Crewdesk) -> None:
    names = [f"L-{n}" for n in range(1, MANY + 1)]
    file = leads_file(home, *[f"{name};Firm" for name in names])

    first = crewdesk("run", "leads", "--each", str(file), "--json")
    again = crewdesk("run", "leads", "--each", str(file), "--json")

    assert (first[0], again[0]) == (3, 3)
    assert {row["status"] for row in rows_of(first[1])} == {"waiting"}
    assert [row["run"] for row in rows_of(again[1])] == [row["run"] for row in rows_of(first[1])]
    assert [row["before"] for row in rows_of(again[1])] == [True] * MANY
    assert leads(home) == names


def test_a_lead_there_is_not_fails_alone_and_the_table_says_what_to_do(home: Path, crewdesk: Crewdesk) -> None:
    file = leads_file(home, "L-1;a", "L-0;b", "L-2;c")

    status, out, err = crewdesk("run", "leads", "--each", str(file))

    assert status == 1
    lines = [line.split() for line in out.splitlines()]
    (_, name, run, state, _, *about) = next(line for line in lines if line[:1] == ["3"])
    assert (name, state) == ("L-0", "failed")
    assert "has no lead 'L-0'" in " ".join(about)
    assert "3 rows: 2 waiting, 1 failed." in out
    assert f"crewdesk retry {run}" in out
    assert "Left out, for they are no inputs of leads: company" in err


def test_rows_of_no_use_are_told_at_their_line(home: Path, crewdesk: Crewdesk) -> None:
    file = leads_file(home, "L-1;a", ";b", "L-1;c", "L-2;d", 'L-3;"open', header="Lead No;company")

    status, out, err = crewdesk("run", "leads", "--each", str(file), "--json")

    assert status == 1  # a row that cannot be read is no success
    assert [(row["line"], row["inputs"]) for row in rows_of(out)] == [(2, {"lead": "L-1"}), (5, {"lead": "L-2"})]
    assert f"{file}:3: the row is empty." in err
    assert f"{file}:4: the same as line 2; left out." in err
    assert f"{file}:6: the row cannot be read" in err


def test_without_a_column_that_is_an_input_nothing_starts(home: Path, crewdesk: Crewdesk) -> None:
    file = leads_file(home, "a;b", header="Company;E-Mail")

    status, _, err = crewdesk("run", "leads", "--each", str(file))

    assert (status, leads(home)) == (2, [])
    assert "No column of" in err
    assert "Company, E-Mail" in err
    assert "Name one after an input: lead, id, lead no, tone." in err


def test_what_is_given_counts_for_all_rows_that_do_not_say_otherwise(home: Path, crewdesk: Crewdesk) -> None:
    file = leads_file(home, "L-1;warm", "L-2;", header="id;tone")

    _, out, _ = crewdesk("run", "leads", "--each", str(file), "--tone", "short", "--json")

    assert [row["inputs"] for row in rows_of(out)] == [
        {"tone": "warm", "lead": "L-1"},
        {"tone": "short", "lead": "L-2"},
    ]


def test_one_row_is_one_row(home: Path, crewdesk: Crewdesk) -> None:
    _, out, _ = crewdesk("run", "leads", "--each", str(leads_file(home, "L-1;a")))

    assert "1 row: 1 waiting." in out


def test_a_row_that_lacks_what_the_crew_needs_is_told(home: Path, crewdesk: Crewdesk) -> None:
    file = leads_file(home, "L-1;warm", ";short", header="lead;tone")

    status, out, _ = crewdesk("run", "leads", "--each", str(file), "--json")

    assert status == 1
    assert [(row["status"], row["about"]) for row in rows_of(out)][1] == ("unusable", "This crew needs 'lead'.")


def test_a_limit_starts_so_many_and_the_same_again_goes_on(home: Path, crewdesk: Crewdesk) -> None:
    file = leads_file(home, *[f"L-{n};x" for n in range(1, 6)])
    command = ("run", "leads", "--each", str(file), "--limit", "2")

    counts = []
    for _ in range(4):
        _, out, _ = crewdesk(*command)
        counts.append((len(leads(home)), "goes on with what was not begun" in out))

    assert counts == [(2, True), (4, True), (5, False), (5, False)]


def test_what_is_left_to_a_worker_is_in_line_and_worked_on_here_when_none_comes(home: Path, crewdesk: Crewdesk) -> None:
    file = leads_file(home, "L-1;a", "L-2;b")

    left = crewdesk("run", "leads", "--each", str(file), "--no-wait", "--json")
    here = crewdesk("run", "leads", "--each", str(file), "--json")

    assert (left[0], [row["status"] for row in rows_of(left[1])]) == (0, ["queued", "queued"])
    assert (here[0], [row["status"] for row in rows_of(here[1])]) == (3, ["waiting", "waiting"])
    assert leads(home) == ["L-1", "L-2"]


def test_a_run_about_the_same_lead_that_somebody_started_is_named(home: Path, crewdesk: Crewdesk) -> None:
    other = Desk(home).start("leads", lead="L-1")

    _, out, _ = crewdesk("run", "leads", "--each", str(leads_file(home, "L-1;a")), "--json")

    assert [(row["run"], row["before"]) for row in rows_of(out)] == [(other.id, True)]


@pytest.mark.parametrize(
    ("wanted", "most", "many"), [(None, None, 4), (None, 2, 2), (8, 2, 2), (1, 4, 1), (8, None, 8), (None, 9, 9)]
)
def test_no_more_are_at_work_than_the_crew_allows(wanted: int | None, most: int | None, many: int) -> None:
    assert at_once(wanted, most) == many


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "leads", "--lead", "L-1", "--limit", "2"], "--limit and --parallel are for --each FILE."),
        (["--desk", "http://127.0.0.1:1", "run", "leads", "--each", "FILE"], "Over the network runs are started one"),
    ],
)
def test_what_makes_no_sense_is_refused(home: Path, crewdesk: Crewdesk, arguments: list[str], sentence: str) -> None:
    file = leads_file(home, "L-1;a")

    status, _, err = crewdesk(*[str(file) if word == "FILE" else word for word in arguments])

    assert (status, leads(home)) == (2, [])
    assert sentence in err


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_killed_or_interrupted_it_goes_on_where_it_was(home: Path, crewdesk: Crewdesk, number: signal.Signals) -> None:
    names = [f"L-{n}" for n in range(1, MANY + 1)]
    file = leads_file(home, *[f"{name};x" for name in names])
    command = [sys.executable, "-m", "crewdesk", "run", "leads", "--each", str(file), "--parallel", "2"]
    child = subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    until = time.monotonic() + 60
    assert child.stdout is not None
    while time.monotonic() < until and "waiting" not in child.stdout.readline():
        pass
    os.kill(child.pid, number)
    child.communicate(timeout=60)
    begun = len(leads(home))

    status, out, _ = crewdesk("run", "leads", "--each", str(file), "--json")

    assert (child.returncode, status) == (130 if number == signal.SIGINT else -9, 3)
    assert 0 < begun < MANY
    assert {row["status"] for row in rows_of(out)} == {"waiting"}
    assert leads(home) == names
