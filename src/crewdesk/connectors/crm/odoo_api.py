"""Ask an Odoo over its JSON-2 interface, and tell in a sentence what it will not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crewdesk.connectors.crm.answers import CrmServer
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.ports.leaving import leaves

if TYPE_CHECKING:
    import httpx

SECONDS = 60.0


class OdooApi:
    """Sends requests to one database of one Odoo. No key is in any message.

    Raises `DeliveryFailed` where it does not answer or does not let us, `DeliveryRefused` where it says that this
    cannot be.
    """

    def __init__(
        self, url: str, database: str, *, key: str, variable: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._server = CrmServer(
            "Odoo",
            url,
            credential="key",
            variable=variable,
            renewal="Make a new API key for a user in Odoo",
            rights="Give the key's user the right to edit leads in Odoo.",
            settings="url and database",
            refuses=(400, 409, 422),
        )
        self._database = database
        self._key = key
        self._transport = transport

    def search(
        self, model: str, domain: list[Json], fields: list[str], *, order: str = "id", archived: bool = False
    ) -> list[JsonObject]:
        """Find records; those in the archive, too, where that is said."""
        context: JsonObject = {"lang": "en_US", "active_test": not archived}
        asked: JsonObject = {"domain": domain, "fields": list[Json](fields), "order": order, "context": context}
        found = self.call(model, "search_read", asked)
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self._server.strange(f"{model}/search_read")
        return [one for one in found if isinstance(one, dict)]

    def call(self, model: str, method: str, arguments: JsonObject) -> Json:
        """Call a method of a model."""
        asked = f"{model}/{method}"
        response = self._sent(asked, arguments)
        if not response.is_success:
            location = response.headers.get("Location", "") if response.is_redirect else ""
            raise self._server.unwilling(asked, response.status_code, response.content, location=location)
        try:
            return response.json()
        except ValueError:
            raise self._server.strange(asked) from None

    def _sent(self, asked: str, arguments: JsonObject) -> httpx.Response:
        import httpx

        if not self._key:
            raise self._server.nameless()
        headers = {"Authorization": f"bearer {self._key}", "X-Odoo-Database": self._database, "User-Agent": "crewdesk"}
        leaves("crm", self._server.url, {"asked": asked, "with": arguments})
        try:
            with httpx.Client(transport=self._transport, timeout=SECONDS, headers=headers) as client:
                return client.post(f"{self._server.url}/json/2/{asked}", json=arguments)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise self._server.silent(asked, late=isinstance(error, httpx.TimeoutException)) from None
