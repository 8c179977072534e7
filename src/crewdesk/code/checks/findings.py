"""All findings of a change, checked: each holds, stands where it says, and is there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crewdesk.code.checks.evidence import Library, missing_evidence
from crewdesk.code.checks.ground import Ground
from crewdesk.code.checks.ledger import Ledger
from crewdesk.code.checks.memory import oldest, recognised
from crewdesk.code.checks.merging import merged, repeated
from crewdesk.code.checks.standing import NOT_ABOUT, is_about, placed
from crewdesk.code.checks.suggestions import try_suggestion
from crewdesk.domain.review.findings import Finding, Reported, fingerprint, gravity

UNSURE = "their author is not sure enough of them"
FULL = "the review holds no more, and they are the least grave"


@dataclass(frozen=True)
class Claim:
    """A finding as somebody reported it."""

    found: Reported
    believed: bool
    """Whether code found it: then nobody needs to look up what it rests on."""


def checked(claims: Iterable[Claim], ground: Ground, ledger: Ledger, *, least: float) -> list[Finding]:
    """Check every finding, join those that say the same, name them, and rank them; `finished` does the rest."""
    library = Library(ground)
    standing = list(_standing(claims, ground, library, ledger, least=least))
    ranked = repeated(sorted(merged(standing), key=_place))
    known = recognised(list(_named(ranked, ground)), ground)
    return sorted(known, key=gravity)


def limited(found: Sequence[Finding], most: int, ledger: Ledger) -> list[Finding]:
    """Keep the gravest; the others are counted."""
    for one in found[most:]:
        ledger.note(f"{one.severity} finding", FULL, f"{one.path}:{one.line}")
    return list(found[:most])


def _standing(
    claims: Iterable[Claim], ground: Ground, library: Library, ledger: Ledger, *, least: float
) -> Iterator[Reported]:
    for claim in claims:
        found = placed(claim.found, ground)
        where = f"{claim.found.path}:{claim.found.line}"
        why = found if isinstance(found, str) else "" if claim.believed else _doubt(found, ground, library, least)
        if why or isinstance(found, str):
            ledger.note(f"finding by {claim.found.by}", why, ground.clean(where))
            continue
        if found.suggestion is None and claim.found.suggestion is not None:
            ledger.note("suggestion", "its lines are not all there", where)
        yield found


def _doubt(found: Reported, ground: Ground, library: Library, least: float) -> str:
    if found.confidence < least:
        return UNSURE
    return missing_evidence(found, library) or ("" if is_about(found, ground) else NOT_ABOUT)


def _place(found: Reported) -> tuple[str, int, int, str]:
    return (found.path, found.line, found.end_line, found.title)


def finished(found: Iterable[Finding], ground: Ground, ledger: Ledger) -> list[Finding]:
    """Try the suggestions of findings that are kept, mask what they say, and show their lines."""
    return [_finished(one, ground, ledger) for one in found]


def _named(found: Iterable[Reported], ground: Ground) -> Iterator[Finding]:
    """Make findings of them; the second one that is the same on the same words is told apart by its number."""
    seen = Counter[str]()
    for one in found:
        lines = ground.lines(one.path, one.line, one.end_line)
        name = fingerprint(oldest(one.path, ground), one.kind, one.title, lines)
        seen[name] += 1
        if seen[name] > 1:
            name = fingerprint(oldest(one.path, ground), one.kind, f"{one.title}\n{'again ' * seen[name]}", lines)
        changed = ground.change.file(one.path)
        inline = changed is not None and changed.shows(one.line, one.end_line)
        yield Finding(**one.model_dump(), fingerprint=name, inline=inline)


def _finished(one: Finding, ground: Ground, ledger: Ledger) -> Finding:
    suggestion, patch, why = ("", "", "") if one.suggestion is None else try_suggestion(one, ground)
    if why:
        ledger.note("suggestion", why, f"{one.path}:{one.line}")
    return one.model_copy(
        update={
            "title": ground.clean(one.title)[:120],
            "explanation": ground.clean(one.explanation),
            "evidence": ground.clean(one.evidence),
            "suggestion": suggestion if patch else None,
            "patch": patch,
            "code": ground.excerpt(one.path, one.line, one.end_line),
        }
    )
