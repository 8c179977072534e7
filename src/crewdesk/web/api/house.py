"""Who asks, the desk itself, its outbox and its audit log."""

from __future__ import annotations

from fastapi import APIRouter

from crewdesk import __version__
from crewdesk.desk.roll_call import living_workers
from crewdesk.desk.views import action_row, audit_row
from crewdesk.domain.actions import ActionStatus
from crewdesk.domain.audit import Chosen
from crewdesk.domain.people import EVERY_CREW
from crewdesk.web.api.answers import AuditLog, DeskFacts, Me, Outbox
from crewdesk.web.api.asks import Cursor, Filter, Limit
from crewdesk.web.api.caller import By
from crewdesk.web.api.paging import cursor_of, number_of, place_of

router = APIRouter(tags=["desk"])


@router.get("/me")
def get_me(by: By) -> Me:
    """Say who the caller is, and what they may do."""
    visitor, somebody = by.visitor, by.visitor.person
    approves = [EVERY_CREW] if somebody is None or somebody.admin else list(somebody.approves)
    return Me(id=visitor.id, name=visitor.name, proof=visitor.proof, admin=visitor.is_admin, approves=approves)


@router.get("/desk")
def get_desk(by: By) -> DeskFacts:
    """Say which crews there are, and whether anybody works."""
    return DeskFacts(version=__version__, crews=by.desk.crews(), workers=len(living_workers(by.office)))


@router.get("/outbox")
def list_outbox(
    by: By,
    *,
    run: Filter = None,
    connector: Filter = None,
    status: ActionStatus | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Outbox:
    """List what left the house, and what is about to, the newest first."""
    with by.desk.store.reading() as records:
        found = records.outbox.lines(
            limit=limit + 1,
            before=place_of(cursor),
            status=status,
            connector=connector or "",
            run=(run or "").upper(),
        )
    shown = [line.action for line in found[:limit]]
    more = cursor_of(shown[-1].created, shown[-1].key) if len(found) > limit else None
    return Outbox.model_validate({"actions": [action_row(action) for action in shown], "next": more})


@router.get("/audit")
def list_audit(
    by: By,
    *,
    run: Filter = None,
    who: Filter = None,
    what: Filter = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AuditLog:
    """List who did what to which bytes, the newest first; each entry is sealed with the one before."""
    chosen = Chosen(run=(run or "").upper(), who=who or "", what=what or "")
    with by.desk.store.reading() as records:
        found = records.audit.newest(limit + 1, before=number_of(cursor), chosen=chosen)
    shown = found[:limit]
    more = str(shown[-1].number) if len(found) > limit else None
    return AuditLog.model_validate({"entries": [audit_row(entry) for entry in shown], "next": more})
