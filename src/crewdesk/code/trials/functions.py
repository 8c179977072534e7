"""The functions that a change touches, as far as a test can call them: found by their syntax, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crewdesk.code.parsing import meaning, parsed
from crewdesk.code.sides import Sides
from crewdesk.code.trials.layout import module_of
from crewdesk.code.trials.lines import code_files

HARMLESS = frozenset({"staticmethod", "classmethod", "cache", "lru_cache", "wraps", "overload", "override", "final"})
"""Decorators after which a function is still called as it is written."""


@dataclass(frozen=True)
class Function:
    """A function at the head of a change."""

    path: str
    module: str
    root: str
    """Folder below the repository that it is imported from."""
    name: str
    owner: str
    """The class that it is a method of, or nothing."""
    node: ast.FunctionDef
    before: ast.FunctionDef | None
    """The same function at the base, or None if it is new."""

    @property
    def called(self) -> str:
        """What a test calls: the function, or the class and the method."""
        return f"{self.owner}.{self.name}" if self.owner else self.name

    @property
    def bound(self) -> bool:
        """Whether it is called on an object of its class."""
        return bool(self.owner) and not {"staticmethod", "classmethod"} & _decorators(self.node)

    @property
    def called_alike(self) -> bool:
        """Whether it can be called at the base as at the head: parameters that are new have a default."""
        if self.before is None:
            return False
        old, new = _names(self.before), _names(self.node)
        return new[: len(old)] == old and len(new) - len(self.node.args.defaults) <= len(old)

    @property
    def parameters(self) -> list[ast.arg]:
        """Those that a caller gives by position."""
        listed = [*self.node.args.posonlyargs, *self.node.args.args]
        skips = bool(self.owner) and "staticmethod" not in _decorators(self.node)
        return listed[1:] if skips else listed

    @property
    def required(self) -> list[ast.arg]:
        """Those without a default."""
        return self.parameters[: len(self.parameters) - len(self.node.args.defaults)]


def changed_functions(sides: Sides) -> list[Function]:
    """List the functions that are new or say something else than before, public ones first."""
    found: list[Function] = []
    for path in code_files(sides.change):
        file = sides.change.file(path)
        old = _functions(sides.before / (file.old_path or path if file else path))
        module, root = module_of(path, sides.after)
        for (owner, name), node in _functions(sides.after / path).items():
            earlier = old.get((owner, name))
            if earlier is None or _meaning(earlier) != _meaning(node):
                found.append(Function(path, module, root, name, owner, node, earlier))
    return sorted(found, key=lambda one: one.name.startswith("_") or one.owner.startswith("_"))


def files_with_other_code(sides: Sides) -> list[str]:
    """List the changed files whose code says something else than before, beyond comments and docstrings."""
    found: list[str] = []
    for path in code_files(sides.change):
        file = sides.change.file(path)
        if _code_of(sides.before / (file.old_path or path if file else path)) != _code_of(sides.after / path):
            found.append(path)
    return found


def functions_of(path: Path) -> dict[str, ast.FunctionDef]:
    """List the functions of a module that stand in no class."""
    return {name: node for (owner, name), node in _functions(path).items() if not owner}


def callable_by_tests(function: Function) -> bool:
    """Say whether a test can call a function by its name and get what it gives."""
    node = function.node
    special = function.name.startswith("__") or function.name == "main"
    keywords = [one for one, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if not default]
    return not special and not keywords and _decorators(node) <= HARMLESS and _importable(function.module)


def _code_of(path: Path) -> str | bytes:
    """Spell a file's code without what it says about itself; the file as it is where it cannot be parsed."""
    data = path.read_bytes() if path.is_file() else b""
    said = meaning(data)
    return data if said is None else said


def _functions(path: Path) -> dict[tuple[str, str], ast.FunctionDef]:
    tree = parsed(path.read_bytes()) if path.is_file() else None
    return {(owner, node.name): node for owner, node in _within([] if tree is None else tree.body)}


def _within(body: list[ast.stmt]) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield "", node
        elif isinstance(node, ast.ClassDef):
            yield from ((node.name, inner) for inner in node.body if isinstance(inner, ast.FunctionDef))


def _meaning(node: ast.FunctionDef) -> str:
    """Spell what a function does, without what it says about itself."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return "\n".join(ast.dump(part) for part in (node.args, *node.decorator_list, *body))


def _names(node: ast.FunctionDef) -> list[str]:
    return [one.arg for one in (*node.args.posonlyargs, *node.args.args)]


def _decorators(node: ast.FunctionDef) -> frozenset[str]:
    return frozenset(_last_name(one) for one in node.decorator_list)


def _last_name(node: ast.expr) -> str:
    """Name a decorator by its last word: `functools.lru_cache(maxsize=1)` is `lru_cache`."""
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else "?"


def _importable(module: str) -> bool:
    return all(part.isidentifier() for part in module.split("."))
