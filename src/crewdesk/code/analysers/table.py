"""The analysers, and what they say about a change: only what was not there before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from crewdesk.code.analysers.api import api
from crewdesk.code.analysers.bandit import bandit
from crewdesk.code.analysers.complexity import Limits, complexity
from crewdesk.code.analysers.dependencies import dependencies
from crewdesk.code.analysers.left_behind import left_behind
from crewdesk.code.analysers.lost import lost
from crewdesk.code.analysers.newness import only_new
from crewdesk.code.analysers.ruff import ruff
from crewdesk.code.analysers.ruff_rules import ignored_in
from crewdesk.code.analysers.secrets import secrets
from crewdesk.code.analysers.silenced import silenced
from crewdesk.code.analysers.turned import turned
from crewdesk.code.secrets import Secret, masked, secrets_in
from crewdesk.code.sides import Sides
from crewdesk.code.symbol_changes import changed_symbols, listed
from crewdesk.domain.review.findings import SEVERITIES, Reported

Analyser = Callable[[Path, Sequence[str]], list[Reported]]
"""Looks at some files of a folder."""
Comparer = Callable[[Sides], Iterable[Reported]]
"""Looks at both sides of a change, and says only what is new."""

PACKAGES = {"griffe": "griffelib"}
ANALYSERS: Mapping[str, Analyser] = {"bandit": bandit, "detect-secrets": secrets}
COMPARERS: Mapping[str, Comparer] = {
    "griffe": api,
    "callers": left_behind,
    "dependencies": dependencies,
    "lost": lost,
    "silenced": silenced,
    "turned": turned,
}
MOST = 200
"""Findings that are kept of one analyser; a review holds far fewer."""
MOST_SYMBOLS = 200
"""Names that are listed; more than that nobody reads."""


@dataclass
class Scanned:
    """What the analysers say."""

    findings: list[Reported] = field(default_factory=list[Reported])
    symbols: list[str] = field(default_factory=list[str])
    ran: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])


def scan(sides: Sides, limits: Limits = Limits()) -> Scanned:  # noqa: B008 - frozen
    """Run every analyser on both sides. One that cannot go on is told as a problem; the others still run."""
    scanned = Scanned()
    jobs: dict[str, Callable[[], Iterable[Reported]]] = {
        "ruff": lambda: _compared(partial(ruff, ignored=ignored_in(sides.before)), sides),
        "lizard": lambda: complexity(sides, limits),
    }
    jobs |= {name: partial(_compared, analyse, sides) for name, analyse in ANALYSERS.items()}
    jobs |= {name: partial(compare, sides) for name, compare in COMPARERS.items()}
    for name, job in jobs.items():
        try:
            found = sorted(job(), key=lambda one: (SEVERITIES.index(one.severity), -one.confidence))
        except Exception as error:  # noqa: BLE001 - whatever a library makes of a stranger's code, the others still run
            scanned.problems.append(f"{name} did not finish: {_told(error)}")
        else:
            scanned.ran.append(_named(name))
            scanned.findings += found[:MOST]
            if len(found) > MOST:
                scanned.problems.append(f"{name} found {len(found)} things; only the {MOST} gravest were looked at.")
    scanned.problems += [f"{path} is nested too deeply for most analysers." for path in sorted(sides.too_deep) if path]
    known = [one for p in sides.pairs() for text in (p.old, p.new) for one in secrets_in(text, p.path)]
    once = {(one.path, one.line, one.title): one for one in scanned.findings}
    scanned.findings = [_masked(one, known) for one in once.values()]
    scanned.symbols += [masked(one, known) for one in _symbols(sides)]
    return scanned


def _masked(one: Reported, known: Sequence[Secret]) -> Reported:
    """Take secrets out of what is said, whoever quotes them; a suggestion that would hold one is none."""
    said = {name: masked(getattr(one, name), known) for name in ("title", "explanation", "evidence")}
    suggestion = one.suggestion if one.suggestion == masked(one.suggestion or "", known) else None
    return one.model_copy(update={**said, "suggestion": suggestion})


def _symbols(sides: Sides) -> list[str]:
    changes = (one for p in sides.pairs() for one in changed_symbols(p.path, p.file.language, p.old, p.new))
    names = listed(changes)
    return [*names[:MOST_SYMBOLS], *([f"and {len(names) - MOST_SYMBOLS} more"] if len(names) > MOST_SYMBOLS else [])]


def _compared(analyse: Analyser, sides: Sides) -> Iterable[Reported]:
    files = [one for one in sides.change.files if one.kind == "text" and one.path not in sides.too_deep]
    new = analyse(sides.after, [one.path for one in files if one.status != "deleted"])
    if not new:  # then nothing can be new in it, and what was there before is not asked for
        return ()
    old = analyse(sides.before, [one.old_path or one.path for one in files if one.status != "added"])
    return only_new(old, new, sides)


def _named(name: str) -> str:
    try:
        return f"{name} {version(PACKAGES.get(name, name))}"
    except PackageNotFoundError:  # it is ours
        return name


def _told(error: Exception) -> str:
    said = " ".join(str(error).split())[:200]
    return said if isinstance(error, ValueError) and said else f"{type(error).__name__} {said}".strip()
