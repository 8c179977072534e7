"""An agent reads code and finds it, before the change and after it, and nothing beside the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from review_samples import read_materials
from tool_samples import materials, tool

from crewdesk.domain.canonical import canonical
from crewdesk.ports.tool import Tool
from crewdesk.tools.materials import Materials
from support.repositories import changed

SECRET = "AKIA" + "Q7ZPLX4TN2WVR8KD"
LONG = "".join(f"line_{number} = {number}\n" for number in range(1, 400))


@pytest.fixture(name="shop", scope="module")
def _shop(tmp_path_factory: pytest.TempPathFactory) -> Materials:
    root = tmp_path_factory.mktemp("reading")
    repo = changed(
        root / "shop",
        {"src/a.py": "def load():\n    return 1\n", "src/long.py": LONG, "logo.png": b"\0"},
        {
            "src/a.py": f"def load(path):\r\n    key = '{SECRET}'\r\n\x0c    return path\u202e\r\n",
            "src/orders.py": "from src.a import load\n\n\ndef orders():\n    return load('x')\n",
            "tests/test_a.py": "def test_reload():\n    assert reload()\n",
        },
    )
    (repo.folder / "secret").symlink_to("/etc/passwd")
    repo.commit({})
    (repo.folder / "src/uncommitted.py").write_text("load\n")
    return read_materials(root, repo)


@pytest.fixture(name="read")
def _read(shop: Materials) -> Tool:
    return tool("code", shop)


@pytest.fixture(name="find")
def _find(shop: Materials) -> Tool:
    return tool("find", shop)


def test_lines_come_with_their_numbers_and_without_secrets(read: Tool) -> None:
    assert read.run(path="./src/a.py") == {
        "path": "src/a.py",
        "side": "head",
        "first": 1,
        "last": 3,
        "of": 3,
        "text": "     1  def load(path):\n     2      key = '***'\n     3  ⟦U+000C⟧    return path⟦U+202E⟧",
    }


def test_a_file_is_read_as_it_was_before_the_change(read: Tool) -> None:
    answer: Any = read.run(path="src/a.py", side="base", first=2)

    assert (answer["text"], answer["of"]) == ("     2      return 1", 2)


def test_a_long_file_is_read_in_parts_and_says_so(read: Tool) -> None:
    answer: Any = read.run(path="src/long.py", first=10)

    assert (answer["first"], answer["last"], answer["of"]) == (10, 259, 399)
    assert answer["left_out"] == "Lines 260 to 399 are not shown; ask for them with first=260."
    rest: Any = read.run(path="src/long.py", first=260, last=270)
    assert "left_out" not in rest
    assert rest["text"].endswith("   270  line_270 = 270")


def test_an_answer_is_no_longer_than_the_settings_allow(shop: Materials) -> None:
    answer: Any = tool("code", shop, longest=1_000).run(path="src/long.py")

    assert len(canonical(answer)) <= 1_000
    assert answer["left_out"].startswith(f"Lines {answer['last'] + 1} to 399")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"path": "a.py"}, r"There is no file 'a\.py' at the head\. Did you mean src/a\.py"),
        ({"path": "src/orders.py", "side": "base"}, r"There is no file 'src/orders\.py' at the base\."),
        ({"path": "../../etc/passwd"}, "There is no file '../../etc/passwd' at the head"),
        ({"path": "/etc/passwd"}, "There is no file"),
        ({"path": "secret"}, "There is no file 'secret'"),
        ({"path": "src"}, "There is no file 'src'"),
        ({"path": ""}, "There is no file ''"),
        ({"path": "logo.png"}, "logo.png is binary; it has no lines to read"),
        ({"path": "src/a.py", "first": 9}, "src/a.py has 3 lines at the head; there is no line 9"),
        ({"path": "src/long.py", "first": 9, "last": 3}, "The last line, 3, comes before the first, 9"),
        ({"path": "src/a.py", "side": "work"}, "read_code|code: 'side'"),
    ],
)
def test_what_cannot_be_read_is_said(read: Tool, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read.run(**given)


def test_a_name_is_found_where_it_is_defined_and_called(find: Tool) -> None:
    answer: Any = find.run(text="load")

    assert answer["found"] == 3
    assert [(one["path"], one["line"], one.get("defines"), one.get("in")) for one in answer["matches"]] == [
        ("src/a.py", 1, "load", None),
        ("src/orders.py", 1, None, None),
        ("src/orders.py", 5, None, "orders"),
    ]


def test_a_part_of_a_word_is_found_when_asked_for_and_below_a_folder(find: Tool) -> None:
    answer: Any = find.run(text="load", match="part", under="tests/")

    assert [(one["path"], one["text"]) for one in answer["matches"]] == [
        ("tests/test_a.py", "def test_reload():"),
        ("tests/test_a.py", "assert reload()"),
    ]


def test_nothing_is_an_empty_list(find: Tool) -> None:
    assert find.run(text="-e") == {"text": "-e", "found": 0, "matches": []}
    assert find.run(text="l.*d") == {"text": "l.*d", "found": 0, "matches": []}


def test_what_is_found_has_no_secrets_and_is_limited(find: Tool, shop: Materials) -> None:
    answer: Any = find.run(text="key")
    few: Any = tool("find", shop, matches=5).run(text="line_", match="part")

    assert [one["text"] for one in answer["matches"]] == ["key = '***'"]
    assert (len(few["matches"]), few["found"]) == (5, 50)
    assert few["left_out"] == "45 more lines hold it; ask with `under` for a part of them."


def test_a_text_of_several_lines_is_refused(find: Tool) -> None:
    with pytest.raises(ValueError, match="Look for a piece of one line"):
        find.run(text="a\nb")


@pytest.mark.parametrize("kind", ["code", "find"])
def test_the_change_must_have_been_read(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ValueError, match="The change was not read yet; 'change' must come first"):
        tool(kind, materials(tmp_path)).run(**({"path": "a"} if kind == "code" else {"text": "ab"}))
