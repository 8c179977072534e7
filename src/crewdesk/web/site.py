"""What every page and every answer of the API is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crewdesk.facade import Desk
from crewdesk.web.live import Live
from crewdesk.web.slowing import Slowing

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


@dataclass(frozen=True)
class Site:
    """The desk, and how it is reached."""

    desk: Desk
    live: Live
    slowing: Slowing = field(default_factory=Slowing)
    public: str | None = None
    """The address people know it by, such as https://desk.example.com, where a proxy stands before it."""

    @property
    def secure(self) -> bool:
        """Whether people reach it by HTTPS, so that cookies must too."""
        return urlsplit(self.public or "").scheme == "https"

    @property
    def takes_names(self) -> bool:
        """Whether it knows nobody, and takes everybody at their word; only ever on loopback."""
        return not self.desk.office.people()

    def allows_host(self, host: str) -> bool:
        """Say whether a request was meant for this desk.

        Where nobody has a password, a page elsewhere could reach it under a name of its own that leads to loopback.
        """
        name = urlsplit(f"//{host}").hostname or ""
        if name in LOOPBACK or (self.public is not None and name == urlsplit(self.public).hostname):
            return True
        return not self.takes_names and self.public is None
