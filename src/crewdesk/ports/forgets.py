"""Take back what was delivered about somebody who is to be forgotten."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Forgets(Protocol):
    """A connector whose deliveries may lie where they can be taken back: drafts, files nobody sent.

    One that has no such method leaves what it delivered where it is, as a mail that was sent.
    """

    def forget(self, key: str) -> bool:
        """Delete what was delivered under this key, and every copy of it that this connector keeps.

        Says whether nothing is left of it as far as this connector sees: false where somebody sent it, or moved it
        away. Doing it twice is fine. Raises `DeliveryFailed` where the outside does not answer.
        """
        ...
