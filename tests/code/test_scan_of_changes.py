"""A scan says what is new in a change, whatever lies in the repository, and runs none of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from scanning import scanned

CALM = "def double(number):\n    return number * 2\n"
BAD = "def first(found=[]):\n    return missing\n"
TOKEN = "ghp_" + "a1B2" * 9


def titles(found: object) -> list[str]:
    return sorted(one.title for one in found.findings)  # type: ignore[attr-defined]


def test_everything_is_told_of_one_change_by_those_who_know(tmp_path: Path) -> None:
    guard = "    if path is None:\n        raise ValueError\n"
    load = "def load(path, strict):\n{}    return os.stat(path), strict{}\n"
    found = scanned(
        tmp_path,
        {
            "app.py": "import os\n\n\n" + load.format(guard, ""),
            "pyproject.toml": '[project]\ndependencies = ["httpx==0.28"]\n',
        },
        {
            "app.py": f"import os\nimport yaml\n\nTOKEN = '{TOKEN}'\n\n\n" + load.format("", ", yaml.load(path)"),
            "pyproject.toml": '[project]\ndependencies = ["httpx", "pyyaml>=6"]\n',
        },
    )

    told = {one.by: one.title for one in found.findings}
    assert found.problems == []
    assert told == {
        "bandit": "Use of unsafe yaml load",
        "comparison": "`path is None` is no longer checked",
        "detect-secrets": "GitHub Token in the code",
        "dependencies": "pyyaml is a new dependency",
    }
    assert "httpx is held less tightly" in titles(found)
    assert "ghp_" not in repr(found)
    assert found.symbols == ["changed `load(path, strict)` in app.py"]
    assert [one.partition(" ")[0] for one in found.ran][:3] == ["ruff", "lizard", "bandit"]


def test_a_secret_is_masked_whoever_quotes_it(tmp_path: Path) -> None:
    body = "def login(token, name):\n{}    return open_door(name, token)\n"
    guard = f"    if token != '{TOKEN}':\n        return None\n"
    found = scanned(tmp_path, {"a.py": body.format(guard)}, {"a.py": body.format("")})

    assert titles(found) == ["`token != '***'` is no longer checked"]
    assert TOKEN not in repr(found)


def test_what_was_there_before_is_not_new_wherever_it_moves(tmp_path: Path) -> None:
    found = scanned(
        tmp_path,
        {"old.py": BAD + CALM * 9, "kept.py": BAD, "split.py": CALM + BAD},
        {"old.py": None, "new.py": BAD + CALM * 9, "kept.py": f"# Above.\n{BAD}", "split.py": CALM, "apart.py": BAD},
    )

    assert found.findings == []


def test_a_finding_on_a_line_that_changed_otherwise_is_not_new(tmp_path: Path) -> None:
    found = scanned(tmp_path, {"a.py": BAD}, {"a.py": BAD.replace("missing", "missing, found")})

    assert found.findings == []


def test_what_appears_on_a_line_that_nobody_touched_is_told_as_such(tmp_path: Path) -> None:
    (found,) = scanned(
        tmp_path, {"a.py": "import os\n\nX = 1\nY = os.sep\n"}, {"a.py": "import os\n\nX = 1\nY = '/'\n"}
    ).findings

    assert (found.line, found.title, found.suggestion) == (1, "`os` imported but unused", None)
    assert "did not touch this line" in found.explanation


def test_a_safe_fix_of_ruff_is_a_suggestion_of_whole_lines(tmp_path: Path) -> None:
    (found,) = scanned(tmp_path, {"a.py": "X = 1\n"}, {"a.py": "from os import path, sep\n\nX = sep\n"}).findings

    assert (found.line, found.end_line, found.suggestion) == (1, 1, "from os import sep\n")


def test_what_the_repository_ignores_is_not_told(tmp_path: Path) -> None:
    settings = '[tool.ruff.lint]\nignore = ["B006", "nonsense", 1]\n'
    found = scanned(tmp_path, {"pyproject.toml": settings, "a.py": "X = 1\n"}, {"a.py": BAD})

    assert titles(found) == ["Undefined name `missing`"]


def test_settings_that_the_change_brings_ignore_nothing(tmp_path: Path) -> None:
    found = scanned(tmp_path, {}, {"ruff.toml": 'exclude = ["*.py"]\n[lint]\nignore = ["B", "F"]\n', "a.py": BAD})

    assert len(found.findings) == 2


HOSTILE: dict[str, str | bytes] = {
    "ruff.py": "open('ran', 'w')\n",
    "bandit/__main__.py": "open('ran', 'w')\n",
    "json.py": "open('ran', 'w')\n",
    "-x.py": BAD,
    "--config=x.py": "import os\n",
    "a b\n.py": "import os\n",
    "conftest.py": "open('ran', 'w')\n",
    "pkg/__init__.py": "open('ran', 'w')\nraise SystemExit(3)\n",
    "nul.py": b"import os\0\n",
    "latin.py": b"# \xe9t\xe9\nimport os\n",
    "deep.py": "x = " + "(" * 3_000 + ")" * 3_000 + "\n",
    "not.py": "x = " + "not " * 3_000 + "1\n",
    "long.py": "x = '" + "a" * 1_200_000 + "'\n",
    ".bandit": "[bandit]\ntargets: /\n",
    "pyproject.toml": "[tool.ruff]\nextend = '/etc/passwd'\n[project\n",
    "package.json": "[" * 2_000,
    "requirements.txt": "-r /etc/passwd\n--index-url=https://example.org\nhttpx @ https://example.org/x.whl\n",
    "x.ts": "{" * 5_000,
    "y.go": "package x\nfunc F() {" + "if a {" * 2_000,
    "bidi.py": "# \u202e\nx = 1\n",
}


def test_hostile_content_neither_runs_nor_stops_the_scan(tmp_path: Path) -> None:
    found = scanned(tmp_path, dict.fromkeys(HOSTILE, "x = 1\n"), HOSTILE)

    assert not list(tmp_path.rglob("ran"))
    assert "Undefined name `missing`" in titles(found)
    assert [one.partition(" ")[0] for one in found.problems] == ["dependencies", "deep.py", "not.py"]


def test_of_what_one_analyser_finds_only_the_gravest_is_looked_at_and_the_rest_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crewdesk.code.analysers.table.MOST", 2)
    found = scanned(tmp_path, {}, {"a.py": "import os\nimport sys\n\n\n" + BAD})

    assert [one.evidence.split()[1] for one in found.findings if one.by == "ruff"] == ["F821", "B006"]
    assert found.problems == ["ruff found 4 things; only the 2 gravest were looked at."]


def test_an_analyser_that_cannot_go_on_is_a_problem_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crewdesk.code.analysers.programs.SECONDS", 0.001)
    found = scanned(tmp_path, {}, {"a.py": f"TOKEN = '{TOKEN}'\n"})

    assert [one.by for one in found.findings] == ["detect-secrets"]
    assert found.problems[0] == "ruff did not finish: it took longer than 0.001 s."
