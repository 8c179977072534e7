"""What is written about names that a change touches: found where it is not so any more, and left alone elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from scanning import sides

from crewdesk.code.documents.find import find_written
from crewdesk.code.documents.written import Written
from crewdesk.code.patches import Edit, applied

SPHINX = '''def load(path, mode="r", timeout=5):
    """Load it.

    :param path: Where it is.
    :param mode: How it is opened.
    :param timeout: Seconds to wait, by default 5.
    """
    return open(path, mode)
'''
GOOGLE = '''class Loader:
    """Loads.

    Args:
        path (str): Where it is.
        mode (str): How it is
            opened.
        timeout (int): Seconds to wait. Defaults to 5.

    Raises:
        OSError: If it cannot.
    """

    def __init__(self, path: str, mode: str = "r", timeout: int = 5) -> None:
        self.path = path
'''
NUMPY = '''def load(path, mode="r", timeout=5):
    """Load it.

    Parameters
    ----------
    path : str
        Where it is.
    mode : str
        How it is opened.
    timeout : int, default 5
        Seconds to wait.

    Returns
    -------
    str
        What is in it.
    """
    return open(path, mode)
'''
STYLES = {"sphinx": SPHINX, "google": GOOGLE, "numpy": NUMPY}


def found(folder: Path, before: Mapping[str, str], after: Mapping[str, str | None]) -> Written:
    return find_written(sides(folder, before, after))


def mended(written: Written, path: str, text: str) -> str:
    """A file with all proposals made, the last one first."""
    mine = [one for one in written.proposals if one.path == path]
    for one in sorted(mine, key=lambda each: -each.line):
        text = applied(text, Edit(path, one.line, one.end_line, one.replacement))
    return text


@pytest.mark.parametrize("style", STYLES)
def test_a_parameter_that_is_gone_leaves_the_docstring_with_all_its_lines(style: str, tmp_path: Path) -> None:
    before = STYLES[style]
    after = before.replace('mode: str = "r", ', "").replace('mode="r", ', "").replace("(path, mode)", "(path)")

    written = found(tmp_path, {"lib.py": before}, {"lib.py": after})

    (proposal,) = written.proposals
    assert "still explains `mode`" in proposal.title
    text = mended(written, "lib.py", after)
    assert "mode" not in text
    assert "opened" not in text
    assert "Seconds to wait" in text


@pytest.mark.parametrize("style", STYLES)
def test_a_default_that_changed_is_told_in_the_docstring(style: str, tmp_path: Path) -> None:
    before = STYLES[style]
    after = before.replace("timeout=5", "timeout=30").replace("timeout: int = 5", "timeout: int = 30")

    written = found(tmp_path, {"lib.py": before}, {"lib.py": after})

    assert [one.reason for one in written.proposals] == ["It was 5 before the change."]
    assert "efault" in written.proposals[0].replacement
    assert "30" in written.proposals[0].replacement


@pytest.mark.parametrize(
    ("style", "entry"),
    [
        ("sphinx", "    :param retry: Defaults to ``3``.\n"),
        ("google", "        retry (int): Defaults to `3`.\n"),
        ("numpy", "    retry : int\n        Defaults to ``3``.\n"),
    ],
)
def test_a_new_parameter_is_explained_after_the_one_before_it(style: str, entry: str, tmp_path: Path) -> None:
    before = STYLES[style]
    after = before.replace("timeout=5)", "timeout=5, retry: int = 3)").replace("int = 5)", "int = 5, retry: int = 3)")

    written = found(tmp_path, {"lib.py": before}, {"lib.py": after})

    text = mended(written, "lib.py", after)
    assert entry in text
    assert text.index("timeout", text.index('"""')) < text.index(entry)


@pytest.mark.parametrize("style", STYLES)
def test_a_renamed_parameter_is_renamed_in_its_entry(style: str, tmp_path: Path) -> None:
    before = STYLES[style]
    after = before.replace("mode=", "how=").replace("mode: str", "how: str").replace("(path, mode)", "(path, how)")

    written = found(tmp_path, {"lib.py": before}, {"lib.py": after})

    assert [one.title.split(" of ")[0] for one in written.proposals] == ["The parameter `mode`"]
    assert "how" in written.proposals[0].replacement
    assert "mode" not in written.proposals[0].replacement


def test_a_new_parameter_of_which_nothing_is_known_is_for_a_person_to_explain(tmp_path: Path) -> None:
    written = found(tmp_path, {"lib.py": SPHINX}, {"lib.py": SPHINX.replace("timeout=5)", "timeout=5, retry=None)")})

    assert written.proposals == []
    assert [one.title for one in written.findings] == [
        "The docstring of `load` does not explain its new parameter `retry`"
    ]


@pytest.mark.parametrize(
    "after",
    [
        SPHINX.replace('mode="r", timeout=5', "**options"),
        SPHINX.replace("return open", "return  open"),
        SPHINX.replace("timeout=5", "timeout=None"),
        SPHINX.replace("timeout=5", "timeout=DEFAULT"),
        "def other():\n    pass\n",
        "def load(:\n",
    ],
    ids=["open", "same", "none", "name", "gone", "broken"],
)
def test_nothing_is_said_where_nothing_is_sure(after: str, tmp_path: Path) -> None:
    written = found(tmp_path, {"lib.py": SPHINX}, {"lib.py": after})

    assert (written.proposals, written.findings) == ([], [])


