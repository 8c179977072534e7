"""One look at a gate: everything that is written down about it, and whether who looks may decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from crewdesk.desk.look_at_gate import GateFile, look_at_gate_file
from crewdesk.domain.actions import Action
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.gates import WORKLESS, Gate, has_approved, may_decide
from crewdesk.domain.notices import who_may
from crewdesk.domain.passages import Passage
from crewdesk.domain.people import person
from crewdesk.domain.specs import HouseSpec
from crewdesk.domain.text.visible import visible
from crewdesk.errors import WrongUsage
from crewdesk.web.asking import Ask, Visitor
from crewdesk.web.site import Site
from crewdesk.web.texts.changes import Change, changes
from crewdesk.web.texts.fields import Shape, objects, shapes_of
from crewdesk.web.texts.filling import in_order

SOURCE = ("id", "title", "source", "text", "date")
"""What a passage says."""
NEXT = 5
"""Gates that wait beside this one, as far as they are listed."""


@dataclass(frozen=True)
class Look:
    """A gate and its run as they were at one moment."""

    site: Site
    visitor: Visitor
    file: GateFile

    @property
    def gate(self) -> Gate:
        """The gate itself."""
        return self.file.gate

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.gate.status == "open"

    @property
    def state(self) -> str:
        """See `state_of`."""
        return state_of(self.gate)

    @cached_property
    def house(self) -> HouseSpec:
        """The configuration that the run started with."""
        return HouseSpec.model_validate(self.file.run.spec)

    @cached_property
    def versions(self) -> Sequence[Artifact]:
        """All versions of what the gate is about, in order."""
        return [a for a in self.file.artifacts if a.task == self.gate.task and self.gate.sha]

    @cached_property
    def artifact(self) -> Artifact | None:
        """The version that the gate shows; None where it is about no text."""
        return self.version(self.gate.noted_sha or self.gate.sha)

    def version(self, sha: str) -> Artifact | None:
        """Find the newest version with this hash."""
        return next((a for a in reversed(self.versions) if a.sha == sha), None)

    @cached_property
    def body(self) -> JsonObject:
        """What the gate shows, in the order of its schema."""
        return {} if self.artifact is None else in_order(self.shapes, self.artifact.body)

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """What can be edited; nothing where the output is of a kind that is gone."""
        if self.artifact is None:
            return ()
        try:
            return shapes_of(self.site.desk.office.checks.schema(self.artifact.schema))
        except WrongUsage:
            return ()

    @property
    def schema(self) -> str:
        """Which typed output the gate is about; empty where it is about no text."""
        return "" if self.artifact is None else self.artifact.schema

    @property
    def is_review(self) -> bool:
        """Whether the gate is about a review of code, which is pruned rather than edited."""
        return self.schema == "Review"

    @property
    def is_outreach(self) -> bool:
        """Whether it is about a mail to a lead, or about writing none."""
        return self.schema in ("Outreach", "Stop")

    @cached_property
    def passages(self) -> Mapping[str, Passage]:
        """What the output may rest on, by id; what it holds itself has personal data as people approve them."""
        sources = objects(self.body.get("sources")) if self.is_outreach else []
        own = [Passage(**{name: visible(str(one.get(name) or "")) for name in SOURCE}) for one in sources]
        return {**self.file.passages, **{one.id: one for one in own}}

    @property
    def ships(self) -> bool:
        """Whether a delivery carries what the gate shows."""
        return any(self.gate.task in task.delivers.values() for task in self.house.tasks.values())

    @property
    def refusal(self) -> str:
        """Why who looks may not decide; empty where they may."""
        gate, visitor = self.gate, self.visitor
        if not visitor.may_work_on(gate.crew):
            return f"You may look at the work of crew {gate.crew}, not decide about it."
        if person(visitor.id) in map(person, gate.excluded):
            return "You started this run, so somebody else decides."
        return "" if may_decide(gate, visitor.id) else f"Only {who_may(gate)} may decide here."

    @property
    def may_act(self) -> bool:
        """Whether who looks may edit, send back, reject and waive."""
        return self.is_open and not self.refusal

    @property
    def may_approve(self) -> bool:
        """Whether their approval would add anything."""
        return self.may_act and not has_approved(self.gate, self.visitor.id)

    @property
    def may_edit(self) -> bool:
        """Whether there is something that they may change."""
        return self.may_act and bool(self.shapes)

    @property
    def may_send_back(self) -> bool:
        """Whether there is work to send back, and they may."""
        return self.may_act and self.gate.kind not in WORKLESS

    @property
    def may_hand_on(self) -> bool:
        """Whether they have a place that they could hand on to another person."""
        return self.may_approve and (bool(self.gate.people) or self.gate.needs == 1)

    @property
    def cost(self) -> tuple[int, float | None]:
        """How many model calls the run has paid for, and what they came to; None where a price is unknown."""
        return self.file.calls, self.file.usd

    @property
    def history(self) -> list[AuditEntry]:
        """Who did what at this gate, the oldest first, and what left the house by it."""
        keys = {self.gate.id, *(action.key for action in self.deliveries)}
        return [entry for entry in self.file.audit if entry.subject in keys]

    @property
    def deliveries(self) -> list[Action]:
        """What carries the version that was approved here."""
        noted = self.gate.noted_sha
        return [action for action in self.file.actions if noted and action.sha == noted]

    @property
    def rounds(self) -> list[Gate]:
        """The other gates about the same task, the oldest first."""
        return [g for g in self.file.gates if g.task == self.gate.task and g.id != self.gate.id]

    @property
    def following(self) -> list[Gate]:
        """Gates of the same run that are open, this one apart."""
        return [g for g in self.file.gates if g.status == "open" and g.id != self.gate.id]

    @cached_property
    def differences(self) -> list[tuple[str, tuple[Change, ...]]]:
        """What differs from the version before, and from what the agent wrote in this round."""
        shown = self.artifact
        if shown is None:
            return []
        before = [a for a in self.versions if a.version < shown.version]
        written = [a for a in before if a.occasion == shown.occasion]
        found: list[tuple[str, tuple[Change, ...]]] = []
        if before:
            found.append((f"Since version {before[-1].version}, by {before[-1].author}", self._since(before[-1])))
        if written and written[0].version != before[-1].version:
            found.append(
                (f"Since version {written[0].version}, as {written[0].author} wrote it", self._since(written[0]))
            )
        return found

    def _since(self, earlier: Artifact) -> tuple[Change, ...]:
        return changes(in_order(self.shapes, earlier.body), self.body)

    def neighbours(self) -> list[Gate]:
        """List the next few gates that wait for who looks, those after this one first."""
        with self.site.desk.store.reading() as records:
            later = records.gates.waiting(limit=4 * NEXT, after=(self.gate.opened, self.gate.id))
            first = records.gates.waiting(limit=4 * NEXT)
        both = {gate.id: gate for gate in [*later, *first]}
        return [gate for gate in both.values() if gate.id != self.gate.id and self.visitor.is_asked_at(gate)][:NEXT]


def look_at(ask: Ask) -> Look:
    """Look at the gate that a request is about, or at the one where a run waits; raises `NotFound`."""
    return Look(ask.site, ask.visitor, look_at_gate_file(ask.path["gate"], ask.site.desk.store))


def state_of(gate: Gate) -> str:
    """Return a word that is another one as soon as anybody has done anything at this gate."""
    done = [waiver.at for waiver in gate.waivers] + [approval.at for approval in gate.approvals]
    return digest([gate.status, gate.sha, *gate.people, *done])[:16]
