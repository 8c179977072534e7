"""Whatever fails on the way to a mail server: one draft, one mail, and a sentence that says what to do."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.deliver_action import deliver_action
from crewdesk.desk.inbox import find_gate
from crewdesk.desk.office import Office
from crewdesk.domain.actions import Action, Delivery, Receipt
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.gates import Approve
from crewdesk.errors import DeliveryFailed, DeliveryUnsure
from crewdesk.models.scripted import ScriptedModel
from crewdesk.ports.connector import Connector
from crewdesk.store.database import Database
from support.deadly import BoundaryStore
from support.houses import house, task
from support.imap_server import USUAL, ImapServer
from support.mails import BODY, imap, mail, smtp
from support.offices import begin, office
from support.smtp_server import BreakingServer, SmtpServer

# --- drafts ---


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("command", ["LOGIN", "LIST", "EXAMINE", "SEARCH", "APPEND", "FETCH"])
def test_a_connection_that_is_lost_anywhere_ends_in_one_draft(command: str, when: str) -> None:
    with ImapServer(lost={command: when}).running() as server:
        with suppress(DeliveryFailed):
            imap(server.port).deliver(mail())

        receipt = imap(server.port).deliver(mail())

        assert not server.lost
        (draft,) = server.drafts()
        assert receipt.details["uid"] == draft.uid


def test_a_lost_connection_is_told_and_nothing_is_lost_by_it() -> None:
    with ImapServer(lost={"APPEND": "after"}).running() as server:
        with pytest.raises(DeliveryFailed, match=rf"cannot use 127\.0\.0\.1:{server.port}: ") as told:
            imap(server.port).deliver(mail())

        assert "the delivery waits in the outbox" in told.value.hint
        assert imap(server.port).find(mail()) is not None


@pytest.mark.parametrize("searches", [True, False])
@pytest.mark.parametrize("uidplus", [True, False])
def test_a_draft_is_found_again_on_servers_that_can_less(uidplus: bool, searches: bool) -> None:  # noqa: FBT001
    with ImapServer(uidplus=uidplus, searches=searches).running() as server:
        first = imap(server.port).deliver(mail())

        assert imap(server.port).deliver(mail()) == first
        assert len(server.drafts()) == 1


@pytest.mark.parametrize("uidplus", [True, False])
def test_a_draft_that_somebody_else_made_first_is_the_one_that_stays(uidplus: bool) -> None:  # noqa: FBT001
    with ImapServer().running() as elsewhere:
        imap(elsewhere.port).deliver(mail())
        same = elsewhere.drafts()[0].data
    with ImapServer(uidplus=uidplus, meanwhile={"APPEND": same}).running() as server:
        receipt = imap(server.port).deliver(mail())

        (draft,) = server.drafts()
        assert receipt.details["uid"] == draft.uid == 1


def test_another_message_with_such_words_in_its_name_is_not_taken_for_the_draft() -> None:
    with ImapServer().running() as server:
        name = imap(server.port).deliver(mail()).details["message_id"]
        server.boxes.clear()
        server.add("Drafts", f"Message-ID: <re.{str(name)[1:]}\r\n\r\nx".encode())

        assert imap(server.port).find(mail()) is None


def test_a_mailbox_without_drafts_says_which_folders_it_has_and_what_to_set() -> None:
    with ImapServer(folders={"INBOX": "", "Work/Offers": ""}).running() as server:
        with pytest.raises(DeliveryFailed, match=r"has no folder for drafts; it has: INBOX, Work/Offers\.") as told:
            imap(server.port).deliver(mail())
        assert "Name one as `folder` of 'mail' in connectors.yaml" in told.value.hint

        assert imap(server.port, folder="Work/Offers").deliver(mail()).details["folder"] == "Work/Offers"
        with pytest.raises(DeliveryFailed, match="has no folder 'Offers'"):
            imap(server.port, folder="Offers").deliver(mail())


def test_a_folder_is_known_by_its_name_where_the_server_marks_none() -> None:
    with ImapServer(folders={"INBOX": "", "INBOX.drafts": ""}).running() as server:
        assert imap(server.port).deliver(mail()).details["folder"] == "INBOX.drafts"


def test_a_full_mailbox_is_told_in_its_own_words() -> None:
    server = ImapServer(refuses={"APPEND": "NO [OVERQUOTA] Quota of jane@acme.example.org exceeded"})

    with server.running(), pytest.raises(DeliveryFailed, match=r"OVERQUOTA\] Quota of \[address\] exceeded\."):
        imap(server.port).deliver(mail())


def test_a_password_that_is_wrong_is_named_by_its_variable_and_not_told() -> None:
    wrong = r"the password in MAIL_PASSWORD: .*AUTHENTICATIONFAILED"
    with ImapServer().running() as server, pytest.raises(DeliveryFailed, match=wrong) as told:
        imap(server.port, secret="hunter2").deliver(mail())  # noqa: S106

    assert "hunter2" not in f"{told.value.message}{told.value.hint}"


def test_a_token_that_has_expired_is_named_by_its_variable_and_not_told() -> None:
    with ImapServer().running() as server:
        assert imap(server.port, token_env="MAIL_TOKEN").deliver(mail())  # noqa: S106
        with pytest.raises(DeliveryFailed, match=r"the token in MAIL_TOKEN: .*expired") as told:
            imap(server.port, secret="old-token", token_env="MAIL_TOKEN").deliver(mail())  # noqa: S106

    assert "old-token" not in f"{told.value.message}{told.value.hint}"


def test_a_password_that_is_not_set_is_told_before_anybody_is_asked() -> None:
    server = ImapServer(port=9)

    with pytest.raises(DeliveryFailed, match="the variable MAIL_PASSWORD is not set"):
        imap(server.port, secret=None).deliver(mail())


@pytest.mark.parametrize("kind", ["imap", "smtp"])
def test_a_server_that_is_not_there_is_told(kind: str) -> None:
    with ImapServer().running() as gone:
        port = gone.port
    connector = imap(port) if kind == "imap" else smtp(port)

    with pytest.raises(DeliveryFailed, match=rf"cannot use 127\.0\.0\.1:{port}: ") as told:
        connector.deliver(mail())

    assert "try again later" in told.value.hint


def test_a_server_that_says_nothing_is_not_waited_for_for_ever() -> None:
    with ImapServer(silent={"LIST"}).running() as server, pytest.raises(DeliveryFailed, match="cannot use 127"):
        imap(server.port, timeout=0.2).deliver(mail())


def void(_: object) -> None:
    """Drop what somebody gives."""


# --- sending ---


@pytest.mark.parametrize("at", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_connection_that_is_lost_before_a_mail_can_be_out_is_worth_another_try(at: str) -> None:
    with BreakingServer(at).running() as server:
        with pytest.raises(DeliveryFailed, match="cannot use 127"):
            smtp(server.port).deliver(mail())
        assert not server.taken

        server.breaks_at = ""
        smtp(server.port).deliver(mail())
        assert len(server.taken) == 1


def test_a_connection_that_is_lost_when_a_mail_may_be_out_is_told_as_that() -> None:
    with BreakingServer(".").running() as server, pytest.raises(DeliveryUnsure, match="did not say whether it took it"):
        smtp(server.port).deliver(mail())


def test_an_answer_that_does_not_come_leaves_it_unsure() -> None:
    with SmtpServer().running() as server:
        stuck = threading.Event()
        server.when_taken = lambda: void(stuck.wait(60))
        with pytest.raises(DeliveryUnsure, match="did not say whether"):
            smtp(server.port, patience=0.1).deliver(mail())
        stuck.set()


@pytest.mark.parametrize(
    ("at", "answer", "said"),
    [
        ("MAIL", "452 4.3.1 Insufficient system storage", "does not take for now who writes: 452 4.3.1 Insufficient"),
        ("RCPT", "450 4.2.0 <jane@acme.example.org> greylisted", "for now whom it is for: 450 4.2.0 <[address]> grey"),
        (
            "RCPT",
            "550 5.1.1 jane@acme.example.org unknown",
            "does not take whom it is for: 550 5.1.1 [address] unknown",
        ),
        ("DATA", "451 4.7.1 try later", "does not take for now the mail: 451 4.7.1 try later"),
        ("DATA", "554 5.7.1 spam", "does not take the mail: 554 5.7.1 spam"),
        ("DATA", "421 4.3.2 shutting down", "does not take for now the mail: 421"),
    ],
)
def test_what_a_server_does_not_take_stays_here_in_its_words_without_addresses(at: str, answer: str, said: str) -> None:
    with SmtpServer(answers={at: answer}).running() as server:
        with pytest.raises(DeliveryFailed) as told:
            smtp(server.port).deliver(mail())
        assert said in told.value.message
        assert not server.taken

        server.answers.clear()
        smtp(server.port).deliver(mail())
        assert len(server.taken) == 1


def test_a_mail_that_is_too_long_for_the_server_is_told_before_it_is_handed_over() -> None:
    with SmtpServer().running(data_size_limit=1000) as server:
        with pytest.raises(DeliveryFailed, match="takes no more than 1000"):
            smtp(server.port).deliver(mail())
        assert not server.taken


@pytest.mark.parametrize("variable", ["MAIL_PASSWORD", "MAIL_TOKEN"])
def test_whom_the_server_does_not_know_is_told_by_the_variable(variable: str) -> None:
    token = variable if variable == "MAIL_TOKEN" else None
    with SmtpServer().running() as server:
        with pytest.raises(DeliveryFailed, match=f"in {variable}: 5") as told:
            smtp(server.port, secret="hunter2", user="ada", token_env=token).deliver(mail())  # noqa: S106
        assert "hunter2" not in f"{told.value.message}{told.value.hint}"
        assert not server.taken


# --- a desk that dies ---


class Crash(BaseException):
    """The process dies here."""


class BrittleStore(BoundaryStore):
    """A store where the process dies before or after the n-th writing transaction."""

    def __init__(self, store: Database, at: int) -> None:
        super().__init__(store)
        self.left = at

    def _boundary(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.left = 1_000_000  # it dies once
            raise Crash


@dataclass
class AsMail:
    """Delivers a mail, whatever is to be delivered: these tests' crew writes none."""

    inner: Connector

    def address(self, body: JsonObject) -> str:
        return self.inner.address(BODY)

    def find(self, delivery: Delivery) -> Receipt | None:
        return self.inner.find(self._mail(delivery))

    def deliver(self, delivery: Delivery) -> Receipt:
        return self.inner.deliver(self._mail(delivery))

    def _mail(self, delivery: Delivery) -> Delivery:
        return replace(delivery, schema="Outreach", sha=digest(BODY), body=BODY)


