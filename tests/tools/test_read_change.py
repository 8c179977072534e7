"""The change that the inputs ask for is read, or a sentence says why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from review_samples import SmallForge, reading

from crewdesk.domain.review.findings import Posted
from crewdesk.domain.review.pull import Pull
from support.repositories import Repo, changed


@pytest.fixture(name="repo", scope="module")
def _repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository with main, feature with one commit, and many with three."""
    repo = changed(tmp_path_factory.mktemp("change") / "shop", {"src/a.py": "a = 1\n"}, {"src/a.py": "a = 2\n"})
    repo.git("commit", "-q", "--amend", "-m", "Two, not one\n\nBecause two is more.")
    repo.branch("many")
    repo.commit({"src/b.py": "b\n"}, "Add b")
    repo.commit({"src/c.py": "c\n"}, "Add c")
    return repo


def change(root: Path, forge: SmallForge, **inputs: str) -> dict[str, Any]:
    answer: Any = reading(root, forge, **inputs).run()
    return answer["change"]


def test_one_commit_speaks_for_its_change(repo: Repo, tmp_path: Path) -> None:
    forge = SmallForge(posted=[Posted(fingerprint="f", title="Old")])

    found = change(tmp_path, forge, repo=str(repo.folder), base="main", head="feature")

    assert (found["title"], found["description"]) == ("Two, not one", "Because two is more.")
    assert (found["base_name"], found["head_name"], found["name"]) == ("main", "feature", "shop")
    assert (found["base"], found["head"]) == (repo.git("rev-parse", "main"), repo.git("rev-parse", "feature"))
    assert found["target"] == f"local:{repo.folder.resolve()}#feature"
    assert [one["path"] for one in found["files"]] == ["src/a.py"]
    assert forge.asked == [found["target"]]
    assert [(one["fingerprint"], one["title"]) for one in found["earlier"]] == [("f", "Old")]


def test_several_commits_are_listed(repo: Repo, tmp_path: Path) -> None:
    found = change(tmp_path, SmallForge(), repo=str(repo.folder), base="main", head="many")

    assert found["title"] == "many against main"
    assert found["description"] == "- Two, not one\n- Add b\n- Add c"


def test_commits_that_are_named_in_full_are_called_by_their_first_digits(repo: Repo, tmp_path: Path) -> None:
    base, head = repo.git("rev-parse", "main").strip(), repo.git("rev-parse", "many").strip()

    found = change(tmp_path, SmallForge(), repo=str(repo.folder), base=base, head=head)

    assert (found["title"], found["base_name"]) == (f"{head[:12]} against {base[:12]}", base[:12])
    assert (found["head_name"], found["head"]) == (head[:12], head)


def test_what_is_left_out_is_the_branch_that_is_checked_out_against_main(repo: Repo, tmp_path: Path) -> None:
    found = change(tmp_path, SmallForge(), repo=str(repo.folder / "src"), base="", head="HEAD")

    assert (found["base_name"], found["head_name"]) == ("main", "many")
    assert found["target"] == f"local:{repo.folder.resolve()}#many"


def test_a_pull_request_is_read_from_where_its_forge_brought_it(repo: Repo, tmp_path: Path) -> None:
    pull = Pull(
        address="https://forge.example/pull/1", title="Two", base="main", head="feature", head_name="ada:feature"
    )

    found = change(tmp_path, SmallForge(pull, repo.folder), pull_request=" https://forge.example/pull/1 ")

    assert (found["target"], found["head_name"]) == ("https://forge.example/pull/1", "ada:feature")
    assert found["head"] == repo.git("rev-parse", "feature")


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"repo": "/nowhere"}, r"^There is no folder /nowhere\.$"),
        ({"head": "feature2"}, r"^shop has no commit 'feature2'\. Did you mean 'feature'\?$"),
        ({"base": "-x"}, r"^shop has no commit '-x'\."),
        ({"base": "feature", "head": "main"}, "^There is nothing to review: feature already has all of main"),
        ({"pull_request": "https://forge.example/pull/2"}, "^There is no pull request"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(repo: Repo, tmp_path: Path, inputs: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        change(tmp_path, SmallForge(), **{"repo": str(repo.folder), **inputs})
