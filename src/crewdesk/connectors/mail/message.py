"""One mail made of approved bytes: the same bytes make the same message, byte for byte."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from pydantic import ValidationError

from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.mail import MailBody, plain
from crewdesk.errors import DeliveryRefused

SCHEMA = "Outreach"


def parse_mail(body: JsonObject) -> MailBody:
    """Read a delivery's body; raises `DeliveryRefused` where it is no mail."""
    try:
        return MailBody.model_validate(body)
    except ValidationError as wrong:
        places = ", ".join(sorted({".".join(str(part) for part in detail["loc"]) for detail in wrong.errors()}))
        raise DeliveryRefused(f"This is no mail that can be written down: look at {places}.") from wrong


def message_of(delivery: Delivery, *, sender: str) -> EmailMessage:
    """Make the message."""
    mail = parse_mail(delivery.body)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(mail.to_name, addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Message-ID"] = message_id(delivery.key)
    message.set_content(plain(mail))
    return message


def message_id(key: str) -> str:
    """Spell a delivery's key as the message's name, by which it is found again."""
    return f"<{key.replace(':', '.')}@crewdesk.invalid>"
