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

    def schema(self, name: str) -> JsonObject:
        """Describe a typed output as JSON Schema; its `title` is the name."""
        ...

    def compose(self, composer: str, schema: str, body: JsonObject, facts: Facts) -> tuple[str, JsonObject]:
        """Join an answer with its context: the schema and body of the artifact."""
        ...

    def problems(self, guardrails: Sequence[str], schema: str, body: JsonObject, facts: Facts) -> list[str]:
        """Run guardrails by name; sentences that say what to mend, none when all is well."""
        ...

    def card(self, schema: str, body: JsonObject, facts: Facts) -> JsonObject:
        """Say what a person should know of an output.

        Always holds `headline`, one line, and `noticed`, sentences that speak against it without code
        refusing it; where the schema has them also `evidence`, `house` and `reading`.
        """
        ...
