"""Approved mails as files that any mail program opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from crewdesk.connectors.deliveries import check_delivery, told_plainly
from crewdesk.connectors.files import Disk, put
from crewdesk.connectors.mail.message import SCHEMA, letter_of, message_id, message_of
from crewdesk.connectors.mail.settings import MailFileSettings
from crewdesk.connectors.records import Record, folder_name, read_record, record_of
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.letter import Letter


class OutboxConnector:
    """Writes an `Outreach` as `<key>.eml`, the key with dots for its colons.

    The moment of delivery is when `<key>.json` is in place; it is written last, so a delivery that is found is whole.
    A mail that a person moves away or edits afterwards stays so. Safe for several threads and processes.
    """

    def __init__(
        self, name: str, settings: MailFileSettings, *, folder: Path, clock: Callable[[], datetime], disk: Disk
    ) -> None:
        self._name = name
        self._settings = settings
        self._folder = folder
        self._clock = clock
        self._disk = disk

    def address(self, body: JsonObject) -> str:
        """Say in which folder the mail would lie; raises `DeliveryRefused` where there is none."""
        self.letter(body)
        return self._folder.as_uri()

    def letter(self, body: JsonObject) -> Letter:
        """Make the mail, without touching anything."""
        return letter_of(body, self._settings, sends=False)

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look up what was delivered under this key; raises `DeliveryFailed` where the record cannot be trusted."""
        with told_plainly(self._name, self._folder):
            record = read_record(self._path(delivery.key, "json"))
        return self._receipt(record) if record else None

    def deliver(self, delivery: Delivery) -> Receipt:
        """Write the mail once; a second delivery with the same key returns the first receipt."""
        check_delivery(delivery, connector=self._name, schema=SCHEMA)
        letter = self.letter(delivery.body)
        with told_plainly(self._name, self._folder), self._disk.lock(self._folder / ".lock"):
            record = read_record(self._path(delivery.key, "json")) or self._write(delivery, letter)
        return self._receipt(record)

    def forget(self, key: str) -> bool:
        """Delete the mail and its record; false where somebody moved the mail away before."""
        mail, record = self._path(key, "eml"), self._path(key, "json")
        with told_plainly(self._name, self._folder):
            if not self._folder.exists():
                return True
            with self._disk.lock(self._folder / ".lock"):
                moved = record.exists() and not mail.exists()
                mail.unlink(missing_ok=True)
                record.unlink(missing_ok=True)
        return not moved

    def _write(self, delivery: Delivery, letter: Letter) -> Record:
        record = record_of(delivery, now=self._clock())
        message = message_of(letter, name=message_id(delivery, letter), date=record.delivered)
        mail = self._path(delivery.key, "eml")
        try:
            put(self._disk, mail, message)
            put(self._disk, self._path(delivery.key, "json"), record.to_bytes())
        except OSError:
            if not self._path(delivery.key, "json").exists():
                mail.unlink(missing_ok=True)
            raise
        return record

    def _path(self, key: str, ending: str) -> Path:
        return self._folder / f"{folder_name(key)}.{ending}"

    def _receipt(self, record: Record) -> Receipt:
        details: JsonObject = {"sha": record.sha, "key": record.key, "sent": False, "sender": self._settings.sender}
        return Receipt(self._path(record.key, "eml").as_uri(), details)
