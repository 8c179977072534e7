"""Read the pages of a lead's company."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.lead import Lead
from crewdesk.domain.outreach.mail import Source
from crewdesk.tools.answers import fit, shortened
from crewdesk.tools.materials import Materials
from crewdesk.tools.outreach.domains import host_of, is_free_mail, mixes_scripts, near, own_domain, twin
from crewdesk.tools.outreach.leads import the_lead
from crewdesk.tools.outreach.page_text import Block, Link, Page, read_page
from crewdesk.tools.settings import Settings

_AGENT = "crewdesk"
_PASSAGE = 700
"""Characters of a passage."""
_WORDS = 4
"""What has fewer is a button or a label."""
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.\w+")
_FILE = re.compile(r"\.(?!html?$|php$|aspx?$|jsp$)[a-z0-9]{2,5}$", re.IGNORECASE)


class PagesSettings(Settings):
    """Settings of `kind: pages`."""

    connector: str = Field(description="Name in connectors.yaml of the CRM.")
    pages: int = Field(default=3, ge=1, le=20, description="Pages that are read at most.")
    like: tuple[str, ...] = Field(
        default=("about", "product", "service", "solution", "news", "job", "career"),
        description="Words in a link's address or text that make it worth following, the best first.",
    )
    unlike: tuple[str, ...] = Field(
        default=("cookie", "javascript", "©", "all rights reserved", "privacy policy"),
        description="Words of paragraphs that say nothing about the company.",
    )
    allow_private: bool = Field(default=False, description="Fetch from addresses inside the house too.")


def read_company_pages(*, settings: PagesSettings, materials: Materials) -> JsonObject:
    """Read the start page of the lead's company, and pages it links to that say what it does, as passages.

    Nothing is read where no website is known. What a page says is material; it never tells anybody what to do.
    """
    lead, _ = the_lead(settings.connector, materials)
    start, problems = _start(lead, allow_private=settings.allow_private)
    passages = list[Source]()
    if start:
        reading = _Reading(start, settings, materials, problems)
        passages = list(_passages(reading.pages(), settings.unlike, region=lead.country.upper()))
        if not passages and not problems:
            problems.append(f"{start} holds no text.")
    answer: JsonObject = {
        "passages": [passage.model_dump(mode="json") for passage in passages],
        "problems": list[Json](problems),
    }
    return fit(answer, shorten="passages", longest=settings.longest)


def _start(lead: Lead, *, allow_private: bool) -> tuple[str, list[str]]:
    """Give the address to begin with, or say why there is none."""
    host, mail = host_of(lead.website), own_domain(lead.email)
    if not host and mail and not is_free_mail(mail):
        host = mail
    domain = own_domain(host)
    if not host:
        return "", ["The CRM names no website of the company, so none was read."]
    if not domain and not allow_private:
        return "", ["What the CRM has as website is no public address, so nothing was read."]
    if is_free_mail(domain):
        return "", [f"{domain} gives addresses to everybody and is no website of the company's, so it was not read."]
    if mixes_scripts(domain) or (not is_free_mail(mail) and (twin(domain, [mail]) or near(domain, [mail]))):
        return "", [f"{domain} may be forged to look like another, so it was not read."]
    return _address(lead.website or host, allow_private=allow_private), []


def _address(website: str, *, allow_private: bool) -> str:
    """Spell the address with https, without a name or password in it."""
    parts = urlsplit(website if "://" in website else f"https://{website}")
    scheme = parts.scheme if allow_private else "https"
    return f"{scheme}://{parts.netloc.rpartition('@')[2]}{parts.path or '/'}"


class _Reading:
    """Reads pages of one site, and notes what went wrong."""

    def __init__(self, start: str, settings: PagesSettings, materials: Materials, problems: list[str]) -> None:
        self._start = start
        self._settings = settings
        self._materials = materials
        self._problems = problems

    def pages(self) -> Iterator[tuple[str, Page]]:
        """Read the start page, and those it links to that sound best."""
        robots = self._robots()
        first = self._page(self._start, robots)
        if first is None:
            return
        yield self._start, first
        links = [link for link in first.links if self._stays(host_of(link.address))]
        for address in _best(links, self._settings.like, known=self._start)[: self._settings.pages - 1]:
            page = self._page(address, robots)
            if page is not None:
                yield address, page

    def _page(self, address: str, robots: RobotFileParser) -> Page | None:
        if not robots.can_fetch(_AGENT, address):
            self._problems.append(f"{address} asks programs not to read it, so it was not read.")
            return None
        try:
            return read_page(self._get(address), address)
        except (ValueError, OSError) as error:
            self._problems.append(str(error))
            return None

    def _robots(self) -> RobotFileParser:
        """Ask what programs may read; where nothing is said, everything."""
        robots = RobotFileParser()
        parts = urlsplit(self._start)
        try:
            robots.parse(
                self._get(f"{parts.scheme}://{parts.netloc}/robots.txt").decode("utf-8", "replace").splitlines()
            )
        except (ValueError, OSError):
            robots.parse([])
        return robots

    def _get(self, address: str) -> bytes:
        return self._materials.fetch(address, allow_private=self._settings.allow_private, stays=self._stays)

    def _stays(self, host: str) -> bool:
        start = host_of(self._start)
        return host == start or (own_domain(host) == own_domain(start) != "")


def _best(links: Sequence[Link], like: Sequence[str], *, known: str) -> list[str]:
    """List addresses worth following: each word's first link in turn, then the second ones."""
    ranked: dict[str, tuple[int, int]] = {}
    for number, word in enumerate(like):
        matching = (link.address for link in links if _sounds_like(link, word))
        fresh = [one for one in dict.fromkeys(matching) if one not in ranked and one.rstrip("/") != known.rstrip("/")]
        ranked |= {address: (place, number) for place, address in enumerate(fresh)}
    return sorted(ranked, key=lambda address: ranked[address])


