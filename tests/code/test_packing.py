"""A diff is put before a reader within its budget: what matters first, and whatever does not fit is named."""

from __future__ import annotations

import re

import pytest

from crewdesk.code.diff import Diff, read_diff
from crewdesk.code.git import Repository
from crewdesk.code.importance import Rank, is_generated, is_test, rank_of, rank_of_path
from crewdesk.code.packing import Packed, pack_diff, shares
from support.repositories import changed

LONG = "".join(f"value_{number} = {number}\n" for number in range(1, 401))


def edited(text: str, *lines: int) -> str:
    return "".join(
        f"{line}  # new" + "\n" if number in lines else f"{line}\n"
        for number, line in enumerate(text.splitlines(), start=1)
    )


@pytest.fixture(name="diff", scope="module")
def _diff(tmp_path_factory: pytest.TempPathFactory) -> Diff:
    before = {
        "README.md": "Hello\n",
        "src/big.py": f"def load():\n    pass\n\n\n{LONG}",
        "src/small.py": "a = 1\nb = 2\nc = 3\n",
        "tests/test_small.py": "def test_a():\n    assert a\n",
        "uv.lock": "x\n",
        "gone.py": LONG,
    }
    after = {
        "README.md": "Hello, you\n",
        "src/big.py": edited(f"def load():\n    pass\n\n\n{LONG}", 2, 100, *range(200, 300)),
        "src/small.py": "a = 1\nb = 22\nc = 3\n",
        "tests/test_small.py": "def test_a():\n    assert a == 1\n",
        "uv.lock": "y\n",
        "gone.py": None,
        "mixed.txt": "one\r\ntwo\n",
        "wide.css": "a" * 900 + "\n",
    }
    repo = changed(tmp_path_factory.mktemp("packing") / "shop", before, after)
    return read_diff(Repository(repo.folder), "main", "feature")


def packed(diff: Diff, room: int) -> Packed:
    ranks = {one.path: rank_of(one) for one in diff.files}
    return pack_diff(sorted(diff.files, key=lambda one: (ranks[one.path], one.path)), diff.patches, ranks, room)


def test_every_line_has_its_number_at_the_head(diff: Diff) -> None:
    small = packed(diff, 100_000).text.split("=== src/small.py")[1].split("===")[0]

    assert small == (
        " · modified · python · 1 new, 1 gone\n@@\n     1   a = 1\n       - b = 2\n     2 + b = 22\n     3   c = 3\n"
    )


def test_code_comes_first_then_tests_then_words_then_what_is_gone(diff: Diff) -> None:
    found = packed(diff, 100_000)

    assert re.findall(r"^=== (\S+)", found.text, re.MULTILINE) == [
        *("src/big.py", "src/small.py", "wide.css", "tests/test_small.py", "mixed.txt", "README.md", "gone.py"),
    ]
    assert found.not_read == ()


@pytest.mark.parametrize("room", [0, 50, 300, 900, 2_000, 5_000, 9_000, 20_000])
def test_the_budget_is_kept_and_every_line_is_shown_or_named(diff: Diff, room: int) -> None:
    found = packed(diff, room)
    told = " ".join(found.not_read)

    assert len(found.text) <= room
    for file in diff.files:
        if rank_of(file).is_read and file.path != "gone.py":
            text = found.text.partition(f"=== {file.path} ")[2].partition("\n===")[0]
            shown = {int(number) for number in re.findall(r"^ *(\d+) \+", text, re.MULTILINE)}
            named = f"{told} ".partition(f"{file.path}: ")[2].partition(" did not fit")[0]
            missing = [(int(a), int(b)) for a, b in re.findall(r"lines (\d+)-(\d+)", named)]
            new = [number for piece in file.new for number in range(piece.first, piece.last + 1)]
            assert all(number in shown or any(a <= number <= b for a, b in missing) for number in new)


def test_a_small_file_is_whole_beside_a_large_one(diff: Diff) -> None:
    found = packed(diff, 4_000)

    assert "     2 + b = 22" in found.text
    assert "src/small.py" not in " ".join(found.not_read)
    assert re.search(
        r"^src/big.py: lines \d+-302 \(value_192 = 192\) did not fit into what a model is given\.$", found.not_read[0]
    )


def test_line_ends_are_shown_where_they_differ_and_long_lines_are_cut(diff: Diff) -> None:
    text = packed(diff, 100_000).text

    assert "     1 + one␍\n     2 + two" in text
    assert "a" * 400 + "… (500 signs more)" in text


def test_room_goes_to_the_first_ones_where_it_is_too_little_for_all() -> None:
    assert shares([10, 500, 80, 300], 400, 50) == [10, 155, 80, 155]
    assert shares([1000] * 5, 250, 100) == [125, 125, 0, 0, 0]
    assert shares([1000, 40], 90, 100) == [0, 40]
    assert shares([], 100, 10) == []
    assert shares([5], -3, 10) == [0]


@pytest.mark.parametrize(
    ("path", "rank"),
    [
        ("src/app.py", Rank.CODE),
        ("deploy.sh", Rank.CODE),
        ("src/test_app.py", Rank.TESTS),
        ("tests/data.json", Rank.TESTS),
        ("conftest.py", Rank.TESTS),
        ("pkg/app_test.go", Rank.TESTS),
        ("web/app.spec.ts", Rank.TESTS),
        ("src/test/java/AppTest.java", Rank.TESTS),
        ("pyproject.toml", Rank.CONFIGURATION),
        ("Makefile", Rank.CONFIGURATION),
        ("docs/index.md", Rank.PROSE),
        ("package-lock.json", Rank.LOCK),
        ("go.sum", Rank.LOCK),
        ("api/v1/api_pb2.py", Rank.GENERATED),
        ("static/app.min.js", Rank.GENERATED),
        ("third_party/zlib/zlib.c", Rank.VENDORED),
        ("src/latest.py", Rank.CODE),
        ("src/contest/score.py", Rank.CODE),
        ("src/vendors.py", Rank.CODE),
    ],
)
def test_a_path_says_what_a_file_is(path: str, rank: Rank) -> None:
    assert rank_of_path(path) is rank
    assert is_test(path) == (rank is Rank.TESTS)


@pytest.mark.parametrize(
    ("top", "made"),
    [
        ("// Code generated by protoc-gen-go. DO NOT EDIT.\npackage x\n", True),
        ("# This file is automatically generated by setup.\n", True),
        ("/* @generated */\n", True),
        ("#!/usr/bin/env python\n# generated by tool\n", True),
        ('"""Reports are generated from templates."""\n', False),
        ("import generated\n", False),
        ("", False),
    ],
)
def test_a_program_says_that_it_wrote_a_file(top: str, made: object) -> None:
    assert is_generated(top) is made
