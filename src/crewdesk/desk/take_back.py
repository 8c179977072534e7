"""Take back what was delivered about somebody, as far as it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crewdesk.desk.office import Office
from crewdesk.domain.actions import Action
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import CrewdeskError
from crewdesk.ports.connector import Connector
from crewdesk.ports.forgets import Forgets


@dataclass(frozen=True)
class Remain:
    """What is left of somebody."""

    where: str
    what: str


@dataclass
class Drafts:
    """What became of what was delivered."""

    gone: list[str] = field(default_factory=list[str])
    remain: list[Remain] = field(default_factory=list[Remain])
    failed: list[str] = field(default_factory=list[str])


def take_back(runs: Sequence[str], office: Office) -> Drafts:
    """Delete the drafts of these runs where they are still there, and say what else was delivered."""
    drafts = Drafts()
    for run in runs:
        with office.store.reading() as records:
            tried = [action for action in records.outbox.listed(run=run) if action.attempts]
            record = records.runs.get(run)
        if not tried or record is None:
            continue
        try:
            connectors = office.connectors(HouseSpec.model_validate(record.spec))
        except CrewdeskError as error:
            drafts.failed += [f"{action.key} was not looked for: {error.message}" for action in tried]
            continue
        for action in tried:
            _take_one(action, connectors, drafts)
    return drafts


def _take_one(action: Action, connectors: Mapping[str, Connector], drafts: Drafts) -> None:
    place = action.connector if action.receipt is None else action.receipt.location
    connector: object = connectors.get(action.connector)
    if not isinstance(connector, Forgets):
        if action.receipt is not None:
            drafts.remain.append(Remain(place, f"what {action.connector} was given as {action.key}; take it out there"))
        return
    try:
        gone = connector.forget(action.key)
    except CrewdeskError as error:
        drafts.failed.append(f"{place} could not be deleted: {error.message} {error.hint}".strip())
        return
    if gone:
        drafts.gone += [place] if action.receipt is not None else []
    else:
        drafts.remain.append(Remain(place, f"{action.key} was sent or moved away since; look where it is now"))
