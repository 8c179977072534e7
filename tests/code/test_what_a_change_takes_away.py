"""What a function lost, or what was turned around in it, is told; what came in its place is not taken for lost."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from scanning import sides

from crewdesk.code.analysers.lost import lost
from crewdesk.code.analysers.silenced import silenced
from crewdesk.code.analysers.turned import turned
from crewdesk.code.sides import Sides

TOLD = {
    "guard.py": (
        """
        def load(path, strict):
            if path is None:
                return {}
            found = read(path, strict)
            return found
        """,
        "    if path is None:\n        return {}\n",
        "",
        "`path is None` is no longer checked",
    ),
    "half.py": (
        """
        def share(total, count):
            if count and total > 0:
                return total / count
            return count
        """,
        "count and total > 0",
        "total > 0",
        "`count` is no longer checked",
    ),
    "handler.py": (
        """
        def stamp(value):
            try:
                return convert(value)
            except OverflowError as error:
                raise ValueError(value) from error
        """,
        "except OverflowError as error:\n        raise ValueError(value) from error\n",
        "finally:\n        done(value)\n",
        "`OverflowError` is no longer caught here",
    ),
    "raised.py": (
        """
        def tried(do, times):
            last = None
            for _ in range(times):
                last = do()
            raise last
        """,
        "raise last",
        "return last",
        "`raise last` no longer happens here",
    ),
    "kind.py": (
        """
        def size(value):
            if not isinstance(value, str):
                raise TypeError(value)
            return len(value)
        """,
        "    if not isinstance(value, str):\n        raise TypeError(value)\n",
        "",
        "`raise TypeError(value)` no longer happens here",
    ),
    "thrown.ts": (
        """
        export function first(items: string[], name: string) {
          try {
            return read(items[0], name);
          } catch (error) {
            log(error);
            throw error;
          }
        }
        """,
        "    throw error;\n",
        "",
        "`throw error` no longer happens here",
    ),
    "awaited.py": (
        "\nasync def save(store, item):\n    await store.put(item)\n    return item.name\n",
        "await ",
        "",
        "What was awaited is no longer awaited",
    ),
    "lock.py": (
        """
        def count(self, name):
            with self._lock:
                self.counts[name] += 1
                return self.counts[name]
        """,
        "    with self._lock:\n        self.counts[name] += 1\n        return self.counts[name]\n",
        "    self.counts[name] += 1\n    return self.counts[name]\n",
        "`self._lock` is no longer held",
    ),
    "closed.py": (
        """
        def words(path):
            with open(path) as file:
                return file.read().split()
        """,
        "    with open(path) as file:\n        return file.read().split()\n",
        "    file = open(path)\n    return file.read().split()\n",
        "`open(path)` is no longer closed by `with`",
    ),
    "unused.py": (
        """
        def find(items, name, limit):
            found = [item for item in items if item.name == name]
            return sorted(found)[:limit]
        """,
        "[:limit]",
        "",
        "`limit` is still accepted but no longer used",
    ),
    "answer.py": (
        """
        def put(items, name):
            items.append(name)
            items.sort()
            return items
        """,
        "    return items\n",
        "",
        "put no longer returns anything",
    ),
    "careful.py": (
        "\ndef key(name, other):\n    return other, name.strip()\n",
        ".strip()",
        "",
        "`strip` is no longer called here",
    ),
    "argument.py": (
        "\ndef text(path, other):\n    return other, path.read_text(encoding=UTF8, errors=other)\n",
        "encoding=UTF8, ",
        "",
        "`encoding` is no longer passed here",
    ),
    "guard.go": (
        "\npackage x\n\nfunc F(p *P, n int) int {\n\tif p == nil {\n\t\treturn 0\n\t}\n\treturn p.Size(n) + n\n}\n",
        "\tif p == nil {\n\t\treturn 0\n\t}\n",
        "",
        "`p == nil` is no longer checked",
    ),
    "guard.ts": (
        """
        export class A {
          flush(data: string) {
            if (this.destroyed) {
              return;
            }
            this.push(data, this.destroyed);
          }
        }
        """,
        "    if (this.destroyed) {\n      return;\n    }\n",
        "",
        "`this.destroyed` is no longer checked",
    ),
    "boundary.py": ("\ndef fits(count, most):\n    return count < most\n", "<", "<=", "`<` became `<=`"),
    "negated.py": ("\ndef fits(one):\n    return not one.full\n", "not ", "", "The condition is no longer negated"),
    "number.py": ("\ndef rest(items):\n    return items[1:]\n", "1", "2", "1 became 2"),
    "last.py": ("\ndef last(items):\n    return len(items) - 1\n", " - 1", "", "`- 1` is gone"),
    "swallow.py": (
        "\ndef tidy(path, log):\n    path.unlink()\n    log(path)\n",
        "    path.unlink()\n",
        "    try:\n        path.unlink()\n    except Exception:\n        pass\n",
        "Every error is caught here and dropped",
    ),
}
SILENT = {
    "renamed.py": (
        """
        def load(path, strict):
            if path is None:
                return {}
            return read(path, strict)
        """,
        "path is None",
        "not path",
    ),
    "helped.py": (
        """
        def load(path):
            if path is None:
                return {}
            return read(path)
        """,
        "    if path is None:\n        return {}\n    return read(path)\n",
        "    return _r(path)\n\n\ndef _r(path):\n    if path is None:\n        return {}\n    return read(path)\n",
    ),
    "other_error.py": (
        "\ndef f(a, b):\n    if a in b:\n        raise ValueError(a)\n    return b\n",
        "raise ValueError(a)",
        "raise KeyError(a)",
    ),
    "raised_by_another.py": (
        "\ndef f(a, b):\n    if a in b:\n        raise ValueError(a)\n    return b\n",
        "raise ValueError(a)",
        "refuse(a)",
    ),
    "documented.py": ('\ndef f(a):\n    """Say it."""\n    return a\n', "Say it.", "Say `if a` and wait for it."),
    "stub.py": ("\ndef f(a, b):\n    return a + b\n", "return a + b", "raise NotImplementedError"),
    "moved.py": (
        "\nasync def f(store):\n    await store.put()\n    return 1\n",
        "    await store.put()\n    return 1\n",
        "    await store.open()\n    await store.put()\n    return 1\n",
    ),
}


def change_of(folder: Path, *extra: tuple[str, str, str]) -> Sides:
    """One change of all files, each with its one edit."""
    cases = [(name, dedent(case[0])[1:], case[1], case[2]) for name, case in (*TOLD.items(), *SILENT.items())]
    before = {name: text for name, text, *_ in cases} | {name: old for name, old, _ in extra}
    after = {name: text.replace(old, new) for name, text, old, new in cases} | {name: new for name, _, new in extra}
    assert all(before[name] != after[name] for name in before)
    return sides(folder, before, after)


@pytest.fixture(scope="module", name="said")
def _said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    both = change_of(tmp_path_factory.mktemp("taken"))
    said: dict[str, list[str]] = {}
    for rule in (lost, silenced, turned):
        for one in rule(both):
            said.setdefault(one.path, []).append(one.title)
            changed = both.change.file(one.path)
            assert changed is not None
            assert changed.shows(one.line, one.end_line)
    return said


@pytest.mark.parametrize("name", TOLD)
def test_what_is_gone_is_told_once_at_a_line_of_the_diff(name: str, said: dict[str, list[str]]) -> None:
    assert said.get(name) == [TOLD[name][3]]


@pytest.mark.parametrize("name", SILENT)
def test_what_was_said_otherwise_moved_or_left_empty_on_purpose_is_not_told(
    name: str, said: dict[str, list[str]]
) -> None:
    assert name not in said


def test_a_small_edit_is_not_told_where_a_test_says_which_is_right(tmp_path: Path) -> None:
    both = change_of(tmp_path, ("tests/test_x.py", "def test_x(): ...\n", "def test_x():\n    assert fits(1, 1)\n"))

    assert list(turned(both)) == []


def test_tests_that_go_or_are_skipped_beside_code_are_told(tmp_path: Path) -> None:
    one, two = "def test_one():\n    assert one() == 1\n\n\n", "def test_two():\n    assert two() == 2\n\n\n"
    three = "def test_three():\n    assert three() == 3\n"
    both = sides(
        tmp_path,
        {"code.py": "X = 1\n", "tests/test_a.py": one + two + three},
        {"code.py": "X = 2\n", "tests/test_a.py": one + "import pytest\n\n\n@pytest.mark.skip\n" + three},
    )

    assert [(found.title, found.line) for found in silenced(both)] == [
        ("A test is skipped in the change that it would check", 8),
        ("A test was taken away beside the code", 2),
    ]


def test_of_many_tests_that_go_some_are_named_with_their_classes_and_the_others_counted(tmp_path: Path) -> None:
    tests = "".join(f"    def test_{n}(self): ...\n" for n in range(8))
    both = sides(
        tmp_path,
        {"code.py": "X = 1\n", "tests/test_a.py": f"class TestA:\n    def test_it(self): ...\n{tests}"},
        {"code.py": "X = 2\n", "tests/test_a.py": "class TestA:\n    def test_it(self): ...\n"},
    )

    (found,) = silenced(both)

    assert found.title == "8 tests were taken away beside the code"
    assert "`TestA.test_4` and 3 more: what they held to" in found.explanation


def test_a_test_that_moved_is_not_gone(tmp_path: Path) -> None:
    test = "def test_two():\n    assert two() == 2\n"
    both = sides(
        tmp_path,
        {"code.py": "X = 1\n", "tests/test_a.py": f"A = 1\n\n\n{test}", "tests/test_b.py": "B = 1\n"},
        {"code.py": "X = 2\n", "tests/test_a.py": "A = 1\n", "tests/test_b.py": f"B = 1\n\n\n{test}"},
    )

    assert list(silenced(both)) == []
