"""Say which tasks of a run were left out, and why: what they hang on was not so."""

from __future__ import annotations

from collections.abc import Iterable

from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import JsonObject


def left_out(spec: JsonObject, artifacts: Iterable[Artifact]) -> dict[str, str]:
    """Look through what a run has made so far; `spec` is the configuration it started with."""
    if not hangs_on_something(spec):
        return {}
    from crewdesk.domain.specs import HouseSpec  # late: lists need no pydantic

    accepted = {artifact.task: artifact.body for artifact in artifacts if artifact.status == "accepted"}
    return HouseSpec.model_validate(spec).left_out(accepted)


def hangs_on_something(spec: JsonObject) -> bool:
    """Say whether any task of a configuration hangs on something, so that it is worth looking."""
    tasks = spec.get("tasks")
    return isinstance(tasks, dict) and any(isinstance(task, dict) and task.get("when") for task in tasks.values())
