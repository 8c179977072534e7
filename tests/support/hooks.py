"""Messages for tests of webhooks, signed as their senders do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from crewdesk.triggers.signatures import Message
from support.gates import START

SECRET = "It's a Secret to Everybody"  # noqa: S105 - nobody's secret
"""The one of GitHub's documentation."""
NOW = int(datetime.fromisoformat(START).timestamp())
HOST = "https://desk.example.com"

PULL_REQUEST: dict[str, Any] = {
    "action": "opened",
    "pull_request": {"number": 7, "title": "Gates fail closed"},
    "repository": {"full_name": "crewdesk/crewdesk"},
}
HUBSPOT_EVENT: dict[str, Any] = {
    "eventId": 100,
    "subscriptionType": "contact.creation",
    "objectId": 123,
    "occurredAt": 1_795_341_600_000,
    "attemptNumber": 0,
}


def mac(secret: str, *parts: str | bytes) -> bytes:
    """HMAC-SHA256, told apart from the code under test."""
    signed = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def spelled(body: Any) -> bytes:
    """The bytes of a body."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def message(path: str, body: Any, *headers: tuple[str, str], method: str = "POST", uri: str = "") -> Message:
    """A message with these headers."""
    return Message(method, path, headers, spelled(body), uri or f"{HOST}/hooks{path}")


def from_github(body: Any, *more: tuple[str, str], path: str = "/github", under: str = SECRET) -> Message:
    """A message as GitHub signs it."""
    signature = "sha256=" + mac(under, spelled(body)).hex()
    return message(path, body, ("x-hub-signature-256", signature), *more)


def from_hubspot(
    body: Any,
    *more: tuple[str, str],
    path: str = "/hubspot",
    at: int | str = NOW * 1000,
    uri: str = "",
    signed: str = "",
) -> Message:
    """A message as HubSpot signs it; `signed` is its address where that is signed otherwise than it was sent."""
    uri = uri or f"{HOST}/hooks{path}"
    signature = base64.b64encode(mac(SECRET, "POST", signed or uri, spelled(body), str(at))).decode()
    headers = [("x-hubspot-signature-v3", signature), ("x-hubspot-request-timestamp", str(at)), *more]
    return message(path, body, *headers, uri=uri)


def from_us(
    body: Any, *more: tuple[str, str], path: str = "/own", at: int | str = NOW, key: str = "", under: str = SECRET
) -> Message:
    """A message signed in our own way."""
    signed = [f"{at}.", *([f"{key}."] if key else []), spelled(body)]
    headers = [("x-crewdesk-timestamp", str(at)), ("x-crewdesk-signature", "sha256=" + mac(under, *signed).hex())]
    return message(path, body, *headers, *([("idempotency-key", key)] if key else []), *more)
