"""What connectors.yaml says of CRMs."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from crewdesk.connectors.settings import Address, FolderSettings, Settings
from crewdesk.domain.hosts import is_of_the_house
from crewdesk.domain.outreach.lead import Lead
from crewdesk.ports.leads import Outcome


def _guarded(value: str) -> str:
    if value.startswith("http://") and not is_of_the_house(urlsplit(value).hostname or ""):
        message = f"{value} would show the key, and who the leads are, to everybody on the way; write https://"
        raise ValueError(message)
    return value


Guarded = Annotated[Address, AfterValidator(_guarded)]
"""An address that is asked with a key: https, but for hosts in a network of one's own."""

BUTTONS = {"lead": "lead", "opportunity": "opportunity", "converted": "convert", "lost": "lost", "cancelled": "cancel"}
"""States of Tryton's opportunities that can be asked for, and how each is asked for."""


class Statuses(BaseModel):
    """How a CRM spells what became of a lead; empty where its state stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contacted: str = Field(default="contacted", description="A mail was sent.")
    drafted: str = Field(default="drafted", description="A mail lies ready, and was not sent.")
    stopped: str = Field(default="stopped", description="Nobody is to write.")

    def spell(self, outcome: Outcome) -> str:
        """Say which state that is."""
        return {"contacted": self.contacted, "drafted": self.drafted, "stopped": self.stopped}[outcome]


class CrmFileSettings(FolderSettings):
    """What a CRM in a file of this desk needs to know."""

    statuses: Statuses = Field(default_factory=Statuses, description="How states of leads are called.")


class TrytonStatuses(Statuses):
    """The same in Tryton, whose opportunities have these states and no other."""

    contacted: str = Field(default="opportunity", description="A mail was sent.")
    drafted: str = Field(default="", description="A mail lies ready, and was not sent.")
    stopped: str = Field(default="cancelled", description="Nobody is to write.")

    @field_validator("*")
    @classmethod
    def _is_a_state(cls, state: str) -> str:
        if state and state not in BUTTONS:
            message = f"opportunities have no state {state!r} that can be set; there are {', '.join(BUTTONS)}"
            raise ValueError(message)
        return state


class TrytonCategories(BaseModel):
    """Categories of parties that say something of a lead, by the last part of their names; case is no matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    do_not_contact: str = Field(default="Do not contact", description="Nobody may write.")
    unsubscribed: str = Field(default="Unsubscribed", description="They asked us to stop.")
    customer: str = Field(
        default="Customer", description="Buys from us; so does whoever has an opportunity that was converted."
    )
    closed: str = Field(default="Closed", description="There is nobody any more.")
    bases: dict[str, str] = Field(
        default_factory=lambda: {"Consent": "consent", "Request": "request"},
        description="Why we may write, by the name of a category.",
    )


def _lead_fields(fields: dict[str, str]) -> dict[str, str]:
    known = [name for name in Lead.model_fields if name not in {"id", "notes", "created", "changed", "status"}]
    if unknown := [name for name in fields if name not in known]:
        message = f"a lead has no field {unknown[0]!r} that could be read from elsewhere; it has {', '.join(known)}"
        raise ValueError(message)
    return fields


class TrytonSettings(Settings):
    """What there is to know of a Tryton whose opportunities are the leads."""

    url: Guarded = Field(description="Where it is, such as https://tryton.example.com")
    database: str = Field(min_length=1, pattern=r"^[\w.-]+$", description="Name of its database.")
    key_env: str = Field(
        default="TRYTON_KEY", description="Variable with the key of a user application of the kind REST."
    )
    company: int | None = Field(default=None, description="Number of the company in Tryton; the user's, if left out.")
    statuses: TrytonStatuses = Field(default_factory=TrytonStatuses, description="States of opportunities.")
    leads: tuple[str, ...] = Field(
        default=("lead",), min_length=1, description="Opportunities in these states are leads that may start runs."
    )
    categories: TrytonCategories = Field(
        default_factory=TrytonCategories, description="Categories of parties that mean something."
    )
    fields: Annotated[dict[str, str], AfterValidator(_lead_fields)] = Field(
        default_factory=dict[str, str],
        description="Fields of a lead that modules of your own keep, and where, such as {industry: party.industry}.",
    )


class HubspotStatuses(Statuses):
    """The same in HubSpot: internal values of the property `Lead status`."""

    contacted: str = Field(default="ATTEMPTED_TO_CONTACT", description="A mail was sent.")
    drafted: str = Field(default="", description="A mail lies ready, and was not sent.")
    stopped: str = Field(default="UNQUALIFIED", description="Nobody is to write.")


class HubspotSettings(Settings):
    """What there is to know of a HubSpot whose contacts are the leads."""

    portal: int = Field(ge=1, description="Number of the account, which is in every address there: the Hub ID.")
    token_env: str = Field(default="HUBSPOT_TOKEN", description="Variable with the access token of a private app.")
    api: Guarded = Field(default="https://api.hubapi.com", description="Where programs ask.")
    web: Address = Field(default="https://app.hubspot.com", description="Where people see contacts.")
    statuses: HubspotStatuses = Field(default_factory=HubspotStatuses, description="Values of `Lead status`.")
    leads: tuple[str, ...] = Field(
        default=("", "NEW", "OPEN"),
        min_length=1,
        description="Contacts with these values of `Lead status` are leads that may start runs; empty is none at all.",
    )
    fields: Annotated[dict[str, str], AfterValidator(_lead_fields)] = Field(
        default_factory=dict[str, str],
        description="Fields of a lead that properties of your own hold, such as {do_not_contact: never_write}.",
    )


class OdooStatuses(Statuses):
    """The same in Odoo: names of stages of the pipeline."""

    contacted: str = Field(default="Contacted", description="A mail was sent.")
    drafted: str = Field(default="", description="A mail lies ready, and was not sent.")
    stopped: str = Field(default="", description="Nobody is to write.")


class OdooSettings(Settings):
    """What there is to know of an Odoo, 19 or newer, whose leads or opportunities are the leads."""

    url: Guarded = Field(description="Where it is, such as https://odoo.example.com")
    database: str = Field(min_length=1, pattern=r"^[\w.-]+$", description="Name of its database.")
    key_env: str = Field(default="ODOO_KEY", description="Variable with an API key of a user there.")
    statuses: OdooStatuses = Field(default_factory=OdooStatuses, description="Names of stages, as English has them.")
    leads: tuple[str, ...] = Field(
        default=("New",), min_length=1, description="What is in these stages are leads that may start runs."
    )
    fields: Annotated[dict[str, str], AfterValidator(_lead_fields)] = Field(
        default_factory=dict[str, str],
        description="Fields of a lead that fields of your own hold, such as {basis: x_basis}.",
    )
