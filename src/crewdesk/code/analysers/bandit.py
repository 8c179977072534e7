"""Bandit: what is dangerous in Python, by those of its rules that are right more often than wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from crewdesk.code.analysers.programs import ask
from crewdesk.code.importance import is_sample
from crewdesk.domain.review.findings import Reported, Severity

MEANINGS: Mapping[str, str] = {
    "B102": "Whoever can put text in here runs code.",
    "B103": "Others on the machine may read or write the file.",
    "B113": "Without a time limit a server that does not answer stops the caller for ever.",
    "B201": "The debugger of the development server runs whatever code it is sent.",
    "B202": "An archive can name files outside the folder and overwrite them.",
    "B301": "Reading data that somebody else wrote this way runs their code.",
    "B302": "Reading data that somebody else wrote this way can crash or run code.",
    "B306": "Between the name and the file somebody else can make it.",
    "B307": "Whoever can put text in here runs code.",
    "B321": "Everything goes over the line in clear, the password too.",
    "B323": "Without checking certificates anybody on the way can read and answer.",
    "B324": "The hash is broken: other data with the same hash can be made.",
    "B501": "Without checking certificates anybody on the way can read and answer.",
    "B502": "This version of TLS is broken.",
    "B503": "This version of TLS is broken.",
    "B505": "A key this short can be computed.",
    "B506": "Loading YAML that somebody else wrote this way runs their code.",
    "B507": "Without checking the host's key anybody on the way can answer in its place.",
    "B602": "Whatever is put into the command is read by a shell: a `;` in it starts another command.",
    "B605": "Whatever is put into the command is read by a shell: a `;` in it starts another command.",
    "B608": "A quote in the value changes the query; parameters do not have that problem.",
    "B610": "A quote in the value changes the query.",
    "B611": "A quote in the value changes the query.",
    "B612": "Whoever can connect changes how logs are written, by code.",
    "B613": "Invisible characters: what runs is not what one reads.",
    "B614": "Loading a model that somebody else made this way runs their code.",
    "B701": "What is put into the template becomes markup, scripts too.",
    "B702": "What is put into the template becomes markup, scripts too.",
}
SURE: Mapping[str, float] = {"HIGH": 0.8, "MEDIUM": 0.6, "LOW": 0.35}
OPTIONS = ("--quiet", "--exit-zero", "--format=json", f"--tests={','.join(MEANINGS)}")


def bandit(folder: Path, paths: Sequence[str]) -> list[Reported]:
    """Report what bandit says about Python files; tests may do what programs may not."""
    wanted = [path for path in paths if path.endswith(".py") and not is_sample(path)]
    return [one for answer in ask("bandit", OPTIONS, folder, wanted) for one in _reported(answer)]


def _reported(answer: dict[str, Any]) -> Iterator[Reported]:
    for one in answer["results"]:
        rule = one["test_id"]
        severity: Severity = "major" if one["issue_severity"] == "HIGH" else "minor"
        yield Reported(
            path=PurePosixPath(one["filename"]).as_posix(),
            line=one["line_number"],
            end_line=one["line_number"],
            severity=severity,
            kind="security",
            title=_title(one["issue_text"]),
            explanation=MEANINGS[rule],
            evidence=f"bandit {rule} ({one['test_name']})",
            confidence=SURE.get(one["issue_confidence"], 0.5),
            by="bandit",
        )


def _title(said: str) -> str:
    first = " ".join(said.split()).split(". ")[0].rstrip(".")
    return first if len(first) <= 120 else f"{first[:119]}…"  # noqa: PLR2004 - as long as a title may be
