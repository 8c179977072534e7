"""What was left out, counted by reason, so that nothing goes silently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

SHOWN = 5
"""Places that a sentence names."""
_NOUN = re.compile(r"\b(finding|suggestion|proposal)\b")


@dataclass
class Ledger:
    """Counts what was left out and where it stood."""

    rows: dict[tuple[str, str], list[str]] = field(default_factory=dict[tuple[str, str], list[str]])

    def note(self, what: str, why: str, where: str) -> None:
        """Note that one thing, such as a finding, was left out."""
        self.rows.setdefault((what, why), []).append(where)

    def sentences(self) -> list[str]:
        """Say what was left out, a sentence for each reason."""
        return [_sentence(what, why, where) for (what, why), where in self.rows.items()]


def _sentence(what: str, why: str, where: Sequence[str]) -> str:
    places = list(dict.fromkeys(where))
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    several = _NOUN.sub(r"\1s", what, count=1)
    count = f"1 {what} is" if len(where) == 1 else f"{len(where)} {several} are"
    return f"{count} left out, because {why}: {', '.join(places[:SHOWN])}{more}."
