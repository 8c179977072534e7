"""A review of a local branch is a page to read, patches that git takes, and what the next review knows again."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from connector_samples import Page
from markdown_it import MarkdownIt
from reviews_to_post import finding, review, review_delivery

from crewdesk.code.patches import Edit, edit_patch
from crewdesk.connectors.files import Disk
from crewdesk.connectors.forge.local import LocalPlace
from crewdesk.connectors.forge.markdown import outcome, review_markdown
from crewdesk.domain.review.findings import Posted
from crewdesk.domain.review.proposals import Proposal
from crewdesk.domain.review.review import ReviewBody
from crewdesk.domain.review.trials import Trial
from crewdesk.errors import DeliveryFailed
from support.repositories import Repo, changed

SHOP = "def total(orders):\n    return sum(orders[:-1])\n\n\ndef count(orders):\n    return len(orders) - 1\n"
README = "# Shop\n\nIt adds.\n"
BLANK = " "
"""An empty line in a diff."""
TEST = "from shop import total\n\n\ndef test_total():\n    assert total([1]) == 1\n"
HOSTILE = (
    "```\n# Owned\n<script>alert(1)</script> <img src=x onerror=alert(1)> [click](http://evil.example) "
    "![pixel](http://evil.example/p.png) \x1b[2J\u202e\u200b `a` ``b` <http://evil.example>\n---\n| a |\n|---|\n"
)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Return a repository with one change; only to be read."""
    return changed(tmp_path_factory.mktemp("shop") / "shop", {"README.md": README}, {"shop.py": SHOP})


class Hours:
    """A clock that goes on by an hour each time it is looked at."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 22, tzinfo=UTC)

    def __call__(self) -> datetime:
        self._now += timedelta(hours=1)
        return self._now


def place(folder: Path, *, git_note: bool = False) -> LocalPlace:
    return LocalPlace("forge", folder=folder, git_note=git_note, clock=Hours(), disk=Disk())


def of(repo: Repo, **more: Any) -> ReviewBody:
    """A review of the repository's change."""
    target = f"local:{repo.folder}#feature"
    return review(target=target, head=repo.git("rev-parse", "feature"), base=repo.git("rev-parse", "main"), **more)


def suggested(line: int, text: str, **more: Any) -> Any:
    edit = Edit("shop.py", line, line, text)
    return finding(line=line, suggestion=text, patch=edit_patch(edit, SHOP), **more)


def written(folder: Path, said: ReviewBody) -> Path:
    """Deliver a review and return the folder it is in."""
    receipt = place(folder).deliver(review_delivery(said), said)
    return Path(receipt.location.removeprefix("file://")).parent


def applied(repo: Repo, patch: Path, to: Path) -> Path:
    """Apply a patch to a clone and return its folder."""
    subprocess.run(["git", "clone", "-q", "-b", "feature", repo.folder, to], check=True, capture_output=True)
    subprocess.run(["git", "apply", "--index", patch], cwd=to, check=True, capture_output=True)
    return to


def test_one_patch_makes_every_edit_that_does_not_overlap(repo: Repo, tmp_path: Path) -> None:
    edit = Edit("README.md", 3, 3, "It adds, and counts.\n")
    said = of(
        repo,
        findings=[suggested(2, "    return sum(orders)\n"), suggested(2, "    return 0\n"), suggested(6, "    pass\n")],
        documentation=[
            Proposal(
                path="README.md",
                line=3,
                end_line=3,
                title="Counting",
                replacement="It adds, and counts.\n",
                patch=edit_patch(edit, README),
            )
        ],
    )

    folder = written(tmp_path / "reviews", said)
    after = applied(repo, folder / "suggestions.patch", tmp_path / "clone")

    assert (after / "shop.py").read_text() == SHOP.replace("orders[:-1]", "orders").replace(
        "return len(orders) - 1", "pass"
    )
    assert (after / "README.md").read_text() == README.replace("adds.", "adds, and counts.")
    assert "leaves 1 out" in (folder / "review.md").read_text()


