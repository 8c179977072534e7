"""Look at everything the others said, and keep what is about this change, applies, and is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import Field

from crewdesk.code.checks.broken import broken_by
from crewdesk.code.checks.findings import Claim, checked, finished, limited
from crewdesk.code.checks.ground import Ground
from crewdesk.code.checks.ledger import Ledger
from crewdesk.code.checks.memory import resolved
from crewdesk.code.checks.proposals import tried
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.review.findings import Reported
from crewdesk.domain.review.proposals import RawProposal
from crewdesk.domain.review.trials import Trial
from crewdesk.tools.materials import Materials
from crewdesk.tools.review.subject import subject_of
from crewdesk.tools.settings import Settings


class CheckSettings(Settings):
    """Settings of `kind: check`."""

    task: str = Field(default="change", description="Task that read the change.")
    believed: Sequence[str] = Field(default=("scan",), description="Tasks whose findings code found.")
    findings: Mapping[str, str] = Field(
        default={"analyse": "code analyst", "document": "documentation writer"},
        description="Tasks whose findings are held to their evidence, and who found them.",
    )
    trials: str = Field(default="trials", description="Task that ran tests.")
    proposals: Mapping[str, str] = Field(
        default={"document": "documentation writer"}, description="Tasks with proposals, and who made them."
    )
    most: int = Field(
        default=30, ge=1, description="Findings that a review holds, and proposals of one author; the rest is counted."
    )
    least_confidence: float = Field(
        default=0.3, ge=0, le=1, description="How sure a finding's author must be; what is below is counted."
    )


def check_work(*, settings: CheckSettings, materials: Materials) -> JsonObject:
    """Check findings and proposals against the code, drop what does not hold, and rank the rest."""
    subject = subject_of(materials, settings.task)
    private = _private(materials.scratch, Path(subject.change.repository), subject.before, subject.after)
    ground = Ground(subject.change, subject.before, subject.after, private)
    ledger = Ledger()
    found = checked(_claims(ground, settings, materials), ground, ledger, least=settings.least_confidence)
    gone = resolved(found, ground, models=settings.findings.values())
    kept = finished(limited(found, settings.most, ledger), ground, ledger)
    proposals = [
        one
        for task, author in settings.proposals.items()
        for one in tried(_proposals(materials, task), ground, ledger, by=author, most=settings.most)
    ]
    return {
        "findings": [one.model_dump(mode="json") for one in kept],
        "proposals": [one.model_dump(mode="json") for one in proposals],
        "resolved": [one.model_dump(mode="json") for one in gone],
        "dropped": list(ledger.sentences()),
        "confidence": 1.0,
        "open_questions": [],
    }


def _claims(ground: Ground, settings: CheckSettings, materials: Materials) -> Iterator[Claim]:
    for task in (*settings.believed, *settings.findings):
        for one in _listed(materials, task, "findings"):
            reported = Reported.model_validate(one)
            author = reported.by or settings.findings.get(task, task)
            yield Claim(reported.model_copy(update={"by": author}), believed=task in settings.believed)
    trials = [Trial.model_validate(one) for one in _listed(materials, settings.trials, "tests")]
    for broken in broken_by(trials, ground):
        yield Claim(broken, believed=True)


def _proposals(materials: Materials, task: str) -> list[RawProposal]:
    return [RawProposal.model_validate(one) for one in _listed(materials, task, "proposals")]


def _listed(materials: Materials, task: str, name: str) -> list[object]:
    given = (materials.work(task) or {}).get(name)
    return list(given) if isinstance(given, list) else []


def _private(*folders: Path) -> list[str]:
    """Name folders that are nobody's business, longest first: one may lie in another."""
    spelled = {str(spelling) for folder in folders for spelling in (folder, folder.resolve()) if len(folder.parts) > 1}
    return sorted(spelled, key=lambda one: (-len(one), one))
