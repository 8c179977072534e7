"""A crew for use outside the desk: a plain `crewai.Crew` whose every kickoff is a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from crewai import Crew

from crewdesk.desk.advance_run import settle_run
from crewdesk.desk.office import Office
from crewdesk.desk.turns import turn_at
from crewdesk.desk.work import Work
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.engine.crew import CrewEngine
from crewdesk.engine.manager import Manager
from crewdesk.engine.stop import Stop
from crewdesk.errors import WorkFailed


def plain_crew(
    house: HouseSpec, *, begin: Callable[[Mapping[str, str]], RunRecord], office: Office, engine: CrewEngine
) -> Crew:
    """Build the crew; `begin` writes a run down for the inputs of a kickoff."""
    crew, manager = engine.build(house)
    kickoff = _Kickoff(begin, office, engine, manager)
    crew.before_kickoff_callbacks = [kickoff.begin]
    crew.after_kickoff_callbacks = [kickoff.finish]
    return crew


class _Kickoff:
    """What CrewAI's call-backs do to make a kickoff a run: begin it, settle it when it ends or stops."""

    def __init__(
        self, begin: Callable[[Mapping[str, str]], RunRecord], office: Office, engine: CrewEngine, manager: Manager
    ) -> None:
        self._begin = begin
        self._desk = office
        self._office = office
        """From the beginning of a run to its end, the office of our turn at it."""
        self._engine = engine
        self._manager = manager
        self._held = ExitStack()
        self._work: Work | None = None

    def begin(self, inputs: Mapping[str, Any] | None) -> dict[str, Any]:
        run = self._begin({name: str(value) for name, value in (inputs or {}).items()})
        self._office = self._held.enter_context(turn_at(run.id, self._desk))
        self._work = Work(run, self._office)
        conductor = self._engine.conductor(self._work)
        self._manager.leads(lambda task: self._told(conductor.result, task))
        return dict[str, Any](self._work.inputs)

    def finish(self, output: Any) -> Any:  # noqa: ANN401 - CrewAI's CrewOutput, handed through
        record = self._settle(None)
        if record.status != "done":
            raise Stop(WorkFailed(_how_to_go_on(record)))
        return output

    def _told(self, result: Callable[[str], str], task: str) -> str:
        try:
            return result(task)
        except Exception as error:
            record = self._settle(error)
            raise WorkFailed(_how_to_go_on(record), hint=record.hint) from error

    def _settle(self, stop: Exception | None) -> RunRecord:
        if self._work is None:
            raise RuntimeError("this kickoff did not begin")
        with self._held:
            return settle_run(self._work, self._office, stop)


def _how_to_go_on(record: RunRecord) -> str:
    match record.status:
        case "waiting":
            return f"Run {record.id} waits for a person. Decide: crewdesk gates {record.id}"
        case "failed":
            return f"Run {record.id} failed: {record.error} Go on with: crewdesk resume {record.id}"
        case status:
            return f"Run {record.id} is {status}. {record.error}".strip()
