"""Say whether a lead may be written to, before anything is spent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.lead import Lead
from crewdesk.domain.text.languages import primary
from crewdesk.tools.materials import Materials
from crewdesk.tools.outreach.do_not_contact import ListSettings, read_list
from crewdesk.tools.outreach.domains import host_of, own_domain
from crewdesk.tools.outreach.laws import (
    FALLBACK,
    Country,
    Words,
    code_of,
    footer,
    greeting,
    language_of,
    words_for,
)
from crewdesk.tools.outreach.leads import named_crm, the_lead
from crewdesk.tools.outreach.rules import LISTED, RULES, Case, doubts, spelled

Code = Annotated[str, Field(pattern="^[A-Z]{2}$")]
PLAIN = Words(greeting="Hello [[lead.first_name]] [[lead.last_name]],", nameless="Hello,", unsubscribe="{address}")


class ScreenSettings(ListSettings):
    """Settings of `kind: screen`."""

    connector: str = Field(description="Name in connectors.yaml of the CRM.")
    competitors: tuple[str, ...] = Field(default=(), description="Names and domains of companies nobody sells to.")
    friends: tuple[str, ...] = Field(
        default=(), description="Domains of customers and partners; whoever looks like one of them is no lead."
    )
    in_contact: tuple[str, ...] = Field(
        default=("contacted", "drafted"), description="States of the CRM that say: somebody speaks with them already."
    )
    unsubscribe: str = Field(
        default="",
        pattern=r"^(mailto:.+@.+)?$",
        description="Where people write to hear no more from us: mailto:ADDRESS.",
    )
    imprint: str = Field(default="", description="Who we are and where, as the law of many countries wants it.")
    countries: Mapping[Code, Country] = Field(
        default_factory=dict[Code, Country], description="By two letters, ISO 3166; for all others the strictest holds."
    )
    words: Mapping[str, Words] = Field(
        default_factory=lambda: {FALLBACK: PLAIN}, description="What stands around a mail, by language."
    )

    @model_validator(mode="after")
    def _speaks_english(self) -> Self:
        if FALLBACK not in self.words:
            raise ValueError(f"there are no words in {FALLBACK!r}, which stand in for all others")
        return self


def screen_lead(*, settings: ScreenSettings, materials: Materials) -> JsonObject:
    """Look at all that forbids a mail. The lead is read from the CRM anew, for rules need the address itself."""
    lead, _ = the_lead(settings.connector, materials)
    case = _case(lead, settings, materials)
    reasons = [reason for rule in RULES.values() if (reason := rule(case))]
    language = language_of(lead, case.country, settings.words)
    words = words_for(language, settings.words)
    return {
        "eligible": not reasons,
        "reasons": list[Json](reasons),
        "checked": list[Json](_looked_at(case, name) for name in RULES),
        # What a mail would lack is of no interest where none is written.
        "warnings": list[Json]([*doubts(case), *([] if reasons else _lacking(case, settings, language))]),
        "language": language,
        "greeting": greeting(lead, words),
        "footer": footer(case.country, words, unsubscribe=settings.unsubscribe, imprint=settings.imprint),
        "unsubscribe": settings.unsubscribe if case.country.unsubscribe else "",
        "confidence": 1.0,
    }


def _case(lead: Lead, settings: ScreenSettings, materials: Materials) -> Case:
    code = code_of(lead.country, settings.countries)
    known = settings.countries.get(code)
    return Case(
        lead=lead,
        alike=named_crm(settings.connector, materials).alike(lead),
        listed=read_list(materials.home, settings.do_not_contact),
        country=known or Country(),
        place=code if known else f"{code or 'a country that is not known'}, where the strictest rules are taken,",
        competitors=settings.competitors,
        friends=[own_domain(one) or host_of(one) for one in settings.friends],
        in_contact=frozenset(map(spelled, settings.in_contact)),
    )


def _looked_at(case: Case, rule: str) -> str:
    none = rule == LISTED and not case.listed.there
    return f"{rule} (there is no {case.listed.path.name})" if none else rule


def _lacking(case: Case, settings: ScreenSettings, language: str) -> list[str]:
    """Say what a lawful mail lacks because config/tools.yaml does not say it."""
    lacking = [
        sentence
        for sentence, holds in (
            ("postal address (imprint)", case.country.imprint and not settings.imprint.strip()),
            ("way to hear no more from us (unsubscribe)", case.country.unsubscribe and not settings.unsubscribe),
        )
        if holds
    ]
    told = [f"The law wants a {what} in the mail; config/tools.yaml names none for screen_lead." for what in lacking]
    spoken = language in settings.words or primary(language) in settings.words
    foreign = f"config/tools.yaml has no words in {language!r}: greeting and footer are in English."
    return told if spoken else [*told, foreign]
