"""The desk as Python code sees it: start crews, decide gates, resume; no server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crewdesk import bootstrap
from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run, fork_run, prepare_resume, prepare_retry
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.find_run import find_run
from crewdesk.desk.inbox import Dossier, dossier, find_gate
from crewdesk.desk.queue_run import queue_run
from crewdesk.desk.start_run import start_run
from crewdesk.domain.actions import Action
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise
from crewdesk.domain.runs import RunRecord, RunStatus
from crewdesk.domain.specs import HouseSpec
from crewdesk.settings import Settings

if TYPE_CHECKING:
    from crewai import Crew

    from crewdesk.ports.asker import Asker
    from crewdesk.ports.model import Model
    from crewdesk.ports.store import Store
    from crewdesk.ports.watcher import Watcher


class Desk:
    """A desk on ./config, ./knowledge and ./.crewdesk/desk.db, or on those of another `home`."""

    def __init__(
        self,
        home: Path | str | None = None,
        *,
        settings: Settings | None = None,
        store: Store | None = None,
        model: Model | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self.settings = settings or _settings(home)
        self.store: Store = store or bootstrap.open_store(self.settings)
        self._model = model
        self.office = bootstrap.make_office(self.settings, self.store, model=model, watcher=watcher)

    def start(self, crew: str, *, profile: str | None = None, by: str | None = None, **inputs: str) -> Run:
        """Start a run and take it as far as it goes: it is done, or waits for a person, or failed when this returns.

        Raises `ConfigurationError` or `WrongUsage` before anything is run or written down.
        """
        return self.resume(self.prepare(crew, profile=profile, by=by, **inputs).id)

    def prepare(self, crew: str, *, profile: str | None = None, by: str | None = None, **inputs: str) -> Run:
        """Write a run down without advancing it; `resume` goes on with it, from any process."""
        return Run(self, self._written(crew, profile, by, inputs))

    def enqueue(
        self, crew: str, *, profile: str | None = None, by: str | None = None, once: str = "", **inputs: str
    ) -> Run:
        """Put a new run in line for a worker and return at once.

        `once` names an occasion, such as `weekly-2026-W48`, for which one run is started, ever: a second one
        raises `AlreadyStarted`, as does a run that is about the same as an unfinished one (crew.yaml).
        """
        return Run(self, self._written(crew, profile, by, inputs, queued=True, once=once))

    def queue(self, run: str) -> Run:
        """Put a run that stopped in line for a worker: after a decision, a crash or a failure."""
        prepare_resume(run, office=self.office)
        return Run(self, queue_run(run, office=self.office))

    def resume(self, run: str) -> Run:
        """Go on with a run, after a decision, a crash or a failure; what was finished is not done again."""
        prepare_resume(run, office=self.office)
        return Run(self, advance_run(run, office=self.office))

    def prepare_retry(self, run: str) -> Run:
        """Ready a failed run to go on under today's configuration; `resume` goes on with it."""
        house = self.house(find_run(run, self.office).crew)
        return Run(self, prepare_retry(run, house, office=self.office))

    def fork(
        self,
        run: str,
        *,
        profile: str | None = None,
        from_task: str | None = None,
        by: str | None = None,
        **inputs: str,
    ) -> Run:
        """Write down a new run that pays only for what differs from an earlier one; `resume` goes on with it."""
        parent = find_run(run, self.office)
        house = self.house(parent.crew)
        given = {name: str(value) for name, value in parent.inputs.items() if not house.crew.inputs[name].file}
        complete = self._inputs(house, given | inputs)
        child = fork_run(
            run, house, complete, profile=profile, from_task=from_task, by=by or self._user, office=self.office
        )
        return Run(self, child)

    def cancel(self, run: str, *, by: str | None = None) -> Run:
        """Call a run off."""
        return Run(self, cancel_run(run, by=by or self._user, office=self.office))

    def run(self, run: str) -> Run:
        """Find a run."""
        return Run(self, find_run(run, self.office))

    def runs(self, limit: int = 50) -> list[Run]:
        """List runs, the newest first."""
        with self.store.reading() as records:
            return [Run(self, record) for record in records.runs.newest(limit)]

    def gates(self) -> list[OpenGate]:
        """List the gates that wait for a person, the oldest first."""
        with self.store.reading() as records:
            return [OpenGate(self, gate) for gate in records.gates.listed(open_only=True)]

    def gate(self, name: str) -> OpenGate:
        """Find a gate by its id, or by its run's when that waits at one gate only."""
        return OpenGate(self, find_gate(name, self.store)[0])

    def decide(self, gate: str, decision: Decision, *, by: str) -> Gate:
        """Write a decision down; the run goes on with `resume`."""
        return decide_gate(gate, decision, by=by, office=self.office)

    def crew(self, name: str, *, profile: str | None = None, asker: Asker | None = None) -> Crew:
        """Build a plain `crewai.Crew`: `crew.kickoff(inputs={…})` works as anywhere and gives a plain result.

        Each kickoff is a run of this desk: journaled, gated, delivered once. It asks at the terminal,
        or `asker`; without either it stops at the gate with CrewAI's `HookAborted`, which says how to decide.
        """
        from crewdesk.engine.kickoff import plain_crew

        self.settings.export()
        house = self.house(name)
        office = bootstrap.make_office(
            self.settings, self.store, model=self._model, asker=asker or _terminal(self.settings)
        )

        def begin(inputs: Mapping[str, str]) -> RunRecord:
            complete = self._inputs(house, inputs)
            chosen = profile or self.settings.profile or house.models.default
            return start_run(name, house, complete, profile=chosen, by=self._user, office=office)

        return plain_crew(house, begin=begin, office=office, engine=bootstrap.make_engine(self.settings))

    def house(self, crew: str) -> HouseSpec:
        """Read a crew's configuration."""
        return bootstrap.load(crew, self.settings).house

    def _written(
        self,
        crew: str,
        profile: str | None,
        by: str | None,
        inputs: Mapping[str, str],
        *,
        queued: bool = False,
        once: str = "",
    ) -> RunRecord:
        house = self.house(crew)
        return start_run(
            crew,
            house,
            self._inputs(house, inputs),
            profile=profile or self.settings.profile or house.models.default,
            by=by or self._user,
            office=self.office,
            queued=queued,
            once=once,
        )

    @property
    def _user(self) -> str:
        return self.settings.user or "somebody"

    def _inputs(self, house: HouseSpec, given: Mapping[str, str]) -> dict[str, str]:
        from crewdesk.configuration.house import resolve_inputs

        return resolve_inputs(house, given, knowledge=self.settings.knowledge)


