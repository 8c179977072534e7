"""Whatever git can say of a file is a value: what became of it, which lines are new, and where a comment can stand."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest

from crewdesk.code.diff import Diff, read_diff, runs_of
from crewdesk.code.git import Repository
from crewdesk.domain.review.change import Change, ChangedFile, Lines
from support.repositories import Repo

LINES = "".join(f"line {number}\n" for number in range(1, 31))
EDITED = LINES.replace("line 5\n", "line five\n").replace("line 20\n", "")


@pytest.fixture(name="diff", scope="module")
def _diff(tmp_path_factory: pytest.TempPathFactory) -> Diff:
    """One change in which everything happens at once."""
    repo = Repo(tmp_path_factory.mktemp("diff") / "all")
    (repo.folder / "link").symlink_to("edited.py")
    (repo.folder / "was_link").symlink_to("edited.py")
    base = repo.commit(
        {
            **dict.fromkeys(("edited.py", "moved_whole.py", "run.sh", "gone.py", "becomes_link.py"), LINES),
            "moved.py": LINES.replace("line", "row"),
            "crlf.txt": LINES.replace("\n", "\r\n"),
            "latin.txt": "\xe9t\xe9\nolé\n".encode("latin-1"),
            "open_end.txt": "one\ntwo",
            "logo.png": b"\x89PNG\0\1",
            "feed.py": "a\x0cb\n\x0c\nc\u2028d\x85e\nlast\n",
            "marks.md": "-- a\n++ b\n@@ -1 +1 @@\ndiff --git a/x b/x\n",
            "became_empty.txt": "x\n",
            b"\xe9t\xe9.py".decode("utf-8", "surrogateescape"): "x = 1\n",
        }
    )
    for name in ("moved_whole.py", "moved.py", "becomes_link.py", "was_link", "link"):
        os.renames(repo.folder / name, repo.folder / "kept" / name)
    (repo.folder / "kept/becomes_link.py").rename(repo.folder / "becomes_link.old")
    (repo.folder / "becomes_link.old").unlink()
    (repo.folder / "becomes_link.py").symlink_to("edited.py")
    (repo.folder / "kept/was_link").unlink()
    (repo.folder / "run.sh").chmod(0o755)
    Repo(repo.folder / "module").commit({"x": "1"})
    head = repo.commit(
        {
            "edited.py": EDITED,
            "kept/moved.py": LINES.replace("line", "row").replace("row 9\n", "row nine\n"),
            "gone.py": None,
            "crlf.txt": LINES.replace("\n", "\r\n").replace("line 3\r", "line three\r"),
            "latin.txt": "\xe9t\xe9s\nolé\n".encode("latin-1"),
            "open_end.txt": "one\ntwo\nthree",
            "logo.png": b"\x89PNG\0\2",
            "feed.py": "a\x0cb\n\x0c\nc\u2028d\x85e\nlater\n",
            "marks.md": "-- a\n++ b2\n@@ -1 +1 @@\ndiff --git a/y b/y\n--- a/z\n",
            "became_empty.txt": "",
            "new_and_empty.txt": "",
            "was_link": "a file now\n",
            "a b\tc\n.py": "x = 1\n",
            '"quoted".py': "x = 1\n",
            b"\xe9t\xe9.py".decode("utf-8", "surrogateescape"): "x = 2\n",
        }
    )
    return read_diff(Repository(repo.folder), base, head)


def file(diff: Diff, path: str) -> ChangedFile:
    return next(one for one in diff.files if one.path == path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("edited.py", {"status": "modified", "added": 1, "removed": 2, "new": "5", "shown": "2-8 17-22"}),
        ("kept/moved_whole.py", {"status": "renamed", "old_path": "moved_whole.py", "new": "", "shown": ""}),
        ("kept/moved.py", {"status": "renamed", "old_path": "moved.py", "new": "9", "shown": "6-12"}),
        ("run.sh", {"status": "modified", "note": "now executable", "new": "", "added": 0}),
        ("gone.py", {"status": "deleted", "removed": 30, "shown": ""}),
        ("crlf.txt", {"status": "modified", "new": "3", "shown": "1-6"}),
        ("latin.txt", {"kind": "text", "new": "1", "added": 1, "removed": 1}),
        ("open_end.txt", {"new": "2-3", "shown": "1-3", "added": 2, "removed": 1}),
        ("logo.png", {"kind": "binary", "status": "modified", "new": "", "shown": ""}),
        ("feed.py", {"new": "4", "shown": "1-4"}),
        ("marks.md", {"new": "2 4-5", "shown": "1-5", "added": 3, "removed": 2}),
        ("became_empty.txt", {"new": "", "shown": "", "removed": 1}),
        ("new_and_empty.txt", {"status": "added", "new": "", "shown": ""}),
        ("becomes_link.py", {"kind": "link", "note": "was a file, is a symbolic link now"}),
        ("was_link", {"status": "added", "kind": "text", "new": "1", "note": "was a symbolic link, is a file now"}),
        ("kept/link", {"status": "renamed", "kind": "link", "note": "a symbolic link"}),
        ("module", {"status": "added", "kind": "submodule", "added": 0}),
        ("a b\\tc\\n.py", {"status": "added", "new": "1"}),
        ('"quoted".py', {"status": "added", "new": "1", "language": "python"}),
        ("\\xe9t\\xe9.py", {"status": "modified", "new": "1"}),
    ],
)
def test_what_became_of_a_file_is_said(diff: Diff, path: str, expected: dict[str, object]) -> None:
    found = file(diff, path).model_dump(mode="json")

    assert {name: found[name] for name in expected} == expected


def test_every_file_is_there_once(diff: Diff) -> None:
    assert len(diff.files) == 20
    assert len({one.path for one in diff.files}) == 20


def test_a_submodule_says_where_it_went(diff: Diff) -> None:
    assert re.fullmatch("submodule, nothing to [0-9a-f]{12}", file(diff, "module").note)


def test_nothing_between_equal_commits(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "same")
    head = repo.commit({"a": "1"})

    assert read_diff(Repository(repo.folder), head, head).files == ()


def test_a_change_of_more_lines_than_anybody_reads_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = Repo(tmp_path / "big")
    base = repo.commit({"a": "1\n"})
    head = repo.commit({"a": "2\n" * 100})
    monkeypatch.setattr("crewdesk.code.diff.MOST_LINES", 100)

    with pytest.raises(ValueError, match="The change has 101 lines, more than the 100 that are read at once"):
        read_diff(Repository(repo.folder), base, head)


def test_lines_agree_with_git_whatever_was_edited(tmp_path: Path) -> None:
    """What is new and what is gone, taken out of head and base, leave the same text; what is shown is git's hunks."""
    rng = random.Random(20261126)
    ends = ["\n", "\r\n", "\x0c\n", "\r", "\u2028"]
    before = {f"{n}.txt": [rng.choice("abcde") + rng.choice(ends) for _ in range(rng.randrange(60))] for n in range(80)}
    after = {name: _edited(lines, rng) for name, lines in before.items()}
    repo = Repo(tmp_path / "random")
    base = repo.commit({name: "".join(lines) for name, lines in before.items()})
    head = repo.commit({name: "".join(lines) for name, lines in after.items()})
    repository = Repository(repo.folder)
    diff = read_diff(repository, base, head)

    assert len(diff.files) > 50
    for one in diff.files:
        old, new = _lines(before[one.path]), _lines(after[one.path])
        gone = {line.source_line_no for hunk in diff.patches[one.path] for line in hunk if line.is_removed}
        kept = [line for number, line in enumerate(new, start=1) if not one.touches(number, number)]
        assert [line for number, line in enumerate(old, start=1) if number not in gone] == kept
        assert (len(gone), sum(p.last - p.first + 1 for p in one.new)) == (one.removed, one.added)
        assert one.shown == tuple(_hunks(repo.git("diff", base, head, "--", one.path)))


