"""A mail is well-formed whatever stands in it, says exactly what was approved, and is the same whenever it is made."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewdesk.connectors.mail.message import copy_of, letter_of, message_id, message_of
from crewdesk.connectors.mail.settings import Writer
from crewdesk.domain.outreach.letter import Letter
from crewdesk.domain.outreach.mail import MailBody, plain
from crewdesk.errors import DeliveryRefused
from support.mails import BODY, NOON, mail

SENDER = "Ada Byron <ada@example.com>"
WRITER = Writer(sender=SENDER)
UNFIT = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
ANY_LETTERS = st.characters(codec="utf-8", exclude_characters=[chr(sign) for sign in UNFIT])
TEXTS = st.text(st.one_of(ANY_LETTERS, st.sampled_from("\n\r\t .=?<&")), min_size=1)


def letter(writer: Writer = WRITER, **fields: Any) -> Letter:
    return letter_of(BODY | fields, writer, sends=False)


def spelled(writer: Writer = WRITER, **fields: Any) -> bytes:
    return message_of(letter(writer, **fields), name="<x@example.com>", date=NOON)


def read(message: bytes) -> EmailMessage:
    return message_from_bytes(message, policy=policy.default)


def names(header: str) -> list[tuple[str, str]]:
    """Whom a header names, as RFC 2047 has it; the parser of older Pythons puts spaces into names."""
    found = getaddresses([header.replace("\r\n", "")])
    return [(str(make_header(decode_header(name))), address) for name, address in found]


def raw(message: bytes, header: str) -> str:
    return message_from_bytes(message, policy=policy.compat32)[header]


def text_of(message: bytes, kind: str = "plain") -> str:
    body = read(message).get_body((kind,))
    assert isinstance(body, EmailMessage)
    return body.get_content().replace("\r\n", "\n")


class Words(HTMLParser):
    """What a reader of HTML sees, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words = ""
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(page.partition("<body>")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data.replace("\xa0", " ")


def test_the_same_delivery_makes_the_same_bytes_at_one_moment() -> None:
    first, second = (copy_of(mail(), sender=SENDER) for _ in range(2))

    assert first == second
    assert "Date" not in read(first)


def test_the_date_is_the_moment_in_utc() -> None:
    summer = datetime(2026, 7, 1, 14, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))

    assert b"Date: Wed, 01 Jul 2026 12:00:00 +0000\r\n" in message_of(letter(), name="<x@example.com>", date=summer)


def test_a_plain_mail_is_legible_as_it_stands() -> None:
    head, _, rest = (
        spelled(to_name="", language="en", subject="Hello", text="Hello.\nYours, Ada", footer="")
        .decode()
        .partition("\r\n\r\n")
    )

    boundary = re.search(r'boundary="(.+)"', head)
    assert boundary is not None
    assert head.replace(boundary[1], "B").replace("\r\n", "\n") == (
        'From: "Ada Byron"\n <ada@example.com>\n'
        "To: jane@acme.example.org\n"
        "Subject: Hello\n"
        "Date: Thu, 26 Nov 2026 12:00:00 +0000\n"
        "Message-ID: <x@example.com>\n"
        "Content-Language: en\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/alternative;\n boundary="B"'
    )
    assert rest.startswith(
        f"--{boundary[1]}\r\n"
        'Content-Type: text/plain; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "Hello.\r\nYours, Ada\r\n"
    )
    assert rest.endswith(f"\r\n--{boundary[1]}--\r\n")


