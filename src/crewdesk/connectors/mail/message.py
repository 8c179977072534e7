"""One mail made of approved bytes: the same body makes the same letter, and the same letter the same message."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.header import Header
from email.quoprimime import body_encode
from email.utils import format_datetime
from urllib.parse import urlsplit

from pydantic import ValidationError

from crewdesk.connectors.languages import LANGUAGE_TAG
from crewdesk.connectors.mail.addresses import cleaned, held, mailable, parse_sender
from crewdesk.connectors.mail.markup import html_of
from crewdesk.connectors.mail.settings import Writer
from crewdesk.connectors.records import folder_name
from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.letter import Correspondent, Letter
from crewdesk.domain.outreach.mail import MailBody, plain
from crewdesk.errors import DeliveryRefused

SCHEMA = "Outreach"
_EDIT = "Edit the mail, or send its task back with notes."
_AS_IT_IS = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_UNSUBSCRIBING = re.compile(r"[!-;=?-~]+")


def parse_mail(body: JsonObject) -> MailBody:
    """Read a delivery's body; raises `DeliveryRefused` where it is no mail."""
    try:
        return MailBody.model_validate(body)
    except ValidationError as wrong:
        places = ", ".join(sorted({".".join(str(part) for part in detail["loc"]) for detail in wrong.errors()}))
        raise DeliveryRefused(f"This is no mail that can be written down: look at {places}.", hint=_EDIT) from wrong


def letter_of(body: JsonObject, writer: Writer, *, sends: bool) -> Letter:
    """Make a letter, without clock and key; raises `DeliveryRefused` where none can be made."""
    mail = parse_mail(body)
    text = re.sub(r"\r\n?", "\n", plain(mail))
    for part, found in (("subject", held(mail.subject)), ("text", held(text, allowed="\t\n"))):
        if found:
            raise DeliveryRefused(f"The mail's {part} holds {found}, a sign that mail cannot hold.", hint=_EDIT)
    try:
        to = Correspondent(cleaned(mail.to_name), mailable(mail.to))
    except ValueError as wrong:
        raise DeliveryRefused(f"The lead cannot be written to: {wrong}.", hint="Correct it in the CRM.") from None
    language = mail.language if LANGUAGE_TAG.fullmatch(mail.language) else ""
    unsubscribe = _unsubscribing(mail.unsubscribe)
    return Letter(
        sender=parse_sender(writer.sender),
        to=to,
        subject=mail.subject,
        language=language,
        unsubscribe=unsubscribe,
        one_click=writer.one_click and any(address.startswith("https:") for address in unsubscribe),
        text=text,
        html=html_of(text, subject=mail.subject, language=language),
        sends=sends,
    )


def message_id(delivery: Delivery, letter: Letter) -> str:
    """Name the message after the delivery's key, by which it is found again.

    Two desks of one house may come to the same key, so whom it is about stands in it, too; what a person may still
    edit does not.
    """
    mail = parse_mail(delivery.body)
    about = hashlib.sha256(f"{delivery.key}\0{mail.lead}\0{letter.to.address}".encode()).hexdigest()[:16]
    return f"<{folder_name(delivery.key)}.{about}@{letter.sender.address.rpartition('@')[2]}>"


def message_of(letter: Letter, *, name: str, date: datetime | None) -> bytes:
    """Spell a letter as servers take it: only ASCII, and lines that nothing on the way needs to change."""
    shown = dict(letter.headers)
    head = {
        "From": _correspondent(letter.sender),
        "To": _correspondent(letter.to),
        "Subject": _words(letter.subject),
        **({} if date is None else {"Date": format_datetime(date.astimezone(UTC).replace(microsecond=0))}),
        "Message-ID": name,
        **{header: shown[header] for header in ("Content-Language", "List-Unsubscribe-Post") if header in shown},
        **({"List-Unsubscribe": ",\n ".join(f"<{one}>" for one in letter.unsubscribe)} if letter.unsubscribe else {}),
    }
    # A boundary stands in no part: `=_` is no quoted-printable.
    boundary = f"=_{hashlib.sha256(repr((name, letter.text, letter.html)).encode()).hexdigest()[:40]}"
    head |= {"MIME-Version": "1.0", "Content-Type": f'multipart/alternative;\n boundary="{boundary}"'}
    parts = [_part("plain", letter.text), _part("html", letter.html)]
    lines = [f"{header}: {value}\n" for header, value in head.items()]
    lines += ["\n", *(f"--{boundary}\n{part}\n" for part in parts), f"--{boundary}--\n"]
    return "".join(lines).replace("\n", "\r\n").encode("ascii")


def copy_of(delivery: Delivery, *, sender: str) -> bytes:
    """Spell the mail of a delivery for whoever keeps a copy of it, whenever that is."""
    letter = letter_of(delivery.body, Writer(sender=sender), sends=False)
    return message_of(letter, name=message_id(delivery, letter), date=None)


def _part(subtype: str, text: str) -> str:
    coded = body_encode(text.encode("utf-8").decode("latin-1"))
    return f'Content-Type: text/{subtype}; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n{coded}'


def _correspondent(somebody: Correspondent) -> str:
    if not somebody.name:
        return somebody.address
    name = _words(somebody.name)
    if name == somebody.name:
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name}\n <{somebody.address}>"


def _words(text: str) -> str:
    """Spell a text for a header; whatever might be read otherwise than it stands is encoded (RFC 2047)."""
    if _AS_IT_IS.fullmatch(text) and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=70, header_name="List-Unsubscribe").encode(linesep="\n")


def _unsubscribing(text: str) -> tuple[str, ...]:
    """Split addresses for unsubscribing; raises `DeliveryRefused` for one that no mail program follows safely."""
    found: list[str] = []
    for word in text.replace(",", " ").split():
        address = word if ":" in word else f"mailto:{word}"
        if not (_UNSUBSCRIBING.fullmatch(address) and _leads_somewhere(address)):
            raise DeliveryRefused(
                "The address for unsubscribing is neither mailto: nor https:.",
                hint="Look at the settings of `screen_lead` in config/tools.yaml.",
            )
        found.append(address)
    return tuple(found)


def _leads_somewhere(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(parts.hostname)) or (parts.scheme == "mailto" and "@" in parts.path)
