"""A change under review for the tests of tools."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tool_samples import materials, tool

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.review.findings import Posted
from crewdesk.domain.review.pull import Pull
from crewdesk.ports.tool import Tool
from crewdesk.tools.materials import Materials
from support.repositories import Repo


class SmallForge:
    """A forge with one pull request, whose repository is here."""

    def __init__(self, pull: Pull | None = None, folder: Path = Path(), posted: Sequence[Posted] = ()) -> None:
        self._pull = pull
        self._folder = folder
        self._posted = posted
        self.asked: list[str] = []

    def pull(self, address: str) -> Pull:
        if self._pull is None:
            raise ValueError(f"There is no pull request {address}.")
        return self._pull

    def fetch(self, pull: Pull, scratch: Path) -> Path:
        del pull, scratch
        return self._folder

    def posted(self, target: str) -> Sequence[Posted]:
        self.asked.append(target)
        return self._posted


def reading(root: Path, forge: SmallForge, **inputs: str) -> Tool:
    """Make the tool that reads a change."""
    around = materials(root, connector={"forge": forge}.__getitem__, inputs=inputs, scratch=root / "scratch")
    return tool("change", around, connector="forge")


def read_materials(root: Path, repo: Repo) -> Materials:
    """Give materials in which the task `change` has read what feature changes against main."""
    answer = reading(root, SmallForge(), repo=str(repo.folder), base="main", head="feature").run()
    works: dict[str, JsonObject | None] = {"change": answer if isinstance(answer, dict) else None}
    return materials(root, work=works.get, scratch=root / "scratch")
