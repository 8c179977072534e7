"""From a lead in Tryton to a draft in Dovecot and a note in Tryton; killed at every step, each is there once."""

from __future__ import annotations

import email
import email.policy
import multiprocessing
import secrets
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from dovecot_process import PASSWORD, Dovecot
from test_tryton import category, enter
from tryton_process import DATABASE, Tryton

from crewdesk.domain.canonical import digest
from crewdesk.domain.gates import Approve, Edit
from crewdesk.domain.outreach.lead import Lead
from crewdesk.domain.outreach.mail import MailBody, plain
from crewdesk.facade import Desk
from crewdesk.store.database import Database
from support.deadly import DeadlyStore
from support.homes import lay_out_small
from support.smtp_server import SmtpServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
BEATS = 5
"""So many of the last boundaries may not come: a process that has time to spare writes down that it lives, too."""
PRELOAD = ["crewdesk.engine.crew", "crewdesk.facade"]
LEAD = Lead(
    id="",
    company="Brauer Werkzeuge GmbH",
    first_name="Jördis",
    last_name="Brauer",
    email="j.brauer@brauer-werkzeuge.de",
    phone="+49 30 1234567",
    language="en",
    interest="How can an agent review our pull requests before a person does?",
)
SUBJECT = "Reviews at Brauer – a person decides"
MAILBOX = """\
    kind: mail/imap
    settings: {{sender: Ada Byron <ada@example.com>, host: 127.0.0.1, port: {port}, tls: none, user: {user}}}"""
SENDING = """\
    kind: mail/smtp
    settings:
      sends: {{by: Ada Byron, because: Who asks hears from us at once.}}
      sender: Ada Byron <ada@example.com>
      host: 127.0.0.1
      port: {port}
      tls: none"""
CONNECTORS = """\
connectors:
  mail:
{mail}
  crm:
    kind: crm/tryton
    settings: {{url: "{url}", database: {database}}}
  site: {{kind: site, settings: {{folder: site, base_url: "https://blog.example.com", title: Crewdesk}}}}
  forge: {{kind: forge, settings: {{folder: reviews}}}}
"""


def work_in(home: str, lead: str, at: int | None) -> None:
    """Run in a process of its own: go on with the only run, or start it."""
    folder = Path(home)
    database = Database(f"sqlite:///{folder}/.crewdesk/desk.db")
    desk = Desk(folder, store=DeadlyStore(database, at=at, log=folder / "boundaries"))
    runs = desk.runs()
    desk.resume(runs[0].id if runs else desk.prepare("outreach", lead=lead).id)


@pytest.fixture(name="consent", scope="module")
def _consent(tryton: Tryton) -> int:
    """Return the category of those who agreed to be written to."""
    return category(tryton, "Consent")


@pytest.fixture(name="process", scope="module")
def _process() -> Callable[..., int | None]:
    """Works on a home in a fresh process that has CrewAI imported already; returns its exit code."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)

    def work(home: Path, lead: str, at: int | None = None) -> int | None:
        child = context.Process(target=work_in, args=(str(home), lead, at))
        child.start()
        child.join(120)
        assert child.exitcode is not None, "the process hangs"
        return child.exitcode

    return work


@dataclass
class Story:
    """One lead, the home that works on it, and both servers."""

    home: Path
    lead: str
    email: str
    user: str
    tryton: Tryton
    dovecot: Dovecot
    process: Callable[..., int | None]

    def go(self, at: int | None = None) -> int | None:
        return self.process(self.home, self.lead, at)

    def boundaries(self) -> int:
        return int((self.home / "boundaries").read_text())

    def edit_and_approve(self) -> MailBody:
        """Change subject and text as a sales person does, approve that, and return it."""
        store = Database(f"sqlite:///{self.home}/.crewdesk/desk.db")
        desk = Desk(self.home, store=store)
        [run] = desk.runs()
        [gate] = run.gates
        assert gate.artifact is not None
        body = gate.artifact.body
        changed = body | {"subject": SUBJECT, "text": f"{body['text']}\n\nPS: Grüße aus dem Norden, 日本 too."}
        edited = desk.decide(gate.id, Edit(changed), by="ada")
        assert edited.sha == digest(changed)
        desk.decide(gate.id, Approve(edited.sha), by="ada")
        store.close()
        return MailBody.model_validate(changed)

    def check_once(self, approved: MailBody) -> None:
        """One draft with the approved words, one note, and a lead that nobody calls contacted."""
        with self.dovecot.client(self.user) as client:
            client.select_folder("Drafts", readonly=True)
            kept: Any = list(client.fetch(client.search("ALL"), ["RFC822", "FLAGS"]).values())
        assert len(kept) == 1
        message = email.message_from_bytes(kept[0][b"RFC822"], policy=email.policy.default)
        text = message.get_body(("plain",))
        assert text is not None
        assert text.get_content().replace("\r\n", "\n") == plain(approved)
        assert (message["Subject"], message["To"].addresses[0].addr_spec) == (SUBJECT, self.email)
        assert b"\\Draft" in kept[0][b"FLAGS"]
        assert self.state() == "lead"
        [number] = self.tryton.call("sale.opportunity.search", [["number", "=", self.lead]])
        notes = self.tryton.call("ir.note.search", [["resource", "=", f"sale.opportunity,{number}"]])
        assert len(notes) == 1
        [note] = self.tryton.call("ir.note.read", notes, ["message"])
        assert approved.text in note["message"]
        files = self.tryton.call("ir.attachment.search", [["resource", "=", f"sale.opportunity,{number}"]])
        assert len(files) == 1

    def state(self) -> str:
        """Say how Tryton calls what became of the lead."""
        [number] = self.tryton.call("sale.opportunity.search", [["number", "=", self.lead]])
        return self.tryton.call("sale.opportunity.read", [number], ["state"])[0]["state"]


class Begin(Protocol):
    """Lays out a home for a new lead, with a mailbox of its own, or with a server that sends."""

    def __call__(self, name: str, *, sending: int | None = None) -> Story:
        """Lay it out; `sending` is that server's port."""
        ...


