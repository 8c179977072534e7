"""Edits become patches that git takes, alone and several as one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewdesk.code.patches import Edit, applied, edit_patch, joined, lines_of, overlap

LINES = st.sampled_from(["-- a", "++ b", "c", "", "\\ d", "@@ -1 +1 @@", "x\x0cy"])


def patched(folder: Path, path: str, text: str, patch: str) -> str:
    """What git makes of a file by a patch."""
    (folder / path).write_bytes(text.encode())
    subprocess.run(["git", "apply"], cwd=folder, input=patch.encode(), check=True, capture_output=True)
    return (folder / path).read_bytes().decode()


@st.composite
def texts(draw: st.DrawFn) -> str:
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text = "".join(line + end for line in draw(st.lists(LINES, max_size=20)))
    return text.removesuffix(end) if draw(st.booleans()) else text


@st.composite
def edits(draw: st.DrawFn, path: str, count: int) -> Edit:
    first = draw(st.integers(1, count + 1))
    last = draw(st.integers(first - 1, min(count, first + 4)))
    return Edit(path, first, last, "".join(f"{line}\n" for line in draw(st.lists(LINES, max_size=3))))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), text=texts(), path=st.sampled_from(["a.txt", "b c.txt", 'q"u.txt', "ü.txt"]))
def test_git_makes_of_a_patch_what_the_edits_say(tmp_path: Path, data: st.DataObject, text: str, path: str) -> None:
    made = data.draw(st.lists(edits(path, len(lines_of(text))), min_size=1, max_size=4))
    pieces = [(edit, edit_patch(edit, text)) for edit in made]
    one, patch = pieces[0]

    assert (patched(tmp_path, path, text, patch) if patch else text) == applied(text, one)

    together = joined(pieces)
    if together.patch:
        patched(tmp_path, path, text, together.patch)  # git takes it, or this raises


def test_edits_of_several_files_are_one_patch_and_one_that_overlaps_is_left_out(tmp_path: Path) -> None:
    text = "".join(f"line {n}\n" for n in range(1, 21))
    far, near, over = Edit("a.txt", 2, 3, "two\n"), Edit("a.txt", 6, 5, "five and a half\n"), Edit("a.txt", 3, 4, "x\n")
    other = Edit("b.txt", 20, 20, "")

    together = joined((edit, edit_patch(edit, text)) for edit in (near, far, over, other))

    assert together.left_out == (over,)
    (tmp_path / "b.txt").write_text(text)
    after = patched(tmp_path, "a.txt", text, together.patch)
    assert after.splitlines()[:6] == ["line 1", "two", "line 4", "line 5", "five and a half", "line 6"]
    assert (tmp_path / "b.txt").read_text() == text.removesuffix("line 20\n")


def test_an_edit_whose_text_a_person_changed_is_spelled_anew_from_its_patch(tmp_path: Path) -> None:
    text = "a\nb\nc\nd\n"
    patch = edit_patch(Edit("a.txt", 2, 3, "B\nc\n"), text)

    together = joined([(Edit("a.txt", 2, 3, "mine"), patch)])

    assert patched(tmp_path, "a.txt", text, together.patch) == "a\nmine\nd\n"


def test_lines_that_a_patch_does_not_know_cannot_be_edited_by_it() -> None:
    text = "".join(f"{n}\n" for n in range(1, 30))
    moved = Edit("a.txt", 20, 20, "x\n")

    assert joined([(moved, edit_patch(Edit("a.txt", 2, 2, "x\n"), text))]).left_out == (moved,)


def test_an_edit_beyond_the_end_of_its_file_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a\.txt has 2 lines; there is no 2 to 3\."):
        edit_patch(Edit("a.txt", 2, 3, ""), "1\n2\n")


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [((3, 2), (3, 2), True), ((3, 2), (3, 4), True), ((3, 2), (2, 3), False), ((1, 2), (2, 3), False)],
)
def test_insertions_stand_beside_an_edit_but_not_within_it(
    one: tuple[int, int], other: tuple[int, int], *, both: bool
) -> None:
    first, second = Edit("a.txt", *one, "x\n"), Edit("a.txt", *other, "y\n")

    assert overlap(first, second) is overlap(second, first) is not both
    assert not overlap(first, Edit("b.txt", *other, "y\n"))