CODE = (
    "def open_it(path, size=10):\n    with path.open() as file:\n        return file.read(size)\n\n\n"
    'def run(parser):\n    parser.add_argument("--dry-run", help="change nothing, only tell")\n'
)
README = """# Lib

Call `open_it()` first; `size` of `open_it` defaults to 10.

```
lib --dry-run now
```
"""


def test_pages_follow_a_renamed_function_a_renamed_option_and_a_new_default(tmp_path: Path) -> None:
    code = CODE.replace("open_it", "read_it").replace("--dry-run", "--pretend")

    written = found(tmp_path, {"lib.py": CODE, "README.md": README}, {"lib.py": code})

    text = mended(written, "README.md", README)
    assert text == README.replace("open_it", "read_it").replace("--dry-run", "--pretend")

    written = found(tmp_path / "b", {"lib.py": CODE, "README.md": README}, {"lib.py": CODE.replace("=10", "=20")})
    assert mended(written, "README.md", README) == README.replace("10", "20")


def test_a_name_that_is_gone_is_a_finding_on_the_page_and_its_directive_is_taken_out(tmp_path: Path) -> None:
    page = "API\n===\n\n.. autofunction:: lib.open_it\n   :no-index:\n\nUse ``lib.open_it``.\n"
    code = CODE[CODE.index("def run") :]

    written = found(tmp_path, {"lib.py": CODE, "docs/api.rst": page}, {"lib.py": code})

    assert mended(written, "docs/api.rst", page) == "API\n===\n\nUse ``lib.open_it``.\n"
    assert [(one.line, one.title) for one in written.findings] == [
        (7, "`open_it` is mentioned here, and the change removes it")
    ]


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("CHANGELOG.md", "- Add `open_it()`.\n"),
        ("README.md", "`open_it()` was removed in 2.0.\n"),
        ("README.md", "See [it](https://example.org/`open-it`).\n"),
        ("docs/migrating.md", "Replace `open_it()`.\n"),
    ],
)
def test_pages_about_the_past_stay_as_they_are(path: str, page: str, tmp_path: Path) -> None:
    code = CODE[CODE.index("def run") :]

    written = found(tmp_path, {"lib.py": CODE, path: page}, {"lib.py": code})

    assert (written.proposals, written.findings) == ([], [])


def test_a_name_that_other_code_still_uses_is_not_gone(tmp_path: Path) -> None:
    before = {"lib.py": CODE, "README.md": "Use `open_it()`.\n", "compat.py": "def open_it(): pass\n"}

    written = found(tmp_path, before, {"lib.py": CODE[CODE.index("def run") :]})

    assert (written.proposals, written.findings) == ([], [])


PACKAGE = {"lib/__init__.py": "", "lib/core.py": CODE}
ADDED = CODE + "\n\ndef close_it(file):\n    file.close()\n"


@pytest.mark.parametrize(
    ("changelog", "line"),
    [
        ("# Changelog\n\n## Unreleased\n\n* One.\n* Two.\n\n## 1.0\n\n* First.\n", "* Add `close_it()`."),
        (
            "Changelog\n=========\n\n2.0\n---\n\nUnreleased\n\n-   One.\n\n1.0\n---\n\n-   First.\n",
            "-   Add `close_it()`.",
        ),
        (
            "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- One.\n\n### Added\n\n- Two.\n\n## 1.0\n\n- First.\n",
            "- Add `close_it()`.",
        ),
    ],
    ids=["stars", "setext", "parts"],
)
def test_a_new_function_gets_an_entry_in_the_changelogs_own_style(changelog: str, line: str, tmp_path: Path) -> None:
    written = found(tmp_path, {**PACKAGE, "CHANGELOG.md": changelog}, {"lib/core.py": ADDED})

    lines = mended(written, "CHANGELOG.md", changelog).splitlines()
    before = lines[lines.index(line) - 1]
    assert before.rstrip(".").endswith(("One", "Two"))
    assert lines[lines.index(line) + 1] == ""
    assert len(lines) == len(changelog.splitlines()) + 1


@pytest.mark.parametrize(
    ("changelog", "after"),
    [
        ("# Changelog\n\n## 1.0\n\n- First.\n", {"lib/core.py": ADDED}),
        ("# Changelog\n\n## Unreleased\n\n- One.\n", {"lib/core.py": CODE.replace("path.open", "path . open")}),
        ("# Changelog\n\n## Unreleased\n\n- One.\n", {"lib/core.py": ADDED.replace("close_it", "_close_it")}),
        ("# Changelog\n\n## Unreleased\n\n- One.\n", {"lib/core.py": ADDED, "news/1.md": "Closes.\n"}),
        ("# Changelog\n\n## Unreleased\n\n### Fixed\n\n- One.\n", {"lib/core.py": ADDED}),
    ],
    ids=["released", "inside", "private", "told", "no such part"],
)
def test_no_entry_where_none_is_due(changelog: str, after: dict[str, str], tmp_path: Path) -> None:
    assert found(tmp_path, {**PACKAGE, "CHANGELOG.md": changelog}, after).proposals == []
