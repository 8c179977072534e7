"""The house's own list of whom nobody writes to: a file of addresses and domains, one a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from crewdesk.tools.outreach.domains import host_of
from crewdesk.tools.settings import Settings

_DOTLESS = ("gmail.com", "googlemail.com")
"""Providers that deliver a.nna@ and anna@ to the same person."""


class ListSettings(Settings):
    """Settings of tools that look at the list."""

    do_not_contact: str = Field(
        default="do-not-contact.txt",
        min_length=1,
        description="File beside config/: an address or a domain a line, and comments behind #.",
    )


@dataclass(frozen=True)
class DoNotContact:
    """Addresses and domains of the list."""

    path: Path
    there: bool
    entries: frozenset[str]

    def holds(self, *addresses: str) -> bool:
        """Say whether one of these addresses, or its domain or one above that, stands there."""
        return any(not self.entries.isdisjoint(_ways_to_list(address)) for address in addresses if address.strip())


def read_list(home: Path, name: str) -> DoNotContact:
    """Read the list; raises `ValueError` where it cannot be read or a line is neither address nor domain."""
    path = home / name
    if not path.exists():
        return DoNotContact(path, there=False, entries=frozenset())
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise ValueError(f"{name} cannot be read ({error}), so nobody knows who must not be written to.") from None
    told = [(number, line.partition("#")[0].strip()) for number, line in enumerate(lines, start=1)]
    return DoNotContact(
        path, there=True, entries=frozenset(_entry(line, f"{name}:{number}") for number, line in told if line)
    )


def _entry(line: str, where: str) -> str:
    local, at, host = line.rpartition("@")
    if not host or any(sign.isspace() for sign in line) or ("." not in host):
        raise ValueError(f"{where}: {line!r} is neither an address nor a domain; mend it.")
    return _address(local, host) if at and local else host_of(host)


def _address(local: str, host: str) -> str:
    domain = host_of(host)
    name = local.partition("+")[0].casefold()
    return f"{name.replace('.', '') if domain in _DOTLESS else name}@{domain}"


def _ways_to_list(address: str) -> set[str]:
    """Spell an address, or a website, in all ways in which it may be listed."""
    local, at, _ = address.rpartition("@")
    labels = host_of(address).split(".")
    hosts = {".".join(labels[start:]) for start in range(len(labels) - 1)}
    return hosts | ({_address(local, host_of(address))} if at and "/" not in address else set())
