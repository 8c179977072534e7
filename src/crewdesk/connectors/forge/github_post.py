"""Post one review on one pull request, step by step, each step looked up before it is taken.

The order is: comments at lines, comments whose finding is mended, the mark on the commit, and last the summary. The
summary is the delivery: once it has the key, everything before it is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from crewdesk.connectors.forge.answers import part_of, text_of
from crewdesk.connectors.forge.github_page import Comment, GithubPage
from crewdesk.connectors.forge.github_words import Placed, comment_text, resolved_text, review_text, summary_text
from crewdesk.connectors.forge.markdown import SHORT
from crewdesk.connectors.forge.marks import delivered_mark
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.review.findings import Finding
from crewdesk.domain.review.review import ReviewBody
from crewdesk.errors import DeliveryOutdated

KEPT_KEYS = 30
"""Deliveries that a summary remembers."""
NAME = "crewdesk/review"


@dataclass(frozen=True)
class Posting:
    """One delivery to one pull request."""

    page: GithubPage
    delivery: Delivery
    review: ReviewBody
    mark: str

    def find(self) -> Receipt | None:
        """Look up what is there under this key."""
        summary = self._summary
        if summary is None or delivered_mark(self.delivery.key) not in summary.marks:
            return None
        return self._receipt(summary)

    def finish(self) -> Receipt:
        """Do what is not done yet."""
        if found := self.find():
            return found
        placed = self._posted_at_lines() or self._post_at_lines()
        self._resolve()
        self._mark_commit()
        keys = [] if self._summary is None else self._summary.keys
        text = summary_text(self.review, placed, [*keys, self.delivery.key][-KEPT_KEYS:])
        return self._receipt(self.page.put_summary(self._summary, text))

    @cached_property
    def _summary(self) -> Comment | None:
        return self.page.summary()

    @cached_property
    def _open(self) -> Mapping[str, Comment]:
        """Our comments at lines that are open, by their findings."""
        return {finding.fingerprint: one for one in self.page.comments() for finding in one.findings}

    @cached_property
    def _pull(self) -> JsonObject:
        return self.page.pull()

    def _posted_at_lines(self) -> Placed | None:
        """Say what a review under this key placed at lines, where an earlier try came that far."""
        mark = delivered_mark(self.delivery.key)
        review = next((one for one in self.page.reviews() if mark in one.marks), None)
        if review is None:
            return None
        fresh = {name for name, one in self._open.items() if one.review == review.id}
        return self._placed(fresh)

    def _post_at_lines(self) -> Placed:
        self._ask_if_it_moved_on()
        fresh = {f.fingerprint for f in self.review.findings if f.inline and f.fingerprint not in self._open}
        for tried in self._tries(fresh):
            placed = self._placed(tried)
            if not tried or self._post(placed):
                return placed
        return self._placed(set())

    def _tries(self, fresh: set[str]) -> Iterator[set[str]]:
        """Name findings to post at their lines: all; if GitHub refuses, those it shows itself; at last none."""
        yield fresh
        yield {
            finding.fingerprint
            for finding in self.review.findings
            if finding.fingerprint in fresh and self._shown_now(finding)
        }
        yield set()

    def _shown_now(self, finding: Finding) -> bool:
        if self._pull_head != self.review.head:
            return False
        lines = self._lines_now.get(finding.path, [])
        return any(first <= finding.line and finding.end_line <= last for first, last in lines)

    @cached_property
    def _lines_now(self) -> Mapping[str, list[tuple[int, int]]]:
        return self.page.lines()

    @property
    def _pull_head(self) -> str:
        return text_of(part_of(self._pull, "head").get("sha"))

    def _ask_if_it_moved_on(self) -> None:
        now = self._pull_head
        if now in (self.review.head, self.delivery.known):
            return
        raise DeliveryOutdated(
            f"{self.page.address} has moved on to {now[:SHORT]} since. What was approved is about "
            f"{self.review.head[:SHORT]}; it would be posted for that commit, and say so.",
            now=now,
            hint="Approve it once more, or reject it and review the new commit.",
        )

    def _placed(self, fresh: set[str]) -> Placed:
        """Sort the findings; `fresh` have a comment of this delivery."""
        found = self.review.findings
        before = [f for f in found if f.fingerprint in self._open and f.fingerprint not in fresh]
        there = fresh | {f.fingerprint for f in before}
        return Placed(
            at_lines=[f for f in found if f.fingerprint in fresh],
            before=before,
            elsewhere=[f for f in found if f.fingerprint not in there],
            remarks=list(self._remarks(sum(f.inline and f.fingerprint not in there for f in found))),
        )

    def _remarks(self, refused: int) -> Iterator[str]:
        state = "merged" if self._pull.get("merged") is True else str(self._pull.get("state", ""))
        if self._pull_head != self.review.head:
            yield f"The pull request has moved on to `{self._pull_head[:SHORT]}`, which this review has not seen."
        if state in ("merged", "closed"):
            yield f"The pull request was {state} before this review was posted."
        if refused:
            yield f"GitHub did not take {refused} at the lines any more; what they say stands below."

    def _post(self, placed: Placed) -> bool:
        comments: list[Json] = [_comment(finding) for finding in placed.at_lines]
        text = review_text(self.review, placed, self.delivery.key)
        return self.page.post_review(self.review.head, text, comments)

    def _resolve(self) -> None:
        still = {finding.fingerprint for finding in self.review.findings}
        for one in self.review.resolved:
            comment = self._open.get(one.fingerprint)
            if comment is not None and one.fingerprint not in still:
                self.page.edit_comment(comment, resolved_text(one, self.review.head))

    def _mark_commit(self) -> None:
        worst = any(finding.severity == "critical" for finding in self.review.findings)
        count = len(self.review.findings)
        said = "No findings" if not count else "1 finding" if count == 1 else f"{count} findings"
        if self.mark == "check":
            outcome = "failure" if worst else "neutral" if count else "success"
            self.page.put_check(self.review.head, NAME, outcome, said, key=self.delivery.key)
        elif self.mark == "status":
            self.page.put_status(self.review.head, NAME, "failure" if worst else "success", said)

    def _receipt(self, summary: Comment) -> Receipt:
        details: JsonObject = {"sha": self.delivery.sha, "key": self.delivery.key, "commit": self.review.head}
        return Receipt(summary.address or self.page.address, details)


def _comment(finding: Finding) -> JsonObject:
    placed: JsonObject = {"path": finding.path, "body": comment_text(finding), "side": "RIGHT"}
    if finding.end_line > finding.line:
        return placed | {"start_line": finding.line, "start_side": "RIGHT", "line": finding.end_line}
    return placed | {"line": finding.line}
