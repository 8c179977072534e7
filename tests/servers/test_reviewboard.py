"""A review of a request on a real Review Board is read, pruned, posted once, and goes on with the next diff."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from reviewboard_process import ReviewBoard, install

from crewdesk.connectors.files import Disk
from crewdesk.connectors.forge.forge import ForgeConnector
from crewdesk.connectors.forge.reviewboard import ReviewBoardPlace
from crewdesk.connectors.settings import ReviewBoardSettings
from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.review.findings import Finding, Posted
from crewdesk.domain.review.review import ReviewBody
from crewdesk.errors import DeliveryFailed, DeliveryOutdated
from crewdesk.facade import Desk
from support.homes import lay_out_small
from support.repositories import Repo

SHOP = "def total(orders):\n    return sum(orders)\n" + "".join(f"\n\ndef f{n}():\n    pass\n" for n in range(20))
WRONG = SHOP.replace("def total(orders):", "import os\n\n\ndef total(orders, seen=[]):\n    seen.extend(orders)")
WRONG_TOKEN = "rbp_wrong"  # noqa: S105 - no token
BETTER = WRONG.replace("import os\n\n\n", "")


@pytest.fixture(name="board", scope="module")
def _board(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewBoard]:
    """Return a running Review Board that keeps what earlier tests told it."""
    assert request.config.cache is not None
    server = ReviewBoard(install(request.config.cache.mkdir("reviewboard")), tmp_path_factory.mktemp("reviewboard"))
    yield server
    server.stop()


class Shop:
    """A repository that Review Board knows, and one request to change it."""

    def __init__(self, board: ReviewBoard, folder: Path) -> None:
        self.board = board
        self.repo = Repo(folder / "shop")
        self.base = self.repo.commit({"shop.py": SHOP, "README.md": "# Shop\n"}, "Before")
        self.repo.branch("feature")
        name = folder.name
        self.number = board.request(board.repository(name, self.repo.folder / ".git"), "Sum orders up")
        self.url = f"{board.url}/r/{self.number}/"

    def push(self, text: str) -> None:
        self.repo.commit({"shop.py": text})
        command = ["git", "-C", self.repo.folder, "diff", "--full-index", self.base, "HEAD"]
        diff = subprocess.run(command, check=True, capture_output=True, text=True)
        self.board.push(self.number, diff.stdout, self.base)


@pytest.fixture(name="shop")
def _shop(board: ReviewBoard, tmp_path: Path) -> Shop:
    shop = Shop(board, tmp_path)
    shop.push(WRONG)
    return shop


def place(
    shop: Shop, folder: Path, *, token: str | None = None, transport: httpx.BaseTransport | None = None
) -> ForgeConnector:
    settings = ReviewBoardSettings(url=shop.board.url, token_env="TOKEN")  # noqa: S106 - a name
    given = {"TOKEN": shop.board.token if token is None else token}
    there = ReviewBoardPlace("forge", settings, folder=folder, key=given.get, disk=Disk(), transport=transport)
    return ForgeConnector("forge", [there])


def found(**more: Any) -> Finding:
    given: dict[str, Any] = {
        "path": "shop.py",
        "line": 4,
        "end_line": 5,
        "severity": "major",
        "kind": "bug",
        "title": "The list is kept",
        "fingerprint": "one",
        **more,
    }
    return Finding.model_validate(given)


def review(shop: Shop, *findings: Finding, diff: int = 1, **more: Any) -> ReviewBody:
    given: dict[str, Any] = {
        "title": "Sum orders up",
        "summary": "Adds a list.",
        "target": shop.url,
        "name": "shop",
        "base": shop.base,
        "head": "1" * 40,
        "head_name": f"diff {diff}",
        **more,
    }
    return ReviewBody.model_validate({**given, "findings": list(findings)})


def delivery(said: ReviewBody, *, key: str = "R001:review:forge", known: str = "") -> Delivery:
    body: JsonObject = said.model_dump(mode="json")
    return Delivery(key, "Review", digest(body), body, known=known)


class Losing(httpx.BaseTransport):
    """A way to the server that loses the answer to one request that writes."""

    def __init__(self, at: int) -> None:
        self._real = httpx.HTTPTransport()
        self._left = at

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._left -= request.method != "GET"
        answer = self._real.handle_request(request)
        if self._left == 0 and request.method != "GET":
            answer.read()
            raise httpx.ReadTimeout("lost", request=request)
        return answer

    def close(self) -> None:
        """Stay open for the next client."""


def test_a_request_is_reviewed_posted_once_and_its_next_diff_repeats_nothing(shop: Shop, tmp_path: Path) -> None:
    home = lay_out_small(tmp_path / "home")
    connectors = home / "config" / "connectors.yaml"
    connectors.write_text(connectors.read_text() + f"      reviewboard:\n        url: {shop.board.url}\n")
    (home / ".env").write_text(f"REVIEWBOARD_TOKEN={shop.board.token}\n")
    desk = Desk(home)

    first = desk.start("review", pull_request=shop.url)
    assert first.status == "waiting", first.error
    findings = body_of(desk, first.id)["findings"]
    assert [one["inline"] for one in findings] == [True] * len(findings)
    titles = {one["title"] for one in findings}
    first.gates[0].approve(by="dev")
    assert desk.resume(first.id).status == "done", desk.run(first.id).error

    (posted,) = shop.board.reviews(shop.number)
    said = "\n".join(one["text"] for one in posted["at_lines"])
    assert len(posted["at_lines"]) == len(titles) >= 2
    assert all(one["issue_status"] == "open" for one in posted["at_lines"])
    assert "mutable" in said.lower()

    shop.push(BETTER)
    second = desk.start("review", pull_request=shop.url)
    assert second.status == "waiting", second.error
    again = body_of(desk, second.id)
    assert all(one["known"] for one in again["findings"])
    assert again["resolved"]
    second.gates[0].approve(by="dev")
    assert desk.resume(second.id).status == "done", desk.run(second.id).error

    old, new = shop.board.reviews(shop.number)
    assert (new["at_lines"], new["beside"]) == ([], [])
    closed = [one for one in old["at_lines"] if one["issue_status"] == "resolved"]
    assert len(closed) == len(again["resolved"])
    assert 0 < len(closed) < len(old["at_lines"])


def body_of(desk: Desk, run: str) -> Any:
    return next(one for one in desk.run(run).dossier().artifacts if one.task == "review").body


def test_comments_stand_at_their_lines_and_elsewhere_where_the_diff_has_none(shop: Shop, tmp_path: Path) -> None:
    said = review(
        shop,
        found(explanation="It **lives** <b>on</b> [x](http://evil.example)."),
        found(path="README.md", line=1, end_line=1, inline=False, title="The page is old", fingerprint="two"),
        found(line=99999, end_line=99999, title="Nowhere", fingerprint="three"),
    )

    place(shop, tmp_path).deliver(delivery(said))

    (posted,) = shop.board.reviews(shop.number)
    (at_lines,) = posted["at_lines"]
    rows = shop.repo.git("show", "feature:shop.py").splitlines()
    assert rows[3].startswith("def total")
    assert at_lines["num_lines"] == 2
    html = shop.board.get(f"/review-requests/{shop.number}/reviews/{posted['id']}/diff-comments/?force-text-type=html")
    assert "<b>on" not in html["diff_comments"][0]["text"]
    assert "<a " not in html["diff_comments"][0]["text"]
    assert [one["text"].split("\n")[0] for one in posted["beside"]] == [
        "**major: The page is old**",
        "**major: Nowhere**",
    ]
    assert posted["body_top_text_type"] == "markdown"


def test_an_answer_that_is_lost_at_any_step_ends_in_one_review(shop: Shop, tmp_path: Path) -> None:
    hints, at = set[str](), 0
    for at in range(1, 10):
        said = review(shop, found(fingerprint=f"a{at}"), found(inline=False, fingerprint=f"b{at}"))
        sent = delivery(said, key=f"R{at}:review:forge")
        try:
            place(shop, tmp_path, transport=Losing(at)).deliver(sent)
            break
        except DeliveryFailed as failed:
            hints.add(failed.hint)
        place(shop, tmp_path).deliver(sent)

    reviews = shop.board.reviews(shop.number)
    assert at == 5  # the draft, two comments and publishing; then nothing is left to lose
    assert all("nothing is posted twice" in hint for hint in hints)
    assert len(reviews) == at
    assert all((len(one["at_lines"]), len(one["beside"])) == (1, 1) for one in reviews)


def test_a_newer_diff_asks_again_and_what_is_approved_then_says_so(shop: Shop, tmp_path: Path) -> None:
    shop.push(BETTER)
    said = review(shop, found())

    with pytest.raises(DeliveryOutdated, match="is at diff 2 now; what was reviewed is diff 1") as outdated:
        place(shop, tmp_path).deliver(delivery(said))
    assert shop.board.reviews(shop.number) == []

    place(shop, tmp_path).deliver(delivery(said, known=outdated.value.now))
    (posted,) = shop.board.reviews(shop.number)
    assert "By now there is diff 2; nobody has read that." in posted["body_top"]
    assert len(posted["at_lines"]) == 1


def test_only_our_own_open_findings_are_known_again(shop: Shop, tmp_path: Path) -> None:
    theirs = shop.board.add_user(f"bo{shop.number}")
    place(shop, tmp_path, token=theirs).deliver(delivery(review(shop, found(fingerprint="theirs")), key="other"))
    place(shop, tmp_path).deliver(delivery(review(shop, found(by="ruff"), found(line=8, end_line=8, fingerprint="b"))))

    known = place(shop, tmp_path).posted(shop.url)
    assert {one.fingerprint for one in known} == {"one", "b"}
    assert Posted(fingerprint="one", title="The list is kept", path="shop.py", kind="bug", by="ruff") in known

    mended = review(shop, found(), resolved=[Posted(fingerprint="b"), Posted(fingerprint="theirs")])
    place(shop, tmp_path).deliver(delivery(mended, key="next"))
    assert {one.fingerprint for one in place(shop, tmp_path).posted(shop.url)} == {"one"}
    assert {one.fingerprint for one in place(shop, tmp_path, token=theirs).posted(shop.url)} == {"theirs"}


def test_a_draft_that_a_person_began_is_not_published_with_ours(shop: Shop, tmp_path: Path) -> None:
    headers = {"Authorization": f"token {shop.board.token}"}
    mine = httpx.post(
        f"{shop.board.url}/api/review-requests/{shop.number}/reviews/", data={"body_top": "Mine"}, headers=headers
    )
    assert mine.is_success

    with pytest.raises(DeliveryFailed, match=r"has begun a review of .* by hand"):
        place(shop, tmp_path).deliver(delivery(review(shop, found())))

    assert shop.board.reviews(shop.number) == []


def test_a_wrong_token_is_told_by_the_name_of_its_variable(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(DeliveryFailed, match="does not take our token") as told:
        place(shop, tmp_path, token=WRONG_TOKEN).deliver(delivery(review(shop)))

    assert "TOKEN" in told.value.hint
    assert WRONG_TOKEN not in str(told.value)


def test_what_is_not_there_is_told_in_a_sentence(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Review Board has nothing there"):
        place(shop, tmp_path).pull(f"{shop.board.url}/r/99999/")
    empty = Shop(shop.board, tmp_path / "other")
    with pytest.raises(ValueError, match="has no diff that is published"):
        place(shop, tmp_path).pull(empty.url)
