"""Say that something leaves, at the moment it does; the ledger of the run in whose name it leaves writes it down.

Whoever opens a connection says so: a model's client, a tool that fetches, a connector. What leaves in nobody's name,
such as a feed that a trigger reads, is written down nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias
from urllib.parse import urlsplit

from crewdesk.domain.canonical import Json
from crewdesk.domain.ledger import What

Listener: TypeAlias = Callable[[What, str, Json], None]
"""Hears what leaves for which host, and what is said there."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def leaves(what: What, where: str, said: Json = "") -> None:
    """Say what is about to leave, before it does: `where` is a host or an address, empty for this machine.

    Raises `StoreError` where that cannot be written down; then nothing must leave.
    """
    if (listener := _listener.get()) is not None:
        listener(what, host_in(where), said)


def host_in(where: str) -> str:
    """Take the host out of an address; a file has none."""
    if "://" not in where:
        return "" if where.startswith("file:") else where
    try:
        return urlsplit(where).hostname or ""
    except ValueError:
        return where


@contextmanager
def heard_by(listener: Listener) -> Generator[None]:
    """Let somebody hear what leaves meanwhile, in this thread and in those that take its context along."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
