"""Findings, drafted tests and proposals as cards: what a person needs to believe one, or to leave it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.part import Part
from crewdesk.domain.review.findings import Finding, Posted
from crewdesk.domain.review.proposals import Proposal
from crewdesk.domain.review.trials import Outcome, Trial
from crewdesk.domain.text.visible import visible
from crewdesk.web.texts.code import Line, numbered, patched, replaced

CARDS = ("findings", "tests", "documentation", "proposals", "resolved")
"""Fields that are shown as cards."""
REVIEWED = ("Review", "Checked", "Scan", "Analysis", "Trials")
"""Typed outputs that hold such fields."""
_P = TypeVar("_P", bound=Part)
_FINDINGS: TypeAdapter[tuple[Finding, ...]] = TypeAdapter(tuple[Finding, ...])
_TRIALS: TypeAdapter[tuple[Trial, ...]] = TypeAdapter(tuple[Trial, ...])
_PROPOSALS: TypeAdapter[tuple[Proposal, ...]] = TypeAdapter(tuple[Proposal, ...])
_POSTED: TypeAdapter[tuple[Posted, ...]] = TypeAdapter(tuple[Posted, ...])
_WENT: dict[Outcome, str] = {"passed": "passes", "failed": "fails", "error": "breaks", "not run": "was not run"}


@dataclass(frozen=True)
class FindingCard:
    """A finding, with the code around it."""

    finding: Finding
    code: tuple[Line, ...]
    suggestion: tuple[Line, ...]

    @property
    def place(self) -> str:
        """Where it is."""
        one = self.finding
        return f"{one.path}:{one.line}" + (f"-{one.end_line}" if one.end_line > one.line else "")

    @property
    def about(self) -> str:
        """What a person calls it."""
        return self.finding.title


@dataclass(frozen=True)
class TestCard:
    """A drafted test and how it went."""

    trial: Trial
    code: tuple[Line, ...]

    @property
    def about(self) -> str:
        """What a person calls it."""
        return self.trial.about or self.trial.path

    @property
    def catches(self) -> bool:
        """Whether it fails without the change, and passes with it."""
        without = (self.trial.base, self.trial.reverted)
        return self.trial.head == "passed" and any(outcome in ("failed", "error") for outcome in without)

    @property
    def went(self) -> str:
        """How it went, in a line."""
        said = f"{_WENT[self.trial.base]} before the change, {_WENT[self.trial.head]} after it"
        if self.trial.meant and self.trial.head != "passed":
            said = f"{said}, maybe as it is meant: the change touches tests that speak of it"
        taken_back = self.trial.reverted
        return said if taken_back == "not run" else f"{said}, {_WENT[taken_back]} with the change taken back"


@dataclass(frozen=True)
class ProposalCard:
    """A proposal for documentation, as a diff."""

    proposal: Proposal
    patch: tuple[Line, ...]

    @property
    def about(self) -> str:
        """What a person calls it."""
        return self.proposal.title


@dataclass(frozen=True)
class Cards:
    """What of an output is shown as cards."""

    findings: tuple[FindingCard, ...] = ()
    tests: tuple[TestCard, ...] = ()
    documentation: tuple[ProposalCard, ...] = ()
    resolved: tuple[Posted, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is none."""
        return not (self.findings or self.tests or self.documentation or self.resolved)


def cards_of(schema: str, body: JsonObject) -> tuple[Cards, JsonObject]:
    """Make cards of what a typed output holds, and return the rest of it; what cannot be read is left in the rest."""
    if schema not in REVIEWED:
        return Cards(), body
    try:
        cards = Cards(
            tuple(map(_finding, _plain(_FINDINGS.validate_python(body.get("findings", ()))))),
            tuple(map(_test, _plain(_TRIALS.validate_python(body.get("tests", ()))))),
            tuple(
                map(_proposal, _plain(_PROPOSALS.validate_python(body.get("documentation", body.get("proposals", ())))))
            ),
            tuple(_plain(_POSTED.validate_python(body.get("resolved", ())))),
        )
    except ValidationError:  # written by an older version, or changed in the database
        return Cards(), body
    return cards, body if cards.empty else {name: value for name, value in body.items() if name not in CARDS}


def _finding(finding: Finding) -> FindingCard:
    code = numbered(finding.code, finding.line, finding.end_line)
    wanted = finding.suggestion
    return FindingCard(finding, code, () if wanted is None else replaced(code, wanted))


def _test(trial: Trial) -> TestCard:
    return TestCard(
        trial, tuple(Line("", line, number) for number, line in enumerate(trial.code.rstrip("\n").split("\n"), start=1))
    )


def _proposal(proposal: Proposal) -> ProposalCard:
    return ProposalCard(proposal, patched(proposal.patch))


def _plain(several: Iterable[_P]) -> list[_P]:
    """Spell out what cannot be seen in any of their texts."""
    return [one.model_copy(update=_texts(one)) for one in several]


def _texts(one: Part) -> dict[str, Any]:
    return {name: visible(value) for name, value in one if isinstance(value, str)}
