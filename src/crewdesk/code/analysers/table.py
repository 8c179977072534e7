"""The analysers, and what they say about a change: only what was not there before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crewdesk.code.analysers.ruff import ruff
from crewdesk.domain.review.change import Change
from crewdesk.domain.review.findings import Reported, fingerprint

Analyser = Callable[[Path, Sequence[str]], list[Reported]]
"""Looks at some files of a folder; raises `ValueError` with a sentence where it cannot."""

ANALYSERS: Mapping[str, Analyser] = {"ruff": ruff}


@dataclass
class Scanned:
    """What the analysers say."""

    findings: list[Reported] = field(default_factory=list[Reported])
    symbols: list[str] = field(default_factory=list[str])
    ran: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])


def scan(change: Change, before: Path, after: Path) -> Scanned:
    """Run every analyser on the changed files of both sides."""
    scanned = Scanned()
    old = [one.old_path or one.path for one in change.files if one.kind == "text" and one.status != "added"]
    new = [one.path for one in change.files if one.kind == "text" and one.status != "deleted"]
    for name, analyse in ANALYSERS.items():
        try:
            known = Counter(_mark(one, before) for one in analyse(before, old))
            for one in analyse(after, new):
                if known[mark := _mark(one, after)]:
                    known[mark] -= 1
                else:
                    scanned.findings.append(one)
        except ValueError as error:
            scanned.problems.append(f"{name}: {error}")
        else:
            scanned.ran.append(name)
    return scanned


def _mark(found: Reported, root: Path) -> str:
    lines = (root / found.path).read_text("utf-8", errors="replace").splitlines()
    return fingerprint(found.path, found.kind, found.title, "\n".join(lines[found.line - 1 : found.end_line]))
