"""An artifact: a typed output of a task, in versions, each bound to its bytes by a hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.text.visible import in_one_line

TITLE = 200
"""Characters of a title at most."""

ArtifactStatus = Literal["proposed", "accepted"]


def title_of(body: JsonObject) -> str:
    """Say what a body is called, for a list; empty where nothing in it is a name.

    What is written to somebody is called after them, by the name that the CRM has for them, and its subject.
    """
    named = (_line(body, key) for key in ("title", "topic", "subject", "summary", "address"))
    name, lead, subject = next(filter(None, named), ""), _line(body, "lead"), _line(body, "subject")
    about = f"{name} ({lead})" if lead and name not in ("", lead) else name or lead
    return _shortened(f"{about}: {subject}" if subject and subject != name else about)


def _line(body: JsonObject, key: str) -> str:
    value = body.get(key)
    return in_one_line(value) if isinstance(value, str) else ""


def _shortened(text: str) -> str:
    """Cut a long text between two words, where it has any."""
    if len(text) <= TITLE:
        return text
    cut = text[: TITLE - 1]
    return (cut[: cut.rfind(" ", TITLE // 2)] if " " in cut[TITLE // 2 :] else cut).rstrip() + "…"


@dataclass(frozen=True)
class Artifact:
    """One version of what a task produced. `sha` is the hash of the canonical `body`."""

    run: str
    task: str
    version: int
    schema: str
    """Name of the typed output, as in tasks.yaml."""
    author: str
    """The agent that wrote it, or the person who edited it."""
    body: JsonObject
    sha: str
    created: str
    occasion: str = ""
    """Empty for the first version; else the gate whose decision asked for this one."""
    doubts: tuple[str, ...] = ()
    """What the manager or the checks still hold against it."""
    status: ArtifactStatus = "proposed"

    @property
    def intact(self) -> bool:
        """Whether the body still is what the hash says."""
        return digest(self.body) == self.sha


@dataclass(frozen=True)
class ArtifactLine:
    """A version as a list shows it, without its body."""

    task: str
    version: int
    schema: str
    author: str
    sha: str
    created: str
    occasion: str
    status: ArtifactStatus
