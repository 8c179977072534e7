"""`crewdesk forget`: from a lead in the CRM to an approved draft, and back to nothing but what it says remains."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from crewdesk.domain.outreach.lead import Lead
from crewdesk.facade import Desk
from support.command_line import Crewdesk
from support.homes import lay_out_small
from support.leads import crm_of

ZOE = Lead(
    id="L-1",
    company="Kestrel Robotics",
    first_name="Zoë",
    last_name="Brandt",
    email="zoe.brandt@kestrel-robotics.example.com",
    phone="+49 30 7654321",
    address="Platanenstr. 5, 10969 Berlin",
    country="DE",
    language="de",
    interest="agents that ask before they send",
    basis="request",
)
CANARIES = ("zoe.brandt@", "Brandt", "7654321", "Platanenstr")


@pytest.fixture(name="laid_out", scope="module")
def _laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where one lead was written to and approved, and the same lead waits at another gate."""
    home = lay_out_small(tmp_path_factory.mktemp("forget") / "home")
    desk = Desk(home)
    crm_of(home).put(ZOE)
    run = desk.start("outreach", lead="L-1")
    assert run.status == "waiting", run.error
    run.gates[0].approve(by="ada")
    assert desk.resume(run.id).status == "done"
    assert desk.start("outreach", lead="L-1").status in ("waiting", "done")
    desk.store.close()  # type: ignore[attr-defined]
    return home


@pytest.fixture(name="home")
def _home(laid_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = shutil.copytree(laid_out, tmp_path / "home")
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    monkeypatch.setenv("CREWDESK_USER", "ada")
    return home


def holding(home: Path) -> list[str]:
    """Name the files in which anything of them stands."""
    words = [word.encode() for word in CANARIES]
    found = [path for path in home.rglob("*") if path.is_file() and any(word in path.read_bytes() for word in words)]
    return sorted(path.relative_to(home).as_posix() for path in found)


def test_whoever_is_forgotten_stands_only_where_it_says(home: Path, crewdesk: Crewdesk) -> None:
    crewdesk("db", "backup")
    assert any(name.startswith("outbox/") for name in holding(home))

    status, out, err = crewdesk("forget", "L-1", "--yes")

    assert (status, err) == (0, "")
    (backup,) = [path.relative_to(home).as_posix() for path in (home / ".crewdesk" / "backups").iterdir()]
    assert holding(home) == sorted([backup, "crm/leads.db"])
    assert backup in out
    assert "The CRM: its own record of L-1" in out
    assert "crewdesk crm remove L-1" in out
    assert out.startswith("L-1 is forgotten in 2 runs (")
    assert "No longer there: file://" in out
    assert crewdesk("audit", "verify")[0] == 0


def test_it_is_done_twice_without_harm_and_everything_can_still_be_looked_at(home: Path, crewdesk: Crewdesk) -> None:
    crewdesk("forget", "L-1", "--yes")

    status, out, _ = crewdesk("forget", "L-1", "--yes", "--json")

    found = json.loads(out)
    (lead,) = found["leads"]
    assert (status, lead["lead"], lead["versions"], lead["again"], found["scrubbed"]) == (0, "L-1", 0, [], True)
    for run in lead["runs"]:
        for command in ("runs", "trace", "ledger"):
            assert crewdesk(command, run)[0] == 0
            assert not [word for word in CANARIES if word in crewdesk(command, run, "--json")[1]]


def test_without_a_terminal_nothing_is_forgotten_unasked(home: Path, crewdesk: Crewdesk) -> None:
    before = holding(home)

    status, _, err = crewdesk("forget", "--email", ZOE.email.upper())

    assert (status, err.splitlines()) == (
        2,
        ["L-1 would be forgotten. Nothing was changed.", "  Say --yes to do it."],
    )
    assert holding(home) == before


def test_somebody_is_named_in_one_way(home: Path, crewdesk: Crewdesk) -> None:
    assert home
    assert crewdesk("forget", "--yes")[0] == 2
    assert crewdesk("forget", "L-1", "--email", ZOE.email, "--yes")[0] == 2
    assert crewdesk("forget", "L-9", "--yes")[2].startswith("No run is about a lead 'L-9'.")


def test_where_there_are_people_only_an_admin_may_forget(home: Path, crewdesk: Crewdesk) -> None:
    crewdesk("people", "add", "bo", "--approves", "outreach")
    crewdesk("people", "add", "ada", "--admin")

    refused = crewdesk("forget", "L-1", "--yes", "--by", "bo")

    assert refused[2].splitlines()[0] == "Only an admin may do that, and 'bo' is none."
    assert any(name.startswith("outbox/") for name in holding(home))
    assert crewdesk("forget", "L-1", "--yes", "--by", "ada")[0] == 0


def test_python_forgets_as_the_command_does(home: Path) -> None:
    forgotten = Desk(home).forget("L-1", by="ada")

    assert (len(forgotten.runs), forgotten.again) == (2, ())
    assert holding(home) == ["crm/leads.db"]


def test_python_reads_the_ledger_of_a_run(home: Path) -> None:
    (done,) = [run for run in Desk(home).runs() if run.status == "done" and run.actions]

    assert [(left.what, left.name) for left in done.ledger.left if left.what == "delivery"] == [
        ("delivery", "mail"),
        ("delivery", "crm"),
    ]
    assert done.ledger.hosts == ()
