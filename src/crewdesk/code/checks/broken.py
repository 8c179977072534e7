"""A test that passed before the change and fails after it is a finding, where the change is most likely to blame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from crewdesk.code.checks.ground import Ground
from crewdesk.code.documents.places import is_product
from crewdesk.code.documents.written import clipped
from crewdesk.domain.review.change import ChangedFile
from crewdesk.domain.review.findings import Reported, Severity
from crewdesk.domain.review.trials import Origin, Trial

SHOWN = 12
"""Lines of a test's output that are evidence."""
_PLACE = re.compile(r"([\w./-]+\.\w+):(\d+)")


def broken_by(trials: Iterable[Trial], ground: Ground) -> Iterator[Reported]:
    """Report each test that the change breaks."""
    for one in trials:
        if one.base == "passed" and one.head in ("failed", "error") and not one.meant:
            place = _blamed(one, ground)
            if place is not None:
                yield _reported(one, *place)


_WEIGHT: Mapping[Origin, tuple[Severity, float]] = {
    "existing": ("major", 0.9),
    "example": ("major", 0.8),
    "mended": ("minor", 0.6),
    "property": ("minor", 0.6),
    "written": ("minor", 0.6),
    "characterisation": ("note", 0.4),
}
"""How grave it is that such a test fails now, and how sure that this is a mistake."""
_SAYS: Mapping[Origin, str] = {
    "existing": "The repository's own test passes before this change and fails after it.",
    "example": "The example in the docstring holds before this change and no longer after it.",
    "characterisation": "It notes what the code did before the change. If the new behaviour is meant, all is well.",
}


def _reported(one: Trial, path: str, line: int) -> Reported:
    severity, confidence = _WEIGHT[one.origin]
    about = one.about.strip().rstrip(".") or one.path
    return Reported(
        path=path,
        line=line,
        end_line=line,
        severity=severity,
        kind="tests" if one.origin == "characterisation" else "bug",
        title=clipped(f"Passed before, fails now: {about}"),
        explanation=_SAYS.get(one.origin, "The test was drafted for this review: it passes before, and fails after."),
        evidence="\n".join([one.path, *one.output.strip().splitlines()[-SHOWN:]]),
        confidence=confidence,
        by="existing tests" if one.origin == "existing" else one.by,
    )


def _blamed(one: Trial, ground: Ground) -> tuple[str, int] | None:
    """Find the place: the last line of the change's code that the output names, else where the tested file changed."""
    code = [file for file in ground.change.files if file.new and file.kind == "text" and is_product(file.path)]
    for name, line in reversed(_PLACE.findall(one.output)):
        file = next((file for file in code if file.path == name or name.endswith(f"/{file.path}")), None)
        if file is not None and (ground.text(file.path) or "").count("\n") >= int(line) > 0:
            return file.path, int(line)
    if one.covers and ground.change.file(one.covers_in):
        return one.covers_in, one.covers[0].first
    named = [file for file in code if re.search(rf"\b{re.escape(_stem(file))}\b", one.code + one.path)]
    chosen = next(iter(named or code), None) or next((file for file in ground.change.files if file.new), None)
    return None if chosen is None else (chosen.path, chosen.new[0].first)


def _stem(file: ChangedFile) -> str:
    path = PurePosixPath(file.path)
    return path.parent.name if path.stem == "__init__" else path.stem
