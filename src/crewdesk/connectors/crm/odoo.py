"""Odoo: its leads and opportunities; notes and attachments of ours carry their keys."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import UTC
from typing import TYPE_CHECKING

from crewdesk.connectors.crm.html_notes import read_html, write_html
from crewdesk.connectors.crm.marks import is_marked, mark, noted
from crewdesk.connectors.crm.moments import moment, when
from crewdesk.connectors.crm.odoo_api import OdooApi
from crewdesk.connectors.crm.pieces import joined_place, literally, split_name
from crewdesk.connectors.crm.settings import OdooSettings
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.lead import FLAGS, Changed, Lead
from crewdesk.errors import DeliveryRefused

if TYPE_CHECKING:
    import httpx

LEADS, STAGES, MESSAGES, FILES = "crm.lead", "crm.stage", "mail.message", "ir.attachment"
TEXTS = {
    "company": "partner_name",
    "email": "email_from",
    "phone": "phone",
    "job_title": "function",
    "language": "lang_code",
    "website": "website",
    "source": "source_id",
    "status": "stage_id",
}
"""Fields of a lead, and those of Odoo that hold them."""
MORE = (
    *("contact_name", "description", "street", "zip", "city", "country_id"),
    *("active", "is_blacklisted", "create_date", "write_date"),
)
LARGEST = 2**31


class OdooCrm:
    """Reaches one Odoo. A lead's id is the number in the address of its page.

    Odoo knows no keys, so something of ours is looked up before it is written, and again afterwards: of two that were
    written at the same moment the first stays.
    """

    def __init__(
        self,
        name: str,
        settings: OdooSettings,
        *,
        key: Callable[[str], str | None],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._name = name
        self._settings = settings
        secret = (key(settings.key_env) or "").strip()
        self._api = OdooApi(settings.url, settings.database, key=secret, variable=settings.key_env, transport=transport)
        self._asked = [*TEXTS.values(), *MORE, *settings.fields.values()]

    def lead(self, name: str) -> Lead:
        """Look a lead up."""
        record = self._record(name, self._asked)
        told = (
            noted(read_html(_text(note["body"])), date=_text(note["date"])[:10], author=_text(note["author_id"]))
            for note in self._messages(name)
        )
        country = self._country(record)
        notes = tuple(note for note in told if note is not None and note.text.strip())
        return self._lead(record).model_copy(update={"country": country, "notes": notes})

    def changed(self, since: str) -> Sequence[Changed]:
        """List leads that are new or changed since a moment, the oldest change first."""
        domain: list[Json] = [["stage_id.name", "in", list[Json](self._settings.leads)]]
        if since:
            at = when(since).astimezone(UTC).replace(tzinfo=None)
            domain.append(["write_date", ">", at.isoformat(sep=" ", timespec="seconds")])
        found = self._api.search(LEADS, domain, ["create_date", "write_date"], order="write_date, id")
        return [
            Changed(lead=str(one["id"]), at=_moment(one["write_date"]), created=_moment(one["create_date"]))
            for one in found
        ]

    def alike(self, lead: Lead) -> Sequence[Lead]:
        """List other leads with the same address, or with the same name at the same company; without their notes."""
        domains: list[list[Json]] = []
        if lead.email:
            domains.append([["email_from", "=ilike", literally(lead.email)]])
        if lead.name and lead.company:
            company: Json = ["partner_name", "=ilike", literally(lead.company)]
            domains.append([company, ["contact_name", "=ilike", literally(lead.name)]])
        found = [one for domain in domains for one in self._api.search(LEADS, domain, self._asked, archived=True)]
        others = {one.id: one for one in map(self._lead, found) if one.id != lead.id and one.is_like(lead)}
        return list(others.values())

    def address(self, lead: str) -> str:
        """Say where people see the lead."""
        return f"{self._settings.url}/odoo/crm.lead/{lead}"

    def noted(self, lead: str, key: str) -> bool:
        """Say whether a note with this key stands there."""
        self._record(lead, ["id"])
        return bool(self._marked(lead, mark(key)))

    def note(self, lead: str, key: str, text: str) -> None:
        """Write a note, once for each key; its last line holds the key."""
        number = self._record(lead, ["id"])["id"]
        if not self._marked(lead, mark(key)):
            told: JsonObject = {"body": write_html(text, key), "body_is_html": True, "message_type": "comment"}
            self._api.call(LEADS, "message_post", {"ids": [number], **told, "subtype_xmlid": "mail.mt_note"})
            self._remove(MESSAGES, self._marked(lead, mark(key))[1:])

    def attach(self, lead: str, key: str, name: str, data: bytes) -> None:
        """Attach a file, once for each key; its description holds the key."""
        number = self._record(lead, ["id"])["id"]
        ours: list[Json] = [["res_model", "=", LEADS], ["res_id", "=", number], ["description", "=", mark(key)]]
        if self._api.search(FILES, ours, ["id"]):
            return
        file: JsonObject = {"name": name, "datas": base64.b64encode(data).decode(), "description": mark(key)}
        self._api.call(FILES, "create", {"vals_list": [{**file, "res_model": LEADS, "res_id": number}]})
        self._remove(FILES, [one["id"] for one in self._api.search(FILES, ours, ["id"])[1:]])

    def set_status(self, lead: str, status: str) -> None:
        """Move the lead into a stage; raises `DeliveryRefused` where there is none of that name."""
        number = self._record(lead, ["id"])["id"]
        stages = self._api.search(STAGES, [["name", "=", status]], ["id"], order="sequence, id")
        if not stages:
            raise DeliveryRefused(f"Odoo has no stage {status!r}.", hint="Name one under `statuses` of the connector.")
        self._api.call(LEADS, "write", {"ids": [number], "vals": {"stage_id": stages[0]["id"]}})

    def _messages(self, lead: str) -> list[JsonObject]:
        about: list[Json] = [["model", "=", LEADS], ["res_id", "=", int(lead)], ["message_type", "!=", "notification"]]
        return self._api.search(MESSAGES, about, ["body", "date", "author_id"])

    def _marked(self, lead: str, ours: str) -> list[Json]:
        return [note["id"] for note in self._messages(lead) if is_marked(read_html(_text(note["body"])), ours)]

    def _remove(self, model: str, numbers: Sequence[Json]) -> None:
        if numbers:
            self._api.call(model, "unlink", {"ids": list(numbers)})

    def _record(self, lead: str, fields: Sequence[str]) -> JsonObject:
        is_number = lead.isascii() and lead.isdecimal() and int(lead) < LARGEST
        domain: list[Json] = [["id", "=", int(lead) if is_number else 0]]
        found = self._api.search(LEADS, domain, list(fields), archived=True) if is_number else []
        if not found:
            raise DeliveryRefused(
                f"The CRM {self._name!r} has no lead {lead!r}.",
                hint="A lead is called in Odoo by the number at the end of its page's address.",
            )
        return found[0]

    def _country(self, record: JsonObject) -> str:
        match record.get("country_id"):
            case [int(number), *_]:
                found = self._api.search("res.country", [["id", "=", number]], ["code"])
                return _text(found[0].get("code")) if found else ""
            case _:
                return ""

    def _lead(self, record: JsonObject) -> Lead:
        first, last = split_name(_text(record.get("contact_name")))
        values: dict[str, str | bool] = {name: _text(record.get(field)) for name, field in TEXTS.items()}
        for name, field in self._settings.fields.items():
            values[name] = bool(record.get(field)) if name in FLAGS else _text(record.get(field))
        return Lead.model_validate(
            {
                "first_name": first,
                "last_name": last,
                "address": joined_place(*(_text(record.get(name)) for name in ("street", "zip", "city"))),
                "interest": read_html(_text(record.get("description"))).strip(),
                "do_not_contact": record.get("is_blacklisted") is True,
                "closed": "lost or archived in Odoo" if record.get("active") is False else "",
                **values,
                "id": str(record["id"]),
                "language": str(values["language"]).replace("_", "-"),
                "created": _moment(record.get("create_date")),
                "changed": _moment(record.get("write_date")),
                "address_in_crm": self.address(str(record["id"])),
            }
        )


def _text(value: Json) -> str:
    """Read a text, or the name of a record that is referred to; Odoo spells nothing as false."""
    match value:
        case str():
            return value.strip()
        case [int(), str(name)]:
            return name.strip()
        case _:
            return ""


def _moment(value: Json) -> str:
    return moment(value) if isinstance(value, str) else ""
