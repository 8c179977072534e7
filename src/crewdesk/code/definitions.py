"""One definition in a syntax tree: its name, its signature, its documentation, in any of the languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

LONGEST = 300
"""Characters of a signature that are shown."""
WRAPPERS = ("decorated_definition", "export_statement", "template_declaration", "expression_statement")
"""What may stand around a definition and is part of it; the next ones only if nothing else is in them."""
GROUPS = ("lexical_declaration", "variable_declaration", "type_declaration")
SELF = re.compile(r"^\((?:self|cls|&mut self|&self)(?:, |(?=\)))")
END = re.compile(r"(?:\s|=>|[;:{=])+$")
OWN = ("exports", "module.exports", "this", "self", "window")


def spelled(node: Node | None) -> str:
    """Give the text of a node; empty where there is none."""
    return "" if node is None or node.text is None else node.text.decode("utf-8", "replace")


def named(node: Node) -> tuple[str, str]:
    """Name a definition, and what it belongs to where it says so itself: `func (r *Repo) Open` is Repo's."""
    if node.type == "assignment_expression":
        owner, _, name = spelled(node.child_by_field_name("left")).rpartition(".")
        owner = owner.removesuffix(".prototype")
        return ("", "") if re.search(r"\W", name) else (name, "" if owner in OWN else owner)
    if node.type == "impl_item":
        return spelled(node.child_by_field_name("type")).partition("<")[0], ""
    if receiver := node.child_by_field_name("receiver"):
        return spelled(node.child_by_field_name("name")), _receiver(receiver)
    name = spelled(node.child_by_field_name("name") or _declared(node) or node.child_by_field_name("property"))
    owner, _, name = name.rpartition("::")
    return " ".join(name.split())[:LONGEST], owner.replace("::", ".")


def _receiver(receiver: Node) -> str:
    found = re.search(r"(\w+)\s*(?:\[[^\]]*\])?\s*\)$", spelled(receiver))
    return found[1] if found else ""


def _declared(node: Node) -> Node | None:
    """Follow the declarators of C and C++ down to the name."""
    inner = function = _function(node)
    while inner is not None:
        function, inner = inner, inner.child_by_field_name("declarator")
    return function


def _function(node: Node) -> Node | None:
    inner = node.child_by_field_name("declarator")
    while inner is not None and inner.type != "function_declarator":
        inner = inner.child_by_field_name("declarator")
    return inner


def parameters(node: Node) -> str:
    """Spell a function's parameters on one line, in brackets, without the object itself."""
    for holder in (node, node.child_by_field_name("value"), node.child_by_field_name("right"), _function(node)):
        if holder is None:
            continue
        found = holder.child_by_field_name("parameters") or holder.child_by_field_name("parameter")
        if found is not None:
            text = _shortened(spelled(found))
            return SELF.sub("(", text if text.startswith("(") else f"({text})")
    return "()"


def signature(node: Node) -> str:
    """Spell a definition on one line, without what it does."""
    body = _body(node)
    text = spelled(node) if body is None else _before(node, body)
    if body is None and node.type == "type_spec":
        text = text.partition("{")[0]
    return END.sub("", _shortened(text))


def _body(node: Node) -> Node | None:
    for holder in (node, node.child_by_field_name("value"), node.child_by_field_name("right")):
        if holder is not None and (body := holder.child_by_field_name("body")) is not None:
            return body
    return None


def _before(node: Node, body: Node) -> str:
    end = next((child for child in node.children if "comment" in child.type), body)
    return (node.text or b"")[: min(end.start_byte, body.start_byte) - node.start_byte].decode("utf-8", "replace")


def _shortened(text: str) -> str:
    line = " ".join(text.split()).replace("( ", "(").replace(", )", ")").replace(" )", ")")
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def outermost(node: Node) -> Node:
    """Find what belongs to a definition around it: decorators, `export`, `const`."""
    while (parent := node.parent) is not None and (
        parent.type in WRAPPERS or (parent.type in GROUPS and parent.named_child_count == 1)
    ):
        node = parent
    return node


def last_line(node: Node) -> int:
    """Give the last line of a node, counted from 1."""
    row, column = node.end_point
    return max(row if column == 0 else row + 1, node.start_point.row + 1)


def documentation(node: Node, outer: Node) -> tuple[int, int] | None:
    """Find the first and the last line of what documents a definition: its docstring, or the comment above it."""
    if node.type in ("function_definition", "class_definition") and (body := node.child_by_field_name("body")):
        first = body.named_child(0) if body.named_child_count else None
        if first is not None and first.type == "expression_statement":
            first = first.named_child(0)
        if first is not None and first.type == "string":
            return first.start_point.row + 1, last_line(first)
    comments = list(_above(outer))
    return (comments[-1].start_point.row + 1, last_line(comments[0])) if comments else None


def _above(node: Node) -> Iterator[Node]:
    """Walk up the comments that stand right above a node, on lines of their own; attributes may stand between."""
    line, other = node.start_point.row + 1, node.prev_named_sibling
    while other is not None and last_line(other) == line - 1:
        line, before = other.start_point.row + 1, other.prev_named_sibling
        is_comment = "comment" in other.type
        if not (is_comment or "attribute" in other.type) or (before is not None and last_line(before) == line):
            return
        if is_comment:
            yield other
        other = before
