"""Tell people by mail, Slack, Teams and whatever else Apprise knows, or at any web address that takes JSON.

An address lets whoever reads it write there. So nothing of what Apprise, httpx and urllib3 say of it is told or logged.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from crewdesk.domain.addresses import addresses_in
from crewdesk.domain.notices import Notice

if TYPE_CHECKING:
    from apprise import NotifyBase

SECONDS = 5.0
"""A worker waits for this, however many addresses there are."""
WEB = "a web address"
UNKNOWN = "an address that cannot be read"
NAME = "crewdesk-telling"
TALKATIVE = ("apprise", "urllib3.connectionpool", "urllib3.util.retry", "httpcore.connection", "httpcore.http11")
COLOURS = {"due": "warning", "overdue": "warning", "expired": "failure", "failed": "failure"}


class AppriseNotifier:
    """See ports/notifier.py; `key` looks up what a variable holds.

    Apprise knows Slack, Teams and others by the addresses they give out. What it does not know and begins with
    https:// is sent a JSON object whose `text` is the message, as Mattermost, Rocket.Chat and others take it.
    """

    def __init__(self, key: Callable[[str], str | None], *, seconds: float = SECONDS) -> None:
        self._key = key
        self._seconds = seconds

    def tell(self, notice: Notice, to: Sequence[str]) -> Mapping[str, str]:
        """Tell all of them at the same time."""
        sending = [_Sending(place, address, _known(address), notice) for place, address in self._places(to).items()]
        for one in sending:
            one.start()
        deadline = time.monotonic() + self._seconds
        for one in sending:
            one.join(max(deadline - time.monotonic(), 0))
        late = f"did not answer within {self._seconds:.0f} seconds."
        return {one.place: one.trouble(late) for one in sending}

    def services(self, variable: str) -> Sequence[str]:
        """Name them as Apprise does."""
        return [_service(address, _known(address)) for address in self._places([variable]).values()]

    def _places(self, to: Sequence[str]) -> dict[str, str]:
        """Find the addresses by their names; one that has several names stands under the first of them."""
        places: dict[str, str] = {}
        for name in to:
            variable = name.partition("#")[0]
            for n, address in enumerate(addresses_in(self._key(variable) or ""), start=1):
                place = f"{variable}#{n}"
                if name in (variable, place) and address not in places.values():
                    places[place] = address
        return places


@dataclass
class _Sending:
    """One address being told, in a thread that nobody waits for longer than agreed: not all services keep time."""

    place: str
    address: str
    known: NotifyBase | None
    notice: Notice
    outcome: list[str] = field(default_factory=list[str])
    thread: threading.Thread = field(init=False)

    def start(self) -> None:
        self.thread = threading.Thread(target=self._send, name=f"{NAME} {self.place}", daemon=True)
        self.thread.start()

    def join(self, seconds: float) -> None:
        self.thread.join(seconds)

    def trouble(self, late: str) -> str:
        words = self.outcome[0] if self.outcome else late
        return words and f"{self.place} ({_service(self.address, self.known)}) {words}"

    def _send(self) -> None:
        try:
            self.outcome.append(self._tell())
        except Exception as error:  # noqa: BLE001 - services raise anything, and their words may hold the address
            self.outcome.append(f"cannot be reached ({type(error).__name__}).")

    def _tell(self) -> str:
        if self.known is not None:
            return _notify(self.known, self.notice)
        return _post(self.address, self.notice) if _is_web(self.address) else "is of no service that Apprise knows."


def _notify(known: NotifyBase, notice: Notice) -> str:
    from apprise import Apprise, NotifyFormat

    service: Any = Apprise(asset=known.asset)
    service.add(known)
    kind = COLOURS.get(notice.kind, "info")
    taken = service.notify(notice.text, notice.title, notify_type=kind, body_format=NotifyFormat.TEXT)
    return "" if taken else "did not take it."


def _post(address: str, notice: Notice) -> str:
    import httpx

    # Below httpx.Client, which logs every address it asks.
    request = httpx.Request(
        "POST",
        address,
        json=asdict(notice),
        headers={"User-Agent": "crewdesk"},
        extensions={"timeout": httpx.Timeout(SECONDS).as_dict()},
    )
    with httpx.HTTPTransport() as transport:
        response = transport.handle_request(request)
        response.close()
    return "" if response.is_success else f"answered with status {response.status_code}."


def _known(address: str) -> NotifyBase | None:
    """Find the service; in the caller's thread, for the first time imports a lot."""
    _hush()
    from apprise import Apprise, AppriseAsset

    asset = AppriseAsset(
        app_id="Crewdesk",
        app_desc="Crewdesk",
        app_url="",
        image_url_mask="",  # no pictures from elsewhere
        image_url_logo="",
        async_mode=False,
        http_redirects=False,
        service_timeout=0,  # its threads would be waited for at the end; ours keep time for all services
    )
    apprise: Any = Apprise
    known: NotifyBase | None = apprise.instantiate(address, asset=asset)
    if known is not None:
        known.request_rate_per_sec = 0  # else it sleeps between two recipients
    return known


def _service(address: str, known: NotifyBase | None) -> str:
    if known is not None:
        return str(known.service_name)
    return WEB if _is_web(address) else UNKNOWN


def _is_web(address: str) -> bool:
    return address.lower().startswith(("https://", "http://"))


@cache
def _hush() -> None:
    """Keep out of every log what is said while people are told."""
    for name in TALKATIVE:
        logging.getLogger(name).addFilter(_is_harmless)


def _is_harmless(record: logging.LogRecord) -> bool:
    return record.name != "apprise" and not (record.threadName or "").startswith(NAME)
