"""What breaks those who use a package, what a project newly needs, and what became hard to follow."""

from __future__ import annotations

from pathlib import Path

import pytest
from scanning import sides

from crewdesk.code.analysers.api import api
from crewdesk.code.analysers.complexity import Limits, complexity
from crewdesk.code.analysers.dependencies import dependencies
from crewdesk.code.analysers.manifests import dependencies_of

BEFORE = '''"""A shop."""


def order(item, count=1, *, gift=False):
    return item, count, gift


def refund(item):
    return item


def _hidden(a):
    return a
'''
AFTER = '''"""A shop."""


def order(item, count=1):
    return item, count


def _hidden(a, b):
    return a, b
'''
CALLS = "from shop.orders import order, refund\n\norder('pen', gift=True)\nrefund('pen')\n"


def test_callers_that_still_use_the_old_form_are_the_evidence(tmp_path: Path) -> None:
    before = {"src/shop/__init__.py": "", "src/shop/orders.py": BEFORE, "app.py": CALLS}
    found = {one.title: one for one in api(sides(tmp_path, before, {"src/shop/orders.py": AFTER}))}

    gift, refund = found["`order` no longer takes `gift`"], found["`refund` is gone from `shop.orders`"]
    assert len(found) == 2
    assert (gift.severity, gift.path, gift.line) == ("major", "src/shop/orders.py", 4)
    assert gift.evidence == "griffe parameter_removed; still used at app.py:3"
    assert (refund.severity, refund.evidence) == ("major", "griffe object_removed; still used at app.py:1")


def test_several_names_that_go_and_nobody_uses_are_one_finding(tmp_path: Path) -> None:
    before = {"shop/__init__.py": "", "shop/orders.py": BEFORE}
    (found,) = api(sides(tmp_path, before, {"shop/orders.py": '"""A shop."""\n'}))

    assert (found.title, found.severity) == ("2 public names are gone", "minor")
    assert found.explanation.startswith("`order`, `refund`.")


def test_a_module_that_makes_names_when_asked_has_lost_none(tmp_path: Path) -> None:
    before = {"shop/__init__.py": "", "shop/orders.py": BEFORE}
    both = sides(tmp_path, before, {"shop/orders.py": "def __getattr__(name):\n    return name\n"})

    assert list(api(both)) == []


def test_a_new_or_looser_dependency_is_told_at_its_line(tmp_path: Path) -> None:
    found = dependencies(
        sides(
            tmp_path,
            {
                "requirements.txt": "httpx==0.28\nrich>=13,<14\npyyaml\n",
                "requirements-dev.txt": "pytest\n",
                "package.json": '{"dependencies": {"got": "^14.0.0"}, "devDependencies": {}}',
                "go.mod": "module x\nrequire example.org/a v1.0.0\n",
                "Cargo.toml": "[dependencies]\nserde = '1'\n",
            },
            {
                "requirements.txt": "httpx\nrich>=13,<14\npyyaml>=6\nclick>=8\n",
                "requirements-dev.txt": "pytest\nruff\n",
                "package.json": '{"dependencies": {"got": "*"}, "devDependencies": {"ava": "1"}}',
                "go.mod": "module x\nrequire (\n\texample.org/a v1.1.0\n\texample.org/b v0.1.0\n)\n",
                "Cargo.toml": "[dependencies]\nserde = { version = '1' }\nrand = '0.8'\n",
            },
        )
    )

    assert sorted((one.path, one.line, one.title) for one in found) == [
        ("Cargo.toml", 3, "rand is a new dependency"),
        ("go.mod", 4, "example.org/b is a new dependency"),
        ("package.json", 1, "got is held less tightly"),
        ("requirements.txt", 1, "httpx is held less tightly"),
        ("requirements.txt", 4, "click is a new dependency"),
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [("pyproject.toml", "[project\n"), ("package.json", '{"dependencies": 1}'), ("Cargo.toml", "dependencies = 1")],
)
def test_a_file_that_cannot_be_read_is_named(path: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"^{path} cannot be read: "):
        dependencies_of(path, text)


def test_a_function_that_became_much_harder_is_told_and_one_that_always_was_hard_is_not(tmp_path: Path) -> None:
    def hard(name: str, ways: int) -> str:
        return f"def {name}(a):\n" + "".join(f"    if a == {n}:\n        return {n}\n" for n in range(ways)) + "\n\n"

    both = sides(
        tmp_path,
        {"a.py": hard("grown", 4) + hard("old", 30), "b.js": ""},
        {
            "a.py": hard("grown", 20) + hard("old", 31),
            "b.js": "function fresh(a) {\n" + "  if (a) { a++; }\n" * 20 + "}\n",
        },
    )

    assert [(one.path, one.line, one.title) for one in complexity(both, Limits(ways=15, growth=5))] == [
        ("a.py", 1, "grown has 21 ways through it"),
        ("b.js", 1, "fresh has 21 ways through it"),
    ]
