"""Ask an Odoo over its JSON-2 interface, and tell in a sentence what it will not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.text.visible import in_one_line
from crewdesk.errors import DeliveryError, DeliveryFailed, DeliveryRefused
from crewdesk.ports.leaving import leaves

if TYPE_CHECKING:
    import httpx

SECONDS = 60.0
REFUSED = (400, 409, 422)
_LATER = "Try again later; what was written already is found again, and nothing is written twice."
_WHERE = "Look at url and database of this connector in connectors.yaml."
_REFUSALS = {
    401: ("does not take our key", "Make a new API key for a user in Odoo, and put it into {variable}."),
    403: ("does not let us do this", "Give the key's user the right to edit leads in Odoo."),
    404: ("has nothing there", _WHERE),
    429: ("takes no more requests from us for now", _LATER),
}


class OdooApi:
    """Sends requests to one database of one Odoo. No key is in any message.

    Raises `DeliveryFailed` where it does not answer or does not let us, `DeliveryRefused` where it says that this
    cannot be.
    """

    def __init__(
        self, url: str, database: str, *, key: str, variable: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._url = url
        self._database = database
        self._key = key
        self._variable = variable
        self._transport = transport

    def search(
        self, model: str, domain: list[Json], fields: list[str], *, order: str = "id", archived: bool = False
    ) -> list[JsonObject]:
        """Find records; those in the archive, too, where that is said."""
        context: JsonObject = {"lang": "en_US", "active_test": not archived}
        asked: JsonObject = {"domain": domain, "fields": list[Json](fields), "order": order, "context": context}
        found = self.call(model, "search_read", asked)
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self._strange(f"{model}/search_read")
        return [one for one in found if isinstance(one, dict)]

    def call(self, model: str, method: str, arguments: JsonObject) -> Json:
        """Call a method of a model."""
        asked = f"{model}/{method}"
        response = self._sent(asked, arguments)
        if not response.is_success:
            raise self._told(response, asked)
        try:
            return response.json()
        except ValueError:
            raise self._strange(asked) from None

    def _sent(self, asked: str, arguments: JsonObject) -> httpx.Response:
        import httpx

        if not self._key:
            raise DeliveryFailed(f"There is no key for Odoo at {self._url}.", hint=f"Put one into {self._variable}.")
        headers = {"Authorization": f"bearer {self._key}", "X-Odoo-Database": self._database, "User-Agent": "crewdesk"}
        leaves("crm", self._url, {"asked": asked, "with": arguments})
        try:
            with httpx.Client(transport=self._transport, timeout=SECONDS, headers=headers) as client:
                return client.post(f"{self._url}/json/2/{asked}", json=arguments)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            what = "did not answer in time" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
            raise DeliveryFailed(f"Odoo at {self._url} {what} ({asked}).", hint=_LATER) from None

    def _told(self, response: httpx.Response, asked: str) -> DeliveryError:
        status, said = response.status_code, _said(response)
        if status in REFUSED:
            return DeliveryRefused(f"Odoo does not take this: {asked}. {said}".strip())
        if response.is_redirect:
            where = in_one_line(response.headers.get("Location", ""))[:200]
            return DeliveryFailed(f"Odoo at {self._url} sends us on to {where}.", hint=_WHERE)
        if response.is_server_error:
            sentence = f"Odoo has trouble of its own: status {status} for {asked}. {said}".strip()
            return DeliveryFailed(sentence, hint=_LATER)
        what, hint = _REFUSALS.get(status, (f"does not take this, status {status}", ""))
        sentence = f"Odoo at {self._url} {what}: {asked}. {said}".strip()
        return DeliveryFailed(sentence, hint=hint.format(variable=self._variable))

    def _strange(self, asked: str) -> DeliveryFailed:
        return DeliveryFailed(f"What answered {asked} at {self._url} does not speak as Odoo does.", hint=_WHERE)


def _said(response: httpx.Response) -> str:
    try:
        answer: Json = response.json()
    except ValueError:
        return ""
    message = answer.get("message") if isinstance(answer, dict) else None
    return f"Odoo says: {in_one_line(str(message))[:300]}" if message else ""
