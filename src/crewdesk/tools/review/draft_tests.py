"""Draft tests for what a change touches, by code alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pydantic import Field

from crewdesk.code.sandbox.limits import MIB, Limits
from crewdesk.code.sandbox.sandbox import open_sandbox
from crewdesk.code.secrets import masked
from crewdesk.code.trials.drafting import Drafts, draft
from crewdesk.code.trials.lines import code_files
from crewdesk.code.trials.python import find_python
from crewdesk.code.trials.stage import set_up
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.tools.answers import fit
from crewdesk.tools.materials import Materials
from crewdesk.tools.review.subject import Subject, subject_of
from crewdesk.tools.settings import Settings


class DraftSettings(Settings):
    """Settings of `kind: drafts`."""

    task: str = Field(default="change", description="Task that read the change.")
    tests: int = Field(default=8, ge=1, le=50, description="Tests that are drafted at most.")
    trusted: bool = Field(default=False, description="Run code without a sandbox, where there is none: it is trusted.")
    python: str = Field(
        default="",
        description="Python that runs the code, below the repository, such as .venv/bin/python; empty: our own.",
    )
    memory_mib: int = Field(default=1024, ge=64, description="Memory that the code may take.")


def draft_tests(*, settings: DraftSettings, materials: Materials) -> JsonObject:
    """Draft plain tests for changed functions, in Python, without any model.

    Some hold a function to what it gave before the change, for a few inputs; others check what its types, its name, a
    partner such as decode for encode, or the examples in its docstring promise. They were not run yet.
    """
    subject = subject_of(materials, settings.task)
    drafts = _drafted(subject, settings) if code_files(subject.change) else Drafts()
    shown = ({"code": masked(one.code), "about": masked(one.about)} for one in drafts.tests)
    tests: list[Json] = [one.model_dump(mode="json") | said for one, said in zip(drafts.tests, shown, strict=True)]
    problems: list[Json] = [masked(one) for one in drafts.problems]
    return fit({"tests": tests, "problems": problems}, shorten="tests", longest=settings.longest)


def _drafted(subject: Subject, settings: DraftSettings) -> Drafts:
    """Draft with what the code gives where there is a sandbox to run it in; else from its text alone."""
    try:
        sandbox = open_sandbox(trusted=settings.trusted)
        python = find_python(subject.repository.folder, settings.python)
    except ValueError as error:
        drafts = draft(subject.sides, most=settings.tests)
        drafts.problems.append(str(error))
        return drafts
    with tempfile.TemporaryDirectory() as folder:
        stage = set_up(subject.sides, Path(folder), sandbox, python, Limits(memory=settings.memory_mib * MIB))
        return draft(subject.sides, stage, most=settings.tests)
