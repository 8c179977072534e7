"""The mail as a person approves it, with what it rests on; and how it reads."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from crewdesk.domain.part import FIXED, Part


def _unmarked(id_: object) -> object:
    """Take an id out of the marks of a footnote, which models leave around it."""
    return id_.strip(" [](),^") if isinstance(id_, str) else id_


PassageId = Annotated[str, BeforeValidator(_unmarked)]


class Source(Part):
    """Where a statement comes from."""

    id: str = Field(description="Of the passage.")
    title: str
    source: str = Field(description="Where a reader finds it.")
    text: str
    date: str = Field(default="", description="Day of what it says, where it is known.")


class Fact(Part):
    """A statement about the lead's company, and the passages that say so."""

    statement: str
    passages: tuple[PassageId, ...] = Field(description="Ids of passages that tools returned.")


class Need(Part):
    """What the lead probably needs, and why we think so."""

    need: str
    because: str = Field(description="The fact it rests on, in one sentence.")
    passages: tuple[PassageId, ...] = Field(description="Ids of passages that say so.")
    confidence: float = Field(ge=0, le=1)


class Variant(Part):
    """One way to write the mail."""

    subject: str = Field(min_length=1)
    text: str = Field(min_length=1)


class MailBody(BaseModel):
    """What is approved: connectors read their delivery with this; what else its author says stays in the house."""

    model_config = ConfigDict(extra="ignore")

    title: str = Field(description="Whom it is about, for lists.", json_schema_extra=FIXED)
    lead: str = Field(description="What the CRM calls the lead.", json_schema_extra=FIXED)
    company: str = Field(json_schema_extra=FIXED)
    to: str = Field(description="Address it goes to.", json_schema_extra=FIXED)
    to_name: str = Field(default="", json_schema_extra=FIXED)
    language: str = Field(description="Tag of the language it is written in.", json_schema_extra=FIXED)
    subject: str = Field(min_length=1, max_length=200, description="Subject line.")
    text: str = Field(min_length=1, description="The mail as plain text, with greeting and signature.")
    footer: str = Field(
        default="", description="What the law of the lead's country wants below it.", json_schema_extra=FIXED
    )
    unsubscribe: str = Field(
        default="", description="Address or mailto: for List-Unsubscribe; empty where none.", json_schema_extra=FIXED
    )
    other: Variant | None = Field(
        default=None, description="The other way to write it, not sent.", json_schema_extra=FIXED
    )
    needs: list[Need] = Field(default_factory=list[Need], description="What they probably need, for the CRM.")
    facts: list[Fact] = Field(default_factory=list[Fact], description="What is known of them.", json_schema_extra=FIXED)
    sources: list[Source] = Field(
        default_factory=list[Source], description="Passages all of this rests on.", json_schema_extra=FIXED
    )
    statements: list[Fact] = Field(
        default_factory=list[Fact], description="Sentences of the mail and what each rests on.", json_schema_extra=FIXED
    )
    status: str = Field(default="", description="Of the lead when it was read.", json_schema_extra=FIXED)


class StopBody(BaseModel):
    """That nobody is written to, and why; a CRM keeps it as a note and a status."""

    model_config = ConfigDict(extra="ignore")

    title: str = Field(description="Whom it is about, for lists.", json_schema_extra=FIXED)
    lead: str = Field(description="What the CRM calls the lead.", json_schema_extra=FIXED)
    company: str = Field(default="", json_schema_extra=FIXED)
    reasons: list[str] = Field(min_length=1, description="Why nobody should write, a sentence each.")
    status: str = Field(default="", description="Of the lead when it was read.", json_schema_extra=FIXED)


def plain(mail: MailBody) -> str:
    """Spell the mail as it is read: the approved text, then what the law wants."""
    text = mail.text.rstrip("\n")
    return f"{text}\n\n-- \n{mail.footer.strip()}\n" if mail.footer.strip() else f"{text}\n"
