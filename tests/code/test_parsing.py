"""Python is a tree that can be walked, or none; no file of a stranger ends the program that reads it."""

from __future__ import annotations

import ast
import sys
import threading
import warnings

import pytest

from crewdesk.code.parsing import parsed

DEEP = {
    "brackets": f"x = {'(' * 3_000}1{')' * 3_000}",
    "signs": f"x = {'-' * 20_000}1",
    "sums": f"x = {' + '.join(['1'] * 900)}",
    "names": f"x = a{'.b' * 900}",
    "nothing": "x = \0",
    "no Python": "def",
}


@pytest.mark.parametrize("name", DEEP)
def test_what_cannot_be_read_or_walked_is_no_tree(name: str) -> None:
    assert parsed(DEEP[name]) is None


def test_what_people_write_is_a_tree() -> None:
    source = f"x = {' + '.join(['1'] * 100)}\ny = '\\d'\n"

    tree = parsed(source.encode())

    assert tree is not None
    assert ast.unparse(tree).startswith("x = 1 + 1")


def test_threads_that_parse_at_once_do_not_disturb_each_other() -> None:
    source = "\n".join(f"def f{n}(a, b={{1: [2, (3, 4)]}}):\n    return [x for x in a if x]\n" for n in range(60))
    before, filters, trees = sys.getswitchinterval(), list(warnings.filters), list[object]()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=lambda: trees.extend(parsed(source) for _ in range(10))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)

    assert len(trees) == 60
    assert None not in trees
    assert list(warnings.filters) == filters, "what one thread ignores is ignored for good"
