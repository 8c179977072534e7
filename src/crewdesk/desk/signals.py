"""Ways a run stops that are no errors."""

from __future__ import annotations


class Stopped(Exception):
    """The run goes no further for now."""


class Parked(Stopped):
    """A person is needed; `gate` is the id of the gate."""

    def __init__(self, gate: str) -> None:
        super().__init__(f"waiting for a person at gate {gate}")
        self.gate = gate


class Rejected(Stopped):
    """A person ended the run."""


class Cancelled(Stopped):
    """The run was called off, or expired."""


class HandedBack(Stopped):
    """The process that worked on the run is about to end; another goes on."""


class Superseded(Stopped):
    """Another process has taken the run over, because this one was not heard of; nothing more is written here."""
