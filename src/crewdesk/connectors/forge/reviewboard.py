"""Review requests on a Review Board: their code is that of the git repository that they name, with their diff on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from crewdesk.code.git import Repository
from crewdesk.code.patched import commit_patch
from crewdesk.connectors.deliveries import told_plainly
from crewdesk.connectors.files import Disk
from crewdesk.connectors.forge.answers import part_of
from crewdesk.connectors.forge.fetching import fetch_commits
from crewdesk.connectors.forge.place import told_as_values
from crewdesk.connectors.forge.reviewboard_api import PATCH, ReviewBoardApi
from crewdesk.connectors.forge.reviewboard_post import Posting, RequestPage
from crewdesk.connectors.settings import ReviewBoardSettings
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.review.findings import Posted
from crewdesk.domain.review.pull import Pull
from crewdesk.domain.review.review import ReviewBody
from crewdesk.errors import DeliveryFailed, DeliveryRefused

if TYPE_CHECKING:
    import httpx

STATES: dict[str, Literal["open", "closed", "merged"]] = {
    "pending": "open",
    "discarded": "closed",
    "submitted": "merged",
}
_REQUEST = re.compile(r"/r/(\d{1,9})(?:[/?#].*)?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_DIFF = re.compile(r"diff (\d{1,6})", re.ASCII)
"""How a review names the diff that it read, where others name a branch."""


class ReviewBoardPlace:
    """See place.py. A diff has no commit, so one is made of its base and it; the head is named by the diff's number."""

    def __init__(
        self,
        name: str,
        settings: ReviewBoardSettings,
        *,
        folder: Path,
        key: Callable[[str], str | None],
        disk: Disk,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._name = name
        self._settings = settings
        self._folder = folder
        self._key = key
        self._disk = disk
        self._transport = transport

    def knows(self, target: str) -> bool:
        """Say whether this is the address of a review request there."""
        return self._match(target) is not None

    def address(self, review: ReviewBody) -> str:
        """Say where people will find it: on the review request."""
        return self._address(self._number(review.target))

    def find(self, delivery: Delivery, review: ReviewBody) -> Receipt | None:
        """Look up what was posted under this key."""
        return self._posting(delivery, review).find()

    def deliver(self, delivery: Delivery, review: ReviewBody) -> Receipt:
        """Post the review once; one of us at a time on this machine, since a user has one draft."""
        number = self._number(review.target)
        lock = self._folder / ".reviewboard" / f"{urlsplit(self._settings.url).netloc.replace(':', '_')}_{number}.lock"
        with told_plainly(self._name, self._folder), self._disk.lock(lock):
            return self._posting(delivery, review).finish()

    def pull(self, address: str) -> Pull:
        """Look a review request up, with its newest diff."""
        with told_as_values():
            number = self._number(address)
            page = RequestPage(self._api(), number)
            request = part_of(page.api.get(f"{page.path}/"), "review_request")
            revision = page.newest
            if not revision:
                raise ValueError(f"{self._address(number)} has no diff that is published; there is nothing to review.")
            diff = part_of(page.api.get(f"{page.path}/diffs/{revision}/"), "diff")
        base = str(diff.get("base_commit_id") or "")
        if not _COMMIT.fullmatch(base):
            raise ValueError(
                f"Diff {revision} of {self._address(number)} does not say on which commit it stands; post it with rbt."
            )
        return Pull(
            address=self._address(number),
            title=str(request.get("summary") or f"Review request {number}"),
            description=str(request.get("description") or ""),
            base=base,
            head=_ref(number, revision),
            base_name=str(request.get("branch") or "") or base[:12],
            head_name=f"diff {revision}",
            state="draft" if request.get("public") is False else STATES.get(str(request.get("status")), "open"),
        )

    def fetch(self, pull: Pull, scratch: Path) -> Path:
        """Bring its base here and make a commit of its diff."""
        with told_as_values():
            number, revision = self._number(pull.address), _revision(pull.head_name)
            api = self._api()
            name, address = self._repository(api, number)
            patch = api.raw(f"/review-requests/{number}/diffs/{revision}/", accept=PATCH)
        host = urlsplit(self._settings.url).netloc.replace(":", "_")
        folder = scratch / "pulls" / host / f"{number}" / f"{name}.git"
        fetch_commits(folder, address, {f"{number}/base": pull.base}, token="", key=self._key)
        try:
            commit_patch(Repository(folder), pull.base, patch, name=_ref(number, revision), title=pull.title)
        except ValueError as error:
            raise ValueError(
                f"Diff {revision} of {pull.address} does not apply to {pull.base[:12]}: {error}"
            ) from error
        return folder

    def posted(self, target: str) -> Sequence[Posted]:
        """List our findings there whose issues are open."""
        with told_as_values():
            issues = RequestPage(self._api(), self._number(target)).open_issues
        return [issue.posted for issue in issues.values()]

    def _posting(self, delivery: Delivery, review: ReviewBody) -> Posting:
        number = self._number(review.target)
        page = RequestPage(self._api(), number)
        if not page.user:
            raise DeliveryFailed(
                f"Nobody is known to Review Board here, so nothing can be posted on {self._address(number)}.",
                hint=f"Put an API token into {self._settings.token_env}.",
            )
        try:
            revision = _revision(review.head_name)
        except ValueError as error:
            raise DeliveryRefused(str(error)) from error
        return Posting(page, self._address(number), delivery, review, revision)

    def _repository(self, api: ReviewBoardApi, number: int) -> tuple[str, str]:
        """Say what the repository is called, and where git fetches it from."""
        answer = part_of(api.get(f"/review-requests/{number}/?expand=repository"), "review_request")
        repository = part_of(answer, "repository")
        name = str(repository.get("name") or "")
        if not name:
            raise ValueError(f"{self._address(number)} names no repository, so there is no code to review.")
        if repository.get("tool") != "Git":
            raise ValueError(f"The repository {name!r} is not one of git's, and nothing else is read.")
        address = self._settings.repositories.get(name) or str(repository.get("path") or "")
        return re.sub(r"[^\w.-]|^\.+", "_", name)[:100], address

    def _api(self) -> ReviewBoardApi:
        settings = self._settings
        token = self._key(settings.token_env) or ""
        return ReviewBoardApi(settings.url, token=token, variable=settings.token_env, transport=self._transport)

    def _number(self, target: str) -> int:
        found = self._match(target)
        if found is None:
            raise ValueError(f"{target} is no review request on {self._settings.url}.")
        return int(found[1])

    def _address(self, number: int) -> str:
        return f"{self._settings.url}/r/{number}/"

    def _match(self, target: str) -> re.Match[str] | None:
        url = self._settings.url
        return _REQUEST.fullmatch(target.removeprefix(url)) if target.startswith(f"{url}/") else None


def _ref(number: int, revision: int) -> str:
    return f"refs/crewdesk/{number}/diff-{revision}"


def _revision(head_name: str) -> int:
    found = _DIFF.fullmatch(head_name)
    if found is None:
        raise ValueError(f"{head_name!r} names no diff; a review of Review Board is of one, such as 'diff 2'.")
    return int(found[1])
