"""How senders of webhooks prove who they are, each in its own way, and what tells their messages apart.

Everything is compared in constant time. What tells a message from all others is made of signed parts alone: a
message that was listened to and sent again, with whatever headers, is recognised.

- `github`: X-Hub-Signature-256 over the body. It names no time; the occasion is the body.
- `hubspot`: X-HubSpot-Signature-v3 over method, address, body and X-HubSpot-Request-Timestamp in milliseconds, see
  https://developers.hubspot.com/docs/api/webhooks/validating-requests. HubSpot sends an event again with another
  time and another attemptNumber, and grouped with others; so the occasion is the event without that number.
- `hmac`, our own: X-Crewdesk-Signature is `sha256=` and the digest in hexadecimal over "time.body", the time being
  X-Crewdesk-Timestamp in seconds. A sender that may send again also sends an Idempotency-Key and signs
  "time.key.body"; then the key is the occasion, at whatever time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crewdesk.domain.canonical import Json, digest
from crewdesk.domain.durations import seconds
from crewdesk.errors import NotProven

Signature = Literal["hmac", "github", "hubspot"]

KEY = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
"""Nothing JSON begins with, so that nobody can move the border between key and body."""
TIME = re.compile(r"[0-9]{1,15}")
HUBSPOT_DECODES = {
    code: bytes.fromhex(code[1:]).decode()
    for code in ("%3A", "%2F", "%3F", "%40", "%21", "%24", "%27", "%28", "%29", "%2A", "%2C", "%3B")
}
"""What HubSpot signs decoded; everything else in an address it signs as it was sent."""
HUBSPOT_ENCODED = re.compile("|".join(HUBSPOT_DECODES), re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """What was posted, byte for byte."""

    method: str
    path: str
    """Below /hooks, such as /pull-requests."""
    headers: tuple[tuple[str, str], ...]
    """Names in lower case."""
    body: bytes
    uri: str
    """The whole address that the sender posted to, as it wrote it."""

    def header(self, name: str) -> str:
        """Return a header's value; `NotProven` where it is missing, or there twice and one may hide the other."""
        values = [value for header, value in self.headers if header == name]
        if len(values) != 1:
            raise NotProven(f"{name} is missing." if not values else f"{name} is there {len(values)} times.")
        return values[0]

    def has(self, name: str) -> bool:
        """Say whether there is such a header."""
        return any(header == name for header, _ in self.headers)


@dataclass(frozen=True)
class Terms:
    """What a sender must meet: the secret it shares with us, and the time within which its message is taken."""

    secret: str
    within: str
    now: str

    def mac(self, *parts: bytes) -> bytes:
        """Sign these parts, one after the other."""
        return hmac.digest(self.secret.encode(), b"".join(parts), "sha256")

    def check_time(self, sent: float) -> None:
        """Refuse what was sent too long ago, or later than our clock says by as much."""
        age = datetime.fromisoformat(self.now).timestamp() - sent
        if abs(age) > seconds(self.within):
            when = "old" if age > 0 else "ahead of our clock"
            raise NotProven(f"The message is {abs(age):.0f} s {when}; {self.within} is allowed.")


def prove(kind: Signature, message: Message, terms: Terms) -> str:
    """Return what tells this message from all others, made of what is signed; `NotProven` says what is wrong."""
    return PROOFS[kind](message, terms)


def occasion(kind: Signature, signed: str, index: int, parts: int, event: Mapping[str, Json]) -> str:
    """Return what tells one event of a message from all others; `signed` tells the message from all others."""
    if kind == "hubspot":
        return digest({name: value for name, value in event.items() if name != "attemptNumber"})
    return signed if parts == 1 else f"{signed}-{index + 1}"


def _github(message: Message, terms: Terms) -> str:
    _compare(message.header("x-hub-signature-256"), "sha256=" + terms.mac(message.body).hex())
    return hashlib.sha256(message.body).hexdigest()


def _hubspot(message: Message, terms: Terms) -> str:
    given, sent = message.header("x-hubspot-signature-v3"), _time(message, "x-hubspot-request-timestamp")
    uri = HUBSPOT_ENCODED.sub(lambda found: HUBSPOT_DECODES[found.group().upper()], message.uri)
    mac = terms.mac(message.method.encode(), uri.encode("utf-8", "surrogateescape"), message.body, sent.encode())
    _compare(given, base64.b64encode(mac).decode())
    terms.check_time(int(sent) / 1000)
    return hashlib.sha256(message.body).hexdigest()


def _hmac(message: Message, terms: Terms) -> str:
    given, sent = message.header("x-crewdesk-signature"), _time(message, "x-crewdesk-timestamp")
    key = message.header("idempotency-key") if message.has("idempotency-key") else ""
    if key and not KEY.fullmatch(key):
        raise NotProven("idempotency-key may have letters, digits and . _ : - only, and 200 of them.")
    signed = [sent.encode(), b".", *([key.encode(), b"."] if key else []), message.body]
    _compare(given, "sha256=" + terms.mac(*signed).hex())
    terms.check_time(int(sent))
    return f"key-{key}" if key else hashlib.sha256(b"".join(signed)).hexdigest()


def _time(message: Message, name: str) -> str:
    given = message.header(name)
    if not TIME.fullmatch(given):
        raise NotProven(f"{name} is no time.")
    return given


def _compare(given: str, right: str) -> None:
    # Bytes: compare_digest takes no text beyond ASCII.
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), right.encode()):
        raise NotProven("The signature is not the one of this message under our secret.")


PROOFS: dict[Signature, Callable[[Message, Terms], str]] = {"hmac": _hmac, "github": _github, "hubspot": _hubspot}