@given(text=TEXTS, footer=st.one_of(st.just(""), TEXTS))
def test_the_text_is_read_as_it_was_approved(text: str, footer: str) -> None:
    message = spelled(text=text, footer=footer)

    approved = plain(MailBody.model_validate(BODY | {"text": text, "footer": footer}))
    assert text_of(message) == re.sub(r"\r\n?", "\n", approved)
    assert all(len(line) <= 78 for line in message.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[^\r\n\t -~]", message)


@given(subject=st.text(ANY_LETTERS, min_size=1, max_size=200), name=st.text(ANY_LETTERS, max_size=120))
def test_subject_and_name_are_read_as_they_stand_in_any_script(subject: str, name: str) -> None:
    made = spelled(subject=subject, to_name=name)

    message = read(made)
    assert message["Subject"] == subject
    assert names(raw(made, "To")) == [(" ".join(name.split()), "jane@acme.example.org")]
    assert not message.defects
    assert set(message.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Content-Language", "MIME-Version", "Content-Type")
    }


@given(text=TEXTS)
def test_the_html_says_the_same_words(text: str) -> None:
    page = text_of(spelled(text=text), "html")

    seen = Words(page)
    assert seen.words.split() == plain(MailBody.model_validate(BODY | {"text": text})).split()
    assert set(seen.tags) <= {"p", "br", "a"}


def test_lines_and_paragraphs_stand_in_html_as_in_text() -> None:
    page = text_of(spelled(text="Hello <b>Jane</b>,\n\n  1. one\n  2. two\n\n\n\nAda & Co"), "html")

    assert (
        "<p>Hello &lt;b&gt;Jane&lt;/b&gt;,</p>\n<p>&nbsp;&nbsp;1. one<br>\n&nbsp;&nbsp;2. two</p>\n<p>Ada &amp; Co</p>"
        in page
    )


def test_addresses_in_a_text_become_links_that_show_where_they_lead() -> None:
    seen = Words(
        letter(
            text="See (https://example.com/a?b=1&c=2), HTTP://example.org. or write to ada.b+x@mail.example.com.\n"
            "Not: javascript:alert(1) https://bank.example@evil.example/ https://[ ftp://x.example //x.example "
            r"https://evil.example\.bank.example/"
        ).html
    )

    assert seen.links == [*("https://example.com/a?b=1&c=2", "HTTP://example.org", "mailto:ada.b+x@mail.example.com")]
    assert not set(seen.tags) - {"p", "br", "a"}


def test_a_page_loads_nothing_and_has_no_style_from_elsewhere() -> None:
    page = letter(text='<img src="https://t.example/x.gif"><script src=//x></script>').html

    assert not re.search(r"<(?!/?(html|head|meta|title|body|p|br|a)\b|!DOCTYPE)", page)


@pytest.mark.parametrize(
    ("language", "opening"),
    [
        ("de", '<html lang="de" dir="ltr">'),
        ("ar", '<html lang="ar" dir="rtl">'),
        ("az-Arab", '<html lang="az-Arab" dir="rtl">'),
        ('de" onload="x', '<html dir="ltr">'),
    ],
)
def test_a_page_says_its_language_and_direction(language: str, opening: str) -> None:
    assert opening in letter(language=language).html


@pytest.mark.parametrize("sign", [0x0, 0xA, 0xD, 0x1B, 0x7F, 0x85, 0x2028, 0x202E, 0x2066])
def test_a_subject_that_could_end_or_turn_its_line_is_refused(sign: int) -> None:
    with pytest.raises(DeliveryRefused, match=f"subject holds U\\+{sign:04X}"):
        letter(subject=f"Hello{chr(sign)}Bcc: all@example.com")


@pytest.mark.parametrize("sign", [0x0, 0x8, 0x1B, 0x202E])
def test_a_text_that_mail_cannot_hold_is_refused(sign: int) -> None:
    with pytest.raises(DeliveryRefused, match=f"text holds U\\+{sign:04X}"):
        letter(text=f"Hello{chr(sign)}")


def test_a_subject_too_long_for_a_line_is_refused() -> None:
    with pytest.raises(DeliveryRefused, match="look at subject"):
        letter(subject="x" * 1000)


@pytest.mark.parametrize("part", ["subject", "text", "to", "footer"])
def test_half_a_sign_is_refused(part: str) -> None:
    with pytest.raises(DeliveryRefused):
        letter_of(BODY | {part: "\ud800"}, WRITER, sends=False)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Jane\r\nBcc: all@example.com", "Jane Bcc: all@example.com"),
        ("=?utf-8?q?x=0d=0aBcc:_all@example.com?=", "=?utf-8?q?x=0d=0aBcc:_all@example.com?="),
        ('Doe, "J" <x@example.com>; \\', 'Doe, "J" <x@example.com>; \\'),
        ("\u202egnp.exe\x00", "gnp.exe"),
        ("x" * 10_000, "x" * 120),
        ("شيماء بنت محمد " * 6, " ".join(["شيماء بنت محمد"] * 6)),
    ],
)
def test_a_hostile_name_is_only_a_name(name: str, shown: str) -> None:
    made = spelled(to_name=name)

    assert names(raw(made, "To")) == [(shown, "jane@acme.example.org")]
    assert "Bcc" not in read(made)


