"""The manager's rounds: plan once; for each task work, check, review, ask a person; hand on what was accepted.

Control flow is code, judgement is the model's. Every outcome is written down before the next step, so the
same code that runs a crew also resumes it.
"""

from __future__ import annotations

from collections.abc import Mapping

from crewdesk.desk.signals import Rejected
from crewdesk.desk.work import Work
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import JsonObject, canonical
from crewdesk.domain.gates import Gate, GateKind
from crewdesk.engine.answers import json_in
from crewdesk.engine.briefing import Attempt, Briefing
from crewdesk.engine.prompts import content_of
from crewdesk.engine.schedule import Schedule
from crewdesk.engine.staff import Staff
from crewdesk.engine.verdicts import Brief, Plan, Verdict
from crewdesk.errors import ModelError, WorkFailed, WrongUsage
from crewdesk.ports.tool import Tool


class Conductor:
    """Leads one run of one crew."""

    def __init__(self, work: Work, tools: Mapping[str, Tool]) -> None:
        self._work = work
        self._tasks = work.house.tasks
        self._staff = Staff(work, tools)
        self._briefing = Briefing(work)
        self._planned = Schedule({"": ()}, lambda _: self._plan())
        self._schedule = Schedule({name: work.house.needs(name) for name in self._tasks}, self._do)

    def result(self, task: str) -> str:
        """Wait for a task's accepted output, byte for byte; empty where it was left out. The first call starts all."""
        artifact = self._schedule.result(task)
        if artifact is None:
            return ""
        content = content_of(artifact.schema, artifact.body)
        return content if isinstance(content, str) else canonical(content)

    def _plan(self) -> dict[str, Brief]:
        plan = self._staff.judge(self._briefing.plan_question(), Plan, task="", purpose="plan", occasion="")
        return {brief.task: brief for brief in plan.briefs if brief.task in self._tasks}

    # --- one task ---

    def _do(self, task: str) -> Artifact | None:
        """Take a task to an accepted artifact, through as many rounds as its people ask for; None if it is left out."""
        if (why := self._why_left_out(task)) is not None:
            self._work.tell("left out", task, text=why)
            return None
        if (accepted := self._work.accepted(task)) is not None:
            return accepted
        occasion, notes, turn = "", list[str](), 0
        while True:
            artifact = self._produced(task, occasion, notes)
            gate = self._asked(task, turn, artifact)
            if gate is None:
                return self._accepted(artifact)
            if gate.verb == "approve":
                return self._accepted(self._work.version(task, gate.noted_sha))
            if gate.verb == "reject":
                raise Rejected(gate.words)
            turn += 1
            occasion, notes = f"{task}/{turn}", [gate.words]
            for other in self._also_redone(task):
                self._accepted(self._produced(other, occasion, notes))

    def _why_left_out(self, task: str) -> str | None:
        """Say why a task is left out; None where it is done. What it needs is done, or left out, by now."""
        house = self._work.house
        if not house.may_be_left_out(task):
            return None
        asked = {condition.task for name in self._tasks if (condition := house.condition(name)) is not None}
        found = {name: artifact.body for name in asked if (artifact := self._work.accepted(name)) is not None}
        return house.left_out(found).get(task)

    def _produced(self, task: str, occasion: str, notes: list[str]) -> Artifact:
        return self._work.produced(task, occasion) or self._produce(task, occasion, notes)

    def _accepted(self, artifact: Artifact) -> Artifact:
        if artifact.status == "accepted":
            return artifact
        accepted = self._work.accept(artifact)
        headline = self._work.card(artifact.schema, artifact.body, self._work.facts()).get("headline")
        self._work.tell("accepted", artifact.task, artifact.author, text=str(headline or ""))
        return accepted

    def _also_redone(self, task: str) -> list[str]:
        """Name the other tasks that a person's notes at this task are for, in their order."""
        spec = self._work.house.gates.flagged(self._work.run.crew, task)
        return [] if spec is None else [other for other in self._tasks if other in spec.revise and other != task]

    # --- asking a person ---

    def _asked(self, task: str, turn: int, artifact: Artifact) -> Gate | None:
        """Ask a person where one is needed; None where nobody need be asked."""
        kind, reason = self._why_ask(task, artifact)
        return None if kind is None else self._work.hold(task, kind, turn, artifact=artifact, reason=reason)

    def _why_ask(self, task: str, artifact: Artifact) -> tuple[GateKind | None, str]:
        doubts = list(artifact.doubts)
        spec, confidence = self._work.house.gates.doubt(), artifact.body.get("confidence")
        if spec is not None and isinstance(confidence, (int, float)) and confidence < spec.below:
            doubts.append(f"The {artifact.author} is only {confidence:.0%} sure.")
        if self._tasks[task].human_input:
            return "flagged", " ".join(["This step is always shown to a person.", *doubts])
        if doubts:
            return "doubt", " ".join(doubts)
        checkpoint, place = self._work.house.gates.checkpoint(), list(self._tasks).index(task) + 1
        if checkpoint is not None and place % checkpoint.every == 0:
            return "checkpoint", f"Task {place} of {len(self._tasks)}: a checkpoint, at which a person looks."
        return None, ""

    # --- work and review ---

    def _produce(self, task: str, occasion: str, notes: list[str]) -> Artifact:
        """Have a task done and reviewed, with at most `max_revisions` rounds of rework."""
        attempt = self._first_attempt(task, occasion, notes)
        doubts: list[str] = []
        for round_ in range(1 + self._work.house.crew.max_revisions):
            self._work.tell("revised" if round_ else "working", task, attempt.agent)
            self._try(task, occasion, attempt)
            verdict = self._verdict(task, occasion, attempt)
            if verdict.verdict == "accept":
                doubts = []
                break
            doubts = [verdict.notes or f"The {self._briefing.manager_role()} is not content."]
            if verdict.verdict == "give_up":
                break
            self._prepare_rework(attempt, verdict, notes)
        if attempt.body is None:
            raise attempt.failure or WorkFailed(
                f"{attempt.agent} gave no usable answer for {task!r}: {' '.join(attempt.problems)}", task=task
            )
        return self._work.propose(
            task, schema=attempt.schema, author=attempt.agent, body=attempt.body, occasion=occasion, doubts=doubts
        )

    def _first_attempt(self, task: str, occasion: str, notes: list[str]) -> Attempt:
        agent = self._tasks[task].agent
        brief = self._brief(task, agent)
        if brief is not None and brief.agent in self._could_do(agent):
            agent = brief.agent
        last = self._work.last_version(task) if occasion else None
        return Attempt(agent, list(notes), answer=None if last is None else last.body)

    def _brief(self, task: str, agent: str) -> Brief | None:
        """Look the manager's brief up; code needs none, so nothing is planned before a model is needed."""
        is_code = self._work.house.agents[agent].function is not None
        return None if is_code else self._planned.result("").get(task)

    def _prepare_rework(self, attempt: Attempt, verdict: Verdict, notes: list[str]) -> None:
        if verdict.verdict == "reassign" and verdict.assign_to in self._could_do(attempt.agent):
            attempt.agent = verdict.assign_to
        attempt.notes = [*notes, verdict.notes] if verdict.notes else list(notes)

    def _could_do(self, agent: str) -> set[str]:
        """Name who could do an agent's work: code and the manager do their own, and nobody else's."""
        agents = self._work.house.agents
        peers = {name for name in agents if not self._answers_alone(name)}
        return peers if agent in peers else set()

    def _answers_alone(self, agent: str) -> bool:
        """Say whether nobody reviews an agent's work: code does the same each time, the manager is who reviews."""
        house = self._work.house
        return agent == house.crew.manager_agent or house.agents[agent].function is not None

    def _try(self, task: str, occasion: str, attempt: Attempt) -> None:
        """Have the work done, read it, compose it and check it; what is wrong is in the attempt."""
        attempt.problems, attempt.failure = [], None
        brief = self._brief(task, attempt.agent)
        try:
            text = self._staff.do(self._briefing.job(task, attempt, brief=brief, occasion=occasion))
        except WorkFailed as failure:
            attempt.failure = failure
            return
        try:
            body: JsonObject = json_in(text) if self._tasks[task].output_pydantic else {"text": text}
            attempt.answer = self._work.read(task, body)
        except (ValueError, WrongUsage) as error:
            attempt.problems = [f"The answer is not what was asked for: {error}"]
            return
        facts = self._work.facts()
        attempt.schema, attempt.body = self._work.compose(task, attempt.answer, facts)
        attempt.problems = self._work.problems(task, attempt.schema, attempt.body, facts)

    def _verdict(self, task: str, occasion: str, attempt: Attempt) -> Verdict:
        """Code judges first and for free; only sound work, or a failure, is put before the manager."""
        if self._answers_alone(attempt.agent) and not attempt.problems:
            if attempt.failure is not None:
                raise attempt.failure
            return Verdict(verdict="accept")
        if attempt.failure is not None:
            question = self._briefing.failure_question(task, attempt, attempt.failure)
        elif attempt.problems:
            return Verdict(verdict="revise", notes=" ".join(attempt.problems))
        else:
            question = self._briefing.review_question(task, attempt)
        try:
            return self._staff.judge(question, Verdict, task=task, purpose="review", occasion=occasion)
        except ModelError:
            raise attempt.failure or WorkFailed(f"The manager could not review {task!r}.", task=task) from None
