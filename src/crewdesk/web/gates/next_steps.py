"""What a decision sets off: what leaves the house, where it would appear, and what follows without being asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import RELEASING, approvers, released_by
from crewdesk.domain.outreach.letter import Letter
from crewdesk.errors import CrewdeskError, DeliveryError
from crewdesk.ports.connector import Connector
from crewdesk.ports.leads import Clerk, Outcome
from crewdesk.ports.letters import Letters
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
    """Whether this gate's approval releases it."""
    carries: bool = True
    """Whether it carries what this gate shows."""
    rule: str = ""
    """Who wrote that it leaves without being asked about; empty where a person is asked."""
    released_by: str = ""
    """Who has approved already what it would carry as things are."""
    does: str = ""
    """What it does there, where there is more to say than that it delivers."""
    sends: bool = False
    """Whether a reader has it at once, so that nobody can take it back."""

    @property
    def how(self) -> str:
        """Say what must happen before it leaves."""
        if self.released_by:
            return f"as approved by {self.released_by}"
        return f"without asking, by the rule of {self.rule}" if self.rule else "after somebody was asked"


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
    letter = _letter(look, look.body, connectors)
    for task, spec in look.house.tasks.items():
        for name, carried in spec.delivers.items():
            known = look.house.connectors.connectors.get(name)
            kind = "" if known is None else known.kind
            mine = carried == look.gate.task
            if mine and look.gate.kind in RELEASING:
                connector = connectors.get(name)
                address, trouble = _address(connector, look.body)
                does, is_sent = _doing(connector, letter, look)
                yield Step(name, kind, task, address, trouble, does=does, sends=is_sent)
            elif mine or task in downstream:
                rule = known.approved_by_rule.by if known is not None and known.approved_by_rule else ""
                released = _released(look, carried)
                yield Step(name, kind, task, mine=False, carries=mine, rule=rule, released_by=released)


def _doing(connector: Connector | None, letter: Letter | None, look: Look) -> tuple[str, bool]:
    """Say what a connector does with a mail, or tells a CRM, and whether that sends anything to anybody."""
    outside: object = connector
    if isinstance(outside, Letters) and letter is not None:
        return (f"sends it at once to {letter.to}" if letter.sends else "keeps a draft, nothing is sent"), letter.sends
    if not isinstance(outside, Clerk):
        return "", False
    outcome: Outcome = "stopped" if look.schema == "Stop" else "contacted" if letter and letter.sends else "drafted"
    status = outside.spell(outcome)
    return "notes it" + (f" and sets the state “{status}”" if status else ""), False


def letter_of(look: Look, body: JsonObject) -> Letter | None:
    """Make the mail that an approval leads to; None where it leads to none, or none can be made of this body."""
    try:
        return _letter(look, body, look.site.desk.office.connectors(look.house)) if look.is_outreach else None
    except CrewdeskError:  # connectors.yaml has changed since the run started
        return None


def _letter(look: Look, body: JsonObject, connectors: Mapping[str, Connector]) -> Letter | None:
    for name in (name for task in look.house.tasks.values() for name in _mine(task.delivers, look.gate.task)):
        connector: object = connectors.get(name)
        if isinstance(connector, Letters):
            with suppress(DeliveryError):
                return connector.letter(body)
    return None


def _mine(delivers: Mapping[str, str], task: str) -> list[str]:
    return [name for name, carried in delivers.items() if carried == task]


def _released(look: Look, task: str) -> str:
    """Name who approved the newest accepted version of a task for leaving; empty where nobody did."""
    accepted = [a.sha for a in look.file.artifacts if a.task == task and a.status == "accepted"]
    by = [released_by(gate) for gate in look.file.gates if gate.kind in RELEASING and gate.noted_sha in accepted[-1:]]
    return " and ".join(by[-1]) if by else ""


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
        leaving = [f"{step.connector} gets it {step.how}" for step in steps if step.carries]
        return "; then ".join(["the crew goes on with this version", *leaving])
    mine = [step for step in steps if step.mine]
    if not mine:
        return "the crew goes on with this version"
    return (" and " if not any(step.does for step in mine) else "; ").join(_said(step) for step in mine)


def _said(step: Step) -> str:
    if step.trouble:
        return f"{step.connector} cannot take it as it is"
    if step.does:
        return f"{step.connector} {step.does}"
    verb = "publishes to" if step.kind == "site" else "delivers to"
    return f"{verb} {step.connector}" + (f" as {step.address}" if step.address else "")


def address_of_posts(look: Look) -> Callable[[str], str | None]:
    """Say where other posts of ours are, as the site that would carry this one knows; nowhere without links."""
    if not look.body.get("links"):
        return lambda _: None
    try:
        connectors = look.site.desk.office.connectors(look.house)
        names = [name for spec in look.house.tasks.values() for name in _mine(spec.delivers, look.gate.task)]
        found = [_posts(connectors[name]) for name in names if name in connectors]
    except CrewdeskError:
        return lambda _: None
    return {slug: address for posts in found for slug, address in posts.items()}.get


def _posts(connector: Connector) -> dict[str, str]:
    publisher = cast("object", connector)
    if not isinstance(publisher, Publisher):
        return {}
    return {str(post["slug"]): connector.address(post | {"body": "-"}) for post in publisher.published()}
