"""Commits are laid out once, whoever asks, and old ones go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crewdesk.code.checkouts import Checkouts
from crewdesk.code.git import Repository
from support.repositories import Repo


@pytest.fixture(name="repo", scope="module")
def _repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    repo = Repo(tmp_path_factory.mktemp("checkouts") / "shop")
    for number in range(4):
        repo.commit({"a.txt": f"{number}\n", "sub/run.sh": "#!/bin/sh\n", "crlf.txt": "a\r\n"}, f"Number {number}")
    return repo


def commits(repo: Repo) -> list[str]:
    return repo.git("log", "--format=%H").split()


def test_a_commit_is_laid_out_byte_for_byte(repo: Repo, tmp_path: Path) -> None:
    folder = Checkouts(tmp_path).at(Repository(repo.folder), commits(repo)[1])

    assert {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()} == {
        "a.txt": b"2\n",
        "crlf.txt": b"a\r\n",
        "sub/run.sh": b"#!/bin/sh\n",
    }


def test_a_commit_is_laid_out_once(repo: Repo, tmp_path: Path) -> None:
    head = commits(repo)[0]
    folder = Checkouts(tmp_path).at(Repository(repo.folder), head)
    (folder / "mark").touch()

    assert Checkouts(tmp_path).at(Repository(repo.folder), head) == folder
    assert (folder / "mark").exists()


def test_the_folders_used_last_are_kept(repo: Repo, tmp_path: Path) -> None:
    repository, (newest, second, third, oldest) = Repository(repo.folder), commits(repo)
    checkouts = Checkouts(tmp_path, kept=2)
    for commit in (newest, second, newest, third, oldest, newest):
        checkouts.at(repository, commit)

    assert {path.name for path in (tmp_path / "commits").iterdir() if path.is_dir()} == {newest, oldest}


def test_what_was_never_finished_is_begun_anew_and_cleared_away(repo: Repo, tmp_path: Path) -> None:
    first, second = commits(repo)[:2]
    for commit in (first, second):
        (tmp_path / "commits" / f"{commit}.part").mkdir(parents=True)
        (tmp_path / "commits" / f"{commit}.part" / "half").touch()

    folder = Checkouts(tmp_path).at(Repository(repo.folder), first)

    assert not (folder / "half").exists()
    assert {path.name for path in (tmp_path / "commits").iterdir() if path.is_dir()} == {first}


def test_many_may_ask_at_once(repo: Repo, tmp_path: Path) -> None:
    repository = Repository(repo.folder)
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda commit: Checkouts(tmp_path).at(repository, commit), commits(repo) * 3))

    assert len(set(folders)) == 4
    assert all((folder / "sub/run.sh").is_file() for folder in folders)


def test_a_repository_that_is_too_large_says_so(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crewdesk.code.checkouts.MOST_FILES", 2)

    with pytest.raises(ValueError, match="shop has 3 files of 0 MB in all, more than is laid out for analysers"):
        Checkouts(tmp_path).at(Repository(repo.folder), commits(repo)[0])


def test_a_folder_that_cannot_be_written_is_told(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)

    with pytest.raises(ValueError, match=r"shop cannot be laid out in .*/commits: No space left on device\."):
        Checkouts(tmp_path).at(Repository(repo.folder), commits(repo)[0])
