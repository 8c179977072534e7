"""A change is read with what is around it, by the repository's own rules, and says what was not read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from crewdesk.code.git import Repository
from crewdesk.code.reading import read_pull
from crewdesk.domain.review.change import Change, Totals
from crewdesk.domain.review.pull import Pull
from support.repositories import Repo, changed

LOAD = "def load(path):\n    text = path.read_text()\n    return text\n"
FILES: Mapping[str, str] = {
    "shop/files.py": f"import json\n\n\n{LOAD}\n\ndef get(key):\n    return key\n\n\ndef unused():\n    return 1\n",
    "shop/orders.py": "from shop.files import load\n\n\ndef orders(folder):\n    return load(folder / 'orders')\n",
    "shop/words.py": "# load the words, do not load more\nload = 'load'\n",
    "shop/script.js": "load('x');\n",
    "tests/test_files.py": "from shop.files import load\n\n\ndef test_load(tmp_path):\n    assert load(tmp_path)\n",
    "AGENTS.md": "Be strict.\r\n",
    "shop/AGENTS.md": "Money is an integer.\n",
    "other/AGENTS.md": "Not about the shop.\n",
    "CONTRIBUTING.md": "Write tests.\n",
}


def read(repo: Repo, *, tokens: int = 16_000, base: str = "main", head: str = "feature") -> Change:
    pull = Pull(address="local:shop#feature", title="Load less", base=base, head=head, base_name=base, head_name=head)
    return read_pull(pull, Repository(repo.folder), tokens=tokens)


@pytest.fixture(name="repo", scope="module")
def _repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    after = {
        "shop/files.py": FILES["shop/files.py"].replace("path.read_text()", "path.read_text('utf-8')"),
        "logo.png": b"\0\1",
        "uv.lock": "version = 1\n",
        "vendor/a.c": "int a;\n",
    }
    return changed(tmp_path_factory.mktemp("reading") / "shop", FILES, after)


def test_what_calls_and_tests_a_changed_function_stands_around_it(repo: Repo) -> None:
    """Not where the name is only a word, a variable, or of another language."""
    found = [(one.path, one.about) for one in read(repo).around]

    assert found == [
        ("shop/orders.py", "calls load; nothing else does"),
        ("tests/test_files.py", "a test that calls load; nothing else does"),
    ]
    assert read(repo).around[0].text == "     4   def orders(folder):\n     5       return load(folder / 'orders')"


def test_the_function_around_a_hunk_is_whole(tmp_path: Path) -> None:
    body = "".join(f"    step_{number}()\n" for number in range(20))
    repo = changed(
        tmp_path / "shop",
        {"a.py": f"def first():\n{body}\n\ndef other():\n{body}"},
        {"a.py": f"def first():\n{body.replace('step_10()', 'step_ten()')}\n\ndef other():\n{body}"},
    )

    (one,) = read(repo).around

    assert (one.path, one.about) == ("a.py", "the whole of first")
    assert one.text.startswith("     1   def first():\n     2       step_0()")
    assert one.text.endswith("    21       step_19()")


def test_callers_of_a_function_that_is_gone_are_shown(tmp_path: Path) -> None:
    repo = changed(tmp_path / "shop", FILES, {"shop/files.py": FILES["shop/files.py"].replace(LOAD, "")})

    assert next((one.path, one.about) for one in read(repo).around) == (
        "shop/orders.py",
        "calls load; nothing else does",
    )


def test_rules_come_from_the_base_and_from_folders_of_changed_files(repo: Repo) -> None:
    assert [(one.path, one.text) for one in read(repo).guidance] == [
        ("AGENTS.md", "Be strict."),
        ("CONTRIBUTING.md", "Write tests."),
        ("shop/AGENTS.md", "Money is an integer."),
    ]


def test_long_rules_are_cut_and_that_is_said(tmp_path: Path) -> None:
    repo = changed(
        tmp_path / "shop",
        {"AGENTS.md": "Be strict. " * 500, "CLAUDE.md": "Be kind. " * 100, "a": "1"},
        {"a": "2"},
    )

    change = read(repo, tokens=2_000)

    assert [(len(one.text), one.about) for one in change.guidance] == [(701, "its first 700 characters of 5499")]
    assert change.not_read == ("Of the repository's own rules there was no room for: CLAUDE.md.",)


def test_what_is_not_read_is_counted(repo: Repo) -> None:
    assert read(repo).not_read == (
        "Counted, not read (versions pinned by a program): uv.lock; 1 line changed.",
        "Counted, not read (other people's code): vendor/a.c; 1 line changed.",
        "Not read, as it is binary or larger than 5 MB: logo.png.",
    )


def test_the_same_change_is_read_to_the_same_words(repo: Repo) -> None:
    assert read(repo).model_dump_json() == read(repo).model_dump_json()


def test_all_of_a_large_change_fits_the_budget_or_is_named(tmp_path: Path) -> None:
    before = {f"src/m{number}.py": "".join(f"a{line} = 1\n" for line in range(60)) for number in range(60)}
    after = {path: text.replace("= 1", "= 2") for path, text in before.items()}
    repo = changed(tmp_path / "shop", before, after)

    change = read(repo, tokens=4_000)

    assert len(change.model_dump_json()) < 4_000 * 3.5 * 1.5
    assert change.abridged
    assert 0 < len(change.files) < 60
    assert change.size == Totals(files=60, added=3_600, removed=3_600)
    assert change.not_read[0].startswith(f"Of 60 changed files {len(change.files)} are listed for a model")
    named = sum(": lines " in one for one in change.not_read)
    assert "=== src/m0.py" in change.diff
    assert f"Of {60 - named} more files with {60 * (60 - named)} new lines" in change.not_read[-1]


def test_histories_that_never_met_are_compared_as_they_are(repo: Repo, tmp_path: Path) -> None:
    clone = Repo(tmp_path / "shop")
    clone.git("fetch", "-q", str(repo.folder), "main:theirs")
    clone.commit({"a.py": "a = 1\n"})

    change = read(clone, base="theirs", head="main")

    assert change.base == clone.git("rev-parse", "theirs")
    assert change.not_read[0] == (
        "Where main left theirs is not known, as they share no history: the two were compared as they are, so what is"
        " new in either may look like a change."
    )


def test_a_merge_brings_in_only_what_the_base_has_not(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "shop")
    repo.commit({"a.py": "a\n"})
    repo.branch("feature")
    repo.commit({"b.py": "b\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"c.py": "c\n"})
    repo.git("checkout", "-q", "feature")
    repo.git("merge", "-q", "--no-edit", "main")

    assert [one.path for one in read(repo).files] == ["b.py"]


def test_only_commits_are_reviewed(tmp_path: Path) -> None:
    repo = changed(tmp_path / "shop", {"a": "1\n"}, {"a": "2\n"})
    (repo.folder / "a").write_text("3\n")

    assert read(repo).not_read == ("Only commits are reviewed: uncommitted changes in 1 file of shop were not read.",)
    with pytest.raises(
        ValueError, match=r"^There is nothing to review: feature changes no file against feature\. Only"
    ):
        read(repo, base="feature")


def test_a_branch_that_is_merged_has_nothing_to_review(tmp_path: Path) -> None:
    repo = changed(tmp_path / "shop", {"a": "1\n"}, {"a": "2\n"})

    with pytest.raises(ValueError, match=r"^There is nothing to review: feature already has all of main"):
        read(repo, base="feature", head="main")


def test_a_mode_a_link_and_an_empty_file_are_changes(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "shop")
    repo.commit({"run.sh": "#!/bin/sh\n"})
    repo.branch("feature")
    (repo.folder / "run.sh").chmod(0o755)
    (repo.folder / "link").symlink_to("/etc/passwd")
    repo.commit({"empty.py": ""})

    change = read(repo)

    assert change.diff.splitlines() == [
        "=== empty.py · added · python · 0 new, 0 gone",
        "=== run.sh · modified · shell · now executable · 0 new, 0 gone",
        "=== link · added · a symbolic link · 1 new, 0 gone",
        "@@",
        "     1 + /etc/passwd",
    ]


def test_text_that_is_no_utf_8_is_read_all_the_same(tmp_path: Path) -> None:
    repo = changed(tmp_path / "shop", {"a.py": b"# \xe9t\xe9\nx = 1\n"}, {"a.py": b"# \xe9t\xe9\nx = '\xfc'\n"})

    assert "     1   # \ufffdt\ufffd\n       - x = 1\n     2 + x = '\ufffd'" in read(repo).diff
