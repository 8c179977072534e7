"""Python functions and classes as their callers see them: parameters with defaults, docstrings with their lines."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crewdesk.code.parsing import parsed

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Parameter:
    """One parameter; without its stars."""

    name: str
    annotation: str = ""
    default: str | None = None
    starred: bool = False


@dataclass(frozen=True)
class Definition:
    """A function, a method or a class; a class takes what its `__init__` takes."""

    name: str
    """With the classes it stands in: `Repo.open`."""
    kind: str
    parameters: tuple[Parameter, ...]
    first: int
    last: int
    doc_first: int = 0
    """First line of its docstring; 0 where it has none."""
    doc_last: int = 0

    @property
    def public(self) -> bool:
        """Say whether people outside may use it."""
        parts = self.name.split(".")
        return not any(part.startswith("_") and not part.endswith("__") for part in parts)

    @property
    def open(self) -> bool:
        """Say whether it takes what it does not name."""
        return any(one.starred for one in self.parameters)

    def parameter(self, name: str) -> Parameter | None:
        """Find a parameter by its name."""
        return next((one for one in self.parameters if one.name == name), None)


@lru_cache(maxsize=64)
def definitions(text: str) -> Mapping[str, Definition]:
    """Read what a module defines, by name; what is defined twice, and what cannot be parsed, is left out."""
    tree = parsed(text)
    found = [] if tree is None else list(_within(tree.body, ""))
    times = Counter(one.name for one in found)
    return {one.name: one for one in found if times[one.name] == 1}


def _within(body: Sequence[ast.stmt], prefix: str) -> Iterator[Definition]:
    for node in body:
        if isinstance(node, _Function):
            yield _definition(node, prefix, "function", _parameters(node, method=_bound(node, prefix)))
        elif isinstance(node, ast.ClassDef):
            made = next((one for one in node.body if isinstance(one, _Function) and one.name == "__init__"), None)
            yield _definition(node, prefix, "class", () if made is None else _parameters(made, method=True))
            yield from _within(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.If | ast.Try):
            yield from _within([*node.body, *node.orelse], prefix)


def _bound(node: _Function, prefix: str) -> bool:
    static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in node.decorator_list)
    return bool(prefix) and not static


def _definition(node: _Function | ast.ClassDef, prefix: str, kind: str, taken: tuple[Parameter, ...]) -> Definition:
    doc = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    return Definition(
        prefix + node.name,
        kind,
        taken,
        min([node.lineno, *(one.lineno for one in node.decorator_list)]),
        node.end_lineno or node.lineno,
        0 if doc is None else doc.lineno,
        0 if doc is None else doc.end_lineno or doc.lineno,
    )


def _parameters(node: _Function, *, method: bool) -> tuple[Parameter, ...]:
    given = node.args
    plain = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults))
    pairs = [*zip(plain, [*defaults, *given.defaults], strict=True)][1 if method and plain else 0 :]
    named = [_parameter(one, default) for one, default in pairs]
    keyword = [_parameter(one, default) for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    stars = [[_parameter(one, None, starred=True)] if one else [] for one in (given.vararg, given.kwarg)]
    return (*named, *stars[0], *keyword, *stars[1])


def _parameter(one: ast.arg, default: ast.expr | None, *, starred: bool = False) -> Parameter:
    spelled = "" if one.annotation is None else ast.unparse(one.annotation)
    return Parameter(one.arg, spelled, None if default is None else ast.unparse(default), starred)
