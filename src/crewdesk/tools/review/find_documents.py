"""Find what is written about the names that a change touches and is not so any more."""

from __future__ import annotations

from pydantic import Field

from crewdesk.code.documents.find import find_written
from crewdesk.code.secrets import masked
from crewdesk.domain.canonical import JsonObject
from crewdesk.tools.answers import fit
from crewdesk.tools.materials import Materials
from crewdesk.tools.review.subject import subject_of
from crewdesk.tools.settings import Settings


class DocumentsSettings(Settings):
    """Settings of `kind: documents`."""

    task: str = Field(default="change", description="Task that read the change.")


MOST = 50
"""Passages that are told where nobody can say what should stand there instead."""


def find_documents(*, settings: DocumentsSettings, materials: Materials) -> JsonObject:
    """Find docstrings, pages and changelogs that the change makes wrong.

    Gives `proposals`, each with the lines of a file and what should stand there instead, and `findings`, places where
    only you can say what should stand there.
    """
    written = find_written(subject_of(materials, settings.task).sides)
    proposals = [one for one in written.proposals if masked(one.replacement) == one.replacement]
    answer: JsonObject = {
        "proposals": [one.model_dump(mode="json") for one in proposals],
        "findings": [one.model_dump(mode="json") for one in written.findings[:MOST]],
    }
    if len(written.findings) > MOST:
        answer["problems"] = [f"{len(written.findings)} passages are not so any more; the first {MOST} are told."]
    return fit(answer, shorten="proposals", longest=settings.longest)
