"""Dependencies that come, go, or are held less tightly than before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from crewdesk.code.analysers.manifests import dependencies_of
from crewdesk.code.sides import Pair, Sides, lines_of
from crewdesk.domain.review.findings import Reported, Severity

ANY = ("", "*", "latest", "x")
EXACT = re.compile(r"^(?:==|=)?\s*v?\d+(?:\.\d+)*$")
BOUND = re.compile(r"[<^~]|==|^\d")


def dependencies(sides: Sides) -> Iterator[Reported]:
    """Report what changed in what the project depends on. Raises `ValueError` for a file that cannot be read."""
    for pair in sides.pairs():
        now = dependencies_of(pair.path, pair.new) if pair.new else None
        if now is None:
            continue
        was = dependencies_of(pair.path, pair.old) or {} if pair.old else {}
        if not was and pair.file.status == "added":
            continue
        yield from _compared(pair, was, now)


def _compared(pair: Pair, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Reported]:
    for name, asked in now.items():
        if name not in was:
            held = f" ({asked})" if asked else ", in whatever version is newest"
            yield _reported(pair, name, f"{name} is a new dependency", f"It is asked for{held}.")
        elif _is_looser(was[name], asked):
            yield _reported(
                *(pair, name, f"{name} is held less tightly"),
                f"From {was[name] or 'any version'} to {asked or 'any version'}: one that nobody tried can come in.",
                severity="minor",
            )


def _is_looser(was: str, now: str) -> bool:
    if was in ANY or was == now:
        return False
    return now in ANY or (bool(BOUND.search(was)) and not BOUND.search(now)) or (_is_exact(was) and not _is_exact(now))


def _is_exact(asked: str) -> bool:
    return bool(EXACT.match(asked))


def _reported(pair: Pair, name: str, title: str, explanation: str, *, severity: Severity = "note") -> Reported:
    pattern = re.compile(re.escape(name).replace(r"\-", "[-_.]"), re.IGNORECASE)
    lines = [at for at, line in enumerate(lines_of(pair.new), start=1) if pattern.search(line)]
    touched = [at for at in lines if pair.file.touches(at, at)]
    line = (touched or lines or [1])[0]
    return Reported(
        path=pair.path,
        line=line,
        end_line=line,
        severity=severity,
        kind="dependency",
        title=title[:120],
        explanation=explanation,
        evidence=f"{pair.path} before and after the change",
        confidence=0.9,
        by="dependencies",
    )
