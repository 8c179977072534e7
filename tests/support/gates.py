"""Gates for tests: a clock that one sets, a chat that remembers, a run that waits for people."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.inbox import find_gate
from crewdesk.desk.office import Office
from crewdesk.domain.gates import Gate
from crewdesk.domain.notices import Notice
from crewdesk.domain.specs import HouseSpec
from crewdesk.models.scripted import ScriptedModel
from crewdesk.store.database import Database
from support.houses import house, task
from support.offices import Shelf, begin, office

START = "2026-11-22T10:00:00.000+00:00"


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, start: str = START) -> None:
        self._now = datetime.fromisoformat(start)

    def __call__(self) -> str:
        return self._now.isoformat(timespec="milliseconds")

    def forward(self, **length: float) -> None:
        self._now += timedelta(**length)

    def back(self, **length: float) -> None:
        self._now -= timedelta(**length)


class Chat:
    """A notifier that remembers what it was told where; `fail` makes the next notices fail, `away` some places."""

    def __init__(self, *, fail: int = 0, addresses: int = 1, away: Sequence[str] = ()) -> None:
        self.told: list[Notice] = []
        self.places: list[str] = []
        self.tried = 0
        self.fail = fail
        self.addresses = addresses
        self.away = list(away)
        self._lock = threading.Lock()

    def tell(self, notice: Notice, to: Sequence[str]) -> Mapping[str, str]:
        named = [[name] if "#" in name else [f"{name}#{n + 1}" for n in range(self.addresses)] for name in to]
        with self._lock:
            self.tried += 1
            if self.fail:
                self.fail -= 1
                return dict.fromkeys(itertools.chain(*named), "The chat is away.")
            outcome = {place: "It is away." if place in self.away else "" for place in itertools.chain(*named)}
            took = [place for place, trouble in outcome.items() if not trouble]
            self.places += took
            if took:
                self.told.append(notice)
        return outcome

    def services(self, variable: str) -> Sequence[str]:
        return ["Chat"] * self.addresses

    @property
    def kinds(self) -> list[str]:
        return [notice.kind for notice in self.told]


def gated_house(*, notify: bool = True, more: dict[str, Any] | None = None, **terms: Any) -> HouseSpec:
    """A house whose task `a` stops at a gate with these terms and goes to a shelf."""
    gate = {"kind": "flagged", "crew": "test", "task": "a", "question": "Good?", **terms}
    spec = house(
        {"a": task(human_input=True), "out": task(context=["a"], delivers={"shelf": "a"}), **(more or {})},
        connectors={"shelf": {"kind": "shelf"}},
        gates={"gate of a": gate},
    ).model_dump(mode="json")
    if notify:
        spec["gates"]["notify"] = {"url_env": "CREWDESK_CHAT_WEBHOOK_URL"}
    return HouseSpec.model_validate(spec)


def gated_office(
    place: Path | Database, clock: Clock, *, chat: Chat | None = None, shelf: Shelf | None = None, **changes: Any
) -> Office:
    """An office whose model does what it is asked, with this clock."""
    return office(
        place,
        willing_model(),
        connectors={"shelf": shelf or Shelf()},
        **{"now": clock, "notifier": chat or Chat(), **changes},
    )


def willing_model() -> ScriptedModel:
    """A model that writes the same short text for every task."""
    model = ScriptedModel().always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review")
    return model.always("the text", purpose="work")


def wait_at_gate(where: Office, spec: HouseSpec) -> Gate:
    """Take a run of this house to its gate."""
    run = advance_run(begin(where, spec).id, office=where)
    assert run.status == "waiting", run.error
    return find_gate(run.id, where.store)[0]


def status_of(where: Office, run: str) -> str | None:
    with where.store.reading() as records:
        return records.runs.status(run)


def audited(where: Office, run: str, *what: str) -> list[tuple[str, str, str]]:
    """List who did which of these to what in a run, in order."""
    with where.store.reading() as records:
        return [(e.who, e.what, e.subject) for e in records.audit.listed(run=run) if e.what in what]