@dataclass
class Approved:
    """A run whose approved action has not left, kept as a database to be copied."""

    folder: Path
    run: str

    @property
    def key(self) -> str:
        return f"{self.run}:mail:a"

    def copied(self, target: Path) -> Database:
        shutil.copytree(self.folder, target)
        return Database(f"sqlite:///{target}/desk.db")


def _office(store: Database | Path) -> Office:
    model = ScriptedModel().always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review")
    return office(store, model.always("the text", for_="a", purpose="work").always("out", for_="out", purpose="work"))


@pytest.fixture(name="ready", scope="module")
def _ready(tmp_path_factory: pytest.TempPathFactory) -> Approved:
    folder = tmp_path_factory.mktemp("ready")
    where = _office(folder)
    spec = house(
        {"a": task(human_input=True), "out": task(context=["a"], delivers={"mail": "a"})},
        connectors={"mail": {"kind": "mail"}},
    )
    run = advance_run(begin(where, spec).id, office=where).id
    gate, _ = find_gate(run, where.store)
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)
    advance_run(run, office=where)  # nothing is there yet that would deliver it
    with where.store.reading() as records:
        assert [action.status for action in records.outbox.listed(run=run)] == ["proposed"]
    return Approved(folder, run)


def action_of(where: Office, key: str) -> Action:
    with where.store.reading() as records:
        found = records.outbox.get(key)
    assert found is not None
    return found


