"""Inputs to call a function with, as Python text: from its callers, from its types, from what its code compares."""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

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


def calls_for(function: Function, made: Sequence[str], classes: Mapping[str, ast.ClassDef]) -> list[str]:
    """Give calls to try, as expressions: those that stand somewhere first, then those that its signature allows."""
    objects = _objects(classes.get(function.owner)) if function.bound else [""]
    pools = [values_for(each, function.node) for each in function.parameters]
    needed = len(function.required)
    lists = [[*itertools.islice(_combined(pools[:many]), MOST)] for many in sorted({needed, len(pools)}, reverse=True)]
    texts = (
        f"{function.owner}({made_of}).{function.name}({given})" if function.bound else f"{function.called}({given})"
        for listed in itertools.zip_longest(*lists)
        for given in listed
        if given is not None
        for made_of in objects
    )
    return list(dict.fromkeys([*made, *itertools.islice(texts, MOST)]))[:MOST]


def calls_made(function: Function, texts: Iterable[str]) -> list[str]:
    """Find calls of a function with plain values in code, tests and docstrings."""
    found: list[str] = []
    for text in texts:
        if f"{function.name}(" in text and not function.bound:
            found += _calls_in(text, function)
    return list(dict.fromkeys(found))[: MOST // 4]


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
            return _annotated(ast.parse(text, mode="eval").body) if _parses(text) else []
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


def _objects(node: ast.ClassDef | None) -> list[str]:
    """Give what an object of a class is made of."""
    if node is None:
        return [""]
    made = next((one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    if made is None:
        fields = [one.annotation for one in node.body if isinstance(one, ast.AnnAssign) and one.value is None]
        pools = [_annotated(one) for one in fields]
    else:
        needed = made.args.args[1 : len(made.args.args) - len(made.args.defaults)]
        pools = [values_for(one, made) for one in needed]
    return list(dict.fromkeys(_combined(pools)))[:: max(1, MOST // 40)][:4]


def _calls_in(text: str, function: Function) -> Iterator[str]:
    code = "\n".join(line.strip().removeprefix(">>> ") for line in text.splitlines() if line.strip().startswith(">>> "))
    for source in (text, *(code.splitlines())):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _last(node.func) == function.name and _is_plain(node):
                given = [
                    *map(ast.unparse, node.args),
                    *(f"{one.arg}={ast.unparse(one.value)}" for one in node.keywords),
                ]
                yield f"{function.called}({', '.join(given)})"


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
    return [one for one in rounds if one is not None] if all(pools) else []


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _parses(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True
