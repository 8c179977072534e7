"""Crewdesk: AI crews that do real work and stop at a desk where a person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["CrewdeskError", "Desk", "__version__"]

if TYPE_CHECKING:
    from crewdesk.errors import CrewdeskError
    from crewdesk.facade import Desk


def __getattr__(name: str) -> object:
    """Import the public names on first use, so that the command line starts fast."""
    if name == "Desk":
        from crewdesk.facade import Desk

        return Desk
    if name == "CrewdeskError":
        from crewdesk.errors import CrewdeskError

        return CrewdeskError
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
