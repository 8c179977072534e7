"""What every connector checks before it delivers, and how it tells that it could not."""

from __future__ import annotations

import errno
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import canonical, digest
from crewdesk.errors import DeliveryFailed, DeliveryRefused

_READ_ONLY = ("this user may not read or write there", "Allow it, or name another one in connectors.yaml.")
_FULL = ("no space is left", "Free some space.")
_NO_FOLDER = ("a file stands where a folder should be", "Move that file, or name another folder in connectors.yaml.")
_REASONS = {
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.EROFS: _READ_ONLY,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: _NO_FOLDER,
}


def check_delivery(delivery: Delivery, *, connector: str, schema: str) -> None:
    """Raise `DeliveryRefused` unless this is an artifact of that schema, with a key, and as it was approved."""
    if delivery.schema != schema:
        raise DeliveryRefused(
            f"The connector {connector!r} carries a {schema!r}, and this is a {delivery.schema!r}.",
            hint="Look at `delivers` of the task in tasks.yaml.",
        )
    if not delivery.key.strip():
        raise DeliveryRefused(f"A delivery through {connector!r} has no key, so it could not be found again.")
    if not _intact(delivery):
        raise DeliveryRefused(
            f"What is to leave through {connector!r} is not what was approved: its hash is not {delivery.sha!r}.",
            hint="Nothing was delivered. Look at the run's trace, and approve the version you want to ship.",
        )


def _intact(delivery: Delivery) -> bool:
    try:
        # A file holds UTF-8, so a text that has no UTF-8 cannot be kept as it was approved.
        canonical(delivery.body).encode("utf-8")
        return digest(delivery.body) == delivery.sha
    except (TypeError, ValueError):
        return False


@contextmanager
def told_plainly(connector: str, folder: Path) -> Generator[None]:
    """Turn an `OSError` into `DeliveryFailed` with a sentence a person can act on."""
    try:
        yield
    except TimeoutError as error:
        raise DeliveryFailed(
            f"The connector {connector!r} cannot use {folder}: another process has been at it for a minute.",
            hint="Try again when it has finished.",
        ) from error
    except OSError as error:
        reason, hint = _REASONS.get(error.errno or 0, (error.strerror or str(error), "Look at that folder."))
        raise DeliveryFailed(
            f"The connector {connector!r} cannot use {folder}: {reason}.",
            hint=f"{hint} Nothing is lost: the delivery waits in the outbox.",
        ) from error
