"""people.yaml as frozen values: who has a place at the desk. Passwords and tokens are kept in the database."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from crewdesk.domain.people import People, Person
from crewdesk.domain.spec import Spec

PERSON_ID = "^[a-z0-9][a-z0-9._-]{0,39}$"
PersonId = Annotated[str, StringConstraints(pattern=PERSON_ID)]


class PersonSpec(Spec):
    """Somebody at the desk. Who is listed may look at everything."""

    name: str = Field(min_length=1, description="Their name as others know it.")
    admin: bool = Field(default=False, description="May do everything that a gate does not leave to others.")
    approves: tuple[str, ...] = Field(
        default=(), description='Crews whose runs they may start and decide about; "*" for all. Left out: looks only.'
    )
    notify_env: str | None = Field(
        default=None,
        description="Environment variable with addresses of their own, as for 'notify' in gates.yaml: there they are "
        "told of gates that name them, and of runs they started that failed.",
    )


class PeopleSpec(Spec):
    """people.yaml: who has a place at the desk."""

    people: dict[PersonId, PersonSpec] = Field(default_factory=dict)

    def everybody(self) -> People:
        """Return them as the desk knows them."""
        named = self.people.items()
        return People({id_: Person(id_, p.name, p.admin, p.approves, p.notify_env or "") for id_, p in named})
