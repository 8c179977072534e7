"""Checks in code on the review crew's outputs; each knows its schemas and leaves all others alone."""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches

from crewdesk.code.patches import Edit, joined
from crewdesk.crews.output import Output
from crewdesk.crews.review.outputs import Analysis, ChangeRead, Checked, Review, Summary, Trials
from crewdesk.domain.evidence import counted
from crewdesk.domain.facts import Facts
from crewdesk.domain.review.change import Change
from crewdesk.domain.review.findings import SEVERITIES, Finding
from crewdesk.domain.review.proposals import Proposal
from crewdesk.domain.review.trials import Trial

_NUMBERS = {"no": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_NUMBER = rf"\b(\d+|{'|'.join(_NUMBERS)})\s+"
_FINDINGS = re.compile(
    rf"{_NUMBER}(?:({'|'.join(SEVERITIES)})\s+(?:findings?|issues?|problems?|bugs?)|findings?)\b", re.IGNORECASE
)
_TESTS = re.compile(
    rf"{_NUMBER}(?:drafted\s+tests?\b|(?:drafted\s+)?tests?\s+(?:ran\b|were\s+run\b|was\s+run\b))", re.IGNORECASE
)
_SHORT = 2
"""Words of a title so short that it may stand anywhere."""


def findings_rest_on_code(output: Output, facts: Facts) -> list[str]:
    """Check that every finding of a reader names what it rests on, and stands on lines in order."""
    if not isinstance(output, Analysis):
        return []
    change = _change(facts)
    problems: list[str] = []
    for number, one in enumerate(output.findings, start=1):
        where = f"Finding {number} ({one.path}:{one.line})"
        if not one.evidence.strip():
            problems.append(f"{where} names no evidence: the line, the caller or the case it rests on.")
        if one.end_line < one.line:
            problems.append(f"{where} ends before it begins.")
        changed = change.file(one.path) if change else None
        if changed is not None and changed.status == "deleted":
            problems.append(f"{where} is in a file that is gone at the head.")
    return problems


def says_what_is_so(output: Output, facts: Facts) -> list[str]:
    """Check the lead's words: a title, fingerprints that exist, and nothing that is not so, now or after pruning."""
    if not isinstance(output, Summary | Review):
        return []
    problems = [f"The {name} is empty." for name in ("title", "summary") if not getattr(output, name).strip()]
    if "check" not in facts.outputs:
        return problems
    found = Checked.model_validate(facts.outputs["check"]).findings
    tests = Trials.model_validate(facts.outputs["trials"]).tests if "trials" in facts.outputs else []
    if isinstance(output, Review):
        kept = {one.fingerprint for one in output.findings}
        gone = _named([one for one in found if one.fingerprint not in kept], output.summary)
        problems += [f"The summary still names “{title}”, which is left out." for title in gone]
        return problems + _miscounted(output.summary, output.findings, output.tests)
    problems += _unknown(output.leave_out, [one.fingerprint for one in found])
    return problems + _fleeting(output.summary, found, tests)


def stands_on_the_change(output: Output, facts: Facts) -> list[str]:
    """Check a review, edited too: it goes where its change is, and each finding stands where it says."""
    change = _change(facts) if isinstance(output, Review) else None
    if change is None or not isinstance(output, Review):
        return []
    moved = [name for name in ("target", "base", "head") if getattr(output, name) != getattr(change, name)]
    problems = [f"{name} is {getattr(change, name)}, and cannot be another." for name in moved]
    for number, one in enumerate(output.findings, start=1):
        problems += _finding(number, one, change)
    twice = [name for name, count in Counter(one.fingerprint for one in output.findings).items() if count > 1]
    problems += [f"Two findings have the fingerprint {name or 'that is empty'}; each needs its own." for name in twice]
    for number, one in enumerate(output.documentation, start=1):
        if not _applies(one, one.replacement):
            problems.append(
                f"Proposal {number} ({one.path}:{one.line}) replaces other lines than those that were tried."
            )
    return problems


def _finding(number: int, one: Finding, change: Change) -> list[str]:
    where = f"Finding {number} ({one.path}:{one.line})"
    changed = change.file(one.path)
    known = not change.abridged or (changed is not None and bool(changed.shown))
    problems: list[str] = []
    if one.inline and known and (changed is None or not changed.shows(one.line, one.end_line)):
        problems.append(f"{where} stands on lines that the diff does not show; set inline to false.")
    if one.suggestion is not None and not _applies(one, one.suggestion):
        problems.append(f"{where} suggests other lines than those that were tried; take the suggestion off.")
    return problems


def _applies(one: Finding | Proposal, text: str) -> bool:
    edit = Edit(one.path, one.line, one.end_line, text)
    return not joined([(edit, one.patch)]).left_out


def _unknown(named: list[str], known: list[str]) -> list[str]:
    problems: list[str] = []
    for name in named:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            problems.append(f"leave_out names {name!r}, and no finding has that fingerprint.{hint}")
    return problems


def _fleeting(summary: str, found: list[Finding], tests: list[Trial]) -> list[str]:
    """Say what is not so once a person has left findings out: their counts, their titles."""
    problems = [
        f"The summary says “{said}”, and people may leave some out; the counts are added when it is posted."
        for counting in (_FINDINGS, _TESTS)
        for said, number in _counts(counting, summary)
        if number
    ]
    problems += [
        f"The summary repeats “{title}”, and people may leave that out; say what matters in other words."
        for title in _named(found, summary)
    ]
    return problems or _miscounted(summary, found, tests)


def _named(found: list[Finding], summary: str) -> list[str]:
    titles = dict.fromkeys(one.title.replace("`", "") for one in found)
    return [title for title in titles if len(title.split()) > _SHORT and title in summary.replace("`", "")]


def _counts(counting: re.Pattern[str], summary: str) -> list[tuple[str, int]]:
    return [(one[0], _number(one[1])) for one in counting.finditer(summary)]


def _miscounted(summary: str, findings: list[Finding], tests: list[Trial]) -> list[str]:
    problems: list[str] = []
    for found in _FINDINGS.finditer(summary):
        weight = (found[2] or "").lower()
        count = sum(one.severity == weight or not weight for one in findings)
        if _number(found[1]) != count:
            problems.append(f"The summary says “{found[0]}”, and there are {count}.")
    counts = _test_counts(tests)
    problems += [
        f"The summary says “{said}”, and {counted(len(tests), 'test')} ran."
        for said, number in _counts(_TESTS, summary)
        if number not in counts
    ]
    return problems


def _test_counts(tests: list[Trial]) -> set[int]:
    """Count tests in every way that a summary may: all, those that were drafted, and either by outcome."""
    drafted = [one for one in tests if one.origin != "existing"]
    return {n for some in (tests, drafted) for n in (len(some), *Counter(one.head for one in some).values())}


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word.lower()]


def _change(facts: Facts) -> Change | None:
    return ChangeRead.model_validate(facts.outputs["change"]).change if "change" in facts.outputs else None
