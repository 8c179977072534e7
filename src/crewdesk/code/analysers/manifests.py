"""What a project needs to run, as its files say it: requirements, pyproject, package.json, go.mod, Cargo.toml.

What only its developers need (test runners, linters) is left out.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, cast

REQUIREMENTS = re.compile(r"(?!.*(?:dev|test|doc|lint|ci)).*requirements.*\.(?:txt|in)")
REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;#]*)")
GO = re.compile(r"^\s*(?:require\s+)?([\w.-]+\.[\w.-]+/\S+)\s+(v\S+)", re.MULTILINE)
PACKAGE_GROUPS = ("dependencies", "peerDependencies", "optionalDependencies")


def dependencies_of(path: str, text: str) -> Mapping[str, str] | None:
    """List what a file asks for, each with which versions; None for a file of another kind. Raises `ValueError`."""
    name = PurePosixPath(path).name
    read = _requirements if REQUIREMENTS.fullmatch(name) else READERS.get(name)
    if read is None:
        return None
    try:
        return dict(read(text))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path} cannot be read: {' '.join(str(error).split())[:120]}") from None


def _requirements(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if not line.lstrip().startswith(("-", "#")) and "://" not in line and (found := REQUIREMENT.match(line)):
            yield _normal(found[1]), " ".join(found[2].replace("\\", "").split("--hash")[0].split())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pyproject(text: str) -> Iterator[tuple[str, str]]:
    given = tomllib.loads(text)
    project = given.get("project", {})
    groups = [project.get("dependencies", []), *project.get("optional-dependencies", {}).values()]
    for group in groups:
        yield from _requirements("\n".join(one for one in group if isinstance(one, str)))
    poetry = given.get("tool", {}).get("poetry", {})
    for name, asked in poetry.get("dependencies", {}).items():
        yield _normal(name), _version(asked)


def _cargo(text: str) -> Iterator[tuple[str, str]]:
    given = tomllib.loads(text)
    for group in ("dependencies", "build-dependencies"):
        for name, asked in given.get(group, {}).items():
            yield name, _version(asked)


def _version(asked: object) -> str:
    if isinstance(asked, Mapping):
        return str(cast("Mapping[str, object]", asked).get("version", "*"))
    return str(asked)


def _package(text: str) -> Iterator[tuple[str, str]]:
    given: Any = json.loads(text)
    for group in PACKAGE_GROUPS:
        for name, asked in given.get(group, {}).items():
            yield name, str(asked)


def _go(text: str) -> Iterator[tuple[str, str]]:
    yield from GO.findall(text)


READERS: Mapping[str, Callable[[str], Iterator[tuple[str, str]]]] = {
    "pyproject.toml": _pyproject,
    "package.json": _package,
    "go.mod": _go,
    "Cargo.toml": _cargo,
}
