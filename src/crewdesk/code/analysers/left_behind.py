"""Callers in Python that a changed signature left behind: their call fitted before, and fits no longer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, Signature
from itertools import islice

from crewdesk.code.analysers.saying import BY
from crewdesk.code.parsing import parsed
from crewdesk.code.sides import Pair, Sides, files_below, read
from crewdesk.domain.review.findings import Reported

MOST_FILES = 1_500
"""Files that are searched for callers."""
MOST_CHANGED = 100
"""Changed signatures whose callers are looked for."""
NAMED = 3
"""Callers that are named; the others are counted."""
PLAIN = frozenset({"staticmethod", "classmethod", "cache", "lru_cache", "contextmanager", "abstractmethod", "override"})
"""Decorators that leave alone what a function takes."""
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class _Taking:
    """What callers of a name have to give."""

    name: str
    line: int
    signature: Signature


def left_behind(sides: Sides) -> Iterator[Reported]:
    """Report functions that take something else now, where a call of them was not changed with them."""
    every = ((pair, was, now) for pair in sides.pairs("python") for was, now in _changed(pair))
    changed = list(islice(every, MOST_CHANGED))
    if not changed:
        return
    texts = {path: read(sides.after, path) for path in files_below(sides.after, "*.py")[:MOST_FILES]}
    for pair, was, now in changed:
        defined = re.compile(rf"\b(?:def|class) {now.name}\b")
        if sum(len(defined.findall(text)) for text in texts.values() if now.name in text) != 1:
            continue  # whose call it is cannot be known by its name
        calls = [
            (path, line) for path, text in texts.items() if f"{now.name}(" in text for line in _misfits(text, was, now)
        ]
        if calls:
            yield _reported(pair, now, calls)


def _changed(pair: Pair) -> Iterator[tuple[_Taking, _Taking]]:
    before, after = _takings(pair.old), _takings(pair.new)
    for name, now in after.items():
        was = before.get(name)
        if was is not None and was.signature != now.signature:
            yield was, now


def _takings(text: str) -> Mapping[str, _Taking]:
    found: dict[str, _Taking] = {}
    for node in _parsed(text):
        if isinstance(node, _Function):
            found[node.name] = _Taking(node.name, node.lineno, _signature(node, bound=False))
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, _Function):
                    made = inner.name == "__init__"
                    name, bound = (node.name if made else inner.name), "staticmethod" not in set(_decorators(inner))
                    found[f"{node.name}.{inner.name}"] = _Taking(name, inner.lineno, _signature(inner, bound=bound))
    return {key: one for key, one in found.items() if not one.name.startswith("__")}


def _parsed(text: str) -> Sequence[ast.stmt]:
    tree = parsed(text)
    return () if tree is None else tree.body


def _signature(node: _Function, *, bound: bool) -> Signature:
    """Say what a function takes: anything, where a decorator may have changed it."""
    given = node.args
    if not PLAIN.issuperset(_decorators(node)):
        return Signature([Parameter("args", Parameter.VAR_POSITIONAL), Parameter("kwargs", Parameter.VAR_KEYWORD)])
    plain = [*((one, Parameter.POSITIONAL_ONLY) for one in given.posonlyargs)]
    plain += [(one, Parameter.POSITIONAL_OR_KEYWORD) for one in given.args]
    needed = len(plain) - len(given.defaults)
    taken = [_parameter(one.arg, kind, at >= needed) for at, (one, kind) in enumerate(plain)][bool(bound and plain) :]
    taken += [Parameter(given.vararg.arg, Parameter.VAR_POSITIONAL)] if given.vararg else []
    named = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    taken += [_parameter(one.arg, Parameter.KEYWORD_ONLY, default is not None) for one, default in named]
    taken += [Parameter(given.kwarg.arg, Parameter.VAR_KEYWORD)] if given.kwarg else []
    return Signature(taken)


def _parameter(name: str, kind: object, has_default: bool) -> Parameter:  # noqa: FBT001 - of one use each
    return Parameter(name, kind, default=None if has_default else Parameter.empty)  # pyright: ignore[reportArgumentType] - a kind


def _decorators(node: _Function) -> Iterator[str]:
    for one in node.decorator_list:
        called = one.func if isinstance(one, ast.Call) else one
        yield ast.unparse(called).rpartition(".")[2]


def _misfits(text: str, was: _Taking, now: _Taking) -> Iterator[int]:
    """Yield the lines of calls that fitted what a function took, and do not fit what it takes."""
    for node in (inner for one in _parsed(text) for inner in ast.walk(one)):
        if isinstance(node, ast.Call) and _called(node) == now.name and _is_plain(node):
            places, names = len(node.args), [one.arg for one in node.keywords if one.arg]
            if _fits(was.signature, places, names) and not _fits(now.signature, places, names):
                yield node.lineno


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _is_plain(node: ast.Call) -> bool:
    return all(one.arg for one in node.keywords) and not any(isinstance(one, ast.Starred) for one in node.args)


def _fits(signature: Signature, places: int, names: Sequence[str]) -> bool:
    try:
        signature.bind(*[None] * places, **dict.fromkeys(names))
    except TypeError:
        return False
    return True


def _reported(pair: Pair, now: _Taking, calls: Sequence[tuple[str, int]]) -> Reported:
    at = ", ".join(f"{path}:{line}" for path, line in calls[:NAMED])
    more = f" and {len(calls) - NAMED} more" if len(calls) > NAMED else ""
    what = "A call" if len(calls) == 1 else f"{len(calls)} calls"
    return Reported(
        path=pair.path,
        line=now.line,
        end_line=now.line,
        severity="major",
        kind="api",
        title=f"{what} of `{now.name[:60]}` still {'gives' if len(calls) == 1 else 'give'} what it took before",
        explanation=f"It takes `{str(now.signature)[:200]}` now; such a call raises TypeError.",
        evidence=f"called at {at}{more}",
        confidence=0.8,
        by=BY,
    )
