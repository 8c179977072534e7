"""How much code may take while it runs."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one run may take. Whatever goes beyond is stopped with everything it started."""

    seconds: float = 60.0
    """By the clock on the wall; each process may compute as long."""
    memory: int = 1024 * MIB
    """Of all its processes together."""
    address: int | None = 8192 * MIB
    """What one process may reserve; None for languages that reserve more than they use."""
    processes: int = 64
    open_files: int = 512
    file_bytes: int = 64 * MIB
    """Of one file."""
    disk: int = 256 * MIB
    """Of all files that it writes; they live in memory, and go when it ends."""
    output: int = 1 * MIB
    answer: int = 8 * MIB
