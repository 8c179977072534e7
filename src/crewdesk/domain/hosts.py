"""Hosts by name."""

from __future__ import annotations

from ipaddress import ip_address

OWN_ENDINGS = (".internal", ".local", ".lan", ".home.arpa")
"""Names that end so are never those of hosts outside."""


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, as only programs of this machine reach it."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_of_the_house(host: str) -> bool:
    """Say whether a host is in a network of one's own, by its number or because no name outside is spelled so."""
    try:
        return host == "localhost" or ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(OWN_ENDINGS)