class Run:
    """One run, as it was when it was looked up."""

    def __init__(self, desk: Desk, record: RunRecord) -> None:
        self._desk = desk
        self.record = record

    @property
    def id(self) -> str:
        """Four letters, such as 7KQ2."""
        return self.record.id

    @property
    def status(self) -> RunStatus:
        """`queued`, `running`, `waiting`, `done`, `failed`, `rejected`, `cancelled` or `expired`."""
        return self.record.status

    @property
    def error(self) -> str:
        """What went wrong, in a sentence; empty when nothing did."""
        return self.record.error

    @property
    def gates(self) -> list[OpenGate]:
        """The gates at which this run waits, the oldest first."""
        with self._desk.store.reading() as records:
            return [OpenGate(self._desk, gate) for gate in records.gates.listed(run=self.id, open_only=True)]

    @property
    def actions(self) -> list[Action]:
        """What this run put into the outbox, with receipts where it was delivered."""
        return list(self.dossier().actions)

    def output(self, task: str) -> JsonObject | None:
        """Return the accepted output of a task."""
        accepted = [a.body for a in self.dossier().artifacts if a.task == task and a.status == "accepted"]
        return accepted[-1] if accepted else None

    def dossier(self) -> Dossier:
        """Return everything that is written down about this run."""
        return dossier(self.id, self._desk.store)

    def __repr__(self) -> str:
        return f"<Run {self.id} {self.record.crew} {self.status}>"


class OpenGate:
    """A gate, and the four things a person can do at it. The run goes on with `desk.resume(run.id)`."""

    def __init__(self, desk: Desk, gate: Gate) -> None:
        self._desk = desk
        self.record = gate

    @property
    def id(self) -> str:
        """The run's id and a number, such as 7KQ2-1."""
        return self.record.id

    @property
    def artifact(self) -> Artifact | None:
        """The version this gate asks about."""
        return find_gate(self.id, self._desk.store)[1]

    def approve(self, *, by: str) -> None:
        """Release exactly the version that this object shows."""
        self._decide(Approve(self.record.sha), by)

    def edit(self, changes: Mapping[str, Any], *, by: str) -> None:
        """Put a new version in place, changed in these fields; approve it afterwards."""
        artifact = self.artifact
        self._decide(Edit({} if artifact is None else {**artifact.body, **changes}), by)

    def revise(self, notes: str, *, by: str) -> None:
        """Send the work back to the agents with notes."""
        self._decide(Revise(notes), by)

    def reject(self, reason: str, *, by: str) -> None:
        """End the run here; nothing leaves."""
        self._decide(Reject(reason), by)

    def _decide(self, decision: Decision, by: str) -> None:
        self.record = self._desk.decide(self.id, decision, by=by)

    def __repr__(self) -> str:
        return f"<Gate {self.id} {self.record.kind} {self.record.task}>"


def _settings(home: Path | str | None) -> Settings:
    return Settings.from_environment() if home is None else Settings.at(Path(home))


def _terminal(settings: Settings) -> Asker | None:
    from crewdesk.terminal.ask import terminal_asker

    return terminal_asker(settings)
