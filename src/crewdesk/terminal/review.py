"""A review as it looks at a terminal: everything in it numbered, so that it can be left out by its number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import ValidationError
from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from crewdesk.connectors.forge.edits import hunks_of, proposal_patch, suggestion_patch
from crewdesk.connectors.forge.markdown import SHORT, outcome, tally
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.review.findings import Finding, Severity
from crewdesk.domain.review.proposals import Proposal
from crewdesk.domain.review.review import ReviewBody
from crewdesk.domain.review.trials import Trial
from crewdesk.domain.text.visible import in_one_line, visible
from crewdesk.terminal.prune import is_review

FIRST_FINDINGS = 10
"""That many are shown with their code; of more, unless all is asked for, what and where."""
LINES = 12
"""Of a diff or of what a test said, unless all is asked for."""
COLOURS: dict[Severity, str] = {"critical": "bold red", "major": "red", "minor": "yellow", "note": "cyan"}
_NUMBERED = re.compile(r"\s*(\d+)  ?(.*)")


def show_review(artifact: Artifact | None, *, whole: bool) -> RenderableType | None:
    """Make a review's body ready to be printed; None where this is no review."""
    if artifact is None or not is_review(artifact):
        return None
    try:
        review = ReviewBody.model_validate(artifact.body)
    except ValidationError:
        return None
    return Group(*_parts(review, whole=whole))


def _parts(review: ReviewBody, *, whole: bool) -> Iterator[RenderableType]:
    yield Markdown(visible(review.summary), hyperlinks=False)
    yield Text(f"\n{tally(review)}", style="bold")
    for number, finding in enumerate(review.findings, start=1):
        yield Text()
        yield from _finding(number, finding, brief=not whole and number > FIRST_FINDINGS, whole=whole)
    for number, trial in enumerate(review.tests, start=1 + len(review.findings)):
        yield Text()
        yield from _trial(number, trial, whole=whole)
    others = len(review.findings) + len(review.tests)
    for number, proposal in enumerate(review.documentation, start=1 + others):
        yield Text()
        yield from _proposal(number, proposal, whole=whole)
    yield Text()
    yield from _about(review)
    if not whole and len(review.findings) > FIRST_FINDINGS:
        yield Text(
            f"(the code of {FIRST_FINDINGS} of {len(review.findings)} findings, v or --all for all)", style="dim"
        )


def _about(review: ReviewBody) -> Iterator[RenderableType]:
    yield from (_dim(f"mended since: {one.title or one.fingerprint}") for one in review.resolved)
    yield from (_dim(f"not read: {one}") for one in review.not_read)
    name = "" if review.head.startswith(review.head_name) else f" ({review.head_name})"
    yield _dim(f"{review.head[:SHORT]}{name} against {review.base[:SHORT]} · goes to {review.target}")


def _finding(number: int, finding: Finding, *, brief: bool, whole: bool) -> Iterator[RenderableType]:
    yield _head(number, finding.severity, COLOURS[finding.severity], finding.title)
    lines = f"{finding.line}-{finding.end_line}" if finding.end_line > finding.line else f"{finding.line}"
    facts = [f"{finding.path}:{lines}", finding.kind, f"{finding.confidence:.0%} sure"]
    facts += [f"by {finding.by}"] if finding.by else []
    facts += ["not in the diff"] if not finding.inline else []
    facts += ["posted before"] if finding.known else []
    yield _indented(_dim(" · ".join(facts)))
    if brief:
        return
    for words in filter(None, (finding.explanation, finding.evidence)):
        yield _indented(Text(visible(words.strip()), style="dim" if words is finding.evidence else ""))
    if finding.code:
        yield _indented(Text("\n").join(_numbered(finding)), 6)
    if finding.suggestion is not None:
        patch = hunks_of(suggestion_patch(finding))
        shown = patch or "\n".join(f"+{line}" for line in finding.suggestion.splitlines())
        yield _indented(_diff(shown, whole=whole), 6)


def _trial(number: int, trial: Trial, *, whole: bool) -> Iterator[RenderableType]:
    style = "green" if trial.head == "passed" else "red"
    yield _head(number, f"test {trial.head}", style, trial.about or trial.path)
    yield _indented(_dim(f"{trial.path} · {outcome(trial)}"))
    if trial.output:
        yield _indented(Text("\n").join(map(_dim, _first(trial.output, whole=whole))), 6)
    if whole:
        yield _indented(Text(visible(trial.code.rstrip("\n"))), 6)


def _proposal(number: int, proposal: Proposal, *, whole: bool) -> Iterator[RenderableType]:
    yield _head(number, "documentation", "cyan", proposal.title)
    yield _indented(_dim(f"{proposal.path}:{proposal.line}"))
    if proposal.reason:
        yield _indented(Text(visible(proposal.reason.strip())))
    yield _indented(_diff(hunks_of(proposal_patch(proposal)), whole=whole), 6)


def _head(number: int, label: str, style: str, title: str) -> Text:
    return Text.assemble((f"{number:>2}  ", "bold"), (f"{label}  ", style), (in_one_line(title), "bold"))


def _numbered(finding: Finding) -> Iterator[Text]:
    """Mark the lines that a finding is about."""
    for line in visible(finding.code.rstrip("\n")).split("\n"):
        found = _NUMBERED.fullmatch(line)
        meant = found is not None and finding.line <= int(found[1]) <= finding.end_line
        yield Text(f"{'›' if meant else ' '} {line}", style="" if meant else "dim")


def _diff(patch: str, *, whole: bool) -> Text:
    colours = {"+": "green", "-": "red", "@": "cyan"}
    return Text("\n").join(Text(line, style=colours.get(line[:1], "dim")) for line in _first(patch, whole=whole))


def _first(text: str, *, whole: bool) -> list[str]:
    lines = visible(text.rstrip("\n")).split("\n")
    if whole or len(lines) <= LINES:
        return lines
    return [*lines[:LINES], f"({len(lines) - LINES} more lines, v or --all for all)"]


def _dim(text: str) -> Text:
    return Text(in_one_line(text), style="dim")


def _indented(what: RenderableType, by: int = 4) -> Padding:
    return Padding(what, (0, 0, 0, by))
