"""Tell people in a chat: Slack, Mattermost, Teams and others take a JSON object with a `text` at a secret address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from crewdesk.domain.notices import Notice
from crewdesk.errors import DeliveryFailed

if TYPE_CHECKING:
    import httpx

SECONDS = 5.0
"""A worker waits for this."""


class ChatNotifier:
    """See ports/notifier.py; `key` looks up what a variable holds. `transport` is for tests."""

    def __init__(self, key: Callable[[str], str | None], *, transport: httpx.BaseTransport | None = None) -> None:
        self._key = key
        self._transport = transport

    def tell(self, notice: Notice, to: str) -> bool:
        """Post a notice."""
        address = self._key(to)
        if address is None:
            return False
        status = self._post(address, asdict(notice), to)
        if not 200 <= status < 300:  # noqa: PLR2004 - what HTTP calls a success
            raise DeliveryFailed(f"The chat at {to} answered with status {status}.", hint=f"Check the address in {to}.")
        return True

    def _post(self, address: str, message: dict[str, object], to: str) -> int:
        import httpx

        # Below httpx.Client, which logs every address it asks; and the address lets whoever reads it write to the chat.
        # For the same reason what httpx says of an error is not told.
        try:
            request = httpx.Request(
                "POST",
                address,
                json=message,
                headers={"User-Agent": "crewdesk"},
                extensions={"timeout": httpx.Timeout(SECONDS).as_dict()},
            )
            with self._transport or httpx.HTTPTransport() as transport:
                response = transport.handle_request(request)
                response.close()
        except httpx.TimeoutException:
            raise DeliveryFailed(f"The chat at {to} did not answer within {SECONDS:.0f} seconds.") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
            raise DeliveryFailed(f"{to} holds no web address.", hint="It looks like https://chat/hooks/…") from None
        except (httpx.HTTPError, OSError) as error:
            raise DeliveryFailed(f"The chat at {to} cannot be reached ({type(error).__name__}).") from None
        return response.status_code
