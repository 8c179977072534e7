"""The connector of kind `forge`: takes a review to the place that its target names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crewdesk.connectors.deliveries import check_delivery
from crewdesk.connectors.forge.place import Place, parse_review
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.review.findings import Posted
from crewdesk.domain.review.pull import Pull
from crewdesk.errors import DeliveryRefused

SCHEMA = "Review"


class ForgeConnector:
    """Posts a `Review` where its target says, and knows pull requests. Which places there are, connectors.yaml says."""

    def __init__(self, name: str, places: Sequence[Place]) -> None:
        self._name = name
        self._places = places

    def address(self, body: JsonObject) -> str:
        """Say where the review would be posted."""
        review = parse_review(body)
        return self._place(review.target).address(review)

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look up what was posted under this delivery's key."""
        review = parse_review(delivery.body)
        return self._place(review.target).find(delivery, review)

    def deliver(self, delivery: Delivery) -> Receipt:
        """Post the review once; raises `DeliveryOutdated` where the pull request has moved on."""
        check_delivery(delivery, connector=self._name, schema=SCHEMA)
        review = parse_review(delivery.body)
        return self._place(review.target).deliver(delivery, review)

    def pull(self, address: str) -> Pull:
        """Look a pull request up by its address."""
        return self._readable(address).pull(address)

    def fetch(self, pull: Pull, scratch: Path) -> Path:
        """Bring its commits onto this machine."""
        return self._readable(pull.address).fetch(pull, scratch)

    def posted(self, target: str) -> Sequence[Posted]:
        """List the findings that were posted there and are still open."""
        return self._readable(target).posted(target)

    def _place(self, target: str) -> Place:
        place = next((one for one in self._places if one.knows(target)), None)
        if place is None:
            raise DeliveryRefused(
                f"The connector {self._name!r} does not know {target}.",
                hint="Give the address of a pull request, on a forge that config/connectors.yaml names.",
            )
        return place

    def _readable(self, target: str) -> Place:
        try:
            return self._place(target)
        except DeliveryRefused as refused:
            raise ValueError(f"{refused.message} {refused.hint}") from refused
