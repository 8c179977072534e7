"""Search the house's knowledge."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.tools.answers import fit
from crewdesk.tools.materials import Materials
from crewdesk.tools.settings import Settings

Query = Annotated[str, Field(description="What to look for: a few words or a question, in the sources' language.")]
Limit = Annotated[int, Field(ge=0, le=50, description="How many passages at most; 0 for the usual number.")]


class SearchSettings(Settings):
    """Settings of `kind: knowledge`."""

    folders: tuple[str, ...] = Field(min_length=1, description="Folders under knowledge/ that hold sources.")
    passages: int = Field(
        default=12, ge=1, le=50, description="Passages in an answer, unless the agent asks for fewer."
    )


def search_knowledge(query: Query, limit: Limit = 0, *, settings: SearchSettings, materials: Materials) -> JsonObject:
    """Search our own sources for passages about something, best first.

    Each passage has an id to cite, the title and heading it stands under, its source and its text. An
    empty list means that our sources say nothing about it.
    """
    library = materials.library(settings.folders)
    found = library.search(query, limit=limit or settings.passages)
    passages: list[Json] = [passage.to_json() for passage in found]
    answer: JsonObject = {"query": query, "found": len(passages), "passages": passages}
    if library.warnings:
        answer["problems"] = list[Json](library.warnings[:10])
    return fit(answer, shorten="passages", longest=settings.longest)
