"""What strangers wrote in a lead's record makes a mail to one person, with our headers and nothing that acts."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from crewdesk.connectors.files import Disk
from crewdesk.connectors.mail.outbox import OutboxConnector
from crewdesk.connectors.mail.settings import MailFileSettings
from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import DeliveryRefused
from support.imap_server import ImapServer
from support.mails import BODY, NOON, imap, mail, smtp
from support.smtp_server import SmtpServer

HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Content-Language", "MIME-Version", "Content-Type"}
ENDS = ("\r\n", "\n", "\r", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029")
HOSTILE: dict[str, dict[str, str]] = {
    **{
        f"a name that ends its line with {end!r}": {"to_name": f"Jane{end}Bcc: all@example.com{end}{end}x"}
        for end in ENDS
    },
    "a name of encoded words": {"to_name": "=?utf-8?b?SmFuZQ0KQmNjOiBhbGxAZXhhbXBsZS5jb20=?="},
    "a name of many addresses": {"to_name": '"Jane" <jane@evil.example>, all@example.com, "x'},
    "a name that is a group": {"to_name": "everybody: all@example.com, bo@example.com;"},
    "a name that turns the line": {"to_name": "\u202eenaJ \u2067x\u2069"},
    "a name right to left": {"to_name": "محمد علي بن أحمد"},
    "a name of 10,000 signs": {"to_name": "Jané " * 2000},
    "a language that is a header": {"language": "de\r\nBcc: all@example.com"},
    "HTML in the text": {"text": "<script>alert(1)</script><img src=x onerror=alert(1)>\n</body></html>"},
    "a text that ends the mail": {"text": ".\r\nMAIL FROM:<x@example.com>\r\nRCPT TO:<all@example.com>\r\n.\r\nQUIT"},
    "a text that forges a part": {"text": "--=_0\r\nContent-Type: text/html\r\n\r\n<b>x</b>\r\n--=_0--"},
    "a text of one endless line": {"text": "a" * 10_000},
    "a text of endless addresses": {"text": "a@" * 5000 + "https://" * 1000},
    "a footer that forges a header": {"footer": "Acme\r\n\r\nBcc: all@example.com"},
    "a subject of encoded words": {"subject": "=?utf-8?q?x=0D=0ABcc:_all@example.com?="},
    "a key that is a header": {"lead": "L-1\r\nBcc: all@example.com"},
}
REFUSED: dict[str, dict[str, str]] = {
    **{f"a subject that ends its line with {end!r}": {"subject": f"x{end}Bcc: all@example.com"} for end in ENDS},
    "a subject that turns its line": {"subject": "\u202egnp.exe"},
    "a second address": {"to": "jane@acme.example.org,all@example.com"},
    "an address that ends its line": {"to": "jane@acme.example.org\r\nBcc: all@example.com"},
    "an address with a command": {"to": "jane@acme.example.org>\r\nRCPT TO:<all@example.com"},
    "an address with options": {"to": "jane@acme.example.org> NOTIFY=NEVER <x"},
    "an address with a name": {"to": "Jane <jane@acme.example.org>"},
    "a quoted address": {"to": '"jane\r\n"@acme.example.org'},
    "an address for unsubscribing that is a header": {"unsubscribe": "mailto:a@example.com>\r\nBcc: <all@example.com"},
    "an address for unsubscribing that is a script": {"unsubscribe": "javascript:alert(1)"},
    "half a sign": {"text": "\ud800"},
}


def is_well_formed(data: bytes) -> bool:
    """Whether a mail is ours: one reader, our headers, two parts of text, nothing that acts."""
    message = message_from_bytes(data, policy=policy.default)
    parts = [part.get_content_type() for part in message.walk()]
    page = message.get_body(("html",))
    assert page is not None
    tags = re.findall(r"<\s*/?\s*([a-zA-Z!]+)", page.get_content())
    # The parser of older Pythons splits long names into several, so the address is looked for where it stands.
    to = message_from_bytes(data, policy=policy.compat32)["To"]
    return (
        not message.defects
        and set(message.keys()) <= HEADERS
        and len(message.keys()) == len(set(message.keys()))
        and re.findall(r"<([^>]*)>$", to) == ["jane@acme.example.org"]
        and parts == ["multipart/alternative", "text/plain", "text/html"]
        and set(tags) <= {"!DOCTYPE", "html", "head", "meta", "title", "body", "p", "br", "a"}
        and all(len(line) <= 998 and line.isascii() for line in data.split(b"\r\n"))
        and not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", data)
    )


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_fields_make_a_well_formed_mail_to_one_reader(case: str, tmp_path: Path) -> None:
    settings = MailFileSettings(folder="out", sender="Ada Byron <ada@example.com>")
    connector = OutboxConnector("mail", settings, folder=tmp_path, clock=lambda: NOON, disk=Disk())

    connector.deliver(mail(**HOSTILE[case]))

    (path,) = tmp_path.glob("*.eml")
    assert is_well_formed(path.read_bytes())


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_make_another_mail_is_refused_before_anything_is_touched(case: str) -> None:
    body: JsonObject = {**BODY, **REFUSED[case]}

    with pytest.raises(DeliveryRefused):
        smtp(9).letter(body)
    with pytest.raises(DeliveryRefused):
        imap(9).address(body)


def test_hostile_fields_reach_one_reader_over_real_protocols() -> None:
    every = [mail(key=f"7KQ2:mail:{number}", **fields) for number, fields in enumerate(HOSTILE.values())]
    with SmtpServer().running() as server, ImapServer().running() as mailbox:
        for delivery in every:
            smtp(server.port).deliver(delivery)
        imap(mailbox.port).deliver(every[-1])

        assert [taken.recipients for taken in server.taken] == [["jane@acme.example.org"]] * len(every)
        assert {taken.sender for taken in server.taken} == {"ada@example.com"}
        assert all(is_well_formed(taken.data) for taken in server.taken)
        assert [kept.data for kept in mailbox.drafts()] == [server.taken[-1].data]


@pytest.mark.parametrize("key", ["x\r\nBcc: all@example.com", "é" * 500, '") OR ALL', "<a@b>", "..", "a/../../b"])
def test_a_hostile_key_names_a_message_and_nothing_else(key: str, tmp_path: Path) -> None:
    settings = MailFileSettings(folder="out", sender="Ada Byron <ada@example.com>")
    connector = OutboxConnector("mail", settings, folder=tmp_path / "out", clock=lambda: NOON, disk=Disk())
    with ImapServer().running() as mailbox:
        receipt = imap(mailbox.port).deliver(mail(key=key))

        assert imap(mailbox.port).find(mail(key=key)) == receipt
        assert imap(mailbox.port).find(mail()) is None
        assert is_well_formed(mailbox.drafts()[0].data)
    connector.deliver(mail(key=key))
    assert all(path.parent == tmp_path / "out" for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.parametrize("words", ["550 no\x1b[2J\x07 such user jane@acme.example.org", "550 " + "x" * 400])
def test_what_a_server_says_drives_no_terminal_and_names_nobody(words: str) -> None:
    with SmtpServer(answers={"RCPT": words}).running() as server, pytest.raises(Exception, match="550") as told:
        smtp(server.port).deliver(mail())

    assert str(told.value).isprintable()
    assert "jane" not in str(told.value)
    assert len(str(told.value)) < 600
