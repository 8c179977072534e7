"""Tests of what a function promises by its types, its name, its partner and the examples in its docstring."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Mapping

from crewdesk.code.trials.characterising import Drafted, imports_of
from crewdesk.code.trials.functions import Function
from crewdesk.code.trials.inputs import guess

STRATEGIES: Mapping[str, str] = {
    "int": "st.integers(-1000, 1000)",
    "float": "st.floats(-1e6, 1e6)",
    "str": "st.text('abzABZ019 _-.,:/\\n\\'äÉ', max_size=40)",  # st.text() alone works out all of Unicode: seconds
    "bytes": "st.binary(max_size=40)",
    "bool": "st.booleans()",
    "None": "st.none()",
}
LISTS = frozenset({"list", "List", "Sequence", "Iterable", "Collection"})
RESULTS: Mapping[str, str] = {
    **{name: name for name in ("int", "str", "bytes", "bool", "list", "tuple", "dict", "set", "frozenset")},
    "float": "int | float",
}
SETTINGS = "@settings(max_examples=100, deadline=None, database=None, derandomize=True)"
TOLERATED = ("ValueError", "OverflowError", "OSError")
"""Errors with which a function may turn an input down without saying so in its code."""
PARTNERS = (
    *(("encode", "decode"), ("dumps", "loads"), ("dump", "load"), ("serialize", "deserialize"), ("pack", "unpack")),
    *(("escape", "unescape"), ("quote", "unquote"), ("compress", "decompress"), ("encrypt", "decrypt")),
    *(("format", "parse"), ("to", "from"), ("join", "split"), ("render", "parse"), ("marshal", "unmarshal")),
)
ONCE_IS_ENOUGH = frozenset(
    {
        *("normalize", "normalise", "normalized", "canonical", "canonicalize", "clean", "cleaned", "sanitize"),
        *("sanitise", "simplify", "slugify", "dedupe", "deduplicate", "unique", "sorted", "strip", "trim", "squeeze"),
        *("dedent", "collapse"),
    }
)


def examples(function: Function) -> Drafted | None:
    """Test the examples in its docstring: its author's own claim."""
    if ">>>" not in (ast.get_docstring(function.node) or ""):
        return None
    owner = function.owner or function.name
    code = f'''import doctest

from {function.module} import {owner}


def test_examples_of_{function.name}_hold() -> None:
    """The examples in the docstring of {function.called} give what stands there."""
    names = {{**vars(__import__({function.module!r}, fromlist=["_"]))}}
    tests = doctest.DocTestFinder(recurse=False).find({function.called}, {function.called!r}, globs=names)
    results = [doctest.DocTestRunner().run(test) for test in tests]
    assert sum(result.attempted for result in results) > 0
    assert sum(result.failed for result in results) == 0
'''
    return Drafted(code, f"The examples in the docstring of `{function.called}` hold.")


def round_trip(function: Function, others: Mapping[str, ast.FunctionDef]) -> Drafted | None:
    """Test that what one function makes, its partner takes back."""
    found = next(_partners(function.name, others), None)
    if found is None or function.owner:
        return None
    first, second = found
    given, back = others[first].args.args, others[second].args.args
    strategy = _strategy(given[0], others[first]) if given and back else ""
    needed = max(len(others[name].args.args) - len(others[name].args.defaults) for name in found)
    if not strategy or needed > 1:
        return None
    code = f'''{_hypothesis()}
from {function.module} import {first}, {second}


{SETTINGS}
@given(value={strategy})
def test_{second}_takes_back_{first}(value) -> None:
    """{second} of {first} is what it was."""
    assert {second}({first}(value)) == value
'''
    return Drafted(code, f"`{second}` takes back what `{first}` makes.")


