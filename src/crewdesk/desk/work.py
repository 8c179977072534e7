"""A run while it is being worked on: its artifacts, gates and outbox entries, each written down at once."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from crewdesk.desk.deadlines import Deadline
from crewdesk.desk.decide_gate import decide_on_the_spot
from crewdesk.desk.discretion import Discretion
from crewdesk.desk.door import Door
from crewdesk.desk.expire_gate import close_if_over
from crewdesk.desk.facts import accepted_of, facts_of
from crewdesk.desk.office import Office
from crewdesk.desk.signals import Cancelled, Parked, Rejected
from crewdesk.domain.actions import Action
from crewdesk.domain.artifacts import Artifact, title_of
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import Json, JsonObject, digest
from crewdesk.domain.facts import Facts
from crewdesk.domain.gate_times import under_terms
from crewdesk.domain.gates import Approve, Gate, GateKind, has_approved
from crewdesk.domain.model_specs import Tier
from crewdesk.domain.progress import Progress, ProgressKind
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import DeliveryRefused
from crewdesk.ports.connector import Connector
from crewdesk.ports.records import Records

_asking = threading.Lock()


class Work:
    """What the engine is given: one run, and every right thing it may do to it."""

    def __init__(self, run: RunRecord, office: Office) -> None:
        self.run = run
        self.house = HouseSpec.model_validate(run.spec)
        self._office = office
        self._stretch = Deadline(self.house.crew.timeout, office.timer)
        self.door = Door(
            run.id,
            office,
            model=office.model(self.house),
            specs=self.house.models.models,
            allows={name: agent.allows for name, agent in self.house.agents.items()},
            before_spending=self._check_budget,
            stretch=self._stretch,
        )

    @cached_property
    def connectors(self) -> Mapping[str, Connector]:
        """The ways out, for tools that look where something would appear."""
        return self._office.connectors(self.house)

    def model_of(self, tier: Tier) -> str:
        """Name the model that this run's profile uses for a tier."""
        profile = self.house.models.profiles[self.run.profile]
        return getattr(profile, tier) or profile.worker

    @property
    def inputs(self) -> dict[str, str]:
        """The run's inputs, files read in."""
        return {name: str(value) for name, value in self.run.inputs.items()}

    def facts(self) -> Facts:
        """Collect what is known: passages that tools returned, accepted outputs, inputs."""
        with self._office.store.reading() as records:
            return facts_of(self.run, records)

    def accepted(self, task: str) -> Artifact | None:
        """Find the newest accepted version of a task's artifact."""
        with self._office.store.reading() as records:
            return accepted_of(records.artifacts.of_run(self.run.id), task)

    def produced(self, task: str, occasion: str) -> Artifact | None:
        """Find what the agents produced for a task on one occasion, as they left it."""
        with self._office.store.reading() as records:
            versions = records.artifacts.of_run(self.run.id)
        return next((a for a in versions if a.task == task and a.occasion == occasion), None)

    def last_version(self, task: str) -> Artifact | None:
        """Find the newest version of a task's artifact, accepted or not."""
        with self._office.store.reading() as records:
            versions = [a for a in records.artifacts.of_run(self.run.id) if a.task == task]
        return versions[-1] if versions else None

    def version(self, task: str, sha: str) -> Artifact:
        """Find the newest version of a task's artifact with this hash; `DeliveryRefused` when it was tampered with."""
        with self._office.store.reading() as records:
            found = [a for a in records.artifacts.of_run(self.run.id) if a.task == task and a.sha == sha]
        if not found or not found[-1].intact:
            raise DeliveryRefused(
                f"The version of {task!r} that was shown (sha {sha[:12]}) is not there any more as it was.",
                hint="Somebody changed the database behind the desk's back. Start the run anew.",
            )
        return found[-1]

    def propose(
        self, task: str, *, schema: str, author: str, body: JsonObject, occasion: str, doubts: Sequence[str]
    ) -> Artifact:
        """Write down what an agent produced, as a new version."""
        with self._office.store.writing() as records:
            versions = [a for a in records.artifacts.of_run(self.run.id) if a.task == task]
            artifact = Artifact(
                run=self.run.id,
                task=task,
                version=len(versions) + 1,
                schema=schema,
                author=author,
                body=body,
                sha=digest(body),
                created=self._office.now(),
                occasion=occasion,
                doubts=tuple(doubts),
            )
            records.artifacts.put(artifact)
        return artifact

    def accept(self, artifact: Artifact) -> Artifact:
        """Accept a version, and put what its task delivers into the outbox, in one transaction."""
        accepted = replace(artifact, status="accepted")
        with self._office.store.writing() as records:
            records.artifacts.put(accepted)
            for connector, carried in self.house.tasks[artifact.task].delivers.items():
                self._put_in_outbox(records, artifact.task, connector, carried)
        return accepted

    def gate(self, task: str, kind: GateKind, turn: int) -> Gate | None:
        """Find the gate of a task, if it was opened before."""
        with self._office.store.reading() as records:
            gates = records.gates.listed(run=self.run.id)
        return next((g for g in gates if (g.task, g.kind, g.round) == (task, kind, turn)), None)

    def hold(self, task: str, kind: GateKind, turn: int, *, artifact: Artifact | None, reason: str) -> Gate:
        """Ask people: return the decided gate, or raise `Parked` once the question is written down.

        Raises `Cancelled` where the run ended, with the gate or before it.
        """
        gate = self.gate(task, kind, turn) or self._open(task, kind, turn, artifact, reason)
        gate = close_if_over(gate, self._office)
        if gate.status == "open":
            gate = self._ask_on_the_spot(gate)
        if gate.status in ("expired", "closed"):
            raise Cancelled(self.run.id)
        if gate.status == "open":
            raise Parked(gate.id)
        return gate

    def tell(self, kind: ProgressKind, task: str = "", agent: str = "", text: str = "", ms: int | None = None) -> None:
        """Tell whoever watches."""
        said = Discretion(self.run.id, self._office).text(text)
        self._office.watcher.saw(Progress(self.run.id, kind, task, agent, said, ms))

    def timer(self) -> float:
        """Read the stop-watch, in seconds."""
        return self._office.timer()

    def read(self, task: str, body: JsonObject) -> JsonObject:
        """Validate an answer against its task's typed output; `WrongUsage` says what is wrong where."""
        return self._office.checks.normalise(self.house.tasks[task].output_pydantic or "Text", body)

    def compose(self, task: str, body: JsonObject, facts: Facts) -> tuple[str, JsonObject]:
        """Make the artifact out of an answer: its schema and body, joined with the context where the task says so."""
        spec = self.house.tasks[task]
        schema = spec.output_pydantic or "Text"
        return self._office.checks.compose(spec.composer, schema, body, facts) if spec.composer else (schema, body)

    def answer_schema(self, task: str) -> JsonObject | None:
        """Describe the answer a task asks for; None for plain text."""
        name = self.house.tasks[task].output_pydantic
        return None if name is None else self._office.checks.schema(name)

    def card(self, schema: str, body: JsonObject, facts: Facts) -> JsonObject:
        """Say what a person should know of an output; see ports/checks.py."""
        return self._office.checks.card(schema, body, facts)

    def problems(self, task: str, schema: str, body: JsonObject, facts: Facts) -> list[str]:
        """Run the task's guardrails."""
        return self._office.checks.problems(self.house.tasks[task].guardrails, schema, body, facts)

    def _open(self, task: str, kind: GateKind, turn: int, artifact: Artifact | None, reason: str) -> Gate:
        card: JsonObject = {}
        if artifact is not None:
            facts = self.facts()
            card = self.card(artifact.schema, artifact.body, facts)
            card["problems"] = list[Json](self.problems(task, artifact.schema, artifact.body, facts))
            card["doubts"] = list[Json](artifact.doubts)
        with self._office.store.writing() as records:
            earlier = records.gates.listed(run=self.run.id)
            opened = Gate(
                id=f"{self.run.id}-{len(earlier) + 1}",
                run=self.run.id,
                task=task,
                kind=kind,
                round=turn,
                question=self.house.gates.question(kind, self.run.crew, task),
                reason=reason,
                sha="" if artifact is None else artifact.sha,
                card=card,
                status="open",
                opened=self._office.now(),
                crew=self.run.crew,
                title="" if artifact is None else title_of(artifact.body),
            )
            spec, watched = self.house.gates.spec_for(kind, self.run.crew, task), self._office.asker is not None
            gate = under_terms(opened, spec, starter=self.run.by, watched=watched, earlier=earlier)
            records.gates.put(gate)
            records.audit.add(AuditEntry(gate.opened, self.run.crew, "opened", self.run.id, gate.id, gate.sha, reason))
        self.tell("waiting", task, text=gate.id)
        return gate

    def _ask_on_the_spot(self, gate: Gate) -> Gate:
        asker = self._office.asker
        while asker is not None and gate.status == "open":
            with self._stretch.paused(), _asking:
                artifact = self.version(gate.task, gate.sha) if gate.sha else None
                answer = asker.ask(gate, artifact)
            if answer is None:
                break
            decision, by = answer
            gate = decide_on_the_spot(gate, decision, by=by, asker=asker, office=self._office)
            self._stretch.restart()
            if isinstance(decision, Approve) and has_approved(gate, by):
                break  # where it is open still, it is another person's turn
        return gate

    def _put_in_outbox(self, records: Records, task: str, connector: str, carried: str) -> None:
        artifact = accepted_of(records.artifacts.of_run(self.run.id), carried)
        if artifact is None:
            return
        key = f"{self.run.id}:{connector}:{carried}"
        known = records.outbox.get(key)
        if known is None or known.status in ("proposed", "failed"):
            records.outbox.put(
                Action(key, self.run.id, task, connector, artifact.sha, artifact.schema, "proposed", self._office.now())
            )

    def _check_budget(self) -> None:
        """Stop before a call that would go beyond the budget; each approval allows as much again."""
        spec = self.house.gates.budget()
        if spec is None:
            return
        with self._office.store.reading() as records:
            spent = records.journal.spent(self.run.id)
        turn = spec.used_up(spent)
        if turn > 0:
            reason = f"{spent.calls} model calls and {spent.usd:.2f} USD so far."
            gate = self.hold("", "budget", turn, artifact=None, reason=reason)
            if gate.verb != "approve":
                raise Rejected(gate.words)
