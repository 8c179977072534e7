"""What is put before people of the crew: the words of YAML with what the run knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from crewdesk.desk.work import Work
from crewdesk.domain.canonical import Json, JsonObject, canonical
from crewdesk.engine.prompts import block, cited, content_of, fill, fitting, output_of, passages_shown, placeholders
from crewdesk.engine.verdicts import Brief
from crewdesk.errors import WorkFailed


@dataclass
class Attempt:
    """One try at a task, and what became of it."""

    agent: str
    notes: list[str] = field(default_factory=list[str])
    schema: str = ""
    answer: JsonObject | None = None
    """The worker's own answer, shown to it when it revises."""
    body: JsonObject | None = None
    """The artifact's body: the answer, or what code composed of it."""
    problems: list[str] = field(default_factory=list[str])
    failure: WorkFailed | None = None


@dataclass(frozen=True)
class Job:
    """One piece of work for one agent."""

    task: str
    agent: str
    description: str
    expected_output: str
    context: str
    occasion: str


class Briefing:
    """Puts questions and jobs together; the same run gives the same texts."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._crew = work.house.crew
        self._tasks = work.house.tasks
        files = {name for name, spec in self._crew.inputs.items() if spec.file}
        self._given = {name: value for name, value in work.inputs.items() if name not in files}

    def manager_role(self) -> str:
        """Name the manager as its colleagues would."""
        return self._work.house.agents[self._crew.manager_agent].role.lower()

    def plan_question(self) -> str:
        """Ask for the plan."""
        tasks: list[Json] = [
            {"task": name, "agent": spec.agent, "description": self._description(name)}
            for name, spec in self._tasks.items()
        ]
        inputs = block("Inputs", dict[str, Json](self._given)) if self._given else "nothing in particular"
        return self._filled(
            self._crew.manager.plan,
            goal=fill(self._crew.goal, {"inputs": inputs}),
            tasks=block("Tasks", tasks),
            roster=self._roster(),
        )

    def review_question(self, task: str, attempt: Attempt) -> str:
        """Ask for a verdict on sound work."""
        shown = attempt.answer or attempt.body or {}
        noticed = self._work.card(attempt.schema, attempt.body or {}, self._work.facts()).get("noticed", [])
        return self._filled(
            self._crew.manager.review,
            task=self._description(task),
            expected_output=self._tasks[task].expected_output,
            problems=block("Problems", noticed),
            work=block("Work", content_of("" if self._tasks[task].output_pydantic else "Text", shown)),
        )

    def failure_question(self, task: str, attempt: Attempt, failure: WorkFailed) -> str:
        """Ask what to do about a worker that failed."""
        return self._filled(
            self._crew.manager.failure,
            task=self._description(task),
            agent=attempt.agent,
            error=block("Failure", failure.message),
            roster=self._roster(),
        )

    def job(self, task: str, attempt: Attempt, *, brief: Brief | None, occasion: str) -> Job:
        """Put a job together: description, brief, answer's schema, earlier work, own last version, notes."""
        spec = self._tasks[task]
        said = f"\n\nThe {self.manager_role()} adds: {brief.brief}" if brief is not None and brief.brief else ""
        schema = self._work.answer_schema(task)
        form = "" if schema is None else f"\n\nAnswer with one JSON object of this schema:\n{canonical(schema)}"
        return Job(
            task=task,
            agent=attempt.agent,
            description=fill(spec.description, self._work.inputs) + said + form,
            expected_output=fill(spec.expected_output, self._work.inputs),
            context=self._context(task, attempt),
            occasion=occasion,
        )

    def _context(self, task: str, attempt: Attempt) -> str:
        facts = self._work.facts()
        earlier = [a for a in map(self._work.accepted, self._work.house.context_of(task)) if a is not None]
        inputs = self._inputs_of(task)
        shown: list[tuple[str, Json]] = [("Inputs", dict[str, Json](inputs))] if inputs else []
        outputs = [output_of(a, self._tasks[task].reads.get(a.task, ())) for a in earlier]
        shown += outputs
        if passages := cited((content for _, content in outputs), facts.passages):
            shown.append(passages_shown(passages))
        blocks = [fitting(shown, self._crew.context_chars)]
        if attempt.answer is not None:
            blocks.append(block("Your last version", attempt.answer))
        if attempt.notes:
            blocks.append(block("Notes", list[Json](attempt.notes)))
        return "\n\n".join(part for part in blocks if part)

    def _inputs_of(self, task: str) -> dict[str, str]:
        """Pick the inputs a task speaks of, so that changing another one changes nothing for it."""
        spec = self._tasks[task]
        named = placeholders(spec.description) | placeholders(spec.expected_output)
        return {name: value for name, value in self._given.items() if name in named}

    def _description(self, task: str) -> str:
        """Describe a task without the long texts that only its worker needs."""
        files = {name: f"[{name}]" for name, spec in self._crew.inputs.items() if spec.file}
        return fill(self._tasks[task].description, self._given | files)

    def _roster(self) -> str:
        agents = self._work.house.agents.items()
        return "\n".join(f"- {n}: {a.role}. {a.goal}" for n, a in agents if n != self._crew.manager_agent)

    def _filled(self, template: str, **values: str) -> str:
        return fill(template, self._work.inputs | values)
