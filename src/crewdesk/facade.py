"""The desk as Python code sees it: start crews, decide gates, resume; no server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crewdesk import bootstrap
from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run, fork_run, prepare_resume, prepare_retry
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.find_run import find_run
from crewdesk.desk.forget_lead import NOT_SCRUBBED, Forgotten, forget_lead
from crewdesk.desk.inbox import find_gate
from crewdesk.desk.queue_run import queue_run
from crewdesk.desk.start_run import start_run
from crewdesk.domain.gates import Decision, Gate
from crewdesk.domain.people import Proof
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import ConfigurationError, NotFound
from crewdesk.handles import OpenGate, Run
from crewdesk.settings import Settings

if TYPE_CHECKING:
    from crewai import Crew

    from crewdesk.desk.figures import Report
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
        self._houses = bootstrap.make_houses(self.settings)

    def start(self, crew: str, *, profile: str | None = None, by: str | None = None, **inputs: str) -> Run:
        """Start a run and take it as far as it goes: it is done, or waits for a person, or failed when this returns.

        Raises `ConfigurationError` or `WrongUsage` before anything is run or written down.
        """
        return self.resume(self.prepare(crew, profile=profile, by=by, **inputs).id)

    def prepare(self, crew: str, *, profile: str | None = None, by: str | None = None, **inputs: str) -> Run:
        """Write a run down without advancing it; `resume` goes on with it, from any process."""
        return self.submit(crew, inputs, profile=profile, by=by, queued=False)

    def enqueue(
        self, crew: str, *, profile: str | None = None, by: str | None = None, once: str = "", **inputs: str
    ) -> Run:
        """Put a new run in line for a worker and return at once.

        `once` names an occasion, such as `weekly-2026-W48`, for which one run is started, ever: a second one
        raises `AlreadyStarted`, as does a run that is about the same as an unfinished one (crew.yaml).
        """
        return self.submit(crew, inputs, profile=profile, by=by, once=once)

    def submit(
        self,
        crew: str,
        inputs: Mapping[str, str],
        *,
        profile: str | None = None,
        by: str | None = None,
        proof: Proof = "typed",
        once: str = "",
        queued: bool = True,
    ) -> Run:
        """Write a run down as `enqueue` does, in line or not; `proof` says how the name `by` was come by."""
        house = self.house(crew)
        record = start_run(
            crew,
            house,
            self._inputs(house, inputs),
            profile=profile or self.settings.profile or house.models.default,
            by=by or self._user,
            proof=proof,
            office=self.office,
            queued=queued,
            once=once,
        )
        return Run(self.office, record)

    def queue(self, run: str, *, by: str = "", proof: Proof = "typed", what: str = "resumed") -> Run:
        """Put a run that stopped in line for a worker: after a decision, a crash or a failure.

        `by` is who wants it, for the audit log; `what` they did.
        """
        proof = proof if by else ""
        prepare_resume(run, by=by, proof=proof, office=self.office)
        return Run(self.office, queue_run(run, by=by, proof=proof, what=what, office=self.office))

    def resume(self, run: str) -> Run:
        """Go on with a run, after a decision, a crash or a failure; what was finished is not done again."""
        prepare_resume(run, office=self.office)
        return Run(self.office, advance_run(run, office=self.office))

    def prepare_retry(self, run: str, *, by: str = "", proof: Proof = "typed") -> Run:
        """Ready a failed run to go on under today's configuration; `resume` goes on with it."""
        house = self.house(find_run(run, self.office).crew)
        return Run(self.office, prepare_retry(run, house, by=by, proof=proof if by else "", office=self.office))

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
        return self.fork_with(run, inputs, profile=profile, from_task=from_task, by=by)

    def fork_with(
        self,
        run: str,
        inputs: Mapping[str, str],
        *,
        profile: str | None = None,
        from_task: str | None = None,
        by: str | None = None,
        proof: Proof = "typed",
        queued: bool = False,
        once: str = "",
    ) -> Run:
        """Fork a run, as `fork` does; `proof` and `once` are as for `submit`, and `queued` leaves it to a worker."""
        parent = find_run(run, self.office)
        house = self.house(parent.crew)
        asked_for = {name for name, spec in house.crew.inputs.items() if not spec.file}
        given = {name: str(value) for name, value in parent.inputs.items() if name in asked_for}
        complete = self._inputs(house, given | dict(inputs))
        child = fork_run(
            run,
            house,
            complete,
            profile=profile,
            from_task=from_task,
            by=by or self._user,
            proof=proof,
            office=self.office,
            queued=queued,
            once=once,
        )
        return Run(self.office, child)

    def cancel(self, run: str, *, by: str | None = None, proof: Proof = "typed") -> Run:
        """Call a run off."""
        return Run(self.office, cancel_run(run, by=by or self._user, proof=proof, office=self.office))

    def forget(self, lead: str, *, by: str) -> Forgotten:
        """Take a person out of all runs about them, as `crewdesk forget` does; say what remains where."""
        from crewdesk.store.tidy import scrub

        forgotten = forget_lead(lead, by=by, office=self.office)
        return forgotten if scrub(self.store) else replace(forgotten, again=(*forgotten.again, NOT_SCRUBBED))

    def run(self, run: str) -> Run:
        """Find a run."""
        return Run(self.office, find_run(run, self.office))

    def runs(self, limit: int = 50) -> list[Run]:
        """List runs, the newest first."""
        with self.store.reading() as records:
            return [Run(self.office, record) for record in records.runs.newest(limit)]

    def gates(self) -> list[OpenGate]:
        """List the gates that wait for a person, the oldest first."""
        with self.store.reading() as records:
            return [OpenGate(self.office, gate) for gate in records.gates.listed(open_only=True)]

    def gate(self, name: str) -> OpenGate:
        """Find a gate by its id, or by its run's when that waits at one gate only."""
        return OpenGate(self.office, find_gate(name, self.store)[0])

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

    def crews(self) -> list[str]:
        """Name the crews in config/crews."""
        from crewdesk.configuration.house import list_crews

        return list_crews(self.settings.config)

    def house(self, crew: str) -> HouseSpec:
        """Return a crew's configuration as its files say now."""
        return self._houses(crew)

    def figures(self, *, weeks: int = 12, crew: str = "", profile: str = "") -> Report:
        """Say what the runs that were started in the last weeks came to, of a crew and a profile or of all."""
        from crewdesk.desk.figures import report

        return report(weeks=weeks, crew=crew, profile=profile, by_hand=self._by_hand, office=self.office)

    def _by_hand(self, crew: str) -> str | None:
        try:
            return self.house(crew).crew.manual_time
        except (ConfigurationError, NotFound):
            return None  # what a crew that is gone or broken came to is told all the same

    @property
    def _user(self) -> str:
        return self.settings.user or "somebody"

    def _inputs(self, house: HouseSpec, given: Mapping[str, str]) -> dict[str, str]:
        from crewdesk.configuration.house import resolve_inputs

        return resolve_inputs(house, given, knowledge=self.settings.knowledge)


def _settings(home: Path | str | None) -> Settings:
    return Settings.from_environment() if home is None else Settings.at(Path(home))


def _terminal(settings: Settings) -> Asker | None:
    from crewdesk.terminal.ask import terminal_asker

    return terminal_asker(settings)
