"""Conditions of a function: what it checks before it goes on, each `and` and `or` taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crewdesk.code.analysers.functions import Version
from crewdesk.code.definitions import spelled

if TYPE_CHECKING:
    from tree_sitter import Node

CHOICES = frozenset(
    {
        *("if_statement", "elif_clause", "while_statement", "if_expression", "while_expression", "else_if_clause"),
        *("conditional_expression", "ternary_expression", "if", "unless", "elsif", "if_modifier", "unless_modifier"),
        *("conditional", "if_clause"),
    }
)
JOINED = frozenset({"boolean_operator", "binary_expression", "binary"})
JOINING = frozenset({"and", "or", "&&", "||"})
AROUND = frozenset({"parenthesized_expression", "condition_clause", "parenthesized_statements"})
NOTHING = frozenset({"None", "null", "nil", "undefined", "NULL", "nullptr"})


@dataclass(frozen=True)
class Condition:
    """One thing that is checked."""

    text: str
    """Its words, each apart, to compare it by."""
    said: str
    """As it stands in the code, on one line."""
    line: int
    names: frozenset[str]
    leaves: bool
    """Whether the function is left, or the loop goes on, where it holds."""

    @property
    def is_of_nothing(self) -> bool:
        """Whether it asks if something is there at all."""
        return bool(NOTHING & set(self.text.split()))


def conditions(version: Version) -> Iterator[Condition]:
    """List what a function checks."""
    for node in version.nodes:
        if node.is_named and node.type in CHOICES and (asked := _asked(node)) is not None:
            leaves = _leaves(node)
            yield from (_condition(one, leaves=leaves) for one in _apart(asked))


def _asked(node: Node) -> Node | None:
    if (asked := node.child_by_field_name("condition")) is not None:
        return asked
    if node.type == "conditional_expression" and node.named_child_count == 3:  # noqa: PLR2004 - a if b else c
        return node.named_child(1)
    return node.named_child(0) if node.type == "if_clause" else None


def _apart(node: Node) -> Iterator[Node]:
    if node.type in AROUND and node.named_child_count == 1 and (inner := node.named_child(0)):
        yield from _apart(inner)
        return
    operator = node.child_by_field_name("operator")
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if node.type in JOINED and spelled(operator) in JOINING and left is not None and right is not None:
        yield from _apart(left)
        yield from _apart(right)
    else:
        yield node


def _condition(node: Node, *, leaves: bool) -> Condition:
    words = [one for one in _leaf_nodes(node) if "comment" not in one.type]
    return Condition(
        text=" ".join(spelled(one) for one in words),
        said=" ".join(spelled(node).split()).replace("`", "'"),
        line=node.start_point.row + 1,
        names=frozenset(spelled(one) for one in words if one.type.endswith(("identifier", "constant", "name"))),
        leaves=leaves,
    )


def _leaf_nodes(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.child_count:
            waiting.extend(reversed(one.children))
        else:
            yield one


def _leaves(node: Node) -> bool:
    body = node.child_by_field_name("consequence") or node.child_by_field_name("body")
    last = body.named_child(body.named_child_count - 1) if body is not None and body.named_child_count else None
    return last is not None and spelled(last).startswith(("return", "raise", "throw", "continue", "break", "panic"))
