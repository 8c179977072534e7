"""Approved mails as drafts in a mailbox, for a person to look at once more and send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import quote

from crewdesk.connectors.deliveries import check_delivery
from crewdesk.connectors.mail.mailbox import DRAFT, Found, Mailbox, Use, opened
from crewdesk.connectors.mail.message import SCHEMA, letter_of, message_id, message_of
from crewdesk.connectors.mail.servers import WAITS, Around, port_of
from crewdesk.connectors.mail.settings import ImapSettings
from crewdesk.connectors.records import folder_name
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.letter import Letter
from crewdesk.errors import DeliveryFailed

ELSEWHERE: tuple[Use, ...] = ("Sent", "Archive", "All", "Trash")
"""Where a draft is by now that a person sent, moved or threw away, in the order in which that is found out."""


class ImapConnector:
    """Puts an `Outreach` into the folder for drafts, under a Message-ID made of the delivery's key.

    The server keeps what is known of a delivery: a draft is found again wherever a person has put it since, and where
    they sent it, its receipt says so. Two who deliver at once leave one draft: whose came second takes it back.
    """

    def __init__(self, name: str, settings: ImapSettings, *, around: Around, clock: Callable[[], datetime]) -> None:
        self._name = name
        self._settings = settings
        self._around = around
        self._clock = clock

    def address(self, body: JsonObject) -> str:
        """Say in which mailbox the draft would lie; raises `DeliveryRefused` where there is none."""
        self.letter(body)
        user, folder = quote(self._settings.user, safe=""), quote(self._settings.folder or "Drafts")
        return f"imap://{user}@{self._settings.host}:{port_of(self._settings)}/{folder}"

    def letter(self, body: JsonObject) -> Letter:
        """Make the mail, without touching anything."""
        return letter_of(body, self._settings, sends=False)

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look the draft up in the mailbox, wherever it is by now."""
        name = message_id(delivery, self.letter(delivery.body))
        with opened(self._settings, self._around, connector=self._name) as mailbox:
            return self._found(mailbox, delivery, name)

    def deliver(self, delivery: Delivery) -> Receipt:
        """Draft the mail once; a second delivery with the same key returns the first receipt."""
        check_delivery(delivery, connector=self._name, schema=SCHEMA)
        letter, now = self.letter(delivery.body), self._clock()
        name = message_id(delivery, letter)
        with opened(self._settings, self._around, connector=self._name) as mailbox:
            drafts = self._drafts(mailbox)
            if receipt := self._found(mailbox, delivery, name):
                return receipt
            number = mailbox.add(message_of(letter, name=name, date=now), drafts, DRAFT, now)
            first, *others = mailbox.find(name, drafts) or [Found(drafts, 0, number or 0)]
            for found in others:
                if number in (None, found.uid):
                    mailbox.remove(found)
            return self._receipt(mailbox, delivery, name, first)

    def forget(self, key: str) -> bool:
        """Delete the draft; false where it was sent or put elsewhere, or where the server keeps it until a clear-up."""
        with opened(self._settings, self._around, connector=self._name) as mailbox:
            drafts = self._drafts(mailbox)
            found = [one for folder in self._places(mailbox) for one in mailbox.find(f"{folder_name(key)}.", folder)]
            gone = [mailbox.remove(one) for one in found if one.folder == drafts]
        return len(gone) == len(found) and all(gone)

    def _drafts(self, mailbox: Mailbox) -> str:
        folder = self._settings.folder or mailbox.folder("Drafts")
        if folder in mailbox.names():
            return folder
        missing = f"no folder {folder!r}" if folder else "no folder for drafts"
        raise DeliveryFailed(
            f"The mailbox of {self._settings.user} has {missing}; it has: {', '.join(mailbox.names()) or 'none'}.",
            hint=f"Name one as `folder` of {self._name!r} in connectors.yaml, or make it there. {WAITS}",
        )

    def _places(self, mailbox: Mailbox) -> list[str]:
        elsewhere = (mailbox.folder(use) for use in ELSEWHERE)
        return list(dict.fromkeys([self._drafts(mailbox), *filter(None, elsewhere)]))

    def _found(self, mailbox: Mailbox, delivery: Delivery, name: str) -> Receipt | None:
        found: Iterator[Found] = (one for folder in self._places(mailbox) for one in mailbox.find(name, folder))
        first = next(found, None)
        return None if first is None else self._receipt(mailbox, delivery, name, first)

    def _receipt(self, mailbox: Mailbox, delivery: Delivery, name: str, found: Found) -> Receipt:
        details: JsonObject = {
            "sha": delivery.sha,
            "key": delivery.key,
            "sent": found.folder == mailbox.folder("Sent"),
            "sender": self._settings.sender,
            "folder": found.folder,
            "uid": found.uid,
            "message_id": name,
        }
        return Receipt(mailbox.address(found), details)
