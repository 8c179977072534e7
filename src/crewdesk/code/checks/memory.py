"""What was posted before: findings that are known keep their names, and those that are gone are resolved."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from crewdesk.code.checks.ground import Ground
from crewdesk.code.checks.merging import names, shared, words
from crewdesk.code.patches import lines_of
from crewdesk.domain.review.findings import Finding, Posted, fingerprint

ALIKE = 0.5
"""Share of words that a title keeps when somebody says the same again."""
TALLEST = 10
"""Lines of a finding that is looked for after it was not said again."""


def recognised(found: Sequence[Finding], ground: Ground) -> list[Finding]:
    """Give findings that were posted before their earlier fingerprints, told in other words too."""
    earlier = {one.fingerprint: one for one in ground.change.earlier}
    exact = {one.fingerprint for one in found} & earlier.keys()
    left = [one for one in earlier.values() if one.fingerprint not in exact]
    kept: list[Finding] = []
    for one in found:
        again = None if one.fingerprint in exact else next((p for p in left if _again(one, p, ground)), None)
        if again is not None:
            left.remove(again)
        name = one.fingerprint if again is None else again.fingerprint
        kept.append(one.model_copy(update={"fingerprint": name, "known": name in earlier}))
    return kept


def resolved(found: Sequence[Finding], ground: Ground, *, models: Collection[str]) -> list[Posted]:
    """List what was posted before and is gone.

    A model that does not repeat itself has mended nothing: what it said is gone only when the lines are.
    """
    now = {one.fingerprint for one in found}
    gone = [one for one in ground.change.earlier if one.fingerprint not in now]
    return [one for one in gone if not (set(one.by.split(", ")) & set(models) and _stands(one, ground))]


def oldest(path: str, ground: Ground) -> str:
    """Name a file as it was called at the base, so that a rename changes no fingerprint."""
    changed = ground.change.file(path)
    return path if changed is None else changed.old_path or path


def _again(one: Finding, posted: Posted, ground: Ground) -> bool:
    gone = posted.path != "" and ground.text(posted.path) is None
    if not (gone or posted.path in (one.path, oldest(one.path, ground))) or posted.kind not in ("", one.kind):
        return False
    return names(one.title) == names(posted.title) and shared(words(one.title), words(posted.title)) >= ALIKE


def _stands(one: Posted, ground: Ground) -> bool:
    """Say whether the lines that a finding was about stand in its file as they did."""
    path = ground.renamed.get(one.path, one.path)
    lines = lines_of(ground.text(path) or "")
    return any(
        fingerprint(oldest(path, ground), one.kind, one.title, "".join(lines[start:end])) == one.fingerprint
        for start in range(len(lines))
        for end in range(start + 1, min(start + TALLEST, len(lines)) + 1)
    )
