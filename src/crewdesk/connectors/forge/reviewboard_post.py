"""Post one review on one review request: everything into a draft that nobody sees, then the draft at once.

The published review has the delivery's key with it, so publishing is the moment of delivery. Findings are comments with
an issue; an issue is open until its finding is mended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pydantic import ValidationError

from crewdesk.connectors.forge.answers import number_of, part_of, text_of
from crewdesk.connectors.forge.markdown import (
    about,
    documentation_told,
    listed,
    reasons,
    suggested,
    tests_told,
    told,
)
from crewdesk.connectors.forge.reviewboard_api import LINES, ReviewBoardApi
from crewdesk.connectors.forge.spelling import prose, words
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.review.findings import Finding, Posted
from crewdesk.domain.review.review import ReviewBody
from crewdesk.errors import DeliveryFailed, DeliveryOutdated

KEY, FINDING = "crewdesk_key", "crewdesk_finding"
"""Names under which we keep things with what we write; nobody else can write there."""
COMMENTS = {"diff_comments": "diff-comments", "general_comments": "general-comments"}
"""What comments at lines and comments beside them are called in a review, and within an address."""


class Issue(NamedTuple):
    """A finding that was posted, and where its issue is."""

    posted: Posted
    path: str


class RequestPage:
    """One review request, and what we wrote there. Each is asked for once."""

    def __init__(self, api: ReviewBoardApi, number: int) -> None:
        self.api = api
        self.path = f"/review-requests/{number}"

    @cached_property
    def user(self) -> str:
        """Who we are there; empty where we are nobody."""
        session = part_of(self.api.get("/session/"), "session")
        return text_of(part_of(part_of(session, "links"), "user").get("title"))

    @cached_property
    def reviews(self) -> list[JsonObject]:
        """Reviews that we published, with their comments."""
        if not self.user:
            return []
        found = self.api.listed(f"{self.path}/reviews/?expand={','.join(COMMENTS)}", "reviews")
        return [one for one in found if one.get("public") is True and self._is_ours(one)]

    @cached_property
    def open_issues(self) -> Mapping[str, Issue]:
        """Our findings whose issues are open, by their fingerprints."""
        found = (issue for review in self.reviews if _extra(review, KEY) for issue in self._issues(review))
        return {issue.posted.fingerprint: issue for issue in found}

    @cached_property
    def newest(self) -> int:
        """Number of the newest diff; 0 where there is none."""
        diffs = self.api.listed(f"{self.path}/diffs/", "diffs")
        return max((number_of(one.get("revision")) for one in diffs), default=0)

    def draft(self) -> JsonObject | None:
        """Our review that is not published yet."""
        answer = self.api.found(f"{self.path}/reviews/draft/")
        return None if answer is None else part_of(answer, "review")

    def _is_ours(self, review: JsonObject) -> bool:
        return text_of(part_of(part_of(review, "links"), "user").get("title")) == self.user

    def _issues(self, review: JsonObject) -> Iterator[Issue]:
        for name, kind in COMMENTS.items():
            path = f"{self.path}/reviews/{number_of(review.get('id'))}/{kind}/"
            comments = review.get(name)
            for comment in comments if isinstance(comments, list) else []:
                posted = _posted(_extra(comment, FINDING)) if isinstance(comment, dict) else None
                if isinstance(comment, dict) and posted is not None and comment.get("issue_status") == "open":
                    yield Issue(posted, f"{path}{number_of(comment.get('id'))}/")


@dataclass(frozen=True)
class Posting:
    """One delivery to one review request."""

    page: RequestPage
    address: str
    delivery: Delivery
    review: ReviewBody
    revision: int
    """Number of the diff that was reviewed."""

    def find(self) -> Receipt | None:
        """Look up what was published under this key."""
        ours = (one for one in self.page.reviews if _extra(one, KEY) == self.delivery.key)
        return next((self._receipt(number_of(one.get("id"))) for one in ours), None)

    def finish(self) -> Receipt:
        """Publish the review unless it is."""
        if found := self.find():
            return found
        self._ask_if_it_moved_on()
        self._clear_draft()
        mended = {one.fingerprint for one in self.review.resolved}
        for issue in self.page.open_issues.values():
            if issue.posted.fingerprint in mended:
                self.page.api.write("PUT", issue.path, issue_status="resolved")
        fields = {"body_top": self._words(), "body_top_text_type": "markdown", f"extra_data__{KEY}": self.delivery.key}
        answer = self.page.api.write("POST", f"{self.page.path}/reviews/", **fields)
        number = number_of(part_of(answer, "review").get("id"))
        for finding in self.review.findings:
            if finding.fingerprint not in self.page.open_issues:
                self._comment(f"{self.page.path}/reviews/{number}", finding)
        self.page.api.write("PUT", f"{self.page.path}/reviews/{number}/", public="1")
        return self._receipt(number)

    def _ask_if_it_moved_on(self) -> None:
        now = str(self.page.newest)
        if self.page.newest != self.revision and self.delivery.known != now:
            raise DeliveryOutdated(
                f"{self.address} is at diff {now} now; what was reviewed is diff {self.revision}. Approved again, the "
                f"review is posted on diff {self.revision} and says so.",
                now=now,
            )

    def _clear_draft(self) -> None:
        """Begin anew where an earlier try was cut short; a draft that a person began is theirs."""
        draft = self.page.draft()
        if draft is None:
            return
        if not _extra(draft, KEY):
            raise DeliveryFailed(
                f"{self.page.user} has begun a review of {self.address} by hand, and it would be published with ours.",
                hint="Publish or discard it there, or give Crewdesk a user of its own; then try again.",
            )
        self.page.api.remove(f"{self.page.path}/reviews/{number_of(draft.get('id'))}/")

    def _comment(self, review: str, finding: Finding) -> None:
        remembered = finding.posted.model_dump_json()
        fields = {"text_type": "markdown", "issue_opened": "1", f"extra_data__{FINDING}": remembered}
        none: dict[int, int] = {}
        rows = self._rows(finding.path) if finding.inline else none
        first, last = rows.get(finding.line), rows.get(finding.end_line)
        said = [
            f"**{finding.severity}: {words(finding.title)}**",
            *reasons(finding),
            *suggested(finding),
            told(finding),
        ]
        fields["text"] = "\n\n".join(said)
        if first is None or last is None:
            self.page.api.write("POST", f"{review}/general-comments/", **fields)
            return
        place = {"filediff_id": str(self._files[finding.path]), "first_line": str(first)}
        self.page.api.write("POST", f"{review}/diff-comments/", **fields, **place, num_lines=str(last - first + 1))

    def _rows(self, path: str) -> Mapping[int, int]:
        """Say in which row of the diff, as Review Board counts them, each line of the file's new side stands."""
        if path not in self._files:
            return {}
        if path not in self._known_rows:
            file = f"{self.page.path}/diffs/{self.revision}/files/{self._files[path]}/"
            self._known_rows[path] = dict(_rows_of(self.page.api.get(file, accept=LINES)))
        return self._known_rows[path]

    @cached_property
    def _known_rows(self) -> dict[str, Mapping[int, int]]:
        return {}

    @cached_property
    def _files(self) -> Mapping[str, int]:
        files = self.page.api.listed(f"{self.page.path}/diffs/{self.revision}/files/", "files")
        return {text_of(one.get("dest_file")): number_of(one.get("id")) for one in files}

    def _words(self) -> str:
        moved = self.page.newest != self.revision
        counted = len([one for one in self.review.findings if one.fingerprint in self.page.open_issues])
        parts = [
            f"# {words(self.review.title)}",
            about(self.review) + (f" By now there is diff {self.page.newest}; nobody has read that." if moved else ""),
            prose(self.review.summary, stress=True),
            f"Told before and still open: {counted}." if counted else "",
            *tests_told(self.review.tests),
            *documentation_told(self.review.documentation),
            *listed("Mended", [words(one.title or one.fingerprint) for one in self.review.resolved]),
            *listed("Not read", [prose(one) for one in self.review.not_read]),
        ]
        return "\n\n".join(part for part in parts if part)

    def _receipt(self, number: int) -> Receipt:
        return Receipt(f"{self.address}#review{number}", {"sha": self.delivery.sha, "key": self.delivery.key})


def _rows_of(answer: JsonObject) -> Iterator[tuple[int, int]]:
    chunks = part_of(answer, "diff_data").get("chunks")
    for chunk in chunks if isinstance(chunks, list) else []:
        lines = chunk.get("lines") if isinstance(chunk, dict) else None
        for line in lines if isinstance(lines, list) else []:
            match line:
                case [int(row), _, _, _, int(number), *_]:
                    yield number, row
                case _:
                    pass  # a line of the old side only


def _posted(kept: str) -> Posted | None:
    try:
        return Posted.model_validate(json.loads(kept)) if kept else None
    except (ValueError, ValidationError):
        return None


def _extra(answer: JsonObject, name: str) -> str:
    return text_of(part_of(answer, "extra_data").get(name))
