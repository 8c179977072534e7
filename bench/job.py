"""The job everybody does: four tasks, each with an output of 3,500 characters. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

LENGTH = 3500
MODEL = "gpt-4o-mini"
"""A name that every framework knows the window of; the server does not care."""


@dataclass(frozen=True)
class Task:
    """One task and who does it."""

    name: str
    role: str
    goal: str
    backstory: str
    description: str
    expected_output: str

    @property
    def system(self) -> str:
        """Introduce whoever does it, for frameworks that leave the words to the user."""
        return f"You are {self.role}. {self.backstory}\nYour personal goal is: {self.goal}"

    @property
    def work(self) -> str:
        """The output: the same 3,500 characters every time, which nobody else writes."""
        sentences = [f"Part of the {self.name} by the {self.role.lower()}."]
        for number in count(1):
            sentences.append(f"Point {number} of the {self.name} rests on what was found before and adds one step.")
            if len(text := " ".join(sentences)) >= LENGTH:
                return text[: LENGTH - 1] + "."
        raise AssertionError


TASKS = (
    Task(
        "research",
        "Researcher",
        "Collect what is known, each fact with where it comes from.",
        "You worked as a fact checker and trust nothing without a source.",
        "Collect what is known about human gates in agent pipelines: what they are, what they cost, what goes wrong.",
        "Findings, each in a sentence that stands alone.",
    ),
    Task(
        "analysis",
        "Analyst",
        "Say what the findings mean for a team that runs agents.",
        "You have run such systems and know what breaks on a Friday night.",
        "Work out what the findings mean for a team of five: where to put a gate, where not, what to measure.",
        "An analysis that names its reasons.",
    ),
    Task(
        "draft",
        "Writer",
        "Write so that a busy practitioner reads to the end.",
        "You write as a good colleague explains: the answer first, then the reasons.",
        "Write a post about human gates for practitioners, from what your colleagues found.",
        "A post with an opening, three sections and a close.",
    ),
    Task(
        "edition",
        "Copy editor",
        "Nothing leaves the house that you would not sign.",
        "You have edited a trade publication for fifteen years.",
        "Bring the text into its final form: order, headings, wording. Drop what no finding supports.",
        "The text as it goes out.",
    ),
)
BY_NAME = {task.name: task for task in TASKS}

SCENARIOS: dict[str, dict[str, tuple[str, ...]]] = {
    "chain": {
        "research": (),
        "analysis": ("research",),
        "draft": ("research", "analysis"),
        "edition": ("research", "analysis", "draft"),
    },
    "fork": {
        "research": (),
        "analysis": ("research",),
        "draft": ("research",),
        "edition": ("analysis", "draft"),
    },
}
"""Which outputs each task gets. In `fork`, analysis and draft do not need each other."""
GOAL = "A post about human gates in agent pipelines that a team can act on."


def assignment() -> str:
    """Put the whole job to a manager that is told in words."""
    lines = [f"- {task.name}, by the {task.role}: {task.description}" for task in TASKS]
    return "\n".join([GOAL, "The tasks, in order:", *lines])
