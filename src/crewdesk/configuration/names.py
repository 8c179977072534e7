"""The names that code answers to, handed in by bootstrap because rooms do not know each other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """What YAML may name: the keys of the tables in code."""

    outputs: frozenset[str]
    guardrails: frozenset[str]
    composers: frozenset[str]
    tool_kinds: frozenset[str]
    connector_kinds: frozenset[str]
