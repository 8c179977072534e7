"""What was delivered, as a JSON file beside it: the truth from which everything else is made again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import JsonObject, canonical, digest
from crewdesk.errors import DeliveryFailed

LONGEST_NAME = 100
"""Characters in the name of a file or a folder."""


class Record(BaseModel):
    """One delivery as it was made. `sha` is the hash of the canonical body."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(min_length=1)
    kind: str = Field(alias="schema")
    sha: str
    body: dict[str, JsonValue]
    delivered: AwareDatetime

    def to_bytes(self) -> bytes:
        """Spell the record for its file; the body stands in it in the spelling that was hashed."""
        body: JsonObject = dict(self.body)
        record: JsonObject = {
            "key": self.key,
            "schema": self.kind,
            "sha": self.sha,
            "body": body,
            "delivered": self.delivered.isoformat(),
        }
        return f"{canonical(record)}\n".encode()


@dataclass(frozen=True)
class Kept:
    """A record and the file it was read from."""

    path: Path
    record: Record


def record_of(delivery: Delivery, *, now: datetime) -> Record:
    """Make the record of a delivery at this moment; the time is kept in UTC, to the second."""
    return Record.model_validate(
        {
            "key": delivery.key,
            "schema": delivery.schema,
            "sha": delivery.sha,
            "body": delivery.body,
            "delivered": now.astimezone(UTC).replace(microsecond=0),
        }
    )


def read_record(path: Path) -> Record | None:
    """Read a record and check that its body still is what its hash says; None where there is no such file.

    Raises `DeliveryFailed` where it is not: what cannot be trusted is neither shown nor counted as absent.
    """
    try:
        record = Record.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValidationError as error:
        raise _unusable(path, "cannot be read") from error
    if digest(dict(record.body)) != record.sha:
        raise _unusable(path, "was changed after it was delivered: its hash is another")
    return record


def _unusable(path: Path, what: str) -> DeliveryFailed:
    return DeliveryFailed(
        f"{path} {what}, so nothing can be delivered beside it.",
        hint="Restore that file from a copy, or move its folder away if what it holds should not be there.",
    )


def read_records(folder: Path, name: str) -> list[Kept]:
    """Read every `<folder>/*/<name>`, in the order of their paths; a folder without one holds no delivery."""
    try:
        # Not `glob`: that one passes over what this user may not read, and a post would seem not to be there.
        paths = [path / name for path in sorted(folder.iterdir())]
    except FileNotFoundError:
        return []
    records = [(path, read_record(path)) for path in paths]
    return [Kept(path, record) for path, record in records if record]


def find_kept(kept: list[Kept], key: str) -> Kept | None:
    """Look up the record with this key."""
    return next((one for one in kept if one.record.key == key), None)


def folder_name(key: str) -> str:
    """Spell any key as one path segment, and no two keys alike: `7KQ2:social:share` is `7KQ2.social.share`."""
    name = quote(key, safe=":").replace(".", "%2E").replace(":", ".")
    if name.startswith(".") or name.endswith(".") or len(name) > LONGEST_NAME:
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return name
