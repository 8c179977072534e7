"""Approved mails, sent at once: only where a named person decided so, and where somebody approved each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from crewdesk.connectors.deliveries import check_delivery
from crewdesk.connectors.mail.mailbox import Found, Mailbox, opened
from crewdesk.connectors.mail.message import SCHEMA, letter_of, message_id, message_of
from crewdesk.connectors.mail.servers import Around, port_of
from crewdesk.connectors.mail.settings import MailboxServer, SmtpSettings
from crewdesk.connectors.mail.submission import submit
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.letter import Letter
from crewdesk.errors import DeliveryError, DeliveryFailed


class SmtpConnector:
    """Sends an `Outreach`.

    A server that sends mail cannot be asked whether it did, so a mail that may be out is not sent again by itself.
    Where sent mails are kept in a mailbox, too, it is looked for there.
    """

    def __init__(self, name: str, settings: SmtpSettings, *, around: Around, clock: Callable[[], datetime]) -> None:
        self._name = name
        self._settings = settings
        self._around = around
        self._clock = clock

    def address(self, body: JsonObject) -> str:
        """Say through which server the mail would go; raises `DeliveryRefused` where there is none."""
        self.letter(body)
        return f"smtp://{self._settings.host}:{port_of(self._settings)}"

    def letter(self, body: JsonObject) -> Letter:
        """Make the mail, without touching anything."""
        return letter_of(body, self._settings, sends=True)

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look the mail up among those that were sent, where they are kept; nothing is known elsewhere."""
        if self._settings.copies is None:
            return None
        name = message_id(delivery, self.letter(delivery.body))
        with opened(self._settings.copies, self._around, connector=self._name) as mailbox:
            found = mailbox.find(name, _sent(mailbox, self._settings.copies))
            return self._receipt(delivery, name, {"copy": mailbox.address(found[0])}) if found else None

    def deliver(self, delivery: Delivery) -> Receipt:
        """Send the mail; raises `DeliveryUnsure` where nothing says whether the server took it."""
        check_delivery(delivery, connector=self._name, schema=SCHEMA)
        letter, now = self.letter(delivery.body), self._clock()
        name = message_id(delivery, letter)
        message = message_of(letter, name=name, date=now)
        words = submit(
            message, letter, self._settings, self._around, connector=self._name, name=name, leaving=delivery.leaving
        )
        return self._receipt(delivery, name, {"answer": words, **self._copied(message, name, now)})

    def _copied(self, message: bytes, name: str, at: datetime) -> JsonObject:
        """Keep a copy; the mail is out, so that there is none is only said."""
        if self._settings.copies is None:
            return {}
        try:
            with opened(self._settings.copies, self._around, connector=self._name) as mailbox:
                folder = _sent(mailbox, self._settings.copies)
                if known := mailbox.find(name, folder):  # some servers keep one by themselves
                    return {"copy": mailbox.address(known[0])}
                number = mailbox.add(message, folder, (b"\\Seen",), at)
                first = next(iter(mailbox.find(name, folder)), Found(folder, 0, number or 0))
                return {"copy": mailbox.address(first)}
        except DeliveryError as error:
            return {"no_copy": error.message}

    def _receipt(self, delivery: Delivery, name: str, more: JsonObject) -> Receipt:
        details: JsonObject = {
            "sha": delivery.sha,
            "key": delivery.key,
            "sent": True,
            "sender": self._settings.sender,
            "message_id": name,
            "policy": f"{self._settings.sends.by}: {self._settings.sends.because}",
        }
        where = f"smtp://{self._settings.host}:{port_of(self._settings)}"
        return Receipt(where, details | more)


def _sent(mailbox: Mailbox, server: MailboxServer) -> str:
    folder = server.folder or mailbox.folder("Sent")
    if folder in mailbox.names():
        return folder
    raise DeliveryFailed(
        f"The mailbox of {server.user} has no folder for what was sent; it has: {', '.join(mailbox.names())}.",
        hint="Name one as `folder` of `copies` in connectors.yaml.",
    )
