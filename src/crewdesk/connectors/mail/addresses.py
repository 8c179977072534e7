"""Addresses of mail, and names beside them."""

from __future__ import annotations

import unicodedata
from email.utils import parseaddr

from crewdesk.domain.outreach.letter import Correspondent
from crewdesk.domain.text.visible import TURNING

LONGEST_NAME = 120


def parse_sender(text: str) -> Correspondent:
    """Read who writes; raises `ValueError` with a sentence where that is nobody."""
    name, address = parseaddr(text)
    if not address or held(text):
        message = f"{text!r} is nobody who could write; put it as Ada Byron <ada@example.com>"
        raise ValueError(message)
    return Correspondent(name, mailable(address))


def mailable(address: str) -> str:
    """Spell an address as servers take it, the domain in ASCII; raises `ValueError` with a sentence."""
    from email_validator import EmailNotValidError, validate_email

    try:
        # Which addresses are wise to write to is the screening's business.
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as wrong:
        message = f"that is no address of mail: {wrong}"
        raise ValueError(message) from None
    if found.ascii_email is None:
        message = "signs before the @ that are not ASCII are taken by few servers; another address is needed"
        raise ValueError(message)
    return found.ascii_email


def held(text: str, *, allowed: str = "") -> str:
    """Name the first sign in a text that does not belong in mail, such as `U+0000`; empty where there is none."""
    return next((f"U+{ord(sign):04X}" for sign in text if sign not in allowed and _unfit(sign)), "")


def cleaned(name: str) -> str:
    """Spell a name on one line, without signs that end it or turn it, and not for ever."""
    text = "".join(" " if _unfit(sign) else sign for sign in name)
    return " ".join(text.split())[:LONGEST_NAME].rstrip()


def _unfit(sign: str) -> bool:
    return sign in TURNING or unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")
