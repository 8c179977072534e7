"""A test that passed before the change and fails after it is a finding, where the change is most likely to blame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from crewdesk.code.checks.ground import Ground
from crewdesk.code.documents.places import is_product
from crewdesk.code.documents.written import clipped
from crewdesk.code.languages import language_of
from crewdesk.code.symbols import enclosing, symbols
from crewdesk.domain.review.change import ChangedFile
from crewdesk.domain.review.findings import Reported, Severity
from crewdesk.domain.review.trials import Origin, Trial

SHOWN = 12
"""Lines of a test's output that are evidence."""
_PLACE = re.compile(r"([\w./-]+\.\w+):(\d+)")


def broken_by(trials: Iterable[Trial], ground: Ground) -> Iterator[Reported]:
    """Report tests that the change breaks; several that blame one function are one finding, told by the gravest."""
    told: dict[tuple[str, str], list[tuple[Trial, int]]] = {}
    for one in trials:
        if one.base == "passed" and one.head in ("failed", "error") and not one.meant:
            place = _blamed(one, ground)
            if place is not None:
                told.setdefault((place[0], _within(*place, ground)), []).append((one, place[1]))
    for (path, _), several in told.items():
        several.sort(key=lambda each: -_WEIGHT[each[0].origin][1])
        (one, line), others = several[0], [other.path for other, _ in several[1:]]
        yield _reported(one, path, line, list(dict.fromkeys(others)))


def _within(path: str, line: int, ground: Ground) -> str:
    """Name the function that a line lies in, else the line."""
    around = enclosing(symbols(ground.text(path) or "", language_of(PurePosixPath(path))), line)
    return around.qualified if around else str(line)


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


def _reported(one: Trial, path: str, line: int, others: Sequence[str]) -> Reported:
    severity, confidence = _WEIGHT[one.origin]
    about = one.about.strip().rstrip(".") or one.path
    said = _SAYS.get(one.origin, "The test was drafted for this review: it passes before, and fails after.")
    fail = f"{_joined(others)} {'fails' if len(others) == 1 else 'fail'} now, too." if others else ""
    return Reported(
        path=path,
        line=line,
        end_line=line,
        severity=severity,
        kind="tests" if one.origin == "characterisation" else "bug",
        title=clipped(f"Passed before, fails now: {about}"),
        explanation=f"{said} {fail}".strip(),
        evidence="\n".join([one.path, *one.output.strip().splitlines()[-SHOWN:]]),
        confidence=confidence,
        by="existing tests" if one.origin == "existing" else one.by,
    )


def _joined(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(f"`{name}`" for name in names[:-1]), f"`{names[-1]}`"]))


def _blamed(one: Trial, ground: Ground) -> tuple[str, int] | None:
    """Find the place: the last line of the change's code that the output names, else where the tested file changed."""
    code = [file for file in ground.change.files if file.new and file.kind == "text" and is_product(file.path)]
    for name, line in reversed(_PLACE.findall(one.output)):
        file = next((file for file in code if file.path == name or name.endswith(f"/{file.path}")), None)
        if file is not None and (ground.text(file.path) or "").count("\n") >= int(line) > 0:
            return file.path, int(line)
    if one.covers and ground.change.file(one.covers_in):
        return one.covers_in, one.covers[0].first
    tested = next((place for file in code if (place := _tested(one, file, ground))), None)
    stems = set(re.findall(r"[^\W_]+", f"{one.code} {one.path}"))
    named = [file for file in code if stems.issuperset(_stem(file).strip("_").split("_"))]
    chosen = next(iter(named or code), None) or next((file for file in ground.change.files if file.new), None)
    return tested or (None if chosen is None else (chosen.path, chosen.new[0].first))


def _tested(one: Trial, file: ChangedFile, ground: Ground) -> tuple[str, int] | None:
    """Find the first new line of a function that the test names."""
    names = set(re.findall(r"[^\W\d]\w*", one.code))
    for each in symbols(ground.text(file.path) or "", language_of(PurePosixPath(file.path))):
        new = [piece for piece in file.new if piece.first <= each.last and each.first <= piece.last]
        if new and each.name in names and each.kind != "class":
            return file.path, max(new[0].first, each.first)
    return None


def _stem(file: ChangedFile) -> str:
    path = PurePosixPath(file.path)
    return path.parent.name if path.stem == "__init__" else path.stem
