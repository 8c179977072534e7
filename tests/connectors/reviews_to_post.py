"""Reviews to try connectors with."""

from __future__ import annotations

from typing import Any

from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.review.findings import Finding
from crewdesk.domain.review.review import ReviewBody


def finding(**more: Any) -> Finding:
    """A finding that says little."""
    given: dict[str, Any] = {
        "path": "shop.py",
        "line": 2,
        "end_line": more.get("line", 2),
        "severity": "minor",
        "kind": "bug",
        "title": "The last order is lost",
        "fingerprint": "f" * 16,
    }
    return Finding.model_validate(given | more)


def review(**more: Any) -> ReviewBody:
    """A review of a local branch."""
    given: dict[str, Any] = {
        "title": "A shop",
        "summary": "Orders are kept.",
        "target": "local:/src/shop#feature",
        "name": "shop",
        "base": "0" * 40,
        "head": "1" * 40,
        "head_name": "feature",
    }
    return ReviewBody.model_validate(given | more)


def review_delivery(said: ReviewBody, *, key: str = "R001:review:forge", known: str = "") -> Delivery:
    """A review on its way out."""
    body: JsonObject = said.model_dump(mode="json")
    return Delivery(key, "Review", digest(body), body, known=known)
