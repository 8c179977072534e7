"""Who may be written to: each rule a function that gives a sentence where it forbids a mail, and nothing else.

No sentence names the person: all of them are written down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import get_args

from crewdesk.domain.outreach.lead import Lead
from crewdesk.tools.outreach.companies import same_name, word_set
from crewdesk.tools.outreach.do_not_contact import DoNotContact
from crewdesk.tools.outreach.domains import free_mail, host_of, is_free_mail, mixes_scripts, near, own_domain, twin
from crewdesk.tools.outreach.laws import Basis, Country

LISTED = "do-not-contact list"
NOBODY = re.compile(r"(?:no|do-?not)[-_.]?reply|mailer-daemon|postmaster|bounces?|noreply.*", re.IGNORECASE)
TEAMS = word_set(
    "abuse accounting admin billing booking careers contact enquiries hello hi help hr info information jobs "
    "mail marketing office orders press reception sales security service shop support team webmaster bewerbung "
    "buchhaltung einkauf hallo kontakt post presse sekretariat verkauf vertrieb zentrale accueil bonjour "
    "contacto contato contatti direction hola ventas vendas"
)
"""What stands before the @ of addresses that several people read."""


@dataclass(frozen=True)
class Case:
    """A lead, and what it is judged by."""

    lead: Lead
    alike: Sequence[Lead]
    """The same person, as other leads."""
    listed: DoNotContact
    country: Country
    place: str
    """The country, for a sentence."""
    competitors: Sequence[str]
    """Names and domains."""
    friends: Sequence[str]
    """Domains of customers and partners, whom others may pretend to be."""
    in_contact: frozenset[str]
    """States of a lead that somebody speaks with."""

    @property
    def domains(self) -> list[str]:
        """Give the domains of the address and the website."""
        return [domain for domain in map(own_domain, (self.lead.email, self.lead.website)) if domain]

    def speaks(self, lead: Lead) -> bool:
        """Say whether somebody is in contact with a lead already."""
        return spelled(lead.status) in self.in_contact


def spelled(status: str) -> str:
    """Spell a state so that `IN_PROGRESS` and `In progress` are one."""
    return " ".join(re.sub(r"[_-]", " ", status).casefold().split())


def is_valid(address: str) -> bool:
    """Say whether an address can be written to by any mail server; nobody is asked."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def _flagged(case: Case) -> str:
    return "The CRM says: do not contact." if case.lead.do_not_contact else ""


def _listed(case: Case) -> str:
    found = case.listed.holds(case.lead.email, case.lead.website)
    return f"The address or the company stands on our do-not-contact list, {case.listed.path.name}." if found else ""


def _unsubscribed(case: Case) -> str:
    return "They unsubscribed: they want no mails from us." if case.lead.unsubscribed else ""


def _address(case: Case) -> str:
    if not case.lead.email:
        return "The CRM has no e-mail address of this lead."
    if not is_valid(case.lead.email):
        return "What the CRM has as e-mail address is none that a mail can be sent to."
    local = case.lead.email.partition("@")[0]
    return "Nobody reads mails to this address: it only sends them." if NOBODY.fullmatch(local) else ""


def _disguised(case: Case) -> str:
    for domain in case.domains:
        if mixes_scripts(domain):
            return f"The domain {domain} mixes letters of several scripts, as only a forged one does."
        if friend := twin(domain, case.friends):
            return f"The domain {domain} reads as {friend}, but is another; find out who that is."
    address, website = own_domain(case.lead.email), own_domain(case.lead.website)
    others = [website] if address and website and not is_free_mail(address) else []
    if like := twin(address, others) or near(address, others):
        return f"The address is at {address}, almost the website's {like}; find out which of them is right."
    return ""


def _competitor(case: Case) -> str:
    domains = {own_domain(one) or host_of(one) for one in case.competitors if "." in one and " " not in one}
    named = any(same_name(case.lead.company, one) for one in case.competitors)
    return "The company is on our list of competitors." if named or not domains.isdisjoint(case.domains) else ""


def _customer(case: Case) -> str:
    return "They are a customer already: whoever looks after them should speak with them." if case.lead.customer else ""


def _closed(case: Case) -> str:
    return f"There is nobody to write to any more: {case.lead.closed.rstrip('.')}." if case.lead.closed else ""


def _contacted(case: Case) -> str:
    spoken = case.speaks(case.lead)
    return f"Somebody is in contact with them already: the CRM has them as {case.lead.status!r}." if spoken else ""


def _duplicate(case: Case) -> str:
    lead = case.lead
    for other in case.alike:
        if other.do_not_contact or other.unsubscribed or case.listed.holds(other.email):
            return f"The same person said no: see {other.id}."
        if other.customer or case.speaks(other):
            return f"Somebody is in contact with the same person already: see {other.id}."
    older = [other.id for other in case.alike if _age(other) < _age(lead)]
    return f"The same person stands in the CRM already, as {', '.join(older)}; join the two." if older else ""


def _age(lead: Lead) -> tuple[str, str]:
    return lead.created, lead.id


def _lawful(case: Case) -> str:
    accepts = case.country.accepts
    if "any" in accepts or not _bases(case.lead.basis).isdisjoint(accepts):
        return ""
    says = f"notes {case.lead.basis!r}" if case.lead.basis else "notes none"
    law = f" ({case.country.law})" if case.country.law else ""
    *most, last = accepts
    bases = f"{', '.join(most)} or {last}" if most else last
    return f"In {case.place}{law} a first mail needs a basis: {bases}. The CRM {says}."


def _bases(noted: str) -> set[str]:
    """Read what the CRM notes: `consent 2026-05-03, request`. With any other word it is none: `consent, withdrawn`."""
    parts = (part.strip() for part in re.split(r"[,;/]", noted.casefold()))
    found = [re.fullmatch(r"(?:legitimate )?([a-z]+)[\s\d.():-]*", part) for part in parts]
    bases = {match[1] if match else "" for match in found}
    return bases if bases <= {*get_args(Basis)} else set()


RULES: Mapping[str, Callable[[Case], str]] = MappingProxyType(
    {
        "do not contact": _flagged,
        LISTED: _listed,
        "unsubscribed": _unsubscribed,
        "address": _address,
        "forged or mistaken domain": _disguised,
        "competitor": _competitor,
        "existing customer": _customer,
        "closed or acquired": _closed,
        "in contact already": _contacted,
        "duplicate": _duplicate,
        "lawful basis": _lawful,
    }
)
"""By the name under which a screening lists them; in the order in which people are told."""


def doubts(case: Case) -> list[str]:
    """Say what forbids nothing, but should be known at the gate."""
    lead, address = case.lead, own_domain(case.lead.email)
    website = own_domain(lead.website)
    local = lead.email.partition("@")[0].partition("+")[0].casefold()
    known = [*case.friends, *free_mail()]
    younger = [other.id for other in case.alike if _age(other) > _age(lead)]
    free, slip = is_free_mail(address), near(address, known)
    return [
        sentence
        for sentence, holds in (
            (f"Several people probably read {local}@: greet accordingly.", local in TEAMS),
            (f"{address} gives addresses to everybody: it does not say that they work there.", free),
            (f"The address is at {address}, the website is {website}.", not free and website not in ("", address)),
            (f"{address} is one letter away from {slip}: perhaps a slip of the finger.", slip),
            (f"The same person stands in the CRM again, as {', '.join(younger)}; join the two.", younger),
            ("The CRM names no country, so the strictest rules were taken.", not lead.country),
        )
        if holds
    ]
