"""Who asks, as every resource is given them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer

from crewdesk.desk.office import Office
from crewdesk.facade import Desk
from crewdesk.web.api.door import NAME_HEADER
from crewdesk.web.asking import Visitor

# Described for the OpenAPI; the door has asked for them already.
TOKEN = HTTPBearer(
    auto_error=False, scheme_name="token", description="A token of somebody in people.yaml, made at the desk."
)
NAME = APIKeyHeader(
    name=NAME_HEADER,
    auto_error=False,
    scheme_name="name",
    description="Who asks, percent-encoded, where the desk knows nobody; such a desk is only reached on its own "
    "machine, and what is decided that way is marked as not authenticated.",
)


@dataclass(frozen=True)
class Caller:
    """Who asks, and the desk that is asked."""

    desk: Desk
    visitor: Visitor

    @property
    def office(self) -> Office:
        """What use cases reach the world with."""
        return self.desk.office


def caller(
    request: Request, _token: Annotated[object, Security(TOKEN)], _name: Annotated[object, Security(NAME)]
) -> Caller:
    """Say who asks."""
    return Caller(request.app.state.site.desk, request.state.visitor)


By = Annotated[Caller, Depends(caller)]