def test_a_domain_in_another_script_is_spelled_as_servers_take_it() -> None:
    assert read(spelled(to="jane@bücher.example.org"))["To"].addresses[0].domain == "xn--bcher-kva.example.org"


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("jäne@example.org", "not ASCII"),
        ("jane", "no address of mail"),
        ("jane@example.org, bo@example.org", "no address of mail"),
        ("jane@example.org\r\nBcc: all@example.com", "no address of mail"),
        ("Jane <jane@example.org>", "no address of mail"),
        ("", "no address of mail"),
    ],
)
def test_an_address_that_no_server_takes_is_refused_without_naming_it(to: str, why: str) -> None:
    with pytest.raises(DeliveryRefused, match=why) as refused:
        letter(to=to)

    assert not to or to not in refused.value.message


def test_who_unsubscribes_has_an_address_for_it() -> None:
    message = read(spelled(unsubscribe="stop@example.com, https://example.com/stop?lead=1"))

    assert message["List-Unsubscribe"] == "<mailto:stop@example.com>, <https://example.com/stop?lead=1>"
    assert "List-Unsubscribe-Post" not in message


def test_a_button_for_unsubscribing_is_shown_only_where_an_https_address_takes_it() -> None:
    writer = Writer(sender=SENDER, one_click=True)

    assert letter(writer, unsubscribe="https://example.com/stop").one_click
    assert not letter(writer, unsubscribe="mailto:stop@example.com").one_click
    message = read(spelled(writer, unsubscribe="https://example.com/stop"))
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "address",
    ["http://example.com", "javascript:alert(1)", "https://", "mailto:x", "mailto:a@b>\r\nBcc:c@d", "https://[x"],
)
def test_an_address_for_unsubscribing_that_leads_nowhere_is_refused(address: str) -> None:
    with pytest.raises(DeliveryRefused, match="unsubscribing"):
        letter(unsubscribe=address)


def test_a_message_is_named_after_its_key_and_whom_it_is_about_and_not_after_its_words() -> None:
    def name(key: str = "7KQ2:mail:record", **fields: Any) -> str:
        delivery = mail(key=key, **fields)
        return message_id(delivery, letter_of(delivery.body, WRITER, sends=False))

    assert re.fullmatch(r"<7KQ2\.mail\.record\.[0-9a-f]{16}@example\.com>", name())
    assert name(text="Edited.") == name()
    assert name(lead="L-2") != name()
    assert name(key="7KQ3:mail:record") != name()
    assert len(name(key="é\r\n " * 100)) < 120


def test_a_gate_is_shown_what_will_stand_above_the_mail() -> None:
    shown = letter(to_name="Jane\r\nDoe", language="de", unsubscribe="stop@example.com").headers

    assert shown == (
        ("From", "Ada Byron <ada@example.com>"),
        ("To", "Jane Doe <jane@acme.example.org>"),
        ("Subject", "Über Ihre Pipeline"),
        ("Content-Language", "de"),
        ("List-Unsubscribe", "<mailto:stop@example.com>"),
    )


@pytest.mark.parametrize("sender", ["", "Ada", "Ada <ada>", "ada@example.com\nBcc: x@example.com"])
def test_who_writes_must_have_an_address(sender: str) -> None:
    with pytest.raises(ValueError, match=r"write|address"):
        Writer(sender=sender)
