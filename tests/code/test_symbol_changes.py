"""What changed is said by name."""

from __future__ import annotations

from crewdesk.code.symbol_changes import changed_symbols, listed

BEFORE = """
class Repo:
    def open(self, path):
        return path

    def close(self):
        '''Close it.'''

def gone(a: int = 1) -> int:
    return a

def moved(a):
    return a + 1
"""
AFTER = """
class Repo:
    def open(self, path: str, *, retry: int = 3):
        return path

    def close(self):
        '''Close it, and wait.'''

class New:
    def method(self): ...

def outer():
    def inner(): ...
"""


def test_what_changed_is_named_with_its_parameters_and_what_only_reads_otherwise_is_not() -> None:
    changes = [
        *changed_symbols("repo.py", "python", BEFORE, AFTER),
        *changed_symbols("other.py", "python", "", "def moved(a):\n\n    return a  + 1\n"),
    ]

    assert listed(changes) == [
        "changed `Repo.open(path)` to `Repo.open(path, *, retry)` in repo.py",
        "added `New` in repo.py",
        "added `outer()` in repo.py",
        "removed `gone(a)` in repo.py",
        "moved `moved(a)` from repo.py to other.py",
    ]


def test_parameters_are_named_in_languages_that_put_the_type_first() -> None:
    java = "class A {{\n  int m(Map<String, B> b{}) {{ return 1; }}\n}}\n"
    changes = changed_symbols("A.java", "java", java.format(""), java.format(", int... more"))

    assert listed(changes) == ["changed `A.m(Map<String, B> b)` to `A.m(Map<String, B> b, int... more)` in A.java"]
