"""Where a repository keeps its code and its tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

SOURCE_FOLDERS = ("src", "lib")
SKIPPED = frozenset({"node_modules", ".venv", "venv", "build", "dist", "site-packages", "vendor"})


def test_files(root: Path) -> list[str]:
    """List the Python test files below a folder, in order."""
    found = (str(path.relative_to(root)) for pattern in ("test_*.py", "*_test.py") for path in root.rglob(pattern))
    return sorted({one for one in found if not SKIPPED & set(PurePosixPath(one).parts)})


def draft_path(stem: str, tests: Sequence[str], *, taken: Iterable[str] = ()) -> str:
    """Say where a new test file would stand beside the others, named as they are; never where one stands."""
    folder = Counter(str(PurePosixPath(path).parent) for path in tests).most_common(1)
    suffixed = sum(path.endswith("_test.py") for path in tests) * 2 > len(tests)
    name = f"{stem}_test.py" if suffixed else f"test_{stem}.py"
    path = str(PurePosixPath(folder[0][0] if folder else "tests") / name)
    return draft_path(f"{stem}_drafted", tests, taken=taken) if path in {*tests, *taken} else path


def module_of(path: str, root: Path) -> tuple[str, str]:
    """Give a Python file's module and the folder, below the root, from which it is imported."""
    pure = PurePosixPath(path)
    top = pure.parent
    while top.parts and (root / top / "__init__.py").is_file():
        top = top.parent
    if top == pure.parent and (not top.parts or top.parts[0] not in SOURCE_FOLDERS):
        top = PurePosixPath()  # no package: a namespace from the top
    elif top == pure.parent:
        top = PurePosixPath(top.parts[0])
    parts = pure.relative_to(top).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts), str(top)


def import_roots(folder: Path, more: Iterable[str] = ()) -> list[str]:
    """List the folders that code of a repository is imported from."""
    below = [folder / name for name in (*more, *SOURCE_FOLDERS) if (folder / name).is_dir()]
    return list(dict.fromkeys(str(path) for path in (*below, folder)))
