"""What the server of a CRM did not do, in sentences that say why and what helps."""

from __future__ import annotations

import json
from dataclasses import dataclass

from crewdesk.domain.canonical import Json
from crewdesk.domain.text.visible import in_one_line
from crewdesk.errors import DeliveryError, DeliveryFailed, DeliveryRefused

LATER = "Try again later; what was written already is found again, and nothing is written twice."
_LONGEST = 300
"""Characters of what a server says that are repeated."""


@dataclass(frozen=True)
class CrmServer:
    """The server of a CRM, as people call it; no key is in any sentence."""

    crm: str
    url: str
    credential: str
    """What proves to it who we are: a key, a token."""
    variable: str
    """Where that stands."""
    renewal: str
    """How to come by one."""
    rights: str
    """What its user must be allowed."""
    settings: str
    """Which settings say where the server is."""
    refuses: tuple[int, ...]
    """By which statuses it says that this cannot be; all others may go by."""

    def nameless(self) -> DeliveryFailed:
        """Say that nobody gave us a key."""
        return DeliveryFailed(
            f"There is no {self.credential} for {self.crm} at {self.url}.", hint=f"Put one into {self.variable}."
        )

    def silent(self, asked: str, *, late: bool) -> DeliveryFailed:
        """Say that it did not answer, or that nothing is there."""
        what = "did not answer in time" if late else "cannot be reached"
        return DeliveryFailed(f"{self.crm} at {self.url} {what} ({asked}).", hint=LATER)

    def strange(self, asked: str) -> DeliveryFailed:
        """Say that what answered is something else."""
        return DeliveryFailed(
            f"What answered {asked} at {self.url} does not speak as {self.crm} does.", hint=self._where
        )

    def unwilling(self, asked: str, status: int, body: object, *, location: str = "") -> DeliveryError:
        """Say what a status means, and what the server says of it itself."""
        said = self._said(body)
        if status in self.refuses:
            return DeliveryRefused(said or f"{self.crm} does not take this: {asked}.")
        if location:
            return DeliveryFailed(
                f"{self.crm} at {self.url} sends us on to {in_one_line(location)[:200]}.", hint=self._where
            )
        if status >= 500 or not status:  # noqa: PLR2004
            sentence = f"{self.crm} has trouble of its own: status {status} for {asked}."
            return DeliveryFailed(f"{sentence} {said}".strip(), hint=LATER)
        what, hint = self._meaning(status)
        return DeliveryFailed(f"{self.crm} at {self.url} {what}: {asked}. {said}".strip(), hint=hint)

    def _meaning(self, status: int) -> tuple[str, str]:
        match status:
            case 401:
                return f"does not take our {self.credential}", f"{self.renewal}, and put it into {self.variable}."
            case 403:
                return "does not let us do this", self.rights
            case 404 | 405:
                return "has nothing there", self._where
            case 409 | 423:
                return "is at this record for somebody else just now", LATER
            case 429:
                return "takes no more requests from us for now", LATER
            case _:
                return f"does not take this, status {status}", ""

    @property
    def _where(self) -> str:
        return f"Look at {self.settings} of this connector in connectors.yaml."

    def _said(self, body: object) -> str:
        try:
            answer: Json = json.loads(body) if isinstance(body, (str, bytes)) else None
        except ValueError:
            return ""
        message = answer.get("message") if isinstance(answer, dict) else None
        return f"{self.crm} says: {in_one_line(str(message))[:_LONGEST]}" if message else ""
