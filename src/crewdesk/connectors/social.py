"""Share drafts as files: one text a network, for a person to look at and post."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crewdesk.connectors.deliveries import check_delivery, told_plainly
from crewdesk.connectors.files import Disk, put
from crewdesk.connectors.records import LONGEST_NAME, Record, folder_name, read_record, record_of
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import DeliveryRefused

RECORD = "drafts.json"


class DraftBody(BaseModel):
    """One draft, as an approved body has it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    network: str = Field(min_length=1)
    text: str = Field(min_length=1)


class DraftsBody(BaseModel):
    """The drafts, as an approved body has them."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    drafts: list[DraftBody] = Field(min_length=1)


class SocialConnector:
    """Writes `SocialDrafts` as `<key>/<network>.txt`, the key with dots for its colons.

    The moment of delivery is when `<key>/drafts.json` is in place; it is written last, so a delivery that is
    found is whole. A text that a person removes afterwards stays removed. Safe for several threads and processes.
    """

    def __init__(self, name: str, *, folder: Path, clock: Callable[[], datetime], disk: Disk) -> None:
        self._name = name
        self._folder = folder
        self._clock = clock
        self._disk = disk

    def address(self, body: JsonObject) -> str:
        """Say in which folder the drafts would lie; raises `DeliveryRefused` where there are none."""
        _parse(body)
        return self._folder.as_uri()

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look up what was delivered under this key; raises `DeliveryFailed` where the record cannot be trusted."""
        with told_plainly(self._name, self._folder):
            record = self._record(delivery.key)
        return self._receipt(record) if record else None

    def deliver(self, delivery: Delivery) -> Receipt:
        """Write the drafts once; a second delivery with the same key returns the first receipt."""
        check_delivery(delivery, connector=self._name, schema="SocialDrafts")
        texts = _texts(_parse(delivery.body))
        with told_plainly(self._name, self._folder), self._disk.lock(self._folder / ".lock"):
            record = self._record(delivery.key) or self._write(delivery, texts)
        return self._receipt(record)

    def _write(self, delivery: Delivery, texts: dict[str, str]) -> Record:
        folder = self._folder_of(delivery.key)
        record = record_of(delivery, now=self._clock())
        files = {folder / name: f"{text}\n".encode() for name, text in texts.items()}
        try:
            self._disk.make_folder(folder)
            self._disk.settle(folder.parent)
            for path, data in (files | {folder / RECORD: record.to_bytes()}).items():
                put(self._disk, path, data)
        except OSError:
            self._tidy(folder, list(files))
            raise
        return record

    def _tidy(self, folder: Path, files: list[Path]) -> None:
        if (folder / RECORD).exists():
            return
        with suppress(OSError):
            for path in [*files, folder]:
                self._disk.remove(path)

    def _record(self, key: str) -> Record | None:
        return read_record(self._folder_of(key) / RECORD)

    def _folder_of(self, key: str) -> Path:
        return self._folder / folder_name(key)

    def _receipt(self, record: Record) -> Receipt:
        folder = self._folder_of(record.key)
        return Receipt(folder.as_uri(), {"sha": record.sha, "key": record.key})


def _parse(body: JsonObject) -> DraftsBody:
    try:
        return DraftsBody.model_validate(body)
    except ValidationError as wrong:
        places = ", ".join(sorted({".".join(str(part) for part in detail["loc"]) for detail in wrong.errors()}))
        raise DeliveryRefused(
            f"These are no drafts that can be written down: look at {places}.",
            hint="Edit the drafts, or send their task back with notes.",
        ) from wrong


def _texts(body: DraftsBody) -> dict[str, str]:
    """Name a file for each draft; networks whose names come out the same are numbered."""
    texts: dict[str, str] = {}
    for draft in body.drafts:
        stem = re.sub(r"[\W_]+", "-", draft.network.lower())[:LONGEST_NAME].strip("-") or "network"
        same = sum(1 for name in texts if re.fullmatch(rf"{re.escape(stem)}(-\d+)?\.txt", name))
        texts[f"{stem}-{same + 1}.txt" if same else f"{stem}.txt"] = draft.text
    return texts
