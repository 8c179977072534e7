"""Find what is new about a lead's company."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.lead import Lead
from crewdesk.tools.answers import fit
from crewdesk.tools.feeds import Item, read_feeds
from crewdesk.tools.materials import Materials
from crewdesk.tools.outreach.cleaning import cleaned
from crewdesk.tools.outreach.companies import bare_name, is_everyday, names_company
from crewdesk.tools.outreach.domains import is_free_mail, own_domain
from crewdesk.tools.outreach.leads import the_lead
from crewdesk.tools.settings import Settings

_DAY = 86_400


class NewsSettings(Settings):
    """Settings of `kind: company_news`."""

    connector: str = Field(description="Name in connectors.yaml of the CRM.")
    feeds: tuple[str, ...] = Field(min_length=1, description="https addresses, or files under knowledge/.")
    days: int = Field(default=365, ge=1, description="Nothing is told that is so much older than the newest item.")
    items: int = Field(default=6, ge=1, le=50, description="Items in an answer, newest first.")
    allow_private: bool = Field(default=False, description="Fetch from addresses inside the house too.")


def find_company_news(*, settings: NewsSettings, materials: Materials) -> JsonObject:
    """Find what our feeds say about the lead's company, newest first, as passages with their day."""
    lead, _ = the_lead(settings.connector, materials)
    feeds = read_feeds(
        settings.feeds, root=materials.knowledge_root, fetch=materials.fetch, allow_private=settings.allow_private
    )
    newest = feeds.items[0].published if feeds.items else 0
    recent = [item for item in feeds.items if newest - item.published <= settings.days * _DAY]
    found, remarks = _about(lead, recent)
    answer: JsonObject = {
        "passages": [_spell(item) for item in found[: settings.items]],
        "problems": list[Json]([*feeds.problems, *remarks]),
    }
    return fit(answer, shorten="passages", longest=settings.longest)


def _about(lead: Lead, items: Sequence[Item]) -> tuple[list[Item], list[str]]:
    """Pick items that name the company, or link to it; where its name is an everyday word, only the latter."""
    domain = _domain(lead)
    by_link = [item for item in items if domain and (own_domain(item.link) == domain or _mentions(item, domain))]
    name = bare_name(lead.company)
    if not name:
        return by_link, ["The CRM names no company, so nothing was looked for by name."]
    if is_everyday(name, [_text(item) for item in items]):
        told = f"{name!r} means other things, too, so only items that name the company's domain count."
        return by_link, [told]
    found = [item for item in items if item in by_link or names_company(_text(item), name)]
    return found, [] if found else [f"None of the {len(items)} items in our feeds is about {name}."]


def _domain(lead: Lead) -> str:
    domain = own_domain(lead.website) or own_domain(lead.email)
    return "" if is_free_mail(domain) else domain


def _mentions(item: Item, domain: str) -> bool:
    words = (word.strip(".,;:!?()[]\"'") for word in _text(item).split())
    return any("." in word and own_domain(word) == domain for word in words)


def _text(item: Item) -> str:
    return f"{item.title}. {item.text}"


def _spell(item: Item) -> JsonObject:
    passage = item.to_passage()
    return passage.to_json() | {"title": cleaned(passage.title), "text": cleaned(passage.text), "date": item.day}
