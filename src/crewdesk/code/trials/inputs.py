"""Inputs to call a function with, as Python text: from its callers, from its types, from what its code compares."""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from crewdesk.code.parsing import parsed
from crewdesk.code.trials.functions import Function

MOST = 240
"""Calls of one function that are tried."""
TAKEN = 12
"""Values of one parameter."""
NUMBERS = ("0", "1", "2", "-1", "7", "100")
TEXTS = ("''", "'a'", "'Hello, World'", "' two  words '", "'12'", "'a-b_c'", "'x,y,,z'", "'Äö'")
PLAIN: Mapping[str, tuple[str, ...]] = {
    "int": NUMBERS,
    "float": ("0.0", "1.5", "-2.0", "10", "0.1"),
    "str": TEXTS,
    "bool": ("True", "False"),
    "bytes": ("b''", "b'ab'", "b'\\x00\\xff'"),
    "None": ("None",),
    "list": ("[]", "[1]", "[3, 1, 2]", "[1, 1, 2]", "['b', 'a']"),
    "tuple": ("()", "(1,)", "(3, 1, 2)"),
    "set": ("set()", "{1, 2}"),
    "dict": ("{}", "{'a': 1}", "{'a': 1, 'b': {'c': None}}"),
}
ANYTHING = ("0", "1", "-1", "2.5", "''", "'a'", "' b c '", "[]", "[1, 2, 3]", "{}", "{'a': 1}", "None", "True")
ALIKE = {
    **dict.fromkeys(("List", "Sequence", "MutableSequence", "Iterable", "Collection", "Iterator"), "list"),
    **dict.fromkeys(("Dict", "Mapping", "MutableMapping"), "dict"),
    **dict.fromkeys(("Set", "AbstractSet", "frozenset", "FrozenSet"), "set"),
    "Tuple": "tuple",
    "Text": "str",
    "object": "Any",
    "Number": "float",
}
TEXT_METHODS = frozenset(name for name in dir(str) if not name.startswith("_")) - {"index", "count"}
DICT_METHODS = frozenset({"items", "keys", "values", "get", "setdefault"})
LIST_METHODS = frozenset({"append", "extend", "sort", "pop", "insert", "reverse"})
OF_LISTS = frozenset({"len", "sum", "sorted", "min", "max", "any", "all", "enumerate", "reversed", "iter", "zip"})


def calls_for(function: Function, texts: Iterable[str], classes: Mapping[str, ast.ClassDef]) -> list[str]:
    """Give calls to try, as expressions: those that stand in code, tests or docstrings, then what types allow."""
    listed = list(texts)
    made = [] if function.bound else _made(function.called, function.name, listed)
    objects = _objects(function.owner, classes.get(function.owner), listed) if function.bound else [""]
    pools = [values_for(each, function.node) for each in function.parameters]
    needed = len(function.required)
    lists = [[*itertools.islice(_combined(pools[:many]), MOST)] for many in sorted({needed, len(pools)}, reverse=True)]
    allowed = (
        f"{made_of}.{function.name}({given})" if function.bound else f"{function.called}({given})"
        for row in itertools.zip_longest(*lists)
        for given in row
        if given is not None
        for made_of in objects
    )
    return list(dict.fromkeys([*made, *itertools.islice(allowed, MOST)]))[:MOST]


def values_for(parameter: ast.arg, node: ast.FunctionDef) -> list[str]:
    """Give values for a parameter, as Python text."""
    kinds = _annotated(parameter.annotation) if parameter.annotation else guess(parameter.arg, node)
    return list(dict.fromkeys([*_constants(node, kinds), *kinds]))[:TAKEN]


def guess(name: str, node: ast.FunctionDef) -> list[str]:
    """Guess values for a parameter without a type, by its default and by what is done with it."""
    pairs = zip(reversed(node.args.args), reversed(node.args.defaults), strict=False)
    for parameter, default in pairs:
        if parameter.arg == name and isinstance(default, ast.Constant) and default.value is not None:
            return list(PLAIN.get(type(default.value).__name__, ANYTHING))
    for inner in ast.walk(node):
        if kind := _use(inner, name):
            return list(PLAIN[kind])
    return list(ANYTHING)


def texts_below(root: Path, paths: Iterable[str]) -> Iterator[str]:
    """Read files as far as they are there."""
    for path in paths:
        if (root / path).is_file():
            yield (root / path).read_text("utf-8", errors="replace")


def _use(node: ast.AST, name: str) -> str:
    """Name the type that a piece of code takes a parameter for."""
    match node:
        case ast.Attribute(value=ast.Name(id=used), attr=attr) if used == name:
            kinds = ((DICT_METHODS, "dict"), (LIST_METHODS, "list"), (TEXT_METHODS, "str"))
            return next((kind for methods, kind in kinds if attr in methods), "")
        case ast.Call(func=ast.Name(id=called), args=[ast.Name(id=used), *_]) if used == name and called in OF_LISTS:
            return "list"
        case ast.For(iter=ast.Name(id=used)) | ast.comprehension(iter=ast.Name(id=used)) if used == name:
            return "list"
        case ast.Compare(left=ast.Name(id=used), comparators=[ast.Constant(value=int() | float()), *_]) if used == name:
            return "int"
        case ast.BinOp(left=ast.Name(id=used), op=ast.Sub() | ast.Div() | ast.FloorDiv() | ast.Pow()) if used == name:
            return "int"
        case _:
            return ""


