"""What the API is asked, checked before anything is done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from crewdesk.domain.canonical import canonical

NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
LONGEST_WORDS = 20_000


def _plain(text: str) -> str:
    if NO_CHARACTER.search(text):
        raise ValueError("holds something that is no character")
    return text


def _plain_json(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    canonical(value)  # takes no NaN
    for text in _texts(value):
        _plain(text)
    return value


def _texts(value: JsonValue) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            yield from (text for item in value for text in _texts(item))
        case dict():
            yield from (text for pair in value.items() for item in pair for text in _texts(item))
        case _:
            return


Text = Annotated[str, Field(max_length=LONGEST_WORDS), AfterValidator(_plain)]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS), AfterValidator(_plain)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
Body = Annotated[dict[str, JsonValue], AfterValidator(_plain_json)]
Sha = Annotated[
    str, Field(pattern=r"^([0-9a-f]{64})?$", description="The hash that the gate shows; empty where it shows no text.")
]
BaseSha = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$",
        description="The hash of the version that was edited, so that nobody's changes are overwritten.",
    ),
]
Looked = Annotated[Sha | None, Field(description="The hash that was looked at: 409 where another is shown by now.")]

RunId = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,40}$", description="The id of a run.", examples=["7KQ2"])]
GateId = Annotated[
    str,
    Path(
        pattern=r"^[0-9A-Za-z]{1,40}(-[0-9]{1,9})?$",
        description="The id of a gate, or of a run that waits at one gate only.",
        examples=["7KQ2-1"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=200, description="How many to list.")]
Cursor = Annotated[
    str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,400}$", description="`next` of the list that was read before.")
]
Filter = Annotated[str | None, Query(max_length=200, description="List these only.")]


class Asked(BaseModel):
    """One request; what is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class StartRun(Asked):
    """Start a run; a worker takes it as far as it goes."""

    crew: Name
    inputs: dict[Name, Annotated[str, AfterValidator(_plain)]] = Field(
        default={}, description="As crew.yaml declares them."
    )
    profile: Name | None = Field(default=None, description="Of models.yaml; its default when left out.")
    once: Name | None = Field(
        default=None,
        description="Names an occasion, such as `2026-W48`, for which this crew is started once, ever.",
    )


class ForkRun(Asked):
    """Run again as a new run, paying only for what changed."""

    inputs: dict[Name, Annotated[str, AfterValidator(_plain)]] = Field(default={}, description="Those that change.")
    profile: Name | None = Field(default=None, description="The one of the run that is forked when left out.")
    from_task: Name | None = Field(default=None, description="Make this task and all that rest on it anew.")
    once: Name | None = Field(
        default=None, description="Names an occasion, such as `ticket-12`, for which this run is forked once, ever."
    )


class ApproveVersion(Asked):
    """Release exactly the version with this hash."""

    verb: Literal["approve"]
    sha: Sha


class EditVersion(Asked):
    """Put a changed version at the gate, which stays open; give the whole `body`, or the `changes` to its fields."""

    verb: Literal["edit"]
    base: BaseSha
    body: Body | None = None
    changes: Body | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> EditVersion:
        if (self.body is None) == (self.changes is None):
            raise ValueError("give either 'body' or 'changes'")
        return self


class ReviseVersion(Asked):
    """Send the work back to the agents with notes."""

    verb: Literal["revise"]
    notes: Words
    sha: Looked = None


class RejectVersion(Asked):
    """End the run at the gate; nothing leaves."""

    verb: Literal["reject"]
    reason: Words
    sha: Looked = None


class WaiveStatement(Asked):
    """Take one flagged statement on oneself; the gate stays open."""

    verb: Literal["waive"]
    sentence: Words
    why: Words


Decide = Annotated[
    ApproveVersion | EditVersion | ReviseVersion | RejectVersion | WaiveStatement, Field(discriminator="verb")
]


class Delegate(Asked):
    """Hand one's place at a gate on to another person."""

    to: Name
    why: Text = ""
