"""Join accepted work into a review by code, so that no model retypes a finding."""

from __future__ import annotations

from typing import cast

from crewdesk.crews.output import Output
from crewdesk.crews.review.outputs import ChangeRead, Checked, DraftedTests, Review, Scan, Summary, Trials
from crewdesk.domain.facts import Facts


def compose_review(output: Output, facts: Facts) -> Output:
    """Join the lead reviewer's words with what was checked, less what the lead left out; critical ones stay."""
    said = cast("Summary", output)
    change = ChangeRead.model_validate(facts.outputs["change"]).change
    checked = Checked.model_validate(facts.outputs["check"])
    trials = Trials.model_validate(facts.outputs["trials"])
    scan = Scan.model_validate(facts.outputs["scan"])
    drafted = facts.outputs.get("draft_tests")
    unwritten = [] if drafted is None else DraftedTests.model_validate(drafted).open_questions
    left_out = set(said.leave_out)
    return Review(
        title=said.title,
        summary=said.summary,
        findings=[f for f in checked.findings if f.severity == "critical" or f.fingerprint not in left_out],
        tests=trials.tests,
        documentation=checked.proposals,
        resolved=checked.resolved,
        not_read=[*change.not_read, *scan.problems, *unwritten],
        target=change.target,
        name=change.name,
        base=change.base,
        head=change.head,
        head_name=change.head_name,
        confidence=said.confidence,
        open_questions=said.open_questions,
    )
