"""Find where something stands in the code after the change under review."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import Field

from crewdesk.code.importance import Rank, rank_of_path
from crewdesk.code.languages import language_of
from crewdesk.code.secrets import masked
from crewdesk.code.snapshot import Found, Snapshot
from crewdesk.code.symbols import Symbol, enclosing, symbols
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.text.visible import visible
from crewdesk.tools.answers import fit
from crewdesk.tools.materials import Materials
from crewdesk.tools.review.subject import subject_of
from crewdesk.tools.settings import Settings

What = Annotated[
    str, Field(min_length=2, max_length=200, description="A name or a piece of a line, as it stands in the code.")
]
Match = Annotated[Literal["word", "part"], Field(description="word: `open` does not find `reopen`; part: it does.")]
Under = Annotated[str, Field(description="Only files whose path begins with this, such as src/; empty for all.")]
LONGEST_LINE = 200


class FindSettings(Settings):
    """Settings of `kind: find`."""

    task: str = Field(default="change", description="Task that read the change.")
    matches: int = Field(default=60, ge=1, le=500, description="Lines in an answer.")


def find_code(
    text: What, match: Match = "word", under: Under = "", *, settings: FindSettings, materials: Materials
) -> JsonObject:
    """Find the lines of the repository, after the change, that hold a text: where a name is defined, called, tested.

    Each line comes with its path, its number, and the function it stands in; definitions first, then code,
    then tests. An empty list means that it stands nowhere.
    """
    if "\n" in text or "\0" in text:
        raise ValueError("Look for a piece of one line.")
    head = subject_of(materials, settings.task).head
    found = [one for one in head.search([text], words=match == "word") if one.path.startswith(under.removeprefix("./"))]
    ranked = sorted(found, key=lambda one: (rank_of_path(one.path), one.path, one.line))
    rows = [_row(one, text, head) for one in ranked[: settings.matches]]
    rows.sort(key=lambda row: not row.get("defines"))
    answer: JsonObject = {"text": text, "found": len(found), "matches": list[Json](rows)}
    if len(found) > len(rows):
        answer["left_out"] = f"{len(found) - len(rows)} more lines hold it; ask with `under` for a part of them."
    return fit(answer, shorten="matches", longest=settings.longest)


def _row(found: Found, text: str, head: Snapshot) -> JsonObject:
    row: JsonObject = {
        "path": found.path,
        "line": found.line,
        "text": masked(visible(found.text.strip()[:LONGEST_LINE])),
    }
    if rank_of_path(found.path) <= Rank.TESTS and (inside := _inside(found, head)):
        if inside.name == text and inside.first <= found.line <= inside.first + 3:
            row["defines"] = inside.qualified
        else:
            row["in"] = inside.qualified
    return row


def _inside(found: Found, head: Snapshot) -> Symbol | None:
    listed = symbols(head.text(found.path) or "", language_of(PurePosixPath(found.path)))
    return enclosing(listed, found.line)
