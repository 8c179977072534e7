"""Proposals for documentation: each applies as a patch, changes words only, and stands once."""

from __future__ import annotations

from collections.abc import Iterable

from crewdesk.code.checks.ground import Ground
from crewdesk.code.checks.ledger import Ledger
from crewdesk.code.checks.suggestions import try_proposal
from crewdesk.code.patches import Edit, overlap
from crewdesk.domain.review.proposals import Proposal, RawProposal

FULL = "the review holds no more"


def tried(given: Iterable[RawProposal], ground: Ground, ledger: Ledger, *, by: str, most: int) -> list[Proposal]:
    """Try each until there are enough; of two that would change the same lines the first one stands."""
    kept: list[Proposal] = []
    for one in given:
        result = FULL if len(kept) == most else try_proposal(one, ground, by=by)
        if isinstance(result, Proposal) and any(overlap(_edit(result), _edit(other)) for other in kept):
            result = "another one changes the same lines"
        if isinstance(result, Proposal):
            kept.append(result)
        else:
            ledger.note("proposal for documentation", result, ground.clean(f"{one.path}:{one.line}"))
    return kept


def _edit(one: RawProposal) -> Edit:
    return Edit(one.path, one.line, one.end_line, one.replacement)
