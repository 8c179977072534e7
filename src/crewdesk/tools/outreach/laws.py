"""What the law of a lead's country wants of a first mail, and the words for it in the lead's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from crewdesk.domain.outreach.lead import Lead
from crewdesk.domain.text.languages import is_tag, primary

Basis = Literal["any", "consent", "request", "existing", "published", "interest"]
FALLBACK = "en"
_LOST = re.compile(r"\s+(?=[,:،，])|(?<=\s)\s+|^\s+")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Country(_Table):
    """What a country's law wants of a first mail to somebody at a company."""

    names: tuple[str, ...] = Field(default=(), description="What CRMs call it that know no codes; case is no matter.")
    law: str = Field(default="", description="What people call it.")
    language: str = Field(default="", description="Language of a mail where the CRM names none.")
    accepts: tuple[Basis, ...] = Field(
        default=("consent", "request"),
        description="Why somebody may be written to: consent (they said yes), request (they asked us), existing (a "
        "business relation), published (their address stands in public for such mails), interest (a legitimate one, "
        "weighed and noted), any (none need be noted).",
    )
    unsubscribe: bool = Field(default=True, description="Whether the mail must say how to hear no more from us.")
    imprint: bool = Field(default=True, description="Whether it must say who we are and where.")


class Words(_Table):
    """What stands around a mail in one language."""

    greeting: str = Field(description="With [[lead.first_name]] and [[lead.last_name]]; it never guesses a gender.")
    nameless: str = Field(description="The greeting where no name is known.")
    unsubscribe: str = Field(description="How to hear no more from us; {address} is where to write.")


def code_of(country: str, countries: Mapping[str, Country]) -> str:
    """Give the code of a country that a CRM has by its code or by a name; what it has, where the table knows none."""
    said = " ".join(country.split())
    named = (code for code, one in countries.items() if said.casefold() in {name.casefold() for name in one.names})
    return said.upper() if said.upper() in countries else next(named, said)


def language_of(lead: Lead, country: Country, words: Mapping[str, Words]) -> str:
    """Give the language of a mail: the lead's, else that of the country, else English."""
    tag = lead.language.strip().replace("_", "-")
    named = tag if is_tag(tag) and (len(primary(tag)) == 2 or primary(tag) in words) else ""  # noqa: PLR2004
    first, _, rest = (named or country.language or FALLBACK).partition("-")
    return f"{first.lower()}-{rest}" if rest else first.lower()


def words_for(language: str, words: Mapping[str, Words]) -> Words:
    """Give the words for a language, else those in English."""
    return words.get(language) or words.get(primary(language)) or words[FALLBACK]


def greeting(lead: Lead, words: Words) -> str:
    """Greet by what is known of the name, with placeholders; where names stand first, the last one alone will do."""
    polite = lead.last_name and words.greeting.startswith("[[lead.last_name]]")
    if not lead.first_name and not polite:
        return words.nameless
    text = words.greeting
    for name in ("first_name", "last_name"):
        text = text if getattr(lead, name) else text.replace(f"[[lead.{name}]]", "")
    return _LOST.sub("", text)


def footer(country: Country, words: Words, *, unsubscribe: str, imprint: str) -> str:
    """Spell what the country's law wants below the mail."""
    address = unsubscribe.removeprefix("mailto:").partition("?")[0]
    parts = [words.unsubscribe.format(address=address)] if country.unsubscribe and address else []
    return "\n".join([*parts, imprint.strip()] if country.imprint and imprint.strip() else parts)
