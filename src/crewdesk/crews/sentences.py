"""What is wrong with a field, in words for whoever filled it in: an editor, or an agent that tries again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Said: TypeAlias = "Callable[[Mapping[str, Any], Any], str]"

PATTERNS: Mapping[str, str] = {r"^[^\s/?#]+$": "must have no spaces, slashes, ? or #"}
"""What patterns of our outputs ask for."""

SENTENCES: Mapping[str, Said] = {
    "missing": lambda _, __: "is missing",
    "extra_forbidden": lambda _, __: "is not asked for",
    "string_type": lambda _, __: "must be text",
    "string_too_short": lambda limits, given: _too_short(limits["min_length"], len(given), "character"),
    "string_too_long": lambda limits, given: (
        f"must have at most {limits['max_length']} characters, and has {len(given)}"
    ),
    "string_pattern_mismatch": lambda limits, given: _unlike(str(limits["pattern"]), str(given)),
    "too_short": lambda limits, _: _too_short(limits["min_length"], limits["actual_length"], "entry", "entries"),
    "too_long": lambda limits, _: (
        f"must have at most {limits['max_length']} entries, and has {limits['actual_length']}"
    ),
    "literal_error": lambda limits, _: f"must be {limits['expected']}",
    "greater_than": lambda limits, _: f"must be more than {limits['gt']:g}",
    "greater_than_equal": lambda limits, _: f"must be at least {limits['ge']:g}",
    "less_than": lambda limits, _: f"must be less than {limits['lt']:g}",
    "less_than_equal": lambda limits, _: f"must be at most {limits['le']:g}",
    "float_type": lambda _, __: "must be a number",
    "float_parsing": lambda _, __: "must be a number",
    "finite_number": lambda _, __: "must be a number",
    "int_type": lambda _, __: "must be a whole number",
    "int_parsing": lambda _, __: "must be a whole number",
    "int_from_float": lambda _, __: "must be a whole number",
    "bool_type": lambda _, __: "must be true or false",
    "bool_parsing": lambda _, __: "must be true or false",
    "list_type": lambda _, __: "must be a list",
    "dict_type": lambda _, __: "must be a group of fields",
    "model_type": lambda _, __: "must be a group of fields",
}
"""By the type of an error, from its limits and what was given."""


def sentence(problem: ErrorDetails) -> str:
    """Say what is wrong with a field, to be read behind its name, without a full stop."""
    said = SENTENCES.get(problem["type"])
    if said is None:
        message = problem["msg"].removeprefix("Value error, ")
        return message[:1].lower() + message[1:]
    return said(problem.get("ctx", {}), problem["input"])


def _too_short(least: int, has: int, one: str, more: str = "") -> str:
    if least == 1:
        return "must not be empty"
    return f"must have at least {least} {more or one + 's'}, and has {has}"


def _unlike(pattern: str, given: str) -> str:
    return "must not be empty" if not given else PATTERNS.get(pattern, f"must match {pattern}")
