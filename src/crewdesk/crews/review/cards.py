"""What a person is told about the review crew's work: one line on each output, and what speaks against a review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from crewdesk.crews.review.outputs import ChangeRead
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.evidence import counted
from crewdesk.domain.facts import Facts
from crewdesk.domain.review.findings import by_severity

SHOWN = 5
"""How many things of a kind are named."""


def headline(schema: str, body: JsonObject) -> str | None:
    """Say in one line what an output holds; None for one that is not the review crew's."""
    say = _HEADLINES.get(schema)
    return None if say is None else " · ".join(part for part in say(body) if part)


def noticed(body: JsonObject, facts: Facts) -> list[str]:
    """Say in sentences what a review leaves out of what was found, and what was not looked at."""
    checked, trials = facts.outputs.get("check", {}), facts.outputs.get("trials", {})
    return [*_left_out(body, checked), *_texts(checked, "dropped"), *_not_run(_texts(trials, "dropped"))]


def _left_out(body: JsonObject, checked: JsonObject) -> list[str]:
    kept = [one.get("fingerprint") for one in _rows(body, "findings")]
    gone = [one for one in _rows(checked, "findings") if one.get("fingerprint") not in kept]
    named = [f"“{one.get('title')}” ({one.get('path')}:{one.get('line')})" for one in gone[:SHOWN]]
    more = f" and {len(gone) - SHOWN} more" if len(gone) > SHOWN else ""
    return [f"Not in this review, though it was found: {', '.join(named)}{more}."] if gone else []


def _not_run(dropped: Sequence[str]) -> list[str]:
    if len(dropped) <= SHOWN:
        return list(dropped)
    return [*dropped[:SHOWN], f"{counted(len(dropped) - SHOWN, 'more drafted test')} came to nothing."]


def _change(body: JsonObject) -> list[str]:
    size = ChangeRead.model_validate(body).change.size
    return [counted(size.files, "file"), f"{counted(size.added, 'line')} new, {size.removed} gone"]


def _scan(body: JsonObject) -> list[str]:
    ran, problems = _texts(body, "ran"), _texts(body, "problems")
    return [
        counted(len(_rows(body, "findings")), "finding"),
        f"{counted(len(ran), 'analyser')} ran",
        counted(len(problems), "remark") if problems else "",
    ]


def _drafted(body: JsonObject) -> list[str]:
    return [f"{counted(len(_rows(body, 'tests')), 'test')} drafted"]


def _trials(body: JsonObject) -> list[str]:
    dropped = _texts(body, "dropped")
    return [_tests(body) or "no drafted test ran", f"{len(dropped)} came to nothing" if dropped else ""]


def _proposals(body: JsonObject) -> list[str]:
    return [_passages(body, "proposals") or "nothing to document"]


def _checked(body: JsonObject) -> list[str]:
    return [_findings(body), _passages(body, "proposals"), _resolved(body)]


def _review(body: JsonObject) -> list[str]:
    return [_findings(body), _tests(body), _passages(body, "documentation"), _resolved(body)]


def _findings(body: JsonObject) -> str:
    found = _rows(body, "findings")
    weights = by_severity(str(one.get("severity")) for one in found)
    known = sum(one.get("known") is True for one in found)
    said = f"{counted(len(found), 'finding')}: {weights}" if found else "no findings"
    return f"{said} ({known} known)" if known else said


def _tests(body: JsonObject) -> str:
    ran = _rows(body, "tests")
    failed = sum(one.get("head") in ("failed", "error") for one in ran)
    return f"{counted(len(ran), 'test')} ran, {_fails(failed)}" if ran else ""


def _fails(failed: int) -> str:
    return "none fails" if not failed else "1 fails" if failed == 1 else f"{failed} fail"


def _passages(body: JsonObject, name: str) -> str:
    count = len(_rows(body, name))
    return f"{counted(count, 'passage')} to document" if count else ""


def _resolved(body: JsonObject) -> str:
    count = len(_rows(body, "resolved"))
    return f"{count} resolved" if count else ""


def _rows(body: JsonObject, name: str) -> list[JsonObject]:
    value = body.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(body: JsonObject, name: str) -> list[str]:
    value: Json = body.get(name)
    return [str(one) for one in value] if isinstance(value, list) else []


_HEADLINES: Mapping[str, Callable[[JsonObject], list[str]]] = {
    "ChangeRead": _change,
    "Scan": _scan,
    "Analysis": lambda body: [counted(len(_rows(body, "findings")), "finding")],
    "DraftedTests": _drafted,
    "Trials": _trials,
    "Proposals": _proposals,
    "Checked": _checked,
    "Review": _review,
}
