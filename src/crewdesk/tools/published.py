"""What a connector has published already, where it can tell."""

from __future__ import annotations

from typing import Protocol, cast, runtime_checkable

from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import DeliveryError
from crewdesk.ports.connector import Connector
from crewdesk.tools.materials import Materials


@runtime_checkable
class Publisher(Protocol):
    """A connector that knows its posts."""

    def published(self) -> list[JsonObject]:
        """List them, each with `title`, `slug`, `description` and `keywords`."""
        ...


def named_connector(name: str, materials: Materials) -> Connector:
    """Give the connector of that name; raises `ValueError` where connectors.yaml has none."""
    try:
        return materials.connector(name)
    except KeyError:
        raise ValueError(f"There is no connector {name!r} in config/connectors.yaml; tell a person.") from None


def published_posts(name: str, materials: Materials) -> list[JsonObject] | None:
    """List what stands on the site already; None where the connector cannot tell."""
    connector = cast("object", named_connector(name, materials))
    if not isinstance(connector, Publisher):
        return None
    try:
        return connector.published()
    except DeliveryError as error:
        raise ValueError(f"The posts of {name!r} cannot be read: {error.message}") from error