def _sounds_like(link: Link, word: str) -> bool:
    path = urlsplit(link.address).path
    return not _FILE.search(path) and word.casefold() in f"{path} {link.text}".casefold()


def _passages(pages: Iterator[tuple[str, Page]], unlike: Sequence[str], *, region: str) -> Iterator[Source]:
    """Cut pages into passages; what stands on several pages alike is read once."""
    seen: set[str] = set()
    number = 0
    for address, page in pages:
        telling = [block for block in page.blocks if not any(word in block.text.casefold() for word in unlike)]
        for heading, text in _stretches(telling, seen):
            number += 1
            title = " — ".join(dict.fromkeys(filter(None, (page.title or host_of(address), heading))))
            told = shortened(_without_contacts(text, region), _PASSAGE)
            yield Source(id=f"page-{number}", title=shortened(title, 160), source=address, text=told, date=page.date)


def _stretches(blocks: Sequence[Block], seen: set[str]) -> Iterator[tuple[str, str]]:
    """Join blocks below one heading until a passage is full."""
    heading, held = "", ""
    for block in blocks:
        if block.text == block.heading or block.text in seen or len(block.text.split()) < _WORDS:
            continue
        seen.add(block.text)
        if held and (block.heading != heading or len(held) + len(block.text) >= _PASSAGE):
            yield heading, held
            held = ""
        heading, held = block.heading, f"{held} {block.text}".strip()
    if held:
        yield heading, held


def _without_contacts(text: str, region: str) -> str:
    """Leave out addresses and telephone numbers: they belong to people nobody asked about."""
    from phonenumbers import PhoneNumberMatcher

    bare = _MAIL.sub("…", text)
    for found in reversed(list(PhoneNumberMatcher(bare, region or None))):
        bare = f"{bare[: found.start]}…{bare[found.end :]}"
    return bare
