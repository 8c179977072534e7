"""A row of a table that somebody exported, read as a lead: columns by their usual names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from crewdesk.connectors.crm.pieces import joined_place, split_name
from crewdesk.domain.canonical import sha256
from crewdesk.domain.outreach.lead import FLAGS, Lead
from crewdesk.domain.text.visible import in_one_line

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("lead", "lead_id", "record_id", "number", "nr"),
    "company": ("company_name", "organisation", "organization", "account", "account_name", "firma", "unternehmen"),
    "first_name": ("firstname", "given_name", "vorname", "prénom"),
    "last_name": ("lastname", "surname", "family_name", "nachname", "nom"),
    "name": ("full_name", "contact", "contact_name", "person", "ansprechpartner"),
    "email": ("e_mail", "mail", "email_address", "e_mail_address", "e_mail_adresse", "courriel"),
    "phone": ("phone_number", "telephone", "tel", "mobile", "telefon", "téléphone"),
    "address": ("postal_address", "adresse", "anschrift"),
    "street": ("street_address", "straße", "strasse", "rue"),
    "postal_code": ("zip", "zip_code", "postcode", "plz"),
    "city": ("town", "ort", "stadt", "ville"),
    "job_title": ("title", "position", "role", "funktion"),
    "country": ("country_code", "country_region", "land", "pays"),
    "language": ("preferred_language", "lang", "sprache", "langue"),
    "website": ("web", "url", "homepage", "website_url", "company_domain_name"),
    "industry": ("branche", "sector", "secteur"),
    "employees": ("number_of_employees", "company_size", "size", "mitarbeiter"),
    "interest": ("request", "message", "enquiry", "inquiry", "anfrage", "interested_in"),
    "status": ("lead_status", "stage", "state"),
    "source": ("lead_source", "origin", "original_source", "quelle"),
    "basis": (
        "lawful_basis",
        "legal_basis",
        "legal_basis_for_processing_contact_s_data",
        "rechtsgrundlage",
        "grundlage",
    ),
    "do_not_contact": ("do_not_call", "no_contact", "blocked"),
    "unsubscribed": ("opted_out", "opt_out", "unsubscribed_from_all_email", "email_opt_out"),
    "customer": ("is_customer", "existing_customer", "kunde"),
    "closed": ("closed_because",),
    "notes": ("note", "comment", "comments", "remarks", "description", "notiz", "notizen", "bemerkung"),
}
"""Names of columns, spelled plainly, and what else they are called."""
YES = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "sí", "si", "wahr"})
NO = frozenset({"", "no", "n", "false", "0", "-", "nein", "non", "falsch"})
LONG = ("interest", "notes")
"""What may have several lines."""
_CALLED = {name: field for field, names in COLUMNS.items() for name in (field, *names)}


class ReadLead(NamedTuple):
    """What a row says of a lead."""

    id: str
    values: dict[str, str | bool]
    """Fields of a lead; `notes` is one text."""


def field_of(column: str) -> str | None:
    """Say which field a column holds, by its plain name."""
    return _CALLED.get(column)


def read_lead(row: Mapping[str, str]) -> ReadLead:
    """Read a row, whose columns have plain names; raises `ValueError` with a sentence where it is no lead."""
    told = {field: row[column] for column in row if (field := field_of(column))}
    read: dict[str, str | bool] = {field: told[field].strip() for field in LONG if field in told}
    read |= {field: in_one_line(told[field]) for field in Lead.model_fields if field in told and field not in read}
    read |= {field: _flag(field, told[field]) for field in FLAGS if field in told}
    if "name" in told and not (read.get("first_name") or read.get("last_name")):
        read["first_name"], read["last_name"] = split_name(in_one_line(told["name"]))
    if place := _place(told):
        read.setdefault("address", place)
    if "country" in read:
        read["country"] = _country(str(read["country"]))
    name = str(read.pop("id", ""))
    email = str(read.get("email", "")).casefold()
    if not name and not email:
        raise ValueError("the row has neither an id nor an e-mail address")
    # No id of ours may hold a person's address: ids stand in runs, logs and links.
    return ReadLead(name or f"L-{sha256(email)[:10].upper()}", read)


def _flag(field: str, cell: str) -> bool:
    word = cell.strip().casefold()
    if word not in YES | NO:
        raise ValueError(f"{in_one_line(cell)[:40]!r} is neither yes nor no, for {field}")
    return word in YES


def _place(told: Mapping[str, str]) -> str:
    return in_one_line(joined_place(*(told.get(name, "") for name in ("street", "postal_code", "city"))))


def _country(cell: str) -> str:
    two_letters = 2
    return {"UK": "GB"}.get(cell.upper(), cell.upper()) if len(cell) == two_letters else cell
