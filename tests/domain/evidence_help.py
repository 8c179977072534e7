"""Short ways to say what is checked against what."""

from __future__ import annotations

from crewdesk.domain.evidence import Evidence, check_evidence
from crewdesk.domain.passages import Passage


def passages(**texts: str) -> dict[str, Passage]:
    return {id_: Passage(id=id_, title="", source="notes.md:1", text=text) for id_, text in texts.items()}


def check(body: str, *, language: str = "en", vocabulary: tuple[str, ...] = (), **texts: str) -> Evidence:
    return check_evidence(body, passages(**texts), language=language, vocabulary=vocabulary)


def flags(sentence: str, passage: str, *, language: str = "en") -> list[tuple[str, str]]:
    """Flags of one sentence that rests on one passage."""
    found = check(f"{sentence}[^p]", language=language, p=passage)
    return [(flag.kind, flag.text) for claim in found.claims for flag in claim.flags]