def test_a_desk_that_dies_anywhere_leaves_one_draft(ready: Approved, tmp_path: Path) -> None:
    at, died = -1, True
    while died:
        at += 1
        with ImapServer().running() as server:
            store = ready.copied(tmp_path / f"at-{at}")
            connectors = {"mail": AsMail(imap(server.port))}
            where = _office(store)
            dying = replace(where, store=BrittleStore(store, at))  # pyright: ignore[reportArgumentType]
            died = False
            try:
                deliver_action(ready.key, connectors=connectors, office=dying)
            except Crash:
                died = True
            receipt = deliver_action(ready.key, connectors=connectors, office=where)

            assert len(server.drafts()) == 1
            assert action_of(where, ready.key).receipt == receipt
    assert at >= 4


def test_a_desk_that_dies_anywhere_sends_one_mail_and_asks_only_where_it_cannot_know(
    ready: Approved, tmp_path: Path
) -> None:
    asked: list[int] = []
    at, died = -1, True
    with SmtpServer().running() as server:
        connectors = {"mail": AsMail(smtp(server.port))}
        while died:
            at += 1
            server.taken.clear()
            store = ready.copied(tmp_path / f"at-{at}")
            where = _office(store)
            dying = replace(where, store=BrittleStore(store, at))  # pyright: ignore[reportArgumentType]
            died = False
            try:
                deliver_action(ready.key, connectors=connectors, office=dying)
            except Crash:
                died = True
            taken = len(server.taken)
            try:
                deliver_action(ready.key, connectors=connectors, office=where)
            except DeliveryUnsure:
                asked.append(taken)
                assert action_of(where, ready.key).status == "unsure"
            else:
                assert len(server.taken) == 1
            assert len(server.taken) <= 1
    assert at >= 6
    # Once when it had said that it may leave and had not begun, and from when it had left until that was written down.
    assert asked[0] == 0
    assert set(asked[1:]) == {1}