def _annotated(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=str() as text):
            tree = parsed(text)
            within = tree.body if tree is not None else []
            return [one for part in within if isinstance(part, ast.Expr) for one in _annotated(part.value)]
        case ast.Constant(value=None):
            return list(PLAIN["None"])
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _mixed([_annotated(left), _annotated(right)])
        case ast.Subscript(value=of, slice=inner):
            return _of(_last(of), inner.elts if isinstance(inner, ast.Tuple) else [inner])
        case _:
            name = _last(node)
            return list(ANYTHING) if name in ("Any", "object") else list(PLAIN.get(ALIKE.get(name, name), ()))


def _of(name: str, inner: Sequence[ast.expr]) -> list[str]:
    """Give values of a type with parameters, such as list[int]."""
    if name == "Literal":
        return [ast.unparse(one) for one in inner]
    if name in ("Optional", "Union"):
        return _mixed([*(_annotated(one) for one in inner), *([["None"]] if name == "Optional" else [])])
    parts = [_annotated(one) for one in inner if not isinstance(one, ast.Constant) or one.value is not ...]
    kind = ALIKE.get(name, name)
    if not parts or not all(parts):
        return []
    if kind == "dict":
        keys, values = parts[0], parts[-1]
        return ["{}", f"{{{keys[1]}: {values[0]}}}", f"{{{keys[0]}: {values[0]}, {keys[1]}: {values[-1]}}}"]
    if kind == "tuple" and len(parts) == len(inner):
        return [f"({', '.join(one)},)" for one in itertools.islice(zip(*parts, strict=False), 6)]
    opened, closed = {"set": ("{", "}"), "tuple": ("(", ",)")}.get(kind, ("[", "]"))
    lists = [[parts[0][1 % len(parts[0])]], parts[0][2::-1], parts[0][:2] * 2, parts[0][1:5]]
    empty = {"set": "set()", "tuple": "()"}.get(kind, "[]")
    return [empty, *(f"{opened}{', '.join(one)}{closed}" for one in lists)] if kind in PLAIN else []


def _constants(node: ast.FunctionDef, kinds: Sequence[str]) -> Iterator[str]:
    """Give what a function compares or cuts with, and what lies beside it: there its behaviour changes."""
    constants = [inner.value for part in node.body[:40] for inner in ast.walk(part) if isinstance(inner, ast.Constant)]
    for value in dict.fromkeys(constants):
        if type(value) is int and abs(value) < 10**6 and "7" in kinds:
            yield from (str(value - 1), str(value), str(value + 1))
        elif isinstance(value, str) and 0 < len(value) <= 6 and "'a'" in kinds:  # noqa: PLR2004 - a separator or suffix
            yield from (repr(value), repr(f"a{value}b"), repr(f"{value}a {value}{value}b"))


def _combined(pools: Sequence[Sequence[str]]) -> Iterator[str]:
    """Combine values of all parameters: all of them where they are few, else some of them, the same each time."""
    if not all(pools):
        return
    total = 1
    for pool in pools:
        total *= len(pool)
    if total <= MOST:
        yield from (", ".join(one) for one in itertools.product(*pools))
        return
    dice = random.Random(0)  # noqa: S311 - the same each time, and no secret
    for _ in range(MOST):
        yield ", ".join(dice.choice(pool) for pool in pools)


def _objects(name: str, node: ast.ClassDef | None, texts: Sequence[str]) -> list[str]:
    """Give objects of a class, as expressions: those that stand somewhere first."""
    needed = _needed(node) if node is not None else None
    pools = [] if needed is None else [values_for(*one) for one in needed]
    made = [f"{name}({given})" for given in itertools.islice(_combined(pools), MOST)] if needed is not None else []
    return list(dict.fromkeys([*_made(name, name, texts)[:3], *made[:: max(1, len(made) // 3)]]))[:4]


def _needed(node: ast.ClassDef) -> list[tuple[ast.arg, ast.FunctionDef]] | None:
    """List what an object of a class cannot be made without; None where that stands elsewhere."""
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
            required = inner.args.args[1 : len(inner.args.args) - len(inner.args.defaults)]
            return [(one, inner) for one in required]
    if node.bases and not any(isinstance(inner, ast.AnnAssign) for inner in node.body):
        return None
    nothing = ast.FunctionDef(name="", args=ast.arguments([], [], None, [], [], None, []), body=[], decorator_list=[])
    fields = (one for one in node.body if isinstance(one, ast.AnnAssign) and one.value is None)
    return [(ast.arg("field", annotation=one.annotation), nothing) for one in fields]


def _made(called: str, name: str, texts: Iterable[str]) -> list[str]:
    """Find calls with plain values, wherever they stand."""
    found = (given for text in texts if f"{name}(" in text for given in _calls_in(text, name))
    return list(dict.fromkeys(f"{called}({given})" for given in found))[: MOST // 4]


def _calls_in(text: str, name: str) -> Iterator[str]:
    """Give the arguments of calls of a name, in code and in the examples of docstrings."""
    stripped = (line.strip() for line in text.splitlines())
    examples = (line.removeprefix(">>> ") for line in stripped if line.startswith(">>> "))
    for source in (text, *examples):
        tree = parsed(source)
        if tree is None:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _last(node.func) == name and _is_plain(node):
                named = (f"{one.arg}={ast.unparse(one.value)}" for one in node.keywords)
                yield ", ".join([*map(ast.unparse, node.args), *named])


def _is_plain(node: ast.Call) -> bool:
    if any(one.arg is None for one in node.keywords):
        return False
    try:
        for each in (*node.args, *(one.value for one in node.keywords)):
            ast.literal_eval(each)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return False
    return len(ast.unparse(node)) < 200  # noqa: PLR2004 - what a person can read


def _mixed(pools: Sequence[Sequence[str]]) -> list[str]:
    rounds = itertools.chain.from_iterable(itertools.zip_longest(*pools))
    return [one for one in rounds if one is not None]


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
