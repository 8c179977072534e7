"""A CRM that fails at the worst moment, and a desk that is killed there: one draft, one note, one file."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crewdesk.connectors.crm.sqlite import SqliteCrm
from crewdesk.domain.outreach.lead import Lead
from crewdesk.facade import Desk
from crewdesk.store.database import Database
from support.deadly import DeadlyStore
from support.homes import lay_out_small

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DATA = Path(__file__).parents[1] / "data" / "outreach" / "leads.json"
LEAD = next(Lead.model_validate(one) for one in json.loads(DATA.read_text("utf-8")) if one["id"] == "L-en")


def crm_of(home: Path) -> SqliteCrm:
    return SqliteCrm("crm", folder=home / "crm", clock=lambda: NOW)


def left_outside(home: Path) -> tuple[int, int, int, str]:
    """Count mails, notes of ours and attached files, and give the lead's state."""
    lead, crm = crm_of(home).lead(LEAD.id), crm_of(home)
    notes = [note for note in lead.notes if note.author == "Crewdesk"]
    return len(list((home / "outbox").rglob("*.eml"))), len(notes), len(crm.files(LEAD.id)), lead.status


@pytest.fixture(name="approved", scope="module")
def _approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one run whose mail was approved, and which did not go on yet."""
    home = lay_out_small(tmp_path_factory.mktemp("crm") / "home", sources=())
    crm_of(home).put(LEAD)
    store = Database(f"sqlite:///{home}/.crewdesk/desk.db")
    run = Desk(home, store=store).start("outreach", lead=LEAD.id)
    assert run.status == "waiting", run.error
    run.gates[0].approve(by="sam")
    store.close()  # copying a database that this process has open would break its locks
    return home


def test_a_crm_that_is_broken_when_it_is_told_is_told_later_and_the_mail_is_not_made_again(
    approved: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(approved, tmp_path / "home")
    desk = Desk(home)
    run = desk.runs()[0]
    leads = home / "crm" / "leads.db"
    whole = leads.read_bytes()
    outbox = home / "outbox"
    outbox.write_text("a file where mails should be")
    assert desk.resume(run.id).status == "failed"
    outbox.unlink()
    crm_of(home).remove(LEAD.id)

    run = desk.resume(desk.prepare_retry(run.id).id)

    assert run.status == "failed"
    assert "has no lead 'L-en'" in run.error
    assert [(action.connector, action.status) for action in run.actions] == [("mail", "delivered"), ("crm", "failed")]
    [mail] = outbox.rglob("*.eml")
    before = mail.read_bytes()
    leads.write_bytes(whole)

    run = desk.resume(desk.prepare_retry(run.id).id)

    assert run.status == "done", run.error
    assert left_outside(home) == (1, 1, 1, "drafted")
    assert mail.read_bytes() == before


def go_on(home: str, at: int | None) -> None:
    """Go on with the only run, in a process of its own that is killed at a boundary."""
    folder = Path(home)
    database = Database(f"sqlite:///{folder}/.crewdesk/desk.db")
    desk = Desk(folder, store=DeadlyStore(database, at=at, log=folder / "boundaries"))
    desk.resume(desk.runs()[0].id)


@pytest.fixture(name="process", scope="module")
def _process() -> Callable[[Path, int | None], int | None]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crewdesk.engine.crew", "crewdesk.facade"])

    def process(home: Path, at: int | None) -> int | None:
        child = context.Process(target=go_on, args=(str(home), at))
        child.start()
        child.join(120)
        return child.exitcode

    return process


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_desk_that_is_killed_while_it_delivers_delivers_once(
    approved: Path, tmp_path: Path, process: Callable[[Path, int | None], int | None]
) -> None:
    whole = shutil.copytree(approved, tmp_path / "whole")
    assert process(whole, None) == 0
    assert left_outside(whole) == (1, 1, 1, "drafted")
    boundaries = int((whole / "boundaries").read_text())

    # Delivering comes last; between, a mail is out and the CRM was not told yet.
    for at in range(boundaries - 3, boundaries - 12, -3):
        home = shutil.copytree(approved, tmp_path / f"killed-{at}")
        assert process(home, at) == -signal.SIGKILL
        assert process(home, None) == 0

        assert left_outside(home) == (1, 1, 1, "drafted"), f"killed at boundary {at} of {boundaries}"
