"""What the evidence check holds against a statement, in words."""

from __future__ import annotations

from collections.abc import Mapping

from crewdesk.domain.evidence import Evidence, FlagKind

_WHAT: Mapping[FlagKind, str] = {
    "no source": "no source is named",
    "unknown source": "no tool returned the source {text}",
    "number": "{text} is in no source it names",
    "name": "{text} is in no source it names",
    "quote": "no source it names says “{text}”",
    "overlap": "it shares only {text} with its sources",
}
_SHOWN = 120
"""Characters of a sentence that a note repeats."""


def noticed(evidence: Evidence) -> list[str]:
    """Say in sentences what the evidence check flagged, with the line it stands on."""
    return [
        f"Line {claim.line}, “{claim.shown(_SHOWN)}”: "
        f"{'; '.join(why_flagged(flag.kind, flag.text) for flag in claim.flags)}."
        for claim in evidence.unsupported
    ]


def why_flagged(kind: FlagKind, text: str) -> str:
    """Say in words what the evidence check holds against a statement; `text` are the words it is about."""
    return _WHAT[kind].format(text=text)
