"""Run drafted tests before and after the change, in a sandbox, and the repository's own tests of what it changed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from pydantic import Field

from crewdesk.code.sandbox.limits import MIB, Limits
from crewdesk.code.sandbox.sandbox import Sandbox, open_sandbox
from crewdesk.code.secrets import masked
from crewdesk.code.sides import Sides
from crewdesk.code.trials.existing import Own, choose, run_own
from crewdesk.code.trials.functions import changed_functions, files_with_other_code
from crewdesk.code.trials.layout import module_of
from crewdesk.code.trials.lines import code_files, new_lines
from crewdesk.code.trials.python import find_python
from crewdesk.code.trials.stage import set_up
from crewdesk.code.trials.trying import Rig, Tried, try_drafts
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.review.trials import DraftTest, Trial
from crewdesk.tools.materials import Materials
from crewdesk.tools.review.subject import Subject, subject_of
from crewdesk.tools.settings import Settings

_TEST = re.compile(r"test_.*|.*_test", re.DOTALL)


class TrialsSettings(Settings):
    """Settings of `kind: trials`."""

    task: str = Field(default="change", description="Task that read the change.")
    drafts: str = Field(default="draft_tests", description="Task that drafted the tests.")
    by: str = Field(default="test author", description="Who drafted them.")
    trusted: bool = Field(default=False, description="Run code without a sandbox, where there is none: it is trusted.")
    python: str = Field(
        default="",
        description="Python that runs tests, below the repository, such as .venv/bin/python; empty: our own.",
    )
    tests: int = Field(default=12, ge=0, description="Drafted tests that are run at most.")
    existing: int = Field(
        default=3, ge=0, description="Files of the repository's own tests that are run at most; 0 for none."
    )
    seconds: float = Field(default=20, gt=0, description="How long one run of a test may take.")
    all_seconds: float = Field(default=240, gt=0, description="When no further drafted test is begun.")
    memory_mib: int = Field(default=1024, ge=64, description="Memory that one run may take, with all it starts.")


def run_trials(*, settings: TrialsSettings, materials: Materials) -> JsonObject:
    """Run drafted tests on both sides of the change; those that do not run are dropped and counted."""
    subject = subject_of(materials, settings.task)
    drafts = _drafts(materials, settings.drafts)
    if not code_files(subject.change) and not drafts:
        return _answer(Tried(), Own(), "")
    try:
        sandbox = open_sandbox(trusted=settings.trusted)
        with tempfile.TemporaryDirectory() as folder:
            tried, own = _run(subject, drafts, sandbox, Path(folder), settings)
    except (ValueError, OSError) as error:
        why = f"Their files could not be written: {error.strerror}." if isinstance(error, OSError) else str(error)
        count = {0: "", 1: "One drafted test was not run. "}.get(
            len(drafts), f"{len(drafts)} drafted tests were not run. "
        )
        return _answer(Tried(dropped=[f"{count}{why}"]), Own(), "")
    return _answer(tried, own, sandbox.about)


def _drafts(materials: Materials, task: str) -> list[DraftTest]:
    given = (materials.work(task) or {}).get("tests")
    drafts = [DraftTest.model_validate(one) for one in (given if isinstance(given, list) else [])]
    # Whoever drafts a test cannot claim that the repository had it.
    return [one.model_copy(update={"origin": "written"}) if one.origin == "existing" else one for one in drafts]


def _run(
    subject: Subject, drafts: Sequence[DraftTest], sandbox: Sandbox, folder: Path, settings: TrialsSettings
) -> tuple[Tried, Own]:
    limits = Limits(seconds=settings.seconds, memory=settings.memory_mib * MIB)
    python = find_python(subject.repository.folder, settings.python)
    stage = set_up(subject.sides, folder, sandbox, python, limits)
    own = run_own(stage.bench, stage.trees.base, stage.trees.head, _own_tests(subject.sides, settings.existing))
    rig = Rig(stage.bench, stage.trees, new_lines(subject.change, subject.after))
    fit, unfit = _sorted_out(drafts, subject.after)
    tried = try_drafts(fit[: settings.tests], settings.by, rig, seconds=settings.all_seconds)
    tried.dropped += [*unfit, *(f"{one.path}: only {settings.tests} tests are run." for one in fit[settings.tests :])]
    return tried, own


def _sorted_out(drafts: Sequence[DraftTest], after: Path) -> tuple[list[DraftTest], list[str]]:
    """Part drafts that are files of their own from those that would take the place of something else, and say why."""
    fit: dict[str, DraftTest] = {}
    unfit: list[str] = []
    for one in drafts:
        path = PurePosixPath(one.path)
        if path.suffix == ".py" and not _TEST.fullmatch(path.stem):
            unfit.append(f"{one.path}: its name is none of a test, such as tests/test_x.py.")
        elif path.as_posix() in fit:
            unfit.append(f"{one.path}: another drafted test has this name.")
        elif (after / path).exists():
            unfit.append(f"{one.path}: the repository has a file of this name.")
        else:
            fit[path.as_posix()] = one
    return list(fit.values()), unfit


def _own_tests(sides: Sides, most: int) -> list[str]:
    """Choose the repository's own tests that speak of the code that changed."""
    modules = {module_of(path, sides.after)[0] for path in files_with_other_code(sides)}
    return choose(sides.after, {one.name for one in changed_functions(sides)}, modules, most=most)


def _answer(tried: Tried, own: Own, about: str) -> JsonObject:
    trials: list[Json] = [_spoken(one) for one in (*own.trials, *tried.trials)]
    return {
        "tests": trials,
        "dropped": [masked(one) for one in tried.dropped],
        "existing": masked(own.said),
        "sandbox": about,
        "confidence": 1.0,
        "open_questions": [],
    }


def _spoken(trial: Trial) -> JsonObject:
    """Put a test that ran into words that may be shown: no secret is in them."""
    shown = trial.model_copy(update={name: masked(getattr(trial, name)) for name in ("code", "about", "output")})
    return shown.model_dump(mode="json")
