"""The names that code answers to, handed in by bootstrap because rooms do not know each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

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
    """Of each output, and of what each composer makes: its fields, and whether they are true or false.

    Those of parts are spelled `lead.company`.
    """
    settings: Mapping[str, Mapping[str, type[BaseModel]]] = field(
        default_factory=dict[str, Mapping[str, type[BaseModel]]]
    )
    """Of `tools` and of `connectors`: what each kind can be told."""


def fields_of(model: type[BaseModel]) -> dict[str, bool]:
    """List what `Names.fields` has of one output; a part's own fields decide nothing."""
    found = {name: info.annotation is bool for name, info in model.model_fields.items()}
    for name, info in model.model_fields.items():
        for part in (info.annotation, *get_args(info.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                found |= {f"{name}.{own}": False for own in part.model_fields}
    return found
