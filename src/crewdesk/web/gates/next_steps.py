"""What a decision sets off: what leaves the house, where it would appear, and what follows without being asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import RELEASING, approvers
from crewdesk.errors import CrewdeskError, DeliveryError
from crewdesk.ports.connector import Connector
from crewdesk.tools.published import Publisher
from crewdesk.web.gates.look import Look


@dataclass(frozen=True)
class Step:
    """One delivery that an approval leads to."""

    connector: str
    kind: str
    task: str
    address: str = ""
    """Where it would appear; empty where nobody can say yet."""
    trouble: str = ""
    """Why it could not be delivered as it is."""
    mine: bool = True
    """Whether it carries what this gate shows."""
    rule: str = ""
    """Who wrote that it leaves without being asked about; empty where a person is asked."""


def steps_after(look: Look) -> tuple[Step, ...]:
    """List what would leave the house after an approval, this gate's own first."""
    if look.artifact is None or not look.gate.sha:
        return ()
    try:
        steps = list(_steps(look, look.site.desk.office.connectors(look.house)))
    except CrewdeskError:  # connectors.yaml has changed since the run started
        steps = list(_steps(look, {}))
    return tuple(sorted(steps, key=lambda step: not step.mine))


def _steps(look: Look, connectors: Mapping[str, Connector]) -> Iterator[Step]:
    downstream = look.house.rests_on(look.gate.task) if look.gate.task in look.house.tasks else frozenset[str]()
    for task, spec in look.house.tasks.items():
        for name, carried in spec.delivers.items():
            known = look.house.connectors.connectors.get(name)
            kind = "" if known is None else known.kind
            mine = carried == look.gate.task
            if mine and look.gate.kind in RELEASING:
                address, trouble = _address(connectors.get(name), look.body)
                yield Step(name, kind, task, address, trouble)
            elif mine or task in downstream:
                rule = known.approved_by_rule.by if known is not None and known.approved_by_rule else ""
                yield Step(name, kind, task, mine=False, rule=rule)


def _address(connector: Connector | None, body: JsonObject) -> tuple[str, str]:
    if connector is None:
        return "", "It is not in connectors.yaml any more."
    try:
        return connector.address(body), ""
    except DeliveryError as error:
        return "", error.message


def approval_says(look: Look, steps: tuple[Step, ...]) -> str:
    """Say in a line what an approval does."""
    gate = look.gate
    so_far = len(approvers(gate, gate.sha))
    if gate.needs > so_far + 1:
        return f"counts as {so_far + 1} of {gate.needs}; then another person must approve too"
    if gate.kind == "budget":
        return "the run goes on and may spend as much again"
    if gate.kind not in RELEASING:
        return "the crew goes on with this version; nothing leaves the house by it"
    mine = [step for step in steps if step.mine]
    if not mine:
        return "the crew goes on with this version"
    return " and ".join(_said(step) for step in mine)


def _said(step: Step) -> str:
    verb = "publishes to" if step.kind == "site" else "delivers to"
    return f"{verb} {step.connector}" + (f" as {step.address}" if step.address else "")


def address_of_posts(look: Look) -> Callable[[str], str | None]:
    """Say where other posts of ours are, as the site that would carry this one knows; nowhere without links."""
    if not look.body.get("links"):
        return lambda _: None
    try:
        connectors = look.site.desk.office.connectors(look.house)
        names = [
            name for spec in look.house.tasks.values() for name, task in spec.delivers.items() if task == look.gate.task
        ]
        found = [_posts(connectors[name]) for name in names if name in connectors]
    except CrewdeskError:
        return lambda _: None
    return {slug: address for posts in found for slug, address in posts.items()}.get


def _posts(connector: Connector) -> dict[str, str]:
    publisher = cast("object", connector)
    if not isinstance(publisher, Publisher):
        return {}
    return {str(post["slug"]): connector.address(post | {"body": "-"}) for post in publisher.published()}
