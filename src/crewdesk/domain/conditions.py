"""What a task hangs on: a field of an earlier task's output."""

from __future__ import annotations

from dataclasses import dataclass

from crewdesk.domain.canonical import JsonObject

WHEN = r"^(not )?\w[\w-]*\.\w+$"
"""How tasks.yaml spells it: `screen.eligible`, or `not screen.eligible`."""


@dataclass(frozen=True)
class Condition:
    """What a task hangs on: a field of an earlier task's output."""

    task: str
    field: str
    wanted: bool

    @classmethod
    def read(cls, when: str) -> Condition:
        """Read it as tasks.yaml spells it."""
        task, _, name = when.removeprefix("not ").partition(".")
        return cls(task, name, wanted=not when.startswith("not "))

    def holds(self, body: JsonObject) -> bool:
        """Say whether it is so."""
        return bool(body.get(self.field)) is self.wanted

    @property
    def otherwise(self) -> str:
        """Say in words what is so where it does not hold: `not eligible`."""
        return f"{'not ' if self.wanted else ''}{self.field.replace('_', ' ')}"
