"""Who may do what, where people.yaml says who there is."""

from __future__ import annotations

from crewdesk.desk.office import Office
from crewdesk.domain.people import Proof
from crewdesk.errors import NotAllowed


def permit_decision(by: str, crew: str, office: Office) -> str:
    """Return the name under which somebody decides about this crew's work; raises `NotAllowed`."""
    people = office.people()
    if not people:
        return by
    somebody = people.find(by)
    if somebody is None:
        raise NotAllowed(f"{by!r} is nobody in people.yaml.", hint=f"These are: {', '.join(people.by_id)}.")
    if not somebody.may_work_on(crew):
        raise NotAllowed(
            f"{somebody.name} may look at the work of crew {crew}, not decide about it.",
            hint=f"Whoever may change people.yaml can put {crew!r} under 'approves' of {somebody.id}.",
        )
    return somebody.id


def permit_change(by: str, proof: Proof, crew: str, office: Office) -> None:
    """Raise `NotAllowed` for somebody known by login or token who may not start or change runs of this crew.

    A name that was only typed is not held to it: whoever types it has the machine, and the database with it.
    """
    if proof in ("login", "token"):
        permit_decision(by, crew, office)


def permit_admin(by: str, office: Office) -> str:
    """Return the name under which an admin does what nobody can undo; raises `NotAllowed`.

    Where there are people, a name that was only typed must be an admin's, too: it stands in the audit log.
    """
    people = office.people()
    if not people:
        return by
    somebody = people.find(by)
    if somebody is None or not somebody.admin:
        admins = ", ".join(one.id for one in people.by_id.values() if one.admin)
        raise NotAllowed(f"Only an admin may do that, and {by!r} is none.", hint=f"Admins are: {admins or 'nobody'}.")
    return somebody.id
