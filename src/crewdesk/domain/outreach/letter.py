"""A mail as it leaves the house: what its reader sees, and what stands above it."""

from __future__ import annotations

from typing import NamedTuple


class Correspondent(NamedTuple):
    """Who writes, or is written to."""

    name: str
    address: str
    """As servers take it: a domain in another script stands in its ASCII form."""

    def __str__(self) -> str:
        """Spell both, as mail programs show them."""
        return f"{self.name} <{self.address}>" if self.name else self.address


class Letter(NamedTuple):
    """A mail, made of a body and of what its connector knows; the same body makes the same letter."""

    sender: Correspondent
    to: Correspondent
    subject: str
    language: str
    """Empty where the body names none that is a tag."""
    unsubscribe: tuple[str, ...]
    """Addresses, each `mailto:` or `https:`."""
    one_click: bool
    """Whether an https address of those takes a POST (RFC 8058)."""
    text: str
    """With `\\n` for line ends."""
    html: str
    sends: bool
    """Whether it goes to its reader at once, instead of to us as a draft."""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """List what stands above the mail, as people read it; date and Message-ID come when it is delivered."""
        pairs = [("From", str(self.sender)), ("To", str(self.to)), ("Subject", self.subject)]
        if self.language:
            pairs.append(("Content-Language", self.language))
        if self.unsubscribe:
            pairs.append(("List-Unsubscribe", ", ".join(f"<{address}>" for address in self.unsubscribe)))
        if self.one_click:
            pairs.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        return tuple(pairs)
