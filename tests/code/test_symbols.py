"""What a file defines is known by name, in every language that has a grammar."""

from __future__ import annotations

import pytest

from crewdesk.code.grammars import GRAMMARS, query
from crewdesk.code.symbols import enclosing, parses, symbols

PYTHON = '''import os


@cached
async def load(path, *, retry=3) -> bytes:
    """Load it.

    All of it.
    """

    def again(): ...

    return await read(os.path.join(path))


class Repo(Base):
    # How it opens.
    def open(self, path):
        return load(path)
'''
WRITTEN = {
    "python": (PYTHON, ["load(path, *, retry=3)", "load.again()", "Repo", "Repo.open(path)"]),
    "javascript": (
        """export async function f(a, {b}) {}
        const one = x => x;
        class A { #q = () => 1; get x() { return 1 } }
        module.exports.foo = function (a) {};
        A.prototype.bar = function () {}""",
        ["f(a, {b})", "one(x)", "A", "A.#q()", "A.x()", "foo(a)", "A.bar()"],
    ),
    "typescript": (
        """interface I<T> { a(b: string): void }
        abstract class A implements I { abstract m(b?: T): void }
        namespace N { export function q(a: string): void {} }""",
        ["I", "I.a(b: string)", "A", "A.m(b?: T)", "N.q(a: string)"],
    ),
    "tsx": ("export const C: FC<P> = ({a}) => <div onClick={() => f(a)}/>;\n", ["C({a})"]),
    "go": (
        """package x
        type Repo struct { a int }
        func (r *Repo) Open(path string) error { return nil }
        func F[T any](a T) {}""",
        ["Repo", "Repo.Open(path string)", "F(a T)"],
    ),
    "java": ("public class A<T> { A(int x) {} <X> int m(X b) { return 1; } }\n", ["A", "A.A(int x)", "A.m(X b)"]),
    "rust": (
        "struct A<T> { a: T }\nimpl<T> A<T> { pub fn m(&self, a: u8) {} fn new() {} }\nmod z { fn f() {} }\n",
        ["A", "A.m(a: u8)", "A.new()", "z.f()"],
    ),
    "ruby": (
        "module M\n class A < B\n  def m(a, b: 1)\n  end\n  def q? x\n  end\n end\nend\n",
        ["M", "M.A", "M.A.m(a, b: 1)", "M.A.q?(x)"],
    ),
    "c": (
        "static int *f(int a) { return 0; }\nstruct S { int x; };\nint proto(int a);\n",
        ["f(int a)", "S", "proto(int a)"],
    ),
    "cpp": (
        "namespace n { class A { int m(T a) const; ~A(); }; int A::m(T a) const { return 1; } }\n",
        ["n.A", "n.A.m(T a)", "n.A.~A()", "n.A.m(T a)"],
    ),
    "c_sharp": (
        "namespace N { class A { Task M(int a) => C.D(a); } interface I { void Q(); } }\n",
        ["N.A", "N.A.M(int a)", "N.I", "N.I.Q()"],
    ),
    "php": (
        "<?php\nfunction f($a) {}\nclass A { public static function m(int $a): ?string {} }\n",
        ["f($a)", "A", "A.m(int $a)"],
    ),
}


def test_there_is_an_example_of_every_language() -> None:
    assert WRITTEN.keys() == GRAMMARS.keys()


@pytest.mark.parametrize("language", GRAMMARS)
def test_definitions_are_found_by_their_qualified_names(language: str) -> None:
    text, names = WRITTEN[language]

    assert [one.called for one in symbols(text, language)] == names


@pytest.mark.parametrize("language", GRAMMARS)
def test_what_is_called_can_be_asked_for_in_every_language(language: str) -> None:
    assert query(language, calls=True).capture_count == 1


@pytest.mark.parametrize("language", GRAMMARS)
def test_broken_text_does_not_parse_but_is_no_worse_than_itself(language: str) -> None:
    text = WRITTEN[language][0]

    assert parses(text, language)
    assert not parses(f"{text}}}}}((", language)
    assert parses(f"{text}}}}}((", language, before=f"{text}}}}}((")


def test_a_symbol_has_its_lines_with_decorators_its_documentation_and_its_place() -> None:
    load, again, _, method = symbols(PYTHON, "python")

    assert (load.first, load.last, load.doc_first, load.doc_last) == (4, 13, 6, 9)
    assert (load.signature, load.kind) == ("async def load(path, *, retry=3) -> bytes", "function")
    assert (again.parent, again.kind) == ("load", "function")
    assert (method.parent, method.kind, method.signature) == ("Repo", "method", "def open(self, path)")


def test_a_comment_above_a_definition_documents_it_unless_it_belongs_to_the_line_before() -> None:
    text = "package x\nvar a = 1 // of a\nfunc F() {}\n\n// One.\n// Two.\nfunc G() {}\n"

    assert [(one.doc_first, one.doc_last) for one in symbols(text, "go")] == [(None, None), (5, 6)]


def test_the_innermost_symbol_encloses_a_line() -> None:
    listed = symbols(PYTHON, "python")
    found = [enclosing(listed, line) for line in (1, 6, 11, 13, 19)]

    assert [one and one.qualified for one in found] == [None, "load", "load.again", "load", "Repo.open"]


def test_python_is_held_to_what_python_takes() -> None:
    assert not parses("def f():\n    return = 1\n", "python")
    assert not parses("f(a=1, a=2)\nx = \0\n", "python")


@pytest.mark.parametrize(("text", "language"), [('{"a": 1,}', "json"), ("a = ", "toml")])
def test_json_and_toml_are_read_as_a_whole(text: str, language: str) -> None:
    assert not parses(text, language)


@pytest.mark.parametrize("text", ["", "\0\0", "((((" * 20_000, "def f(" + "[{" * 30_000, "\ud800", "if a:\n " * 3_000])
def test_text_that_is_no_code_is_no_trouble(text: str) -> None:
    assert symbols(text, "markdown") == []
    assert isinstance(symbols(text, "python"), list)
    assert isinstance(parses(text, "python"), bool)
