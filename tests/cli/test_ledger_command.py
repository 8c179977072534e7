"""`crewdesk ledger` shows what left for which host, as a table with sums, and as JSON; here and at a desk elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crewdesk.domain.ledger import Left
from crewdesk.domain.runs import RunRecord
from crewdesk.store.database import Database
from support.command_line import Crewdesk
from support.houses import house, task

AT = "2026-11-26T09:12:00.000+00:00"
WRITER = ("write", "mail_writer", "model", "haiku", "api.example.com")
MODEL = Left("R001", AT, *WRITER, 1, 4200, ("first_name",), ("email",))
CRM = Left("R001", AT, "read", "lead_reader", "crm", "read_lead", "", 1, 3)
DELIVERED = Left("R001", AT, "record", "", "delivery", "mail", "imap.example.com", 2, 900, ("name", "email"))


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CREWDESK_HOME", str(tmp_path))
    return tmp_path


def keep(home: Path, *left: Left) -> None:
    database = Database(f"sqlite:///{home}/.crewdesk/desk.db")
    spec = house({"a": task()}).model_dump(mode="json")
    with database.writing() as records:
        records.runs.put(RunRecord("R001", "test", "test", {}, spec, "done", created=AT, updated=AT))
        for one in left:
            records.ledger.add(one)
    database.close()


def test_each_call_and_the_sums_by_host_are_listed(home: Path, crewdesk: Crewdesk) -> None:
    keep(home, CRM, MODEL, MODEL, DELIVERED)

    status, out, _ = crewdesk("ledger", "r001")

    assert status == 0
    assert (
        out
        == """\
when                 who                 what        by         host              bytes  in clear    as placeholders
2026-11-26 09:12:00  lead_reader, read   CRM         read_lead  this machine      3      -           -
2026-11-26 09:12:00  mail_writer, write  model call  haiku      api.example.com   4200   first_name  email
2026-11-26 09:12:00  mail_writer, write  model call  haiku      api.example.com   4200   first_name  email
2026-11-26 09:12:00  mail                delivery    mail       imap.example.com  900    name email  -

host              calls  bytes  in clear    as placeholders
api.example.com   2      8400   first_name  email
imap.example.com  1      900    name email  -
"""
    )


def test_where_all_stayed_here_it_says_so(home: Path, crewdesk: Crewdesk) -> None:
    keep(home, CRM)

    _, out, _ = crewdesk("ledger", "R001")

    assert out.endswith("\n\nNothing left this machine.\n")
    assert "this machine" in out.splitlines()[1]


def test_programs_read_it_as_json(home: Path, crewdesk: Crewdesk) -> None:
    keep(home, MODEL)

    _, out, _ = crewdesk("ledger", "R001", "--json")

    found = json.loads(out)
    assert found["run"] == "R001"
    assert found["left"][0] | {"at": ""} == {
        "at": "",
        "task": "write",
        "agent": "mail_writer",
        "what": "model",
        "name": "haiku",
        "host": "api.example.com",
        "requests": 1,
        "size": 4200,
        "clear": ["first_name"],
        "hidden": ["email"],
    }
    assert found["hosts"] == [
        {"host": "api.example.com", "calls": 1, "size": 4200, "clear": ["first_name"], "hidden": ["email"]}
    ]


def test_a_run_there_is_not_is_a_sentence(home: Path, crewdesk: Crewdesk) -> None:
    keep(home)

    status, _, err = crewdesk("ledger", "NONE")

    assert (status, err.splitlines()[0]) == (2, "There is no run 'NONE'.")
