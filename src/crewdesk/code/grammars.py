"""Grammars of programming languages: each is loaded when a file of its language is first read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Query, Tree

LONGEST = 2_000_000
"""Bytes of the largest file that is parsed; what is larger was made by a program, or is made to be a burden."""
SMALL = 20_000
"""Nodes of a tree that is quick to look into however deep it is."""
DEEPEST = 2_000
"""Levels of the deepest larger tree that is looked into."""
SECONDS = 10.0
"""How long one file may take. Grammars are quick, but text can be made that is not."""


@dataclass(frozen=True)
class Grammar:
    """How a language says what it defines and what it calls: tree-sitter queries, and where the language is loaded."""

    load: Callable[[], object]
    defines: str
    """Captures `f` for functions and methods, `c` for whatever works like a class, `i` for what gives a class
    methods, `s` for what only holds others."""
    calls: str
    """Captures `n` for the name that is called."""


def _python() -> object:
    import tree_sitter_python

    return tree_sitter_python.language()


def _javascript() -> object:
    import tree_sitter_javascript

    return tree_sitter_javascript.language()


def _typescript() -> object:
    import tree_sitter_typescript

    return tree_sitter_typescript.language_typescript()


def _tsx() -> object:
    import tree_sitter_typescript

    return tree_sitter_typescript.language_tsx()


def _go() -> object:
    import tree_sitter_go

    return tree_sitter_go.language()


def _java() -> object:
    import tree_sitter_java

    return tree_sitter_java.language()


def _rust() -> object:
    import tree_sitter_rust

    return tree_sitter_rust.language()


def _ruby() -> object:
    import tree_sitter_ruby

    return tree_sitter_ruby.language()


def _c() -> object:
    import tree_sitter_c

    return tree_sitter_c.language()


def _cpp() -> object:
    import tree_sitter_cpp

    return tree_sitter_cpp.language()


def _c_sharp() -> object:
    import tree_sitter_c_sharp

    return tree_sitter_c_sharp.language()


def _php() -> object:
    import tree_sitter_php

    return tree_sitter_php.language_php()


ARROWS = "[(arrow_function) (function_expression)]"
JAVASCRIPT = f"""
(function_declaration) @f (generator_function_declaration) @f (method_definition) @f (class_declaration) @c
(variable_declarator value: {ARROWS}) @f (assignment_expression right: {ARROWS}) @f
"""
TYPESCRIPT = f"""{JAVASCRIPT}
(function_signature) @f (method_signature) @f (abstract_method_signature) @f (abstract_class_declaration) @c
(interface_declaration) @c (enum_declaration) @c (type_alias_declaration) @c (internal_module) @s
(public_field_definition value: {ARROWS}) @f
"""
JAVASCRIPT_CALLS = """
(call_expression function: [(identifier) @n (member_expression property: (property_identifier) @n)])
(new_expression constructor: (identifier) @n)
"""
C = """
(function_definition) @f (declaration declarator: (function_declarator)) @f
(struct_specifier name: (_) body: (_)) @c (union_specifier name: (_) body: (_)) @c
(enum_specifier name: (_) body: (_)) @c
"""
C_CALLS = "(call_expression function: [(identifier) @n (field_expression field: (field_identifier) @n)])"

GRAMMARS: Mapping[str, Grammar] = {
    "python": Grammar(
        _python,
        "(function_definition) @f (class_definition) @c",
        "(call function: [(identifier) @n (attribute attribute: (identifier) @n)])",
    ),
    "javascript": Grammar(_javascript, f"{JAVASCRIPT} (field_definition value: {ARROWS}) @f", JAVASCRIPT_CALLS),
    "typescript": Grammar(_typescript, TYPESCRIPT, JAVASCRIPT_CALLS),
    "tsx": Grammar(_tsx, TYPESCRIPT, JAVASCRIPT_CALLS),
    "go": Grammar(
        _go,
        "(function_declaration) @f (method_declaration) @f (type_spec) @c",
        "(call_expression function: [(identifier) @n (selector_expression field: (field_identifier) @n)])",
    ),
    "java": Grammar(
        _java,
        """(method_declaration) @f (constructor_declaration) @f (class_declaration) @c (interface_declaration) @c
        (enum_declaration) @c (record_declaration) @c""",
        "(method_invocation name: (identifier) @n) (object_creation_expression type: (type_identifier) @n)",
    ),
    "rust": Grammar(
        _rust,
        """(function_item) @f (function_signature_item) @f (struct_item) @c (enum_item) @c (union_item) @c
        (trait_item) @c (impl_item) @i (mod_item) @s""",
        """(call_expression function: [(identifier) @n (field_expression field: (field_identifier) @n)
        (scoped_identifier name: (identifier) @n)]) (macro_invocation macro: (identifier) @n)""",
    ),
    "ruby": Grammar(
        _ruby,
        "(method) @f (singleton_method) @f (class) @c (module) @c",
        "(call method: [(identifier) (constant)] @n)",
    ),
    "c": Grammar(_c, C, C_CALLS),
    "cpp": Grammar(
        _cpp,
        f"""{C} (class_specifier name: (_) body: (_)) @c (namespace_definition) @s
        (field_declaration declarator: (function_declarator)) @f""",
        f"{C_CALLS} (call_expression function: (qualified_identifier name: (identifier) @n))",
    ),
    "c_sharp": Grammar(
        _c_sharp,
        """(method_declaration) @f (constructor_declaration) @f (local_function_statement) @f (class_declaration) @c
        (interface_declaration) @c (struct_declaration) @c (record_declaration) @c (enum_declaration) @c
        (namespace_declaration) @s""",
        """(invocation_expression function: [(identifier) @n (member_access_expression name: (identifier) @n)])
        (object_creation_expression type: (identifier) @n)""",
    ),
    "php": Grammar(
        _php,
        """(function_definition) @f (method_declaration) @f (class_declaration) @c (interface_declaration) @c
        (trait_declaration) @c (enum_declaration) @c""",
        """(function_call_expression function: (name) @n) (member_call_expression name: (name) @n)
        (scoped_call_expression name: (name) @n) (object_creation_expression (name) @n)""",
    ),
}


@cache
def _language(name: str) -> Language:
    from tree_sitter import Language

    return Language(GRAMMARS[name].load())


@cache
def query(language: str, *, calls: bool = False) -> Query:
    """Give the query for what a language defines, or for what it calls."""
    from tree_sitter import Query

    grammar = GRAMMARS[language]
    return Query(_language(language), grammar.calls if calls else grammar.defines)


@lru_cache(maxsize=64)
def parsed(text: str, language: str) -> Tree | None:
    """Parse a text; None where there is no grammar for it, or where it is larger or deeper than anybody writes."""
    from tree_sitter import Parser

    data = text.encode("utf-8", "replace")
    if language not in GRAMMARS or len(data) > LONGEST:
        return None
    until = time.monotonic() + SECONDS
    try:
        tree = Parser(_language(language)).parse(
            lambda at, _point: data[at : at + 65_536],
            encoding="utf8",
            progress_callback=lambda _at, _wrong: time.monotonic() > until,
        )
    except ValueError:  # it was stopped
        return None
    return None if _is_burden(tree) else tree


def _is_burden(tree: Tree) -> bool:
    """Say whether looking into a tree would take long: where it is very deep, or text that is no code at all."""
    return tree.root_node.descendant_count >= SMALL and _is_deep(tree, DEEPEST, errors=True)


def is_deep(text: str, language: str, levels: int) -> bool:
    """Say whether a text is nested deeper than so many levels, or deeper than anybody looks."""
    tree = parsed(text, language)
    return language in GRAMMARS and bool(text) and (tree is None or _is_deep(tree, levels))


def _is_deep(tree: Tree, levels: int, *, errors: bool = False) -> bool:
    cursor = tree.walk()
    while cursor.depth <= levels and not (errors and _is_wide_error(cursor.node)):
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return False
    return True


def _is_wide_error(node: Node | None) -> bool:
    return node is not None and node.is_error and node.child_count > SMALL


def found(text: str, language: str, *, calls: bool = False) -> dict[str, list[Node]]:
    """List what a query of the language captures in a text; nothing where it cannot be parsed."""
    from tree_sitter import QueryCursor

    tree = parsed(text, language)
    return {} if tree is None else QueryCursor(query(language, calls=calls)).captures(tree.root_node)
