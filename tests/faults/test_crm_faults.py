"""A CRM that fails at the worst moment, and a desk that is killed there: one draft, one note, one file."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crewdesk.facade import Desk
from crewdesk.store.database import Database
from support.deadly import DeadlyStore
from support.homes import lay_out_small
from support.leads import LEADS, crm_of

LEAD = LEADS["L-en"]


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
    leads, outbox = home / "crm" / "leads.db", home / "outbox"
    with closing(sqlite3.connect(leads)) as db:
        db.execute("create trigger full before insert on notes begin select raise(abort, 'full'); end")

    run = desk.resume(run.id)

    assert run.status == "failed"
    assert "full" in run.error
    assert [(action.connector, action.status) for action in run.actions] == [("mail", "delivered"), ("crm", "failed")]
    [mail] = outbox.rglob("*.eml")
    before = mail.read_bytes()
    with closing(sqlite3.connect(leads)) as db:
        db.execute("drop trigger full")

    run = desk.resume(desk.prepare_retry(run.id).id)

    assert run.status == "done", run.error
    assert left_outside(home) == (1, 1, 1, "drafted")
    assert mail.read_bytes() == before


def test_whoever_unsubscribed_before_a_mail_that_failed_is_made_again_gets_none(approved: Path, tmp_path: Path) -> None:
    home = shutil.copytree(approved, tmp_path / "home")
    desk = Desk(home)
    run, outbox = desk.runs()[0], home / "outbox"
    outbox.write_text("a file where mails should be")
    assert desk.resume(run.id).status == "failed"
    outbox.unlink()
    crm_of(home).put(LEAD.model_copy(update={"unsubscribed": True}))

    run = desk.resume(desk.prepare_retry(run.id).id)

    assert (run.status, left_outside(home)[:2]) == ("failed", (0, 0))
    assert "unsubscribed meanwhile" in run.error


class KilledWhen(DeadlyStore):
    """A store that kills its process at the first boundary at which so many mails and notes are outside."""

    def __init__(self, store: Database, home: Path, outside: tuple[int, int]) -> None:
        super().__init__(store, at=None, log=home / "boundaries")
        self._home = home
        self._outside = outside

    def _boundary(self) -> None:
        # Past the CRM's own door, which says in the ledger, and so in this store, that it was used.
        with closing(sqlite3.connect(self._home / "crm" / "leads.db")) as db:
            [notes] = db.execute("select count(*) from notes where author = 'Crewdesk'").fetchone()
        if (len(list((self._home / "outbox").rglob("*.eml"))), notes) == self._outside:
            os.kill(os.getpid(), signal.SIGKILL)


def go_on(home: str, outside: tuple[int, int]) -> None:
    """Go on with the only run, in a process of its own."""
    folder = Path(home)
    store = Database(f"sqlite:///{folder}/.crewdesk/desk.db")
    desk = Desk(folder, store=KilledWhen(store, folder, outside))
    desk.resume(desk.runs()[0].id)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("outside", [(1, 0), (1, 1)], ids=["mail out", "CRM told"])
def test_a_desk_that_is_killed_before_it_wrote_down_what_it_delivered_delivers_once(
    approved: Path, tmp_path: Path, outside: tuple[int, int]
) -> None:
    home = shutil.copytree(approved, tmp_path / "home")
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["crewdesk.engine.crew", "crewdesk.facade"])
    child = processes.Process(target=go_on, args=(str(home), outside))
    child.start()
    child.join(120)
    assert child.exitcode == -signal.SIGKILL
    assert left_outside(home)[:2] == outside

    run = Desk(home).runs()[0]
    run = Desk(home).resume(run.id)

    assert run.status == "done", run.error
    assert left_outside(home) == (1, 1, 1, "drafted")
