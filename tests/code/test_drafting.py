"""Drafted tests claim what code can know: what a function gave, what its types, its name and its docstring promise."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from scanning import sides

from crewdesk.code.trials.characterising import characterise, mended
from crewdesk.code.trials.drafting import Drafts, draft
from crewdesk.code.trials.functions import Function, callable_by_tests, changed_functions
from crewdesk.code.trials.inputs import calls_for
from crewdesk.code.trials.layout import draft_path, module_of
from crewdesk.code.trials.observing import Said

THREE = Said(how="value", text="3")
FOUR = Said(how="value", text="4")


def function(code: str, before: str = "", owner: str = "") -> Function:
    """A function of a module m, with what it was before."""
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)]
    old = [node for node in ast.walk(ast.parse(before)) if isinstance(node, ast.FunctionDef)]
    return Function("m.py", "m", ".", nodes[-1].name, owner, nodes[-1], old[-1] if old else None)


def drafted(folder: Path, code: str) -> Drafts:
    """What is drafted without running anything, for a module that is new but for its first line."""
    both = sides(folder, {"m.py": "X = 1\n", "tests/test_a.py": ""}, {"m.py": f"X = 1\n{code}"})
    return draft(both, most=9)


def test_what_gave_something_else_before_comes_first_and_the_test_says_what_it_was() -> None:
    one = function("def f(n): return n + 2", before="def f(n): return n + 1")
    before = {"f(1)": FOUR, "f(2)": THREE}
    after = {"f(1)": FOUR, "f(2)": FOUR}

    made = characterise(one, ["f(1)", "f(2)"], before.get, after.get)

    assert made is not None
    assert made.about == "`f(2)` gave 3 before the change and gives 4 now."
    assert made.code == (
        "from m import f\n\n\ndef test_f_gives_what_it_gave_before() -> None:\n"
        '    """f: for a few inputs it gives the same as before the change."""\n'
        "    assert f(2) == 3\n    assert f(1) == 4\n"
    )


def test_errors_are_held_to_only_where_they_were_raised_on_purpose() -> None:
    one = function("def f(n): return n", before="def f(n):\n    if n: raise ValueError\n    return n")
    raised = {"f(0)": FOUR, "f(1)": Said(how="raised", text="ValueError"), "f('')": Said(how="raised", text="KeyError")}

    made = characterise(one, list(raised), raised.get, {**raised, "f(1)": FOUR}.get)

    assert made is not None
    assert "with pytest.raises(ValueError):\n        f(1)" in made.code
    assert "KeyError" not in made.code


def test_nothing_is_drafted_where_nothing_was_given() -> None:
    one = function("def f(n): return n", before="def f(n): return n")

    assert characterise(one, ["f(1)"], lambda _: None, lambda _: FOUR) is None


def test_a_value_where_it_crashed_before_is_what_a_change_is_for() -> None:
    one = function("def f(n): return n", before="def f(n): return n[0]")
    crash = Said(how="raised", text="IndexError")

    made = mended(one, ["f([])"], lambda _: crash, lambda _: FOUR)

    assert made is not None
    assert "assert f([]) == 4" in made.code


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("def f(n: int) -> int: return n", ["f(0)", "f(-1)"]),
        ("def f(n: int) -> bool: return n > 40", ["f(39)", "f(40)", "f(41)"]),
        ("def f(s: str | None): return s", ["f('')", "f(None)"]),
        ("def f(s): return s.strip()", ["f(' two  words ')"]),
        ("def f(s): return s.split(';')", ["f('a;b')"]),
        ("def f(xs: list[int]): return xs", ["f([])", "f([1])"]),
        ("def f(d: dict[str, int]): return d", ["f({})"]),
        ("def f(n, deep=False): return deep", ["f(0)", "f(0, True)"]),
        ("from typing import Literal\ndef f(how: Literal['up', 'down']): return how", ["f('up')", "f('down')"]),
    ],
)
def test_inputs_come_from_types_use_and_constants(code: str, wanted: list[str]) -> None:
    calls = calls_for(function(code), [], {})

    assert [call for call in wanted if call not in calls] == []


def test_what_cannot_be_made_is_not_called() -> None:
    assert calls_for(function("def f(session: Session): return session"), [], {}) == []


def test_methods_are_called_on_objects_of_their_class() -> None:
    code = "class Box:\n    def __init__(self, size: int): self.size = size\n    def twice(self, n: int): return n"
    node = next(one for one in ast.parse(code).body if isinstance(one, ast.ClassDef))

    calls = calls_for(function(code, owner="Box"), [], {"Box": node})

    assert "Box(0).twice(1)" in calls


def test_calls_are_taken_from_where_callers_stand() -> None:
    texts = ["import m\nassert m.f(2, deep=[1]) == 3\nm.f(x)\n", '"""\n>>> f("doc")\n3\n"""']

    calls = calls_for(function("def f(n: Unknown, deep=None): return n"), texts, {})

    assert calls == ["f(2, deep=[1])", "f('doc')"]


def test_objects_are_made_as_callers_make_them() -> None:
    code = "class Url(Base):\n    def copy(self, n: int): return n"
    node = next(one for one in ast.parse(code).body if isinstance(one, ast.ClassDef))

    calls = calls_for(function(code, owner="Url"), ["x = Url('http://a')\ny = Url(z)"], {"Url": node})

    assert "Url('http://a').copy(0)" in calls
    assert not any(call.startswith("Url().") for call in calls)


def test_only_what_says_something_else_counts_as_changed(tmp_path: Path) -> None:
    before = {"m.py": 'def a():\n    """Old."""\n    return 1\n\n\ndef b():\n    return 2\n'}
    after = {
        "m.py": 'def a():\n    """New."""\n    return 1  # why\n\n\ndef b():\n    return 3\n\n\ndef _c():\n    pass\n'
    }

    found = changed_functions(sides(tmp_path, before, after))

    assert [(one.name, one.before is None) for one in found] == [("b", False), ("_c", True)]


@pytest.mark.parametrize("code", ["def main(): pass", "@app.route('/')\ndef f(): pass", "def f(*, key): pass"])
def test_what_a_test_cannot_call_by_its_name_is_left_alone(code: str) -> None:
    assert not callable_by_tests(function(code))


def test_examples_types_partners_and_names_are_promises(tmp_path: Path) -> None:
    code = (
        "def pack_row(row: list[int]) -> str:\n    return ' '.join(map(str, row))\n\n\n"
        "def unpack_row(text: str) -> list[int]:\n    return [int(one) for one in text.split()]\n\n\n"
        "def normalize(text: str) -> str:\n"
        "    '''\n    >>> normalize(' a')\n    'a'\n    '''\n    return text.strip()\n"
    )

    drafts = drafted(tmp_path, code)

    assert {one.path: one.origin for one in drafts.tests} == {
        "tests/test_normalize_examples.py": "example",
        "tests/test_pack_row_round_trip.py": "property",
        "tests/test_normalize_twice.py": "property",
        "tests/test_pack_row_types.py": "property",
        "tests/test_unpack_row_types.py": "property",
        "tests/test_normalize_types.py": "property",
    }
    for one in drafts.tests:
        assert "assert" in one.code
        ast.parse(one.code)


def test_a_function_that_promises_nothing_gets_no_test(tmp_path: Path) -> None:
    assert drafted(tmp_path, "def f(x):\n    print(x)\n").tests == []


@pytest.mark.parametrize(
    ("tests", "path"),
    [
        (["tests/unit/test_a.py", "tests/unit/test_b.py", "tests/test_c.py"], "tests/unit/test_f.py"),
        (["pkg/a_test.py"], "pkg/f_test.py"),
        ([], "tests/test_f.py"),
        (["tests/test_f.py"], "tests/test_f_drafted.py"),
    ],
)
def test_a_test_stands_beside_the_others_and_is_named_as_they_are(tests: list[str], path: str) -> None:
    assert draft_path("f", tests) == path


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("src/shop/cart.py", ("shop.cart", "src")),
        ("backend/app/views.py", ("app.views", "backend")),
        ("tools/run.py", ("tools.run", ".")),
        ("one.py", ("one", ".")),
        ("src/shop/__init__.py", ("shop", "src")),
    ],
)
def test_modules_are_imported_from_where_their_package_lies(tmp_path: Path, path: str, module: tuple[str, str]) -> None:
    for package in ("src/shop", "backend/app", "tools"):
        (tmp_path / package).mkdir(parents=True)
    for package in ("src/shop", "backend/app"):
        (tmp_path / package / "__init__.py").touch()

    assert module_of(path, tmp_path) == module
