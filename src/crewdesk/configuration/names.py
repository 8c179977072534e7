"""The names that code answers to, handed in by bootstrap because rooms do not know each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel


@dataclass(frozen=True)
class Names:
    """What YAML may name: the keys of the tables in code."""

    outputs: frozenset[str]
    guardrails: frozenset[str]
    composers: frozenset[str]
    tool_kinds: frozenset[str]
    connector_kinds: frozenset[str]
    fields: Mapping[str, Mapping[str, bool]] = field(default_factory=dict[str, Mapping[str, bool]])
    """Of each output, and of what each composer makes: its fields, and whether they are true or false."""
    settings: Mapping[str, Mapping[str, type[BaseModel]]] = field(
        default_factory=dict[str, Mapping[str, type[BaseModel]]]
    )
    """Of `tools` and of `connectors`: what each kind can be told."""
