"""What runs crews, as the desk sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from crewdesk.desk.work import Work


class Engine(Protocol):
    """The only user of CrewAI. Slow to import, so it is made late."""

    def run(self, work: Work) -> None:
        """Take a run as far as it goes.

        Returns when the crew is done. Raises `Parked` when a person is needed, `Rejected` when a
        person ended it, `Cancelled` when it was called off, and a `CrewdeskError` when it failed.
        Everything it did is in the journal either way.
        """
        ...
