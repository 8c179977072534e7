"""Reviews of pull requests on GitHub: comments at lines, one summary, a mark on the commit.

Something was posted once its summary has the delivery's key. What we wrote is known by hidden marks, and only where it
stands under our own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from crewdesk.connectors.deliveries import told_plainly
from crewdesk.connectors.files import Disk
from crewdesk.connectors.forge.answers import part_of
from crewdesk.connectors.forge.fetching import fetch_commits
from crewdesk.connectors.forge.github_api import GithubApi
from crewdesk.connectors.forge.github_login import Logins
from crewdesk.connectors.forge.github_page import GithubPage
from crewdesk.connectors.forge.github_post import Posting
from crewdesk.connectors.forge.place import told_as_values
from crewdesk.connectors.settings import GithubSettings
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.review.findings import Posted
from crewdesk.domain.review.pull import Pull
from crewdesk.domain.review.review import ReviewBody
from crewdesk.errors import DeliveryFailed

if TYPE_CHECKING:
    import httpx

_PULL = re.compile(
    r"/(?P<owner>[A-Za-z0-9][A-Za-z0-9-]*)/(?P<name>(?!\.\.?/)[\w.-]+)/pull/(?P<number>\d{1,9})(?:[/?#].*)?", re.ASCII
)


class GithubPlace:
    """See place.py. Every method asks GitHub anew, so that nothing is believed that may have changed."""

    def __init__(
        self,
        name: str,
        settings: GithubSettings,
        *,
        folder: Path,
        key: Callable[[str], str | None],
        clock: Callable[[], datetime],
        disk: Disk,
        transport: Callable[[], httpx.BaseTransport] | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self._name = name
        self._settings = settings
        self._folder = folder
        self._key = key
        self._disk = disk
        self._api = GithubApi(settings.api, transport=transport, **({} if sleep is None else {"sleep": sleep}))
        self._logins = Logins(settings, self._api, key=key, clock=clock)

    def knows(self, target: str) -> bool:
        """Say whether this is the address of a pull request there."""
        return self._match(target) is not None

    def address(self, review: ReviewBody) -> str:
        """Say where people will find it: on the pull request."""
        return self._page(review.target).address

    def find(self, delivery: Delivery, review: ReviewBody) -> Receipt | None:
        """Look up what was posted under this key."""
        return self._posting(delivery, review).find()

    def deliver(self, delivery: Delivery, review: ReviewBody) -> Receipt:
        """Post what is not there yet; one of us at a time on this machine."""
        posting = self._posting(delivery, review)
        lock = self._folder / ".github" / f"{posting.page.repository.replace('/', '_')}_{posting.page.number}.lock"
        with told_plainly(self._name, self._folder), self._disk.lock(lock):
            return posting.finish()

    def pull(self, address: str) -> Pull:
        """Look a pull request up."""
        with told_as_values():
            page = self._page(address)
            answer = page.pull()
        base, head = part_of(answer, "base"), part_of(answer, "head")
        return Pull(
            address=page.address,
            title=str(answer.get("title") or page.address),
            description=str(answer.get("body") or ""),
            base=_commit(base),
            head=_commit(head),
            base_name=str(base.get("ref") or ""),
            head_name=str(head.get("label") or head.get("ref") or ""),
            state=_state(answer),
        )

    def fetch(self, pull: Pull, scratch: Path) -> Path:
        """Bring its commits here; those of forks too, since GitHub keeps them with the pull request."""
        with told_as_values():
            page = self._page(pull.address)
            token = page.login.token
        root = self._settings.git or self._settings.web
        host = urlsplit(self._settings.web).netloc.replace(":", "_")
        return fetch_commits(
            scratch / "pulls" / host / f"{page.repository}.git",
            f"{root.rstrip('/')}/{page.repository}.git",
            {f"{page.number}/base": pull.base, f"{page.number}/head": pull.head},
            token=token,
            key=self._key,
        )

    def posted(self, target: str) -> Sequence[Posted]:
        """List our findings there that are open, at lines and in the summary; none where we are nobody."""
        with told_as_values():
            page = self._page(target)
            if not page.login.name:
                return []
            summary = page.summary()
            written = [*page.comments(), *([] if summary is None else [summary])]
        return list({one.fingerprint: one for comment in written for one in comment.findings}.values())

    def _posting(self, delivery: Delivery, review: ReviewBody) -> Posting:
        page = self._page(review.target)
        if not page.login.name:
            raise DeliveryFailed(
                f"Nobody is known to GitHub here, so nothing can be posted on {page.address}.",
                hint=f"Put a token into {self._settings.token_env}, or name an app in config/connectors.yaml.",
            )
        return Posting(page, delivery, review, self._settings.mark)

    def _page(self, target: str) -> GithubPage:
        found = self._match(target)
        if found is None:
            raise ValueError(f"{target} is no pull request on {self._settings.web}.")
        repository, number = f"{found['owner']}/{found['name']}", int(found["number"])
        address = f"{self._settings.web}/{repository}/pull/{number}"
        return GithubPage(self._api, self._logins, repository, number, address)

    def _match(self, target: str) -> re.Match[str] | None:
        web = self._settings.web
        return _PULL.fullmatch(target.removeprefix(web)) if target.startswith(f"{web}/") else None


def _commit(side: JsonObject) -> str:
    commit = str(side.get("sha") or "")
    if not re.fullmatch(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", commit):
        raise ValueError("GitHub's answer names no commit for this pull request; look at `api` in connectors.yaml.")
    return commit


def _state(answer: JsonObject) -> Literal["open", "draft", "closed", "merged"]:
    if answer.get("merged") is True:
        return "merged"
    if answer.get("state") == "closed":
        return "closed"
    return "draft" if answer.get("draft") is True else "open"
