"""What breaks callers of a Python package: griffe compares what it offers before and after, and nothing is imported."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from crewdesk.code.importance import is_sample
from crewdesk.code.sides import Sides, files_below, read
from crewdesk.domain.review.findings import Reported

if TYPE_CHECKING:
    from griffe import Alias, Breakage, Object

MOST_FILES = 1_500
"""Files of the largest package that is read; of the largest project that is searched for callers, too."""
MOST_CALLERS = 3
SAID: Mapping[str, tuple[str, str]] = {
    "PARAMETER_MOVED": (
        "{part} of {whole} is in another place",
        "Who passes it by its place passes another.",
    ),
    "PARAMETER_REMOVED": ("{whole} no longer takes {part}", "A caller that passes it gets a TypeError."),
    "PARAMETER_CHANGED_KIND": ("{part} of {whole} is passed another way", "A caller of the old way gets a TypeError."),
    "PARAMETER_CHANGED_DEFAULT": (
        "{part} of {whole} has another default",
        "Who leaves it out gets something else.",
    ),
    "PARAMETER_CHANGED_REQUIRED": (
        "{part} of {whole} is now required",
        "A caller that leaves it out gets a TypeError.",
    ),
    "PARAMETER_ADDED_REQUIRED": ("{whole} now requires {part}", "A caller that does not know it gets a TypeError."),
    "OBJECT_REMOVED": ("{whole} is gone from {module}", "Whoever imports or calls it from there gets an error."),
    "OBJECT_CHANGED_KIND": ("{whole} is another kind of thing now", "Whoever uses it as before gets an error."),
}
"""What is told. A changed type or value breaks nobody for certain, nor does another base."""
DYNAMIC = re.compile(r"^def __getattr__\(", re.MULTILINE)
"""A module that makes names when they are asked for: what is gone from its text may still be there."""
QUIET = ("PARAMETER_CHANGED_DEFAULT", "PARAMETER_MOVED")


def api(sides: Sides) -> Iterator[Reported]:
    """Report what in the packages that changed breaks those who use them."""
    changed = [one.path for one in sides.change.files if one.language == "python" and not is_sample(one.path)]
    for package in sorted({found for path in changed if (found := _package(sides.before, path))}):
        if (sides.after / package).is_dir():
            yield from _broken(package, sides)


def _package(root: Path, path: str) -> str:
    """Find the outermost package that a file lies in; empty where it lies in none."""
    found = ""
    for folder in PurePosixPath(path).parents:
        if not (root / folder / "__init__.py").is_file():
            break
        found = folder.as_posix()
    return "" if found == "." or not PurePosixPath(found).name.isidentifier() else found


def _broken(package: str, sides: Sides) -> Iterator[Reported]:
    from griffe import find_breaking_changes

    before, after = _loaded(package, sides.before), _loaded(package, sides.after)
    if before is None or after is None:
        return
    found: dict[tuple[str, int, str], Reported] = {}
    gone: dict[str, list[str]] = {}
    for one in find_breaking_changes(before, after):
        reported = _reported(one, sides) if _is_told(one) else None
        if reported is None or (one.kind.name == "OBJECT_REMOVED" and DYNAMIC.search(read(sides.after, reported.path))):
            continue
        if one.kind.name == "OBJECT_REMOVED" and reported.severity != "major":
            gone.setdefault(reported.path, []).append(one.obj.name)
            if len(gone[reported.path]) > 1:
                continue
        found.setdefault((reported.path, reported.line, reported.title), reported)
    yield from (_together(one, gone.get(one.path, [])) for one in found.values())


def _is_told(one: Breakage) -> bool:
    """Say whether anybody is likely to depend on it: what a module only imports is offered by packages alone."""
    holder = one.obj.parent
    if one.kind.name == "OBJECT_REMOVED" and (one.obj.name.startswith("__") or _is_type_variable(one.obj)):
        return False  # what every class has is inherited from another one now; and nobody imports a T
    return one.kind.name in SAID and not (one.obj.is_alias and holder is not None and not holder.is_init_module)


def _is_type_variable(obj: Object | Alias) -> bool:
    return "TypeVar(" in str(getattr(obj, "value", ""))


def _together(one: Reported, gone: list[str]) -> Reported:
    """Say of a file that lost several names, which nobody here uses, all of them at once."""
    if len(gone) < 2 or "object_removed" not in one.evidence or one.severity == "major":  # noqa: PLR2004 - several
        return one
    names = ", ".join(f"`{name}`" for name in gone[:8]) + (f" and {len(gone) - 8} more" if len(gone) > 8 else "")  # noqa: PLR2004
    return one.model_copy(
        update={"title": f"{len(gone)} public names are gone", "explanation": f"{names}. {one.explanation}"}
    )


def _loaded(package: str, root: Path) -> Object | None:
    from griffe import GriffeLoader, Module

    folder = root / package
    if len(files_below(folder, "*.py")) > MOST_FILES:
        raise ValueError(f"{package} has more than {MOST_FILES} files; what it offers was not compared.")
    logging.getLogger("griffe").setLevel(logging.CRITICAL)  # what it cannot follow is nothing to tell people of
    loader = GriffeLoader(search_paths=[folder.parent], allow_inspection=False)
    loaded = loader.load(folder.name, try_relative_path=False)
    return loaded if isinstance(loaded, Module) else None


def _reported(one: Breakage, sides: Sides) -> Reported | None:
    title, meaning = SAID[one.kind.name]
    part = str(getattr(one.old_value, "name", "") or getattr(one.new_value, "name", ""))
    module = one.obj.parent.module.path if one.obj.is_alias and one.obj.parent else one.obj.module.path
    whole = one.obj.path.removeprefix(f"{module}.")
    callers = list(_callers(one.kind.name, whole, part, module, sides))
    path, line = _place(one, sides) or (callers[0] if callers else ("", 0))
    if not path:
        return None
    at = ", ".join(f"{path}:{line}" for path, line in callers)
    return Reported(
        path=path,
        line=line,
        end_line=line,
        severity="major" if callers else "note" if one.kind.name in QUIET else "minor",
        kind="api",
        title=title.format(part=f"`{part}`", whole=f"`{whole}`", module=f"`{module}`")[:120],
        explanation=meaning,
        evidence=f"griffe {one.kind.name.lower()}; " + (f"still used at {at}" if at else "no use of it was found here"),
        confidence=0.85 if callers else 0.6,
        by="griffe",
    )


def _place(one: Breakage, sides: Sides) -> tuple[str, int] | None:
    """Find the line at the head that is nearest to what broke; None where its file is gone."""
    obj = one.obj
    holder = obj.parent if obj.is_alias and obj.parent is not None else obj
    file, line = holder.filepath, getattr(obj, "alias_lineno", None) or (0 if obj.is_alias else obj.lineno) or 1
    if not isinstance(file, Path):
        return None
    root = sides.after if file.is_relative_to(sides.after) else sides.before
    path = file.relative_to(root).as_posix()
    if root == sides.after:
        return path, line
    changed = next((one for one in sides.change.files if path in (one.path, one.old_path)), None)
    if changed is None or changed.status == "deleted":
        return None
    edges = [number for piece in changed.shown for number in (piece.first, piece.last)]
    return changed.path, min(edges, key=lambda number: abs(number - line), default=1)


def _callers(kind: str, whole: str, part: str, module: str, sides: Sides) -> Iterator[tuple[str, int]]:
    """Find lines at the head that still use the old form."""
    name = re.escape(whole.rpartition(".")[2])
    if kind == "OBJECT_REMOVED" and "." not in whole:
        last = re.escape(module.rpartition(".")[2])
        pattern = rf"\bfrom\s+[\w.]*\b{last}\s+import\s+(?:\([^)]*|[^\n(]*)\b{name}\b|\b{last}\.{name}\b"
    elif kind == "PARAMETER_REMOVED" and part:
        pattern = rf"\b{name}\((?:[^()]|\([^()]*\))*?\b{re.escape(part)}\s*="
    else:
        return
    count = 0
    for path in files_below(sides.after, "*.py")[:MOST_FILES]:
        text = read(sides.after, path)
        for found in re.finditer(pattern, text) if name in text else ():
            if not text[: found.start()].rstrip(" ").endswith("def"):
                yield path, text.count("\n", 0, found.start()) + 1
                count += 1
            if count == MOST_CALLERS:
                return