def idempotent(function: Function) -> Drafted | None:
    """Test that doing it twice is doing it once, where its name says that it puts something in order."""
    if not ONCE_IS_ENOUGH & set(function.name.casefold().split("_")) or function.bound:
        return None
    if len(function.required) != 1 or not (strategy := _strategy(function.required[0], function.node)):
        return None
    code = f'''{_hypothesis()}
{imports_of(function)}


{SETTINGS}
@given(value={strategy})
def test_{function.name}_twice_is_once(value) -> None:
    """Doing it again changes nothing."""
    once = {function.called}(value)
    assert {function.called}(once) == once
'''
    return Drafted(code, f"`{function.called}` changes nothing when it is done again.")


def typed(function: Function) -> Drafted | None:
    """Test that it gives the type it names for whatever its types allow."""
    wanted = _result(function.node.returns)
    given = {one.arg: _annotated(one.annotation) for one in function.required}
    turned_down = _turned_down(function.node)
    if function.bound or not wanted or not given or not all(given.values()) or turned_down is None:
        return None
    names = ", ".join(given)
    code = f'''{_hypothesis()}
{imports_of(function)}


{SETTINGS}
@given({", ".join(f"{name}={strategy}" for name, strategy in given.items())})
def test_{function.name}_keeps_to_its_types({names}) -> None:
    """{function.called} gives {wanted} for whatever its types allow, or turns it down."""
    try:
        result = {function.called}({names})
    except ({", ".join(turned_down)}):
        return
    assert isinstance(result, {wanted})
'''
    return Drafted(code, f"`{function.called}` gives {wanted} for whatever its types allow, or turns it down.")


def _hypothesis() -> str:
    return "from hypothesis import given, settings\nfrom hypothesis import strategies as st\n"


def _partners(name: str, others: Mapping[str, ast.FunctionDef]) -> Iterator[tuple[str, str]]:
    """Find pairs such as `encode_row` and `decode_row` that a function is one of; the maker first."""
    for one, other in PARTNERS:
        for mine, theirs in ((one, other), (other, one)):
            partner = re.sub(rf"(?<![a-z]){mine}(?![a-z])", theirs, name)
            if partner != name and partner in others and name in others:
                yield (name, partner) if mine == one else (partner, name)


def _strategy(parameter: ast.arg, node: ast.FunctionDef) -> str:
    if parameter.annotation is not None:
        return _annotated(parameter.annotation)
    return STRATEGIES["str"] if "'Hello, World'" in guess(parameter.arg, node) else ""


def _annotated(node: ast.expr | None) -> str:
    match node:
        case ast.Name(id=name) | ast.Constant(value=str() as name):
            return STRATEGIES.get(name, "")
        case ast.Constant(value=None):
            return STRATEGIES["None"]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            one, other = _annotated(left), _annotated(right)
            return f"{one} | {other}" if one and other else ""
        case ast.Subscript(value=ast.Name(id=name), slice=inner) if name in LISTS:
            of = _annotated(inner)
            return f"st.lists({of}, max_size=8)" if of else ""
        case ast.Subscript(value=ast.Name(id="dict" | "Mapping" | "Dict"), slice=ast.Tuple(elts=[key, value])):
            keys, values = _annotated(key), _annotated(value)
            return f"st.dictionaries({keys}, {values}, max_size=5)" if keys and values else ""
        case _:
            return ""


def _result(node: ast.expr | None) -> str:
    match node:
        case ast.Name(id=name):
            return RESULTS.get(name, "")
        case ast.Subscript(value=ast.Name(id=name)):
            return RESULTS.get(name, "")
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return f"{found} | None" if (found := _result(left)) else ""
        case _:
            return ""


def _turned_down(node: ast.FunctionDef) -> list[str] | None:
    """List the errors with which it may turn an input down; None where one of them is its own, or re-raised."""
    raised = [inner.exc for inner in ast.walk(node) if isinstance(inner, ast.Raise)]
    names = [one.func if isinstance(one, ast.Call) else one for one in raised]
    known = [one.id for one in names if isinstance(one, ast.Name) and hasattr(builtins, one.id)]
    return sorted({*TOLERATED, *known}) if len(known) == len(names) else None
