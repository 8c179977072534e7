"""What every page and every answer of the API is made from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlsplit

from crewdesk.domain.hosts import is_loopback
from crewdesk.errors import ConfigurationError
from crewdesk.facade import Desk
from crewdesk.web.live import Live
from crewdesk.web.slowing import Slowing

HOST = re.compile(r"([\w.-]+|\[[0-9a-fA-F:.]+\])(:[0-9]+)?", re.ASCII)


@dataclass(frozen=True)
class Site:
    """The desk, and how it is reached."""

    desk: Desk
    live: Live
    slowing: Slowing = field(default_factory=Slowing)
    verifying: Lock = field(default_factory=Lock)
    """Held while the audit log is verified, which reads the whole of it."""
    public: str | None = None
    """The address people know it by, such as https://desk.example.com, where a proxy stands before it."""

    @property
    def secure(self) -> bool:
        """Whether people reach it by HTTPS, so that cookies must too."""
        return urlsplit(self.public or "").scheme == "https"

    @property
    def takes_names(self) -> bool:
        """Whether it knows nobody, and takes everybody at their word; only ever on loopback.

        Raises `ConfigurationError` where people.yaml is broken, or gone since it was started.
        """
        return not self.desk.office.people()

    def allows_host(self, host: str) -> bool:
        """Say whether a request was meant for this desk, by the name it came under.

        Where nobody has a password, a page elsewhere could reach it under a name of its own that leads to loopback.
        """
        if not HOST.fullmatch(host):
            return False
        name = urlsplit(f"//{host}").hostname or ""
        if is_loopback(name) or (self.public is not None and name == urlsplit(self.public).hostname):
            return True
        return self.public is None and self._knows_people

    def is_own(self, origin: str, host: str) -> bool:
        """Say whether a page of this origin is one of ours; `host` is the name that the request came under."""
        place = origin.partition("://")[2]
        return place == host or (self.public is not None and place == urlsplit(self.public).netloc)

    @property
    def _knows_people(self) -> bool:
        try:
            return not self.takes_names
        except ConfigurationError:
            return True  # then nobody gets in, and every page says why
