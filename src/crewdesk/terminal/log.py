"""A log for people: a plain line, with its time, for what a passer-by would want to know."""

from __future__ import annotations

from collections.abc import Callable

from crewdesk.domain.progress import Progress


def stamped(say: Callable[[str], None], now: Callable[[], str]) -> Callable[[str], None]:
    """Put the time before every line, UTC."""
    return lambda line: say(f"{now()[:19].replace('T', ' ')}  {line}")


class LogWatcher:
    """Says when a run waits for a person and when something left the house; safe to call from several threads."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def saw(self, progress: Progress) -> None:
        """Take notice."""
        match progress.kind:
            case "accepted":
                self._say(f"{progress.run}  {progress.task} accepted")
            case "left out":
                self._say(f"{progress.run}  {progress.task} left out: {progress.text}")
            case "waiting":
                self._say(
                    f"{progress.run}  {progress.task or 'budget'} waits for a person: crewdesk gates {progress.text}"
                )
            case "delivered":
                self._say(f"{progress.run}  {progress.agent}: delivered once · {progress.text}")
            case _:
                pass
