"""Ruff: likely bugs in Python, found by its rules; style is left to the repository's own settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crewdesk.code.analysers.programs import ask
from crewdesk.code.analysers.ruff_rules import Family, asked, families
from crewdesk.code.sides import lines_of, read
from crewdesk.domain.review.findings import Reported

OPTIONS = (
    *("check", "--isolated", "--no-cache", "--exit-zero", "--output-format=json"),
    "--per-file-ignores=__init__.py:F401",  # there names are imported to be found
)
UNKNOWN = Family("", "note", 0.5, "")
LONGEST_SUGGESTION = 12
"""Lines of the longest fix that is offered."""


def ruff(folder: Path, paths: Sequence[str], ignored: Sequence[str] = ()) -> list[Reported]:
    """Report what ruff says about Python files; rules that begin with what is ignored are not asked."""
    wanted = [path for path in paths if path.endswith((".py", ".pyi"))]
    options = [*OPTIONS, f"--select={asked(ignored)}", "--"]
    return [_reported(one, folder) for answer in ask("ruff", options, folder, wanted) for one in answer]


def _reported(one: dict[str, Any], folder: Path) -> Reported:
    path = Path(one["filename"]).relative_to(folder.resolve()).as_posix()
    code = str(one["code"] or "invalid-syntax")
    family = families().get(code, UNKNOWN)
    first, last = one["location"]["row"], one["end_location"]["row"]
    if family.kind != "style":
        last = min(last, first + LONGEST_SUGGESTION)
    fixed = _fixed(one, read(folder, path), first, max(first, last))
    return Reported(
        path=path,
        line=fixed[0] if fixed else first,
        end_line=fixed[1] if fixed else max(first, last),
        severity=family.severity,
        kind=family.kind,
        title=_title(str(one["message"])),
        explanation=family.meaning,
        evidence=f"ruff {code} ({one.get('name') or code})",
        confidence=family.confidence,
        suggestion=fixed[2] if fixed else None,
        by="ruff",
    )


def _title(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= 120 else f"{line[:119]}…"  # noqa: PLR2004 - as long as a title may be


def _fixed(one: dict[str, Any], text: str, first: int, last: int) -> tuple[int, int, str] | None:
    """Make ruff's fix, where it is a safe one, of whole lines: which lines it replaces, and by what."""
    fix, lines = one.get("fix"), lines_of(text)
    if not fix or fix["applicability"] != "safe" or not text:
        return None
    edits = sorted(fix["edits"], key=lambda edit: _place(edit["location"]), reverse=True)
    for edit in edits:
        (row, column), (end, end_column) = _place(edit["location"]), _place(edit["end_location"])
        whole_end = end - 1 if end_column == 1 and end > row else end
        first, last = min(first, row), max(last, whole_end)
        head, tail = lines[row - 1][: column - 1], lines[end - 1][end_column - 1 :] if end <= len(lines) else ""
        lines[row - 1 : end] = lines_of(head + edit["content"] + tail)
    if last - first >= LONGEST_SUGGESTION:
        return None
    after = len(lines_of(text)) - last
    kept = lines[first - 1 : len(lines) - after]
    return first, last, "".join(f"{line}\n" for line in kept)


def _place(place: dict[str, int]) -> tuple[int, int]:
    return place["row"], place["column"]
