"""A review in the words of a pull request: a comment at each line, and one summary with everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from crewdesk.connectors.forge.edits import hunks_of, proposal_patch
from crewdesk.connectors.forge.markdown import SHORT, outcome
from crewdesk.connectors.forge.marks import Mark, delivered_mark, finding_mark, marked, resolved_mark
from crewdesk.connectors.forge.quoting import cut, quoted, quoted_line
from crewdesk.connectors.forge.spelling import code, fenced, shown
from crewdesk.domain.review.findings import Finding, Posted
from crewdesk.domain.review.proposals import Proposal
from crewdesk.domain.review.review import ReviewBody
from crewdesk.domain.review.trials import Trial

LIMIT = 65_536
"""Characters that GitHub takes in one comment."""
ROOM = 1_000
"""Kept free for a sentence on what did not fit."""
EXPLANATION, EVIDENCE, PATCH = 5_000, 2_000, 12_000


@dataclass(frozen=True)
class Placed:
    """Where the findings of a review stand on the pull request."""

    at_lines: Sequence[Finding] = ()
    """Those with a comment of this review at their lines."""
    before: Sequence[Finding] = ()
    """Those whose comment stands there since an earlier one."""
    elsewhere: Sequence[Finding] = ()
    """Those that only the summary has."""
    remarks: Sequence[str] = field(default=())
    """What else is to be said of this delivery, in sentences."""


def comment_text(finding: Finding) -> str:
    """Spell the comment at a finding's lines."""
    parts = [*_finding(finding), *_suggestion(finding)]
    return marked("\n\n".join(parts), [finding_mark(finding.posted)])


def resolved_text(posted: Posted, head: str) -> str:
    """Spell what becomes of a comment whose finding is mended."""
    title = quoted_line(posted.title) or "This"
    return marked(f"~~{title}~~\n\nResolved in {code(head[:SHORT])}.", [resolved_mark(posted)])


def review_text(review: ReviewBody, placed: Placed, key: str) -> str:
    """Spell what stands above the comments at lines."""
    count = len(placed.at_lines)
    where = f"{_count(count, 'comment')} at {'its' if count == 1 else 'their'} lines"
    said = [
        f"{where}, on {code(review.head[:SHORT])}. The rest is in our comment on the conversation.",
        *placed.remarks,
    ]
    return marked("\n\n".join(said), [delivered_mark(key)])


def summary_text(review: ReviewBody, placed: Placed, keys: Sequence[str]) -> str:
    """Spell the summary; what does not fit into one comment is counted."""
    fixed = [Mark("summary"), *map(delivered_mark, keys)]
    blocks = _fitting(list(_blocks(review, placed)), LIMIT - ROOM - len(marked("", fixed)))
    text = "\n\n".join(words for words, _ in blocks)
    return marked(text, [*(mark for _, mark in blocks if mark is not None), *fixed])


Block = tuple[str, Mark | None]


def _fitting(blocks: Sequence[Block], room: int) -> list[Block]:
    kept: list[Block] = []
    left = 0
    for words, mark in blocks:
        size = len(words) + 2 + (len(marked("", [mark])) if mark is not None else 0)
        if size > room:
            left += 1
            continue
        room -= size
        kept.append((words, mark))
    return [*kept, (f"*{_count(left, 'part')} did not fit into one comment.*", None)] if left else kept


def _blocks(review: ReviewBody, placed: Placed) -> Iterator[Block]:
    yield f"## {quoted_line(review.title)}", None
    yield quoted(cut(review.summary, EXPLANATION), stress=True), None
    for remark in (_read(review), *placed.remarks, *_where(placed)):
        yield remark, None
    for finding in placed.elsewhere:
        yield "\n\n".join(["---", *_finding(finding), *_code(finding)]), finding_mark(finding.posted)
    yield from _plain(_section("Tests that ran", [_test(one) for one in review.tests]))
    yield from _plain(_section("Documentation that should change", [_proposal(one) for one in review.documentation]))
    mended = [f"- ~~{quoted_line(one.title or one.fingerprint)}~~" for one in review.resolved]
    yield from _plain(_section("Mended", mended))
    yield from _plain(_section("Not read", [f"- {quoted_line(one)}" for one in review.not_read]))


def _plain(parts: Iterable[str]) -> Iterator[Block]:
    return ((part, None) for part in parts)


def _section(heading: str, parts: Sequence[str]) -> Iterator[str]:
    if parts:
        yield f"### {heading}"
        yield from parts


def _read(review: ReviewBody) -> str:
    name = f" ({code(review.head_name)})" if review.head_name else ""
    return f"Read: {code(review.head[:SHORT])}{name} against {code(review.base[:SHORT])}."


def _where(placed: Placed) -> Iterator[str]:
    if not (placed.at_lines or placed.before or placed.elsewhere):
        yield "No findings."
        return
    said: list[str] = []
    if placed.at_lines:
        said.append(f"{_count(len(placed.at_lines), 'finding')} at lines of the change")
    if placed.before:
        said.append(f"{_count(len(placed.before), 'finding')} still open where a comment stands already")
    if placed.elsewhere:
        said.append(f"{_count(len(placed.elsewhere), 'finding')} below")
    yield f"{', '.join(said)}."


def _finding(finding: Finding) -> Iterator[str]:
    yield f"**{finding.severity.capitalize()}, {finding.kind}:** {quoted_line(finding.title)}"
    if finding.explanation:
        yield quoted(cut(finding.explanation, EXPLANATION))
    if finding.evidence:
        yield f"Evidence: {quoted(cut(finding.evidence, EVIDENCE))}"
    said = [f"{finding.confidence:.0%} sure", *([f"by {quoted_line(finding.by)}"] if finding.by else [])]
    if not finding.inline:
        said = [f"{code(finding.path)}, line {finding.line}", *said]
    yield f"*{', '.join(said)}*" if finding.inline else ", ".join(said)


def _suggestion(finding: Finding) -> Iterator[str]:
    """Offer the lines as GitHub lets people take them over; only where what they see is what they get."""
    lines = finding.suggestion
    if lines is None:
        return
    if len(lines) > PATCH:
        yield "There is a suggestion, too long to stand here."
    elif shown(lines) == lines:
        yield fenced(lines, "suggestion")
    else:
        yield f"A suggestion that cannot be taken over as it is shown here:\n\n{fenced(lines)}"


def _code(finding: Finding) -> Iterator[str]:
    if finding.code:
        yield fenced(cut(finding.code, EVIDENCE))
    if finding.suggestion is not None:
        yield f"Instead:\n\n{fenced(cut(finding.suggestion, PATCH))}"


def _test(trial: Trial) -> str:
    said = [f"- {code(trial.path)}: {quoted_line(trial.about) or 'a test'} ({outcome(trial)})"]
    if trial.output and trial.head in ("failed", "error"):
        said.append(fenced(cut(trial.output, EVIDENCE)))
    return "\n\n".join(said)


def _proposal(proposal: Proposal) -> str:
    reason = [quoted(cut(proposal.reason, EVIDENCE))] if proposal.reason else []
    patch = fenced(cut(hunks_of(proposal_patch(proposal)), PATCH), "diff")
    return "\n\n".join([f"{quoted_line(proposal.title)} ({code(proposal.path)}, line {proposal.line})", *reason, patch])


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
