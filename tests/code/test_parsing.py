"""Python is a tree that can be walked, or none; no file of a stranger ends the program that reads it."""

from __future__ import annotations

import ast

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
