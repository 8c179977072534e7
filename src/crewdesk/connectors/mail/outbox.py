"""Approved mails as files that any mail program opens."""

from __future__ import annotations

from pathlib import Path

from crewdesk.connectors.deliveries import check_delivery, told_plainly
from crewdesk.connectors.files import Disk, put
from crewdesk.connectors.mail.message import SCHEMA, message_of, parse_mail
from crewdesk.connectors.records import folder_name
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject


class OutboxConnector:
    """Writes an `Outreach` as `<key>.eml`. Safe for several threads and processes."""

    def __init__(self, name: str, *, folder: Path, sender: str, disk: Disk) -> None:
        self._name = name
        self._folder = folder
        self._sender = sender
        self._disk = disk

    def address(self, body: JsonObject) -> str:
        """Say in which folder the mail would lie."""
        parse_mail(body)
        return self._folder.as_uri()

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look up what was delivered under this key."""
        return self._receipt(delivery) if self._path(delivery.key).exists() else None

    def deliver(self, delivery: Delivery) -> Receipt:
        """Write the mail once."""
        check_delivery(delivery, connector=self._name, schema=SCHEMA)
        data = message_of(delivery, sender=self._sender).as_bytes()
        with told_plainly(self._name, self._folder), self._disk.lock(self._folder / ".lock"):
            if not self._path(delivery.key).exists():
                put(self._disk, self._path(delivery.key), data)
        return self._receipt(delivery)

    def _path(self, key: str) -> Path:
        return self._folder / f"{folder_name(key)}.eml"

    def _receipt(self, delivery: Delivery) -> Receipt:
        return Receipt(self._path(delivery.key).as_uri(), {"sha": delivery.sha, "key": delivery.key, "sent": False})
