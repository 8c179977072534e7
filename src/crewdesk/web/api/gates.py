"""Gates: what waits, and the decisions."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Query

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.delegate_gate import delegate_gate
from crewdesk.desk.inbox import find_gate
from crewdesk.desk.list_gates import list_gates as open_gates
from crewdesk.desk.views import gate_card, gate_row, look_at_gate
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import Approve, Decision, Edit, GateKind, Reject, Revise, Waive
from crewdesk.web.api.answers import GateCard, GateList
from crewdesk.web.api.asks import (
    ApproveVersion,
    Cursor,
    Decide,
    Delegate,
    EditVersion,
    Filter,
    GateId,
    Limit,
    RejectVersion,
    ReviseVersion,
    WaiveStatement,
)
from crewdesk.web.api.caller import By, Caller
from crewdesk.web.api.paging import cursor_of, place_of
from crewdesk.web.api.problems import ON_CHANGE, described

router = APIRouter(tags=["gates"])
CHANGE = described(404, *ON_CHANGE)


@router.get("/gates")
def list_gates(
    by: By,
    *,
    crew: Filter = None,
    kind: GateKind | None = None,
    mine: Annotated[bool, Query(description="Only those at which the caller may decide and has not yet.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> GateList:
    """List what waits for people, the oldest first."""
    with by.desk.store.reading() as records:
        wanted = by.visitor.is_asked_at if mine else None
        found = open_gates(records, limit=limit + 1, after=place_of(cursor), crew=crew or "", kind=kind, wanted=wanted)
    shown, now = found[:limit], by.office.now()
    more = cursor_of(shown[-1].opened, shown[-1].id) if len(found) > limit else None
    return GateList.model_validate({"gates": [gate_row(gate, now) for gate in shown], "next": more})


@router.get("/gates/{gate}", responses=described(404))
def get_gate(by: By, gate: GateId) -> GateCard:
    """Show a gate: what it asks, the version it shows, what speaks for and against it, who may decide until when."""
    return GateCard.model_validate(gate_card(look_at_gate(gate, by.desk.store), by.office.now()))


@router.post("/gates/{gate}/decisions", responses=CHANGE)
def decide(by: By, gate: GateId, asked: Decide) -> GateCard:
    """Decide: `approve`, `edit`, `revise`, `reject` or `waive`; the run goes on when the gate closes.

    Only the version whose hash is named is approved or edited; 409 says that another one is shown by now.
    """
    found, _ = find_gate(gate, by.desk.store)
    decision = _decision(found.id, asked, by)
    decide_gate(found.id, decision, by=by.visitor.id, proof=by.visitor.proof, office=by.office)
    return get_gate(by, found.id)


@router.post("/gates/{gate}/delegate", responses=CHANGE)
def delegate(by: By, gate: GateId, asked: Delegate) -> GateCard:
    """Hand one's place at a gate on to another person."""
    found, _ = find_gate(gate, by.desk.store)
    visitor = by.visitor
    delegate_gate(found.id, to=asked.to, by=visitor.id, why=asked.why, proof=visitor.proof, office=by.office)
    return get_gate(by, found.id)


def _decision(gate: str, asked: Decide, by: Caller) -> Decision:
    match asked:
        case ApproveVersion():
            return Approve(asked.sha)
        case EditVersion():
            _, shown = find_gate(gate, by.desk.store)
            before: JsonObject = {} if shown is None else shown.body
            given = cast("JsonObject", asked.body or asked.changes or {})
            return Edit(given if asked.changes is None else before | given, base=asked.base)
        case ReviseVersion():
            return Revise(asked.notes, asked.sha)
        case RejectVersion():
            return Reject(asked.reason, asked.sha)
        case WaiveStatement():
            return Waive(asked.sentence, asked.why)