def test_drafted_tests_are_a_patch_that_adds_them_beside_those_that_are_there(repo: Repo, tmp_path: Path) -> None:
    trials = [Trial(path=path, code=TEST, base="error", head="failed") for path in ("tests/test_a.py", "b c.py")]
    trials.append(Trial(path="README.md", code="-", base="passed", head="failed", origin="existing"))
    trials.append(Trial(path="old.py", code="-", base="passed", head="failed", origin="characterisation"))

    folder = written(tmp_path / "reviews", of(repo, tests=trials))
    after = applied(repo, folder / "tests.patch", tmp_path / "clone")

    assert (after / "tests" / "test_a.py").read_text() == TEST
    assert (after / "b c.py").read_text() == TEST
    assert (after / "README.md").read_text() == README
    assert not (after / "old.py").exists()


def test_a_test_that_would_lie_outside_of_the_repository_is_refused_by_git(repo: Repo, tmp_path: Path) -> None:
    trial = Trial(path="../../out.py", code=TEST, base="error", head="passed")

    folder = written(tmp_path / "reviews", of(repo, tests=[trial]))

    with pytest.raises(subprocess.CalledProcessError):
        applied(repo, folder / "tests.patch", tmp_path / "clone")
    assert not list(tmp_path.rglob("out.py"))


def test_where_nothing_is_suggested_there_is_no_patch(repo: Repo, tmp_path: Path) -> None:
    folder = written(tmp_path, of(repo, findings=[finding()]))

    assert sorted(path.name for path in folder.iterdir()) == ["review.json", "review.md", "review.sarif"]


def test_the_page_tells_the_gravest_first_with_code_suggestion_tests_and_what_was_not_read(repo: Repo) -> None:
    head, base = (repo.git("rev-parse", name)[:12] for name in ("feature", "main"))
    page = review_markdown(
        of(
            repo,
            findings=[
                suggested(
                    2,
                    "    return sum(orders)\n",
                    severity="critical",
                    explanation="A day's last order is not paid for.",
                    evidence="test_total fails",
                    confidence=0.9,
                    by="code analyst",
                    code="1  def total(orders):\n2      return sum(orders[:-1])",
                ),
                finding(severity="note", title="`count` is never called", inline=False, known=True),
            ],
            tests=[
                Trial(
                    path="t.py",
                    code=TEST,
                    about="All orders are added.",
                    base="error",
                    head="failed",
                    reverted="error",
                    covered=1,
                    coverable=2,
                    output="assert 0 == 1",
                )
            ],
            resolved=[Posted(fingerprint="x", title="A secret in the code")],
            not_read=["big.json was too large."],
        )
    )

    assert page == (
        f"""\
# A shop

shop, `{head}` (`feature`) against `{base}`.

Orders are kept.

2 findings: 1 critical, 1 note. 1 test ran for it, 1 fails.

## Must not ship

### 1. The last order is lost

`shop.py`, line 2 · bug · 90% sure · by code analyst

A day's last order is not paid for.

Evidence: test_total fails

```python
1  def total(orders):
2      return sum(orders[:-1])
```

Suggestion:

```diff
@@ -1,5 +1,5 @@
 def total(orders):
-    return sum(orders[:-1])
+    return sum(orders)
{BLANK}
{BLANK}
 def count(orders):
```

## Notes

### 2. `count` is never called

`shop.py`, line 2 · bug · 50% sure · not in the diff · told before, still open

## Tests that ran

### `t.py`

All orders are added.

before the change: error · after: failed · with the change taken back: error · runs 1 of 2 new lines

```
assert 0 == 1
```

## Mended since the last review

- A secret in the code

## Not read

- big.json was too large.

## Taking it over

`git apply suggestions.patch` makes all these edits in `{head}`. `git apply tests.patch` adds the tests.
"""
    )


def test_a_test_whose_failing_may_be_meant_says_so() -> None:
    trial = Trial(path="t.py", code=TEST, base="passed", head="failed", meant=True)

    assert outcome(trial).endswith("after: failed · maybe meant: the change touches tests that speak of it")


