"""This process among those that work on runs: a lock file that tells at once, a heartbeat that tells from afar."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from crewdesk.domain.claims import Holder, HolderKind
from crewdesk.errors import StoreError
from crewdesk.ports.store import Store

if TYPE_CHECKING:
    from filelock import BaseFileLock


@dataclass(frozen=True)
class _Appearance:
    """What makes a process known, from its first turn to the end of its last."""

    me: Holder
    lock: BaseFileLock
    over: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    """Set where others took this process for dead, and its turns with it."""


class ProcessPresence:
    """See ports/presence.py."""

    def __init__(self, store: Store, folder: Path, *, kind: HolderKind, lease: float) -> None:
        self._store = store
        self._folder = folder
        self._kind: HolderKind = kind
        self._lease = lease
        self._counting = threading.Lock()
        self._inside = 0
        self._appearance: _Appearance | None = None
        self._leaving = threading.Event()
        self._silence_counts_from = 0.0

    @contextmanager
    def here(self) -> Generator[str]:
        """Be known to others meanwhile; gives this process's name."""
        with self._counting:
            appearance = self._appearance = self._appearance or self._appear()
            self._inside += 1
        try:
            yield appearance.me.name
        finally:
            with self._counting:
                self._inside -= 1
                if not self._inside:
                    self._appearance = None
                    self._disappear(appearance)

    def gone(self, holder: Holder) -> bool:
        """Say whether a process is dead: its lock file is free, or it has been silent for its lease.

        One that was last heard of in the future is silent since the clock was set back. While the clock has just
        been set, or the database was away, nobody is called silent: all must be heard of first.
        """
        if holder.host == socket.gethostname() and _free(Path(holder.lock)):
            return True
        return abs(holder.silence) > holder.lease and time.monotonic() > self._silence_counts_from

    def leaving(self) -> bool:
        """Say whether this process was asked to end, or others took it for dead."""
        appearance = self._appearance
        return self._leaving.is_set() or (appearance is not None and appearance.lost.is_set())

    def leave(self) -> None:
        """Ask runs to stop at their next step."""
        self._leaving.set()

    def _appear(self) -> _Appearance:
        from filelock import FileLock

        host = socket.gethostname()
        name = f"{host}-{os.getpid()}-{secrets.token_hex(3)}"
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / f"{name}.lock", thread_local=False)
        lock.acquire()
        appearance = _Appearance(Holder(name, self._kind, host, str(lock.lock_file), self._lease), lock)
        with self._store.writing() as records:
            records.claims.beat(appearance.me)
            known = {holder.lock for holder in records.claims.holders()}
        self._sweep_out(known)
        threading.Thread(target=self._beat, args=(appearance,), name="heartbeat", daemon=True).start()
        return appearance

    def _sweep_out(self, known: set[str]) -> None:
        """Delete the lock files of processes that are dead and forgotten."""
        for path in self._folder.glob("*.lock"):
            if str(path) not in known and _free(path):
                path.unlink(missing_ok=True)

    def _disappear(self, appearance: _Appearance) -> None:
        appearance.over.set()
        try:
            with self._store.writing() as records:
                records.claims.drop(appearance.me.name)
        finally:
            Path(appearance.lock.lock_file).unlink(missing_ok=True)
            appearance.lock.release()

    def _beat(self, appearance: _Appearance) -> None:
        me, last = appearance.me, time.monotonic()
        while not appearance.over.wait(me.lease / 3):
            try:
                with self._store.writing(me.name) as records:
                    known = next((h for h in records.claims.holders() if h.name == me.name), None)
                    if known is None:
                        if not appearance.over.is_set():  # else it was we who left, just now
                            appearance.lost.set()  # we slept for so long that others took us for dead
                        return
                    records.claims.beat(me)
            except StoreError:
                continue  # silence tells the others, and the next write of a run tells us
            passed, last = time.monotonic() - last, time.monotonic()
            if passed > me.lease / 2 or abs(known.silence - passed) > me.lease / 6:
                self._silence_counts_from = last + me.lease


def _free(path: Path) -> bool:
    from filelock import FileLock, Timeout

    if not path.exists():
        return False  # another machine of the same name, perhaps; its silence tells
    try:
        with FileLock(path, timeout=0):
            return True
    except Timeout:
        return False
