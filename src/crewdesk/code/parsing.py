"""Python as a tree: whatever a stranger put into a file, it is a tree that can be walked, or none."""

from __future__ import annotations

import ast
import threading
import warnings
from collections import deque

DEEPEST = 200
"""Levels of a tree that Python's own functions go down safely; what people write has some fifty."""


_one_at_a_time = threading.Lock()
"""What is done about warnings is done for all threads of a process, and so is the count of how deep the parser is:
Python 3.11 was once seen to lose it (SystemError)."""


def parsed(source: str | bytes) -> ast.Module | None:
    """Parse Python; None where it is none, or is nested so deeply that reading it fails."""
    tree = _tree(source)
    return None if tree is None or _is_deep(tree) else tree


def parses(source: str | bytes) -> bool:
    """Say whether this is Python, however deeply it is nested."""
    return _tree(source) is not None


def meaning(source: str | bytes) -> str | None:
    """Spell what Python does, without comments and docstrings; None where it cannot be parsed."""
    tree = parsed(source)
    if tree is None:
        return None
    for node in ast.walk(tree):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if documented and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return ast.dump(tree)


def _tree(source: str | bytes) -> ast.Module | None:
    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_deep(tree: ast.Module) -> bool:
    level, depth = deque[ast.AST]([tree]), 0
    while level and depth <= DEEPEST:
        level = deque(child for node in level for child in ast.iter_child_nodes(node))
        depth += 1
    return bool(level)
