"""A repository is found and read whatever state it is in, and says in a sentence what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from crewdesk.code.git import Repository, named
from support.repositories import Repo, changed


@pytest.fixture(name="repo", scope="module")
def _repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository with main and feature; only to be read."""
    folder = tmp_path_factory.mktemp("git") / "shop"
    return changed(folder, {"src/a.py": "a = 1\n"}, {"src/a.py": "a = 2\n"})


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"There is no folder .*/nowhere\.$"):
        Repository(tmp_path / "nowhere")


def test_a_folder_that_is_no_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"^{tmp_path} is not a git repository; name the folder of one with --repo.$"):
        Repository(tmp_path)


def test_a_folder_whose_repository_is_gone_is_no_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere/at/all\n")

    with pytest.raises(ValueError, match="is not a git repository"):
        Repository(tmp_path)


def test_an_unknown_ref_is_answered_with_the_nearest(repo: Repo) -> None:
    with pytest.raises(ValueError, match=r"^shop has no commit 'feature2'\. Did you mean 'feature'\?$"):
        Repository(repo.folder).commit("feature2")


@pytest.mark.parametrize("ref", ["--output=x", "-h", "^main", "main..feature", "", "a\0b", "main:src", "x" * 5000])
def test_what_is_no_name_of_a_commit_is_refused(repo: Repo, ref: str) -> None:
    with pytest.raises(ValueError, match=r"^shop has no commit '"):
        Repository(repo.folder).commit(ref)


def test_a_repository_without_commits_says_so(tmp_path: Path) -> None:
    repository = Repository(Repo(tmp_path / "new").folder)

    for ask in (lambda: repository.commit("HEAD"), lambda: repository.commit("main"), repository.default_branch):
        with pytest.raises(ValueError, match=r"^new has no commits yet; there is nothing to review\.$"):
            ask()


def test_a_repository_without_main_asks_for_the_base(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "old")
    repo.git("checkout", "-q", "-b", "trunk")
    repo.commit({"a": "1"})

    with pytest.raises(
        ValueError, match=r"^old has no branch main or master to compare with; name the base with --base"
    ):
        Repository(repo.folder).default_branch()


def test_a_folder_within_a_repository_stands_for_the_whole(repo: Repo) -> None:
    repository = Repository(repo.folder / "src")

    assert repository.folder == repo.folder.resolve()
    assert [one.path for one in repository.files("feature")] == ["src/a.py"]


def test_a_bare_repository_and_a_worktree_are_repositories(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "shop.git"))
    repo.git("worktree", "add", "-q", str(tmp_path / "desk"), "main")
    bare, worktree = Repository(tmp_path / "shop.git"), Repository(tmp_path / "desk")

    assert (bare.name, bare.checked_out, bare.uncommitted()) == ("shop", None, 0)
    assert bare.commit("feature") == worktree.commit("feature")
    assert worktree.checked_out == worktree.commit("main")
    assert worktree.folder == (tmp_path / "desk").resolve()


def test_uncommitted_files_are_counted(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "shop")
    repo.commit({"a": "1", "b": "1", ".gitignore": "*.log"})
    for name in ("a", "new", "some.log"):
        (repo.folder / name).write_text("changed")

    assert Repository(repo.folder).uncommitted() == 2


def test_a_shallow_clone_does_not_know_where_branches_parted(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{repo.folder}", str(tmp_path / "shallow"))
    repository = Repository(tmp_path / "shallow")

    assert repository.is_shallow
    assert repository.merge_base(repository.commit("origin/main"), repository.commit("origin/feature")) is None
    with pytest.raises(ValueError, match=r"This clone is shallow; fetch more\.$"):
        repository.commit("0" * 40)


def test_messages_are_read_whatever_stands_in_them(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "shop")
    first = repo.commit({"a": "1"}, "One")
    last = repo.commit({"a": "2"}, "Two \x01 \x02\n\nWith a body\x01.\n\n$(touch x)")

    (commit,) = Repository(repo.folder).commits(first, last)

    assert (commit.title, commit.body.strip()) == ("Two \x01 \x02", "With a body\x01.\n\n$(touch x)")


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("src/größe.py".encode(), "src/größe.py"),
        (b"\xe9t\xe9.py", "\\xe9t\\xe9.py"),
        (b"two\nlines\t.py", "two\\nlines\\t.py"),
        ("evil\u202eyp.exe".encode(), "evil\\u202eyp.exe"),
        (b"\x1b[31mred", "\\u001b[31mred"),
    ],
)
def test_a_name_is_spelled_so_that_it_can_be_seen(name: bytes, spelled: str) -> None:
    assert named(name) == spelled


def test_a_file_is_read_by_the_name_it_is_listed_with(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "shop")
    (repo.folder / "two\nlines.txt").write_text("x")
    head = repo.commit({"plain.txt": "y"})
    repository = Repository(repo.folder)

    assert {one.path: repository.read(head, one.path) for one in repository.files(head)} == {
        "plain.txt": b"y",
        "two\\nlines.txt": b"x",
    }
    assert repository.read(head, "no.txt") is repository.read(head, "no\\n.txt") is repository.read(head, "a\0") is None


def test_an_object_that_is_missing_is_told(repo: Repo) -> None:
    with pytest.raises(ValueError, match="shop lacks the object 000000000000; fetch the whole repository"):
        list(Repository(repo.folder).blobs(["0" * 40]))
