"""A crew for use outside the desk is a plain CrewAI crew, and its kickoff is a run like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from crewai import Crew, CrewOutput
from crewai.hooks.dispatch import HookAborted

from crewdesk.crews.content.outputs import Post
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.gates import Approve, Decision, Gate, Reject
from crewdesk.errors import WrongUsage
from crewdesk.facade import Desk
from support.homes import lay_out_small


class Person:
    """Somebody who decides on the spot."""

    def __init__(self, decision: type[Approve] | Decision | None) -> None:
        self._decision = decision
        self.asked: list[Gate] = []

    def ask(self, gate: Gate, artifact: Artifact | None) -> tuple[Decision, str] | None:
        self.asked.append(gate)
        if self._decision is None:
            return None
        return (Approve(gate.sha) if self._decision is Approve else self._decision, "ed")  # type: ignore[return-value]

    def refused(self, error: WrongUsage) -> None:
        raise AssertionError(error)


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return Desk(lay_out_small(tmp_path / "home"))


def test_kickoff_gives_a_plain_result_and_publishes_what_was_approved(desk: Desk) -> None:
    person = Person(Approve)
    crew = desk.crew("content", asker=person)

    result = crew.kickoff(inputs={"topic": "human gates"})

    assert type(crew) is Crew
    assert type(result) is CrewOutput
    assert isinstance(result.tasks_output[3].pydantic, Post)
    assert len(person.asked) == 1
    (run,) = desk.runs()
    assert run.status == "done"
    assert {action.status for action in run.actions} == {"delivered"}


def test_two_kickoffs_of_one_crew_are_two_runs(desk: Desk) -> None:
    crew = desk.crew("content", asker=Person(Reject("no")))

    for _ in range(2):
        with pytest.raises(HookAborted, match="rejected"):
            crew.kickoff(inputs={"topic": "human gates"})

    assert [run.status for run in desk.runs()] == ["rejected", "rejected"]


def test_without_a_person_kickoff_stops_and_says_how_to_decide(desk: Desk) -> None:
    crew = desk.crew("content", asker=Person(None))

    with pytest.raises(HookAborted, match=r"waits for a person. Decide: crewdesk gates"):
        crew.kickoff(inputs={"topic": "human gates"})

    (run,) = desk.runs()
    run.gates[0].approve(by="ed")
    assert desk.resume(run.id).status == "done"


def test_an_input_there_is_not_is_refused_before_anything_runs(desk: Desk) -> None:
    with pytest.raises(WrongUsage, match="topik"):
        desk.crew("content", asker=Person(None)).kickoff(inputs={"topik": "x"})

    assert desk.runs() == []
