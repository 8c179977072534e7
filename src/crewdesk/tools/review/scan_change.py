"""Let analysers look at a change before and after it; only what is new counts."""

from __future__ import annotations

from pydantic import Field

from crewdesk.code.analysers.complexity import Limits
from crewdesk.code.analysers.table import scan
from crewdesk.domain.canonical import JsonObject
from crewdesk.tools.materials import Materials
from crewdesk.tools.review.subject import subject_of
from crewdesk.tools.settings import Settings


class ScanSettings(Settings):
    """Settings of `kind: scan`."""

    task: str = Field(default="change", description="Task that read the change.")
    ways: int = Field(default=15, ge=2, description="Ways through a function that nobody needs to be told of.")
    growth: int = Field(default=5, ge=1, description="Ways that must be new in the change for it to be told.")


def scan_change(*, settings: ScanSettings, materials: Materials) -> JsonObject:
    """Run every analyser that fits on both sides of the change and report what is new."""
    found = scan(subject_of(materials, settings.task).sides, Limits(settings.ways, settings.growth))
    return {
        "findings": [one.model_dump(mode="json") for one in found.findings],
        "symbols": list(found.symbols),
        "ran": list(found.ran),
        "problems": list(found.problems),
        "confidence": 1.0,
        "open_questions": [],
    }
