"""Typed outputs of the outreach crew, in the order in which they come about."""

from __future__ import annotations

from pydantic import Field

from crewdesk.crews.output import Output
from crewdesk.domain.outreach.lead import Lead
from crewdesk.domain.outreach.mail import Fact, MailBody, Need, Source, StopBody, Variant


class LeadRead(Output):
    """The lead as the CRM has it; personal data stand as placeholders."""

    lead: Lead
    passages: list[Source] = Field(default_factory=list[Source], description="What the CRM says, to be cited.")


class Screening(Output):
    """Whether the lead may be written to, and what a mail to them must have."""

    eligible: bool
    reasons: list[str] = Field(default_factory=list[str], description="Why not, a sentence each.")
    checked: list[str] = Field(default_factory=list[str], description="What was looked at.")
    warnings: list[str] = Field(default_factory=list[str], description="What a person should know all the same.")
    language: str = Field(description="Language the mail is to be written in.")
    greeting: str = Field(default="", description="How the mail begins.")
    footer: str = Field(default="", description="What the law of the lead's country wants below it.")
    unsubscribe: str = ""


class Stop(Output, StopBody):
    """That nobody is written to: shown to a person, then noted in the CRM."""


class Facts(Output):
    """What is known of the lead's company; every statement with its passages."""

    summary: str = Field(description="Two or three sentences. Empty where nothing is known.")
    facts: list[Fact] = Field(default_factory=list[Fact])


class Needs(Output):
    """What the lead probably needs."""

    needs: list[Need] = Field(default_factory=list[Need], description="Most certain first; none where nothing speaks.")


class MailDraft(Output):
    """The mail writer's words, one or two ways to put them."""

    variants: list[Variant] = Field(
        min_length=1,
        max_length=2,
        description="Plain text. Every sentence that states a fact ends with the ids of its passages, as in [^crm-1]; "
        "they are taken out before anybody is written to.",
    )
    language: str = Field(
        default="", description="Tag of the language it is written in; empty where it is the one asked for."
    )


class Outreach(Output, MailBody):
    """The mail with all it rests on: shown to a sales person, then a draft, and a note in the CRM."""


class Recording(Output):
    """What will be written where."""

    mail: str = Field(description="Where the mail goes.")
    crm: str = Field(description="Where the note goes.")
    notes: list[str] = Field(default_factory=list[str], description="What changed since the lead was read.")
