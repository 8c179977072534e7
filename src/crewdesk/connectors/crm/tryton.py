"""Tryton: leads are its opportunities, with their parties; notes and attachments of ours carry their keys."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from crewdesk.connectors.crm.marks import is_marked, mark
from crewdesk.connectors.crm.moments import moment, when
from crewdesk.connectors.crm.pieces import literally
from crewdesk.connectors.crm.settings import BUTTONS, TrytonSettings
from crewdesk.connectors.crm.tryton_api import TrytonApi, moment_of, tryton_moment
from crewdesk.connectors.crm.tryton_leads import FIELDS, lead_of, notes_of
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.lead import Changed, Lead
from crewdesk.errors import DeliveryRefused

if TYPE_CHECKING:
    import httpx

LEADS, NOTES, FILES = "sale.opportunity", "ir.note", "ir.attachment"
TOLD = ("message", "create_date", "last_user")


class TrytonCrm:
    """Reaches one Tryton. A lead's id is the number that people see on the opportunity.

    Tryton knows no keys, so something of ours is looked up before it is written, and again afterwards: of two that were
    written at the same moment the first stays.
    """

    def __init__(
        self,
        name: str,
        settings: TrytonSettings,
        *,
        key: Callable[[str], str | None],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._name = name
        self._settings = settings
        self._key = key
        self._transport = transport

    def lead(self, name: str) -> Lead:
        """Look a lead up."""
        api = self._api()
        record = self._record(api, name, (*FIELDS, "party.id", *self._settings.fields.values()))
        about, buys = [f"{LEADS},{record['id']}"], False
        party = record.get("party")
        if isinstance(party, dict):
            about.append(f"party.party,{party.get('id')}")
            sold: list[Json] = [["party", "=", party.get("id")], ["state", "in", ["converted", "won"]]]
            buys = any(True for _ in api.search(LEADS, sold, ["id"]))
        notes = api.search(NOTES, [["resource", "in", list[Json](about)]], TOLD)
        return self._lead(record, buys=buys).model_copy(update={"notes": notes_of(record, notes)})

    def changed(self, since: str) -> Sequence[Changed]:
        """List leads that are new or changed since a moment, the oldest change first."""
        states: Json = list[Json](self._settings.leads)
        domain: list[Json] = [["state", "in", states]]
        if since:
            at = tryton_moment(when(since))
            domain.append(["OR", ["write_date", ">", at], [["write_date", "=", None], ["create_date", ">", at]]])
        found = self._api().search(LEADS, domain, ("number", "write_date", "create_date"))
        dated = ((moment_of(one["write_date"]) or moment_of(one["create_date"]), one) for one in found)
        listed = [Changed(lead=str(one["number"]), at=moment(at.isoformat())) for at, one in dated if at]
        return sorted(listed, key=lambda one: (one.at, one.lead))

    def alike(self, lead: Lead) -> Sequence[Lead]:
        """List other leads with the same address, or with the same name at the same company; without their notes."""
        domain: list[Json] = ["OR"]
        if lead.email:
            email = literally(lead.email)
            domain.extend([f"{means}.value", "ilike", email] for means in ("party.contact_mechanisms", "contact"))
        if lead.name and lead.company:
            domain.append(["party.name", "ilike", literally(lead.company)])
        if len(domain) == 1:
            return []
        found = self._api().search(LEADS, [domain], (*FIELDS, *self._settings.fields.values()))
        return [one for record in found if (one := self._lead(record)).id != lead.id and one.is_like(lead)]

    def address(self, lead: str) -> str:
        """Say where people see the lead: in the list of opportunities with its number."""
        only = quote(json.dumps([["number", "=", lead]], separators=(",", ":")), safe="")
        return f"{self._settings.url}/#{self._settings.database}/model/{LEADS};domain={only}"

    def noted(self, lead: str, key: str) -> bool:
        """Say whether a note with this key stands there."""
        api = self._api()
        return bool(self._notes(api, self._resource(api, lead), key))

    def note(self, lead: str, key: str, text: str) -> None:
        """Write a note, once for each key; its last line holds the key."""
        api = self._api()
        resource = self._resource(api, lead)
        if not self._notes(api, resource, key):
            api.create(NOTES, {"resource": resource, "message": f"{text}\n\n{mark(key)}"})
            for number in self._notes(api, resource, key)[1:]:
                api.remove(NOTES, number)

    def attach(self, lead: str, key: str, name: str, data: bytes) -> None:
        """Attach a file, once for each key; its description holds the key."""
        api = self._api()
        resource = self._resource(api, lead)
        ours: list[Json] = [["resource", "=", resource], ["description", "=", mark(key)]]
        if any(True for _ in api.search(FILES, ours, ["id"])):
            return
        packed: JsonObject = {"__class__": "bytes", "base64": base64.encodebytes(data).decode()}
        api.create(FILES, {"resource": resource, "name": name, "description": mark(key), "data": packed})
        for one in list(api.search(FILES, ours, ["id"]))[1:]:
            api.remove(FILES, _number(one))

    def set_status(self, lead: str, status: str) -> None:
        """Press the button that leads to the state; raises `DeliveryRefused` where Tryton allows no such step."""
        api = self._api()
        record = self._record(api, lead, ("state",))
        if record["state"] == status:
            return
        if status not in BUTTONS:
            raise DeliveryRefused(f"Opportunities have no state {status!r} that can be set.")
        api.press(LEADS, _number(record), BUTTONS[status])
        now = self._record(api, lead, ("state",))["state"]
        if now != status:
            raise DeliveryRefused(f"Tryton left it at {now!r}.")

    def _lead(self, record: JsonObject, *, buys: bool = False) -> Lead:
        settings = self._settings
        address = f"{settings.url}/#{settings.database}/model/{LEADS}/{record['id']}"
        return lead_of(record, categories=settings.categories, fields=settings.fields, address=address, buys=buys)

    def _record(self, api: TrytonApi, lead: str, fields: Sequence[str]) -> JsonObject:
        found = list(api.search(LEADS, [["number", "=", lead]], fields)) if lead.strip() else []
        if not found:
            raise DeliveryRefused(
                f"The CRM {self._name!r} has no lead {lead!r}.",
                hint="A lead is called as its opportunity in Tryton: by the number. See: crewdesk crm",
            )
        if len(found) > 1:
            raise DeliveryRefused(
                f"{len(found)} opportunities in Tryton have the number {lead!r}.",
                hint="Name the `company` of this connector in connectors.yaml.",
            )
        return found[0]

    def _resource(self, api: TrytonApi, lead: str) -> str:
        return f"{LEADS},{self._record(api, lead, ('id',))['id']}"

    def _notes(self, api: TrytonApi, resource: str, key: str) -> list[int]:
        like = f"%{literally(mark(key))}"
        found = api.search(NOTES, [["resource", "=", resource], ["message", "like", like]], ["message"])
        return [_number(one) for one in found if is_marked(str(one.get("message")), mark(key))]

    def _api(self) -> TrytonApi:
        settings = self._settings
        return TrytonApi(
            settings.url,
            settings.database,
            key=(self._key(settings.key_env) or "").strip(),
            variable=settings.key_env,
            context={} if settings.company is None else {"company": settings.company},
            transport=self._transport,
        )


def _number(record: JsonObject) -> int:
    return cast("int", record["id"])  # a search gives no others
