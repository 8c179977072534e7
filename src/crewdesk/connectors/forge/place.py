"""What every place that takes reviews can do."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.review.findings import Posted
from crewdesk.domain.review.pull import Pull
from crewdesk.domain.review.review import ReviewBody
from crewdesk.errors import DeliveryFailed, DeliveryRefused


class Place(Protocol):
    """One kind of forge: the connector's own methods, and those that read; see ports/connector.py."""

    def knows(self, target: str) -> bool:
        """Say whether this address is one of its own."""
        ...

    def address(self, review: ReviewBody) -> str:
        """Say where people will find the review, without touching anything."""
        ...

    def find(self, delivery: Delivery, review: ReviewBody) -> Receipt | None:
        """Look up what was posted under this key."""
        ...

    def deliver(self, delivery: Delivery, review: ReviewBody) -> Receipt:
        """Post once."""
        ...

    def pull(self, address: str) -> Pull:
        """Look a pull request up; raises `ValueError` with a sentence."""
        ...

    def fetch(self, pull: Pull, scratch: Path) -> Path:
        """Bring its commits here; raises `ValueError` with a sentence."""
        ...

    def posted(self, target: str) -> Sequence[Posted]:
        """List what was posted there and is still open; raises `ValueError` with a sentence."""
        ...


def parse_review(body: JsonObject) -> ReviewBody:
    """Read a delivery's body; raises `DeliveryRefused` where it is no review.

    Findings that a person added get names of their own, so that they are known again as the others are.
    """
    try:
        review = ReviewBody.model_validate(body)
    except ValidationError as wrong:
        places = ", ".join(sorted({".".join(str(part) for part in detail["loc"]) for detail in wrong.errors()}))
        raise DeliveryRefused(f"This is no review that can be posted: look at {places}.") from wrong
    return review.model_copy(update={"findings": [one.named() for one in review.findings]})


@contextmanager
def told_as_values() -> Generator[None]:
    """Tell what went wrong with a forge as tools do: by a `ValueError`."""
    try:
        yield
    except DeliveryFailed as failed:
        raise ValueError(f"{failed.message} {failed.hint}".strip()) from failed
