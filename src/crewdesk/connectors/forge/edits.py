"""What a review would change in the code, as patches that `git apply` takes."""

from __future__ import annotations

from crewdesk.code.patches import Edit, Joined, joined
from crewdesk.domain.review.findings import Finding
from crewdesk.domain.review.proposals import Proposal
from crewdesk.domain.review.review import ReviewBody


def all_edits(review: ReviewBody) -> Joined:
    """Join all suggestions and proposals into one patch; of two that overlap the graver finding's counts."""
    suggestions = [(edit, one.patch) for one in review.findings if (edit := _suggested(one))]
    proposals = [(_proposed(one), one.patch) for one in review.documentation]
    return joined([*suggestions, *proposals])


def suggestion_patch(finding: Finding) -> str:
    """Spell a finding's suggestion as it stands now, perhaps after a person changed it, as a patch; maybe empty."""
    edit = _suggested(finding)
    return "" if edit is None else joined([(edit, finding.patch)]).patch


def proposal_patch(proposal: Proposal) -> str:
    """Spell a proposal for documentation as it stands now as a patch; its own one where that cannot be."""
    return joined([(_proposed(proposal), proposal.patch)]).patch or proposal.patch


def hunks_of(patch: str) -> str:
    """Leave out what a patch says of files: its first hunk and all after it."""
    return patch[max(patch.find("@@ "), 0) :]


def _suggested(finding: Finding) -> Edit | None:
    if finding.suggestion is None or not finding.patch:
        return None
    return Edit(finding.path, finding.line, finding.end_line, finding.suggestion)


def _proposed(proposal: Proposal) -> Edit:
    return Edit(proposal.path, proposal.line, proposal.end_line, proposal.replacement)
