"""An opportunity of Tryton with its party, read as a lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crewdesk.connectors.crm.marks import noted
from crewdesk.connectors.crm.pieces import joined_place, split_name
from crewdesk.connectors.crm.settings import TrytonCategories
from crewdesk.connectors.crm.tryton_api import moment_of
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.lead import FLAGS, Lead, Note

MECHANISM = ("type", "value", "name")
PLACE = ("street", "postal_code", "city", "country.code", "country.name", "attn")
FIELDS = (
    *("number", "state", "description", "comment", "create_date", "write_date"),
    *("party.name", "party.active", "party.replaced_by.name", "party.lang.code", "party.categories.name"),
    *(f"party.contact_mechanisms.{field}" for field in MECHANISM),
    *(f"contact.{field}" for field in (*MECHANISM, "party.name", "language.code")),
    *(f"{place}.{field}" for place in ("party.addresses", "address") for field in PLACE),
)
"""What is asked for, in dotted names."""


def lead_of(
    record: JsonObject, *, categories: TrytonCategories, fields: Mapping[str, str], address: str, buys: bool = False
) -> Lead:
    """Read a lead; `fields` says where modules of one's own keep what."""
    party, contact = _part(record, "party"), _part(record, "contact")
    means = [one for one in (contact, *_parts(party, "contact_mechanisms")) if one]
    first, last = _names(record, means)
    marks = {_text(one, "name").casefold() for one in _parts(party, "categories")}
    place = _part(record, "address") or next(iter(_parts(party, "addresses")), dict[str, Json]())
    changed = moment_of(record.get("write_date")) or moment_of(record.get("create_date"))
    created = moment_of(record.get("create_date"))
    bases = (basis for name, basis in categories.bases.items() if name.casefold() in marks)
    read = Lead(
        id=_text(record, "number"),
        company=_text(party, "name"),
        first_name=first,
        last_name=last,
        email=_mean(means, "email"),
        phone=_mean(means, "phone", "mobile"),
        address=_place(place),
        country=_text(_part(place, "country"), "code"),
        language=_language(party, contact),
        website=_mean(means, "website"),
        interest=_text(record, "description"),
        status=_text(record, "state"),
        basis=next(bases, ""),
        do_not_contact=categories.do_not_contact.casefold() in marks,
        unsubscribed=categories.unsubscribed.casefold() in marks,
        customer=buys or categories.customer.casefold() in marks,
        closed=_closed(party, marks, categories),
        created=created.isoformat(timespec="microseconds") if created else "",
        changed=changed.isoformat(timespec="microseconds") if changed else "",
        address_in_crm=address,
    )
    return read.model_copy(update=dict(_own(record, fields)))


def notes_of(record: JsonObject, notes: Iterable[JsonObject]) -> tuple[Note, ...]:
    """Read what was noted, the newest last; the opportunity's own comment first."""
    found: list[Note] = []
    created = moment_of(record.get("create_date"))
    if comment := _text(record, "comment"):
        found.append(Note(date=created.date().isoformat() if created else "", text=comment))
    dated = [(moment_of(note.get("create_date")), note) for note in notes]
    for at, note in sorted(dated, key=lambda one: str(one[0])):
        day = at.date().isoformat() if at else ""
        if (told := noted(_text(note, "message"), date=day, author=_text(note, "last_user"))) is not None:
            found.append(told)
    return tuple(found)


def _names(record: JsonObject, means: list[JsonObject]) -> tuple[str, str]:
    """Find whom to write to: Tryton keeps no first and last names, but one name, of which the first word is taken."""
    party, contact = _part(record, "party"), _part(record, "contact")
    other = _text(_part(contact, "party"), "name")
    asked = [
        _text(contact, "name"),
        other if other != _text(party, "name") else "",
        *(_text(one, "name") for one in means if _text(one, "type") == "email"),
        _text(_part(record, "address"), "attn"),
    ]
    name = next((name for name in asked if name), "")
    return split_name(name)


def _mean(means: list[JsonObject], *types: str) -> str:
    return next((_text(one, "value") for one in means if _text(one, "type") in types), "")


def _language(party: JsonObject, contact: JsonObject) -> str:
    code = _text(_part(contact, "language"), "code") or _text(_part(party, "lang"), "code")
    return code.replace("_", "-")


def _place(place: JsonObject) -> str:
    parts = (_text(place, name) for name in ("street", "postal_code", "city"))
    return joined_place(*parts, _text(_part(place, "country"), "name"))


def _closed(party: JsonObject, marks: set[str], categories: TrytonCategories) -> str:
    if other := _text(_part(party, "replaced_by"), "name"):
        return f"replaced by {other}"
    if party and not party.get("active", True):
        return "not active in Tryton any more"
    return "closed" if categories.closed.casefold() in marks else ""


def _own(record: JsonObject, fields: Mapping[str, str]) -> Iterator[tuple[str, str | bool]]:
    for name, path in fields.items():
        value: Json = record
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if name in FLAGS:
            yield name, bool(value)
        elif value is not None and not isinstance(value, (dict, list)):
            yield name, str(value)


def _part(record: JsonObject, name: str) -> JsonObject:
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _parts(record: JsonObject, name: str) -> list[JsonObject]:
    parts = record.get(name)
    return [one for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []


def _text(record: JsonObject, name: str) -> str:
    value = record.get(name)
    return value.strip() if isinstance(value, str) else ""
