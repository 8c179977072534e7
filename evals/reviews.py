"""Have the review crew review something, and hand over what would be posted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from crewdesk import Desk
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.review.change import Change
from crewdesk.domain.review.review import ReviewBody


@dataclass(frozen=True)
class Reviewed:
    """One review as it stands at its gate, and what led there."""

    review: ReviewBody
    change: Change
    dropped: list[str]
    """What the checker and the test runner left out, and why."""
    problems: list[str]
    """What could not be analysed."""
    seconds: float


class Reviewer:
    """The review crew on a desk of its own."""

    def __init__(self, home: Path, profile: str | None = None) -> None:
        self._desk = Desk(home)
        self._profile = profile

    def review(self, repo: Path, base: str, head: str) -> Reviewed:
        """Review one change; raises `ValueError` with the run's own sentence where that fails."""
        began = time.monotonic()
        run = self._desk.start("review", profile=self._profile, by="evals", repo=str(repo), base=base, head=head)
        if run.status != "waiting":
            raise ValueError(f"{run.status}: {run.error}")
        seconds = time.monotonic() - began
        artifacts = run.dossier().artifacts
        bodies: dict[str, JsonObject] = {one.task: one.body for one in artifacts}
        found = Reviewed(
            review=ReviewBody.model_validate(bodies["review"]),
            change=Change.model_validate(bodies["change"]["change"]),
            dropped=[*_texts(bodies["check"], "dropped"), *_texts(bodies["trials"], "dropped")],
            problems=_texts(bodies["scan"], "problems"),
            seconds=seconds,
        )
        run.gates[0].reject("measured", by="evals")
        return found


@contextmanager
def reviewer(profile: str | None = None) -> Iterator[Reviewer]:
    """Open a desk in a folder that goes away afterwards."""
    with TemporaryDirectory(prefix="crewdesk-evals-") as folder:
        yield Reviewer(Path(folder), profile)


def _texts(body: JsonObject, name: str) -> list[str]:
    found = body.get(name)
    return [str(one) for one in found] if isinstance(found, list) else []