def _deliver(folder: Path, key: str, port: int) -> None:
    where = _office(folder)
    deliver_action(key, connectors={"mail": AsMail(smtp(port))}, office=where)


def test_a_process_that_is_killed_when_the_server_has_the_mail_does_not_send_it_twice(
    ready: Approved, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    where = _office(ready.copied(folder))
    with SmtpServer().running() as server:
        process = multiprocessing.get_context("spawn").Process(target=_deliver, args=(folder, ready.key, server.port))
        server.when_taken = lambda: os.kill(process.pid or 0, signal.SIGKILL)
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL

        for _ in range(2):
            with pytest.raises(DeliveryUnsure, match="may have arrived"):
                deliver_action(ready.key, connectors={"mail": AsMail(smtp(server.port))}, office=where)

    assert len(server.taken) == 1


def test_a_copy_that_was_kept_settles_it_without_asking_anybody(ready: Approved, tmp_path: Path) -> None:
    where = _office(ready.copied(tmp_path / "desk"))
    with ImapServer(folders=USUAL).running() as kept, BreakingServer(".").running() as server:
        copies = {"host": "127.0.0.1", "port": kept.port, "tls": "none", "user": "ada"}
        connectors = {"mail": AsMail(smtp(server.port, copies=copies))}
        with pytest.raises(DeliveryUnsure):
            deliver_action(ready.key, connectors=connectors, office=where)
        kept.add("Sent", server.taken[0])  # as servers do that keep what they send

        receipt = deliver_action(ready.key, connectors=connectors, office=where)

    assert receipt.details["sent"] is True
    assert len(server.taken) == 1