@pytest.fixture(name="every")
def _every(request: pytest.FixtureRequest) -> bool:
    """Whether to kill at every boundary."""
    return bool(request.config.getoption("--every-boundary"))


@pytest.fixture(name="begin", scope="module")
def _begin(
    tryton: Tryton,
    dovecot: Dovecot,
    consent: int,
    process: Callable[..., int | None],
    tmp_path_factory: pytest.TempPathFactory,
) -> Begin:
    """Lays out homes for new leads."""

    def begin(name: str, *, sending: int | None = None) -> Story:
        user = f"ada{secrets.token_hex(4)}"
        home = lay_out_small(tmp_path_factory.mktemp(name) / "home", sources=())
        way = MAILBOX.format(port=dovecot.port, user=user) if sending is None else SENDING.format(port=sending)
        place = CONNECTORS.format(mail=way, url=tryton.url, database=DATABASE)
        (home / "config" / "connectors.yaml").write_text(place, "utf-8")
        (home / ".env").write_text(f"TRYTON_KEY={tryton.key}\nMAIL_PASSWORD={PASSWORD}\n", "utf-8")
        # Of a company of its own: a second lead of the same person is not written to.
        own = LEAD.model_copy(update={"company": f"Brauer {user} GmbH", "email": f"j.brauer@{user}.example.de"})
        lead = enter(tryton, own, party={"categories": [["add", [consent]]]})
        return Story(home, lead, own.email, user, tryton, dovecot, process)

    return begin


def test_a_lead_of_tryton_becomes_a_draft_and_a_note(begin: Begin) -> None:
    story = begin("whole")
    assert story.go() == 0
    approved = story.edit_and_approve()

    assert story.go() == 0
    story.check_once(approved)
    assert story.go() == 0
    story.check_once(approved)


def test_a_lead_of_tryton_is_contacted_once_its_mail_was_sent_and_not_before(begin: Begin) -> None:
    server = SmtpServer(answers={"DATA": "451 4.3.0 Busy, come again"})
    with server.running():
        story = begin("sent", sending=server.port)
        story.go()
        approved = story.edit_and_approve()

        story.go()
        assert (server.taken, story.state()) == ([], "lead")
        server.answers.clear()
        story.go()
        story.go()

    [sent] = server.taken
    message = email.message_from_bytes(sent.data, policy=email.policy.default)
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == plain(approved)
    assert (sent.recipients, story.state()) == ([story.email], "opportunity")


def test_a_run_killed_at_any_step_before_its_gate_asks_for_the_same_mail(begin: Begin, *, every: bool) -> None:
    whole = begin("before")
    whole.go()
    led = whole.boundaries()
    assert led > 20

    for at in range(1, led, 1 if every else led // 4):
        story = begin(f"before-{at}")
        assert story.go(at) == -signal.SIGKILL
        story.go()
        approved = story.edit_and_approve()
        story.go()
        story.check_once(approved)


def test_a_run_killed_at_any_step_after_its_approval_leaves_one_draft_and_one_note(
    begin: Begin, *, every: bool
) -> None:
    whole = begin("after")
    whole.go()
    whole.edit_and_approve()
    whole.go()
    led = whole.boundaries()
    assert led > 8

    for at in range(0, led, 1 if every else 3):
        story = begin(f"after-{at}")
        story.go()
        approved = story.edit_and_approve()
        assert story.go(at) == -signal.SIGKILL or at >= led - BEATS
        story.go()
        story.check_once(approved)