def _edited(lines: list[str], rng: random.Random) -> list[str]:
    result = list(lines)
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(result) + 1)
        result[at : at + rng.randrange(4)] = [f"{rng.randrange(9)}\n" for _ in range(rng.randrange(4))]
    return result


def _lines(parts: list[str]) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", "".join(parts))


def _hunks(diff: str) -> list[Lines]:
    found = re.findall(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", diff, re.MULTILINE)
    pieces = ((int(first), int(count or 1)) for first, count in found)
    return [Lines(first=first, last=first + count - 1) for first, count in pieces if count]


def test_lines_that_follow_one_another_are_one_range() -> None:
    assert [(one.first, one.last) for one in runs_of([1, 2, 3, 7, 9, 10])] == [(1, 3), (7, 7), (9, 10)]
    assert list(runs_of([])) == []


def test_ranges_are_written_briefly_and_read_back() -> None:
    one = ChangedFile(path="a", status="modified", new=(Lines(first=1, last=3), Lines(first=7, last=7)))

    assert one.model_dump(mode="json")["new"] == "1-3 7"
    assert ChangedFile.model_validate(one.model_dump(mode="json")) == ChangedFile.model_validate_json(
        one.model_dump_json()
    )
    assert ChangedFile.model_validate(one.model_dump()) == one
    with pytest.raises(ValueError, match="lines are written as `3-7 12`"):
        ChangedFile(path="a", status="modified", new="1-3;7")  # type: ignore[arg-type]
    assert Change.model_fields["abridged"].default is False
