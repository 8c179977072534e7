"""A contact of HubSpot with its company, read as a lead; and notes there, which are HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crewdesk.connectors.crm.html_notes import read_html
from crewdesk.connectors.crm.marks import noted
from crewdesk.connectors.crm.moments import moment
from crewdesk.connectors.crm.pieces import joined_place
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.lead import FLAGS, Lead, Note
from crewdesk.errors import DeliveryRefused

PLAIN = {
    "first_name": "firstname",
    "last_name": "lastname",
    "email": "email",
    "phone": "phone",
    "job_title": "jobtitle",
    "company": "company",
    "country": "hs_country_region_code",
    "language": "hs_language",
    "website": "website",
    "industry": "industry",
    "employees": "numemployees",
    "interest": "message",
    "source": "hs_object_source_label",
    "basis": "hs_legal_basis",
    "unsubscribed": "hs_email_optout",
    "status": "hs_lead_status",
}
"""Fields of a lead, and the properties of a contact that hold them in every HubSpot."""
MORE = ("address", "zip", "city", "state", "mobilephone", "lifecyclestage", "createdate", "lastmodifieddate")
COMPANY = {"company": "name", "website": "domain", "industry": "industry", "employees": "numberofemployees"}
"""The same of a company, for what a contact does not say itself."""
STAGE = "lifecyclestage"
NOTE = ("hs_note_body", "hs_timestamp", "hs_attachment_ids")
YES = ("true", "yes", "1")
BASES = {"consent": "consent", "legitimate interest": "legitimate interest", "performance of a contract": "existing"}
"""How HubSpot's legal bases begin or go on, and what we call them."""


def properties_of(fields: Mapping[str, str]) -> list[str]:
    """Name the properties that a lead is read from."""
    return list(dict.fromkeys([*PLAIN.values(), *MORE, *fields.values()]))


def lead_of(contact: JsonObject, company: JsonObject, *, fields: Mapping[str, str], address: str) -> Lead:
    """Read a lead; `fields` says which properties of one's own hold what, before all others."""
    own, theirs = _properties(contact), _properties(company)
    read: dict[str, str] = {
        name: _text(own, key) or _text(theirs, COMPANY.get(name, "")) for name, key in PLAIN.items()
    }
    read |= {name: _text(own, key) for name, key in fields.items()}
    values: dict[str, Json] = {name: _is_so(text) if name in FLAGS else text for name, text in read.items()}
    customer = "customer" in (_text(own, STAGE), _text(theirs, STAGE))
    return Lead.model_validate(
        {"customer": customer, "phone": _text(own, "mobilephone")}
        | {name: value for name, value in values.items() if value != ""}
        | {
            "id": str(contact.get("id")),
            "basis": read["basis"] if "basis" in fields else _basis(read["basis"]),
            "address": read.get("address") or _place(own),
            "created": _moment(_text(own, "createdate")),
            "changed": _moment(_text(own, "lastmodifieddate")),
            "address_in_crm": address,
        }
    )


def notes_of(notes: Iterable[JsonObject]) -> tuple[Note, ...]:
    """Read what was noted, the newest last; what only holds a file of ours is none."""
    found: list[Note] = []
    for note in sorted(notes, key=lambda note: (_said_at(note), *number_of(note))):
        at, text = _said_at(note), text_of(note)
        if (told := noted(text, date=_moment(at)[:10])) is not None:
            found.append(told)
    return tuple(found)


def text_of(note: JsonObject) -> str:
    """Read a note as text."""
    return read_html(_text(_properties(note), "hs_note_body"))


def number_of(note: JsonObject) -> tuple[int, str]:
    """Give what sorts notes as they were made."""
    number = str(note.get("id"))
    return len(number), number


def _said_at(note: JsonObject) -> str:
    return _text(_properties(note), "hs_timestamp")


def _properties(record: JsonObject) -> JsonObject:
    found = record.get("properties")
    return found if isinstance(found, dict) else {}


def _text(properties: JsonObject, name: str) -> str:
    value = properties.get(name)
    return value.strip() if isinstance(value, str) else ""


def _is_so(text: str) -> bool:
    return text.casefold() in YES


def _basis(text: str) -> str:
    return next((ours for theirs, ours in BASES.items() if theirs in text.casefold()), text)


def _place(own: JsonObject) -> str:
    return joined_place(*(_text(own, name) for name in ("address", "zip", "city", "state")))


def _moment(text: str) -> str:
    try:
        return moment(text) if text else ""
    except DeliveryRefused:
        return ""
