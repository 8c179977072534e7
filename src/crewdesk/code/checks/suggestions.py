"""A suggestion is kept if the lines it gives make a file that parses; otherwise it is taken off, and that is told."""

from __future__ import annotations

import re

from crewdesk.code.checks.ground import Ground
from crewdesk.code.checks.wellformed import same_code, well_formed
from crewdesk.code.patches import Edit, applied, edit_patch
from crewdesk.domain.review.findings import Reported
from crewdesk.domain.review.proposals import Proposal, RawProposal

_FENCE = re.compile(r"\s*```[\w+-]*\n(.*?)\n?\s*```\s*", re.DOTALL)


def try_suggestion(found: Reported, ground: Ground) -> tuple[str, str, str]:
    """Give a finding's suggestion, its patch, and why it was taken off; two of them are empty."""
    text = ground.exact(found.path)
    if text is None or found.suggestion is None:
        return "", "", "the file is no UTF-8 text"
    given = _unfenced(found.suggestion.replace("\r\n", "\n"))
    if ground.clean(given) != given:
        return "", "", "it holds a secret, or signs that nobody sees"
    why = ""
    for spelled in dict.fromkeys([_indented(given, ground.lines(found.path, found.line, found.end_line)), given]):
        edit = Edit(found.path, found.line, found.end_line, spelled)
        why = _wrong(edit, text)
        if not why:
            return spelled, edit_patch(edit, text), ""
    return "", "", why


def try_proposal(given: RawProposal, ground: Ground, *, by: str) -> Proposal | str:
    """Make a proposal's patch, or say why it cannot stand."""
    text = ground.exact(given.path)
    if text is None:
        return "there is no such text file at the head"
    if ground.clean(given.replacement) != given.replacement.replace("\r\n", "\n"):
        return "it holds a secret, or signs that nobody sees"
    edit = Edit(given.path, given.line, given.end_line, given.replacement)
    why = _wrong(edit, text)
    if not why and not same_code(given.path, applied(text, edit), text):
        why = "it would change code, and not only words"
    if why:
        return why
    return Proposal(
        path=given.path,
        line=given.line,
        end_line=given.end_line,
        title=ground.clean(given.title),
        reason=ground.clean(given.reason),
        replacement=given.replacement,
        by=by,
        patch=edit_patch(edit, text),
    )


def _wrong(edit: Edit, text: str) -> str:
    try:
        after = applied(text, edit)
    except ValueError:
        return "the file has no such lines"
    if after == text:
        return "it changes nothing"
    return "" if well_formed(edit.path, after, text) else "the file would not parse any more"


def _unfenced(text: str) -> str:
    found = _FENCE.fullmatch(text)
    return found[1] if found else text


def _indented(text: str, replaced: str) -> str:
    """Indent a suggestion as the lines it replaces are; models often leave that out."""
    depth, own = (line[: len(line) - len(line.lstrip(" \t"))] for line in (replaced, text))
    if own or not depth:
        return text
    return "\n".join(depth + line if line.strip() else line for line in text.split("\n"))
