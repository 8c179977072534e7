"""Our own records from what the API answers, so that they are told as those of this machine are."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, TypeVar, cast

from crewdesk.desk.inbox import Dossier
from crewdesk.desk.views import Shown
from crewdesk.domain.actions import Action, Receipt
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.effects import Effect, Usage
from crewdesk.domain.gates import Approval, Gate, Waiver
from crewdesk.domain.runs import RunRecord
from crewdesk.errors import CrewdeskError

Kind = TypeVar("Kind")
Row = Mapping[str, Any]
UNSAID: Row = {"round": 0, "question": "", "reason": "", "card": {}, "waivers": ()}
"""What the list of gates leaves out."""


def gate_of(row: Row) -> Gate:
    """Return a gate from a row of the list, or from its card, which says more."""
    with _understood():
        typed = row.get("unproven", ())
        approvals = [
            {"by": name, "sha": row["sha"], "at": "", "proof": "typed" if name in typed else ""}
            for name in row["approvals"]
        ]
        return _recorded({**UNSAID, **row, "approvals": approvals})


def shown_of(card: Row) -> Shown:
    """Return a gate with the version it shows."""
    with _understood():
        about = card["shown"]
        more = {"run": card["run"], "body": card["body"]}
        artifact = None if about is None else _artifact({**about, **more, "author": about["by"]})
        return Shown(gate_of(card), artifact, card["model_calls"], card["cost"], card.get("ways", {}))


def dossier_of(trace: Row) -> Dossier:
    """Return everything that is written down about a run."""
    with _understood():
        return Dossier(
            run=_made(RunRecord, trace["run"]),
            effects=[_made(Effect, row, usage=_made(Usage, row["usage"])) for row in trace["effects"]],
            artifacts=[_artifact(row) for row in trace["artifacts"]],
            gates=[_recorded(row) for row in trace["gates"]],
            actions=[_made(Action, row, receipt=_receipt(row)) for row in trace["actions"]],
            audit=[_made(AuditEntry, row) for row in trace["audit"]],
        )


def _artifact(row: Row) -> Artifact:
    return _made(Artifact, row, doubts=tuple(row["doubts"]))


def _recorded(row: Row) -> Gate:
    return _made(
        Gate,
        row,
        people=tuple(row["people"]),
        excluded=tuple(row["excluded"]),
        approvals=tuple(_made(Approval, approval) for approval in row["approvals"]),
        waivers=tuple(_made(Waiver, waiver) for waiver in row["waivers"]),
    )


def _receipt(row: Row) -> Receipt | None:
    return None if row["receipt"] is None else _made(Receipt, row["receipt"])


def _made(kind: type[Kind], row: Row, **changed: Any) -> Kind:  # noqa: ANN401 - whatever stands in its fields
    """Make a record of what we know of; a newer desk may say more."""
    names = [field.name for field in fields(cast("type[Any]", kind))]
    return kind(**{name: row[name] for name in names if name in row} | changed)


@contextmanager
def _understood() -> Generator[None]:
    try:
        yield
    except (KeyError, TypeError) as error:
        raise CrewdeskError(
            f"The desk answers in a way that this version does not understand: {error} is missing.",
            hint="Update Crewdesk here or there: crewdesk --version",
        ) from error
