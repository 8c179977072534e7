"""What a worker does about triggers: schedules every second, polls in threads; one's trouble is no other's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from crewdesk.domain.trigger_specs import ChangesSpec, LookSpec, PollSpec, ScheduleSpec
from crewdesk.errors import CrewdeskError, StoreUnavailable
from crewdesk.tools.fetch import fetch
from crewdesk.triggers.changes import look_at_changes
from crewdesk.triggers.file import TriggersFile
from crewdesk.triggers.notes import note_trouble
from crewdesk.triggers.polls import Fetch, look_at_poll, take_turn
from crewdesk.triggers.schedules import look_at_schedule

if TYPE_CHECKING:
    from crewdesk.durable.worker import Duty
    from crewdesk.facade import Desk

EVERY = 1.0
"""Seconds between two rounds."""
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""Seconds before a schedule that could not fire is tried again; twice as long each time."""
SIDE_BY_SIDE = 4
"""Addresses looked at at once."""


def in_thread(work: Callable[[], None]) -> None:
    """Do something beside everything else; it is left behind where the process ends."""
    threading.Thread(target=work, name="poll", daemon=True).start()


class Rounds:
    """The triggers of one worker; any number of workers may go their rounds on one database."""

    def __init__(
        self,
        desk: Desk,
        *,
        fetch: Fetch = fetch,
        beside: Callable[[Callable[[], None]], None] = in_thread,
    ) -> None:
        self._desk = desk
        self._file = TriggersFile(desk.settings.config, desk.office.timer)
        self._fetch = fetch
        self._beside = beside
        self._pauses: dict[str, tuple[ScheduleSpec, float, float]] = {}
        """What could not fire, how long it pauses, and until when."""
        self._fine: set[str] = set()
        self._looking: set[str] = set()
        self._said: SimpleQueue[str] = SimpleQueue()

    def duties(self) -> list[Duty]:
        """Return what a worker is to do, and how often."""
        from crewdesk.durable.worker import Duty

        return [Duty("firing schedules", EVERY, self.schedules), Duty("looking at polls", EVERY, self.polls)]

    def schedules(self) -> Sequence[str]:
        """Fire what schedules owe; says what was started and what could not be, a line each."""
        spec, lines = self._file.spec, self._file.news()
        for name, trigger in spec.triggers.items():
            if isinstance(trigger, ScheduleSpec) and not self._pauses_still(name, trigger):
                lines += self._look_at(name, trigger)
        return lines

    def polls(self) -> Sequence[str]:
        """Begin the looks that are due, and say what came of those that ended."""
        for name, trigger in self._file.spec.triggers.items():
            free = name not in self._looking and len(self._looking) < SIDE_BY_SIDE
            if isinstance(trigger, LookSpec) and not trigger.paused and free and take_turn(self._desk, name, trigger):
                self._looking.add(name)
                self._beside(lambda name=name, trigger=trigger: self._poll(name, trigger))
        return _drained(self._said)

    def _look_at(self, name: str, trigger: ScheduleSpec) -> list[str]:
        lines: list[str] = []
        if self._attempt(name, look_at_schedule(self._desk, name, trigger), lines.append):
            self._pauses.pop(name, None)
            return lines
        _, before, _ = self._pauses.get(name, (trigger, 0.0, 0.0))
        pause = min(max(before * 2, FIRST_PAUSE), LONGEST_PAUSE)
        self._pauses[name] = (trigger, pause, self._desk.office.timer() + pause)
        return [*lines, f"trigger {name}: Trying again in {pause:.0f} s."]

    def _pauses_still(self, name: str, trigger: ScheduleSpec) -> bool:
        known, _, until = self._pauses.get(name, (trigger, 0.0, 0.0))
        if known != trigger:
            del self._pauses[name]  # it was changed, perhaps mended
            return False
        return self._desk.office.timer() < until

    def _poll(self, name: str, trigger: LookSpec) -> None:
        try:
            if not self._attempt(name, self._look(name, trigger), self._said.put):
                self._said.put(f"trigger {name}: Trying again in {trigger.every}.")
        except StoreUnavailable as error:
            self._said.put(f"trigger {name}: {error.message} Trying again in {trigger.every}.")
        finally:
            self._looking.discard(name)

    def _look(self, name: str, trigger: LookSpec) -> Iterable[str]:
        match trigger:
            case PollSpec():
                return look_at_poll(self._desk, name, trigger, fetch=self._fetch)
            case ChangesSpec():
                return look_at_changes(self._desk, name, trigger)
            case _:
                return ()

    def _attempt(self, name: str, look: Iterable[str], say: Callable[[str], None]) -> bool:
        """Take a look and say what it yields; False where it failed. While the database is away all fail as one."""
        try:
            for line in look:
                say(line)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one trigger, the others fire
            trouble = self._desk.office.redactor.text(_told(error))
            say(f"trigger {name}: {trouble}")
            self._note(name, trouble)
            return False
        if name not in self._fine:
            self._note(name, "")
        return True

    def _note(self, name: str, trouble: str) -> None:
        note_trouble(name, trouble, office=self._desk.office)
        if trouble:
            self._fine.discard(name)
        else:
            self._fine.add(name)


def _told(error: Exception) -> str:
    if isinstance(error, CrewdeskError):
        return " ".join(f"{error.message} {error.hint}".split())
    return f"Something went wrong that should not: {type(error).__name__}: {error}"


def _drained(queue: SimpleQueue[str]) -> list[str]:
    lines: list[str] = []
    while True:
        try:
            lines.append(queue.get_nowait())
        except Empty:
            return lines