def test_whatever_a_review_quotes_the_page_holds_no_markup_of_it(repo: Repo) -> None:
    page = review_markdown(
        of(
            repo,
            title=HOSTILE[:150],
            summary=HOSTILE,
            name=HOSTILE,
            findings=[
                finding(
                    path=HOSTILE,
                    title=HOSTILE[:120],
                    explanation=HOSTILE,
                    evidence=evidence,
                    code=HOSTILE,
                    suggestion=HOSTILE,
                    by=HOSTILE,
                )
                for evidence in (HOSTILE, "<b>one line</b>")
            ],
            tests=[Trial(path=HOSTILE, code=HOSTILE, about=HOSTILE, base="error", head="failed", output=HOSTILE)],
            documentation=[
                Proposal(path="a", line=1, end_line=1, title="x", reason=HOSTILE, replacement="", patch=HOSTILE)
            ],
            resolved=[Posted(fingerprint="x", title=HOSTILE)],
            not_read=[HOSTILE],
        )
    )

    html = Page(MarkdownIt("commonmark", {"html": True}).enable("table").render(page))
    tags = {tag for tag, _ in html.elements}
    assert tags <= {"h1", "h2", "h3", "p", "code", "pre", "ul", "li", "em", "strong"}
    assert len(html.all("h1")) == 1
    assert not html.addresses()
    assert not set("\x1b\u202e\u200b") & set(page)
    assert "\nalert" not in page


def test_the_next_review_of_the_branch_knows_what_the_last_one_said(repo: Repo, tmp_path: Path) -> None:
    here = place(tmp_path)
    first = of(repo, findings=[finding(fingerprint="a", by="ruff"), finding(fingerprint="b")])
    second = of(repo, findings=[finding(fingerprint="b"), finding(fingerprint="c")])

    assert here.posted(first.target) == []
    here.deliver(review_delivery(first, key="1:review:forge"), first)
    assert [one.fingerprint for one in here.posted(first.target)] == ["a", "b"]
    assert here.posted(first.target)[0].by == "ruff"
    here.deliver(review_delivery(second, key="2:review:forge"), second)
    assert [one.fingerprint for one in here.posted(first.target)] == ["b", "c"]


def test_branches_whose_folders_have_one_name_are_told_apart(repo: Repo, tmp_path: Path) -> None:
    here = place(tmp_path)
    one = of(repo, findings=[finding()]).model_copy(update={"target": "local:/src/shop#feature/x"})
    here.deliver(review_delivery(one), one)

    assert here.posted("local:/src/shop#feature-x") == []
    assert here.posted("local:/other/shop#feature/x") == []
    assert len(here.posted("local:/src/shop#feature/x")) == 1


@pytest.mark.parametrize("target", ["local:/src/shop#../../..", "local:/..#..", "local:/src/日本#日本", "local:#"])
def test_no_name_of_a_branch_leads_out_of_the_folder(tmp_path: Path, target: str) -> None:
    said = review(target=target)

    receipt = place(tmp_path / "reviews").deliver(review_delivery(said), said)

    page = Path(receipt.location.removeprefix("file://"))
    assert page.resolve().is_relative_to(tmp_path / "reviews")
    assert place(tmp_path / "reviews").find(review_delivery(said), said) == receipt


def test_a_record_that_was_changed_afterwards_stops_the_next_review_with_a_sentence(tmp_path: Path) -> None:
    said = review(findings=[finding()])
    record = written(tmp_path, said) / "review.json"
    record.write_text(record.read_text().replace("shop", "shed"))

    with pytest.raises(ValueError, match="was changed after it was delivered"):
        place(tmp_path).posted(said.target)


def test_with_the_setting_the_review_is_a_note_on_its_commit_too_the_newest_in_place_of_the_last(
    tmp_path: Path,
) -> None:
    repo = changed(tmp_path / "shop", {"a.py": ""}, {"a.py": "x = 1\n"})
    here = place(tmp_path / "reviews", git_note=True)
    for key in ("1:review:forge", "2:review:forge"):
        said = of(repo, summary=f"Said by {key}.")
        here.deliver(review_delivery(said, key=key), said)

    note = repo.git("notes", "--ref=crewdesk", "show", "feature")

    assert "Said by 2:review:forge." in note
    assert "Said by 1" not in note


def test_a_note_that_cannot_be_left_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    said = review(target=f"local:{tmp_path / 'gone'}#feature")

    with pytest.raises(DeliveryFailed, match="could not be left as a git note: There is no folder"):
        place(tmp_path / "reviews", git_note=True).deliver(review_delivery(said), said)

    assert not list((tmp_path / "reviews").rglob("review*"))


def test_patches_are_spoken_of_only_where_they_stand_beside_the_page() -> None:
    told = review(tests=[Trial(path="test_shop.py", code=TEST, base="failed", head="passed")])

    assert "`git apply tests.patch`" in review_markdown(told)
    assert "git apply" not in review_markdown(told, patches=False)
