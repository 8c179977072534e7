"""One pull request on GitHub: what we wrote there, and what we write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from crewdesk.connectors.forge.answers import number_of, part_of, text_of
from crewdesk.connectors.forge.github_api import GithubApi
from crewdesk.connectors.forge.github_login import Login, Logins
from crewdesk.connectors.forge.marks import Mark, marks_of
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.review.findings import Posted
from crewdesk.errors import DeliveryFailed

_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


@dataclass(frozen=True)
class Comment:
    """Something that we wrote ourselves."""

    id: int
    marks: Sequence[Mark]
    address: str
    review: int
    """The review that a comment at a line belongs to."""

    @property
    def findings(self) -> list[Posted]:
        """The findings it tells of that are open."""
        return [mark.posted for mark in self.marks if mark.kind == "finding" and mark.posted is not None]

    @property
    def keys(self) -> list[str]:
        """The deliveries it comes from, the oldest first."""
        return [mark.words[0] for mark in self.marks if mark.kind == "delivered" and mark.words]


@dataclass(frozen=True)
class GithubPage:
    """A pull request. Every method raises `DeliveryFailed`."""

    api: GithubApi
    logins: Logins
    repository: str
    """As owner/name."""
    number: int
    address: str

    @cached_property
    def login(self) -> Login:
        """Who we are here."""
        return self.logins.of(self.repository)

    @property
    def _token(self) -> str:
        return self.login.token

    @property
    def _root(self) -> str:
        return f"/repos/{self.repository}"

    @property
    def _pulls(self) -> str:
        return f"{self._root}/pulls/{self.number}"

    def pull(self) -> JsonObject:
        """Look the pull request up."""
        return self.api.get(self._pulls, self._token)

    def summary(self) -> Comment | None:
        """Find our one comment on the whole."""
        written = self._ours(f"{self._root}/issues/{self.number}/comments")
        return next((one for one in written if Mark("summary") in one.marks), None)

    def reviews(self) -> list[Comment]:
        """List our reviews."""
        return self._ours(f"{self._pulls}/reviews")

    def comments(self) -> list[Comment]:
        """List our comments at lines."""
        return self._ours(f"{self._pulls}/comments")

    def lines(self) -> Mapping[str, list[tuple[int, int]]]:
        """Say which lines of the head GitHub shows, by file."""
        files = self.api.listed(f"{self._pulls}/files", self._token)
        return {str(one["filename"]): _shown(one.get("patch")) for one in files if isinstance(one, dict)}

    def post_review(self, commit: str, text: str, comments: list[Json]) -> bool:
        """Post comments at lines, all or none; say whether GitHub took them."""
        body: JsonObject = {"commit_id": commit, "event": "COMMENT", "body": text, "comments": comments}
        return self.api.try_write("POST", f"{self._pulls}/reviews", self._token, body) is not None

    def edit_comment(self, comment: Comment, text: str) -> None:
        """Write a comment at a line anew."""
        self.api.write("PATCH", f"{self._root}/pulls/comments/{comment.id}", self._token, {"body": text})

    def put_summary(self, there: Comment | None, text: str) -> Comment:
        """Write our one comment on the whole, or write it anew."""
        if there is None:
            answer = self.api.write("POST", f"{self._root}/issues/{self.number}/comments", self._token, {"body": text})
        else:
            answer = self.api.write("PATCH", f"{self._root}/issues/comments/{there.id}", self._token, {"body": text})
        return _comment(answer)

    def put_status(self, commit: str, name: str, state: str, said: str) -> None:
        """Mark a commit, unless it is marked so."""
        body: JsonObject = {"state": state, "context": name, "description": said, "target_url": self.address}
        marks = self.api.listed(f"{self._root}/commits/{commit}/statuses", self._token)
        mine = [one for one in marks if isinstance(one, dict) and one.get("context") == name]
        if not mine or (mine[0].get("state"), mine[0].get("description")) != (state, said):
            self.api.try_write("POST", f"{self._root}/statuses/{commit}", self._token, body)

    def put_check(self, commit: str, name: str, outcome: str, said: str, *, key: str) -> None:
        """Mark a commit as an app does, once for a key."""
        path, query = f"{self._root}/commits/{commit}/check-runs", {"check_name": name, "filter": "all"}
        there = self.api.listed(path, self._token, query, under="check_runs")
        if any(isinstance(one, dict) and one.get("external_id") == key for one in there):
            return
        body: JsonObject = {"name": name, "head_sha": commit, "external_id": key, "details_url": self.address}
        body |= {"status": "completed", "conclusion": outcome, "output": {"title": said, "summary": said}}
        self.api.try_write("POST", f"{self._root}/check-runs", self._token, body)

    def _ours(self, path: str) -> list[Comment]:
        """List what is ours: somebody else may quote a mark."""
        listed = [one for one in self.api.listed(path, self._token) if isinstance(one, dict)]
        return [_comment(one) for one in listed if self.login.wrote(text_of(part_of(one, "user").get("login")))]


def _comment(answer: JsonObject) -> Comment:
    name = number_of(answer.get("id"))
    if not name:
        raise DeliveryFailed("GitHub's answer has no 'id'.", hint="Look at `api` in connectors.yaml.")
    return Comment(
        id=name,
        marks=marks_of(text_of(answer.get("body"))),
        address=text_of(answer.get("html_url")),
        review=number_of(answer.get("pull_request_review_id")),
    )


def _shown(patch: Json) -> list[tuple[int, int]]:
    """Read the lines that a patch shows; none where GitHub shows no patch, as for files that are too large."""
    hunks = _HUNK.finditer(patch) if isinstance(patch, str) else ()
    return [(int(hunk[1]), int(hunk[1]) + int(hunk[2] or 1) - 1) for hunk in hunks]
