"""The front matter of a source: its title, its topics, and where its facts come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

_FENCE = "---"


@dataclass(frozen=True)
class Origin:
    """Where facts of a source come from; either part may be empty."""

    title: str
    url: str


@dataclass(frozen=True)
class FrontMatter:
    """What stands above a source's text; everything is optional."""

    title: str = ""
    topics: tuple[str, ...] = ()
    sources: tuple[Origin, ...] = ()
    lines: int = 0
    """Lines it takes up, fences included: the text starts on the line after."""
    problem: str = ""
    """Why it could not be used, in words for the file's author."""


def read_front_matter(lines: list[str]) -> FrontMatter:
    """Read the block between two `---` lines at the top; broken YAML is a problem, never an error."""
    if not lines or lines[0].rstrip() != _FENCE:
        return FrontMatter()
    end = next((n for n, line in enumerate(lines[1:200], start=1) if line.rstrip() in {_FENCE, "..."}), None)
    if end is None:
        return FrontMatter(problem="its front matter has no closing '---'")
    return _parse("\n".join(lines[1:end]), lines=end + 1)


def _parse(text: str, *, lines: int) -> FrontMatter:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        loaded: object = YAML(typ="safe", pure=True).load(text)  # pyright: ignore[reportUnknownMemberType] -- untyped library
    except (YAMLError, ValueError) as error:
        where = getattr(getattr(error, "problem_mark", None), "line", None)
        at = f" (line {where + 2})" if isinstance(where, int) else ""
        return FrontMatter(lines=lines, problem=f"its front matter is not valid YAML{at}")
    if loaded is None:
        return FrontMatter(lines=lines)
    if not isinstance(loaded, Mapping):
        return FrontMatter(lines=lines, problem="its front matter holds no 'name: value' lines")
    fields = cast("Mapping[object, object]", loaded)
    return FrontMatter(
        title=_one(fields.get("title")),
        topics=tuple(filter(None, map(_one, _entries(fields.get("topics"), separator=",")))),
        sources=tuple(map(_origin, _entries(fields.get("sources")))),
        lines=lines,
    )


def _one(value: object) -> str:
    return "" if value is None or isinstance(value, list | dict) else " ".join(str(value).split())


def _entries(value: object, *, separator: str = "\n") -> list[object]:
    """Take a list as it is, and a single value as a list of what stands between separators."""
    if value is None:
        return []
    if isinstance(value, str):
        return [part for part in value.split(separator) if part.strip()]
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _origin(entry: object) -> Origin:
    """Take {title: …, url: …}, an address, or words."""
    if isinstance(entry, Mapping):
        fields = cast("Mapping[object, object]", entry)
        return Origin(title=_one(fields.get("title")), url=_one(fields.get("url")))
    text = _one(entry)
    return Origin(title="", url=text) if "://" in text else Origin(title=text, url="")
