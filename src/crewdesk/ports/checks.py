"""Check typed outputs without knowing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.facts import Facts


class Checks(Protocol):
    """The tables of typed outputs and guardrails; pure and deterministic."""

    def normalise(self, schema: str, body: JsonObject) -> JsonObject:
        """Validate a body against its typed output and spell it in full; `WrongUsage` says what is wrong where."""
        ...

    def problems(self, guardrails: Sequence[str], schema: str, body: JsonObject, facts: Facts) -> list[str]:
        """Run guardrails by name; sentences that say what to mend, none when all is well."""
        ...

    def card(self, schema: str, body: JsonObject, facts: Facts) -> JsonObject:
        """Say what a person at the gate should know: evidence, house notes, figures."""
        ...
