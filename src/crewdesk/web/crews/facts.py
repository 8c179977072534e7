"""What a crew's YAML says, in words: who does what with which model, where it stops for people, what leaves."""

from __future__ import annotations

from dataclasses import dataclass

from crewdesk.domain.gate_specs import BudgetGateSpec, CheckpointGateSpec, DoubtGateSpec, FlaggedGateSpec, GateSpec
from crewdesk.domain.model_specs import ProfileSpec, Tier
from crewdesk.domain.specs import ConnectorSpec, HouseSpec
from crewdesk.models.prices import Price, price_of
from crewdesk.web.spelling import count, money, share


@dataclass(frozen=True)
class Seat:
    """A model, as the profile seats it for a tier."""

    tier: Tier
    name: str
    """In models.yaml."""
    model: str
    """Provider and name."""
    price: Price | None
    fallback: str

    @property
    def priced(self) -> str:
        """What a million tokens cost, in words."""
        if self.price is None:
            return "price unknown"
        if not any(self.price):
            return "costs nothing"
        return f"{money(self.price.prompt)} in, {money(self.price.completion)} out"


@dataclass(frozen=True)
class Stop:
    """A gate of gates.yaml: where it stops for people, and what it asks of them."""

    name: str
    kind: str
    where: str
    question: str
    terms: tuple[str, ...]
    """Who may decide, how many, by when."""


@dataclass(frozen=True)
class Doing:
    """One task: who does it with what, what is checked, where it stops, and what it sends out."""

    name: str
    agent: str
    role: str
    seat: Seat | None
    """None where code does it in place of a model."""
    needs: tuple[str, ...]
    tools: tuple[str, ...]
    output: str
    checks: tuple[str, ...]
    stops: tuple[Stop, ...]
    """That every run makes here; where somebody is unsure it may stop anywhere."""
    sends: tuple[tuple[str, str], ...]
    """Connectors, and the task whose work they carry."""
    when: str = ""
    """What must be so for it to be done; empty where it always is."""

    @property
    def done_by(self) -> str:
        """What does it, and what that costs, in words."""
        return "code, no model" if self.seat is None else f"{self.seat.name} · {self.seat.priced}"


@dataclass(frozen=True)
class Way:
    """A connector: a way out of the house."""

    name: str
    kind: str
    rule: str
    """Who lets what goes there pass without asking, and why; empty where a person approves each time."""
    tasks: tuple[str, ...]
    """Those of this crew that send something there."""


@dataclass(frozen=True)
class Crew:
    """A crew and the house around it, under one profile."""

    name: str
    house: HouseSpec
    profile: str
    leader: str
    leads_with: Seat
    doings: tuple[Doing, ...]
    stops: tuple[Stop, ...]
    ways: tuple[Way, ...]
    seats: tuple[Seat, ...]


def crew_facts(name: str, house: HouseSpec, profile: str) -> Crew:
    """Collect what there is to say about a crew under a profile."""
    chosen = house.models.profiles[profile]
    leader = house.agents[house.crew.manager_agent]
    doings = tuple(_doing(name, task, house, chosen) for task in house.tasks)
    tiers: dict[Tier, None] = dict.fromkeys([leader.llm, *(doing.seat.tier for doing in doings if doing.seat)])
    return Crew(
        name=name,
        house=house,
        profile=profile,
        leader=leader.role,
        leads_with=_seat(leader.llm, house, chosen),
        doings=doings,
        stops=tuple(
            _stop(gate, spec, house)
            for gate, spec in house.gates.gates.items()
            if not isinstance(spec, FlaggedGateSpec) or spec.crew == name
        ),
        ways=tuple(_way(way, spec, doings) for way, spec in house.connectors.connectors.items()),
        seats=tuple(_seat(tier, house, chosen) for tier in tiers),
    )


def _doing(crew: str, task: str, house: HouseSpec, chosen: ProfileSpec) -> Doing:
    spec = house.tasks[task]
    agent = house.agents[spec.agent]
    return Doing(
        name=task,
        agent=spec.agent,
        role=agent.role,
        seat=_seat(agent.llm, house, chosen) if agent.function is None else None,
        needs=house.needs(task),
        tools=tuple(dict.fromkeys([*filter(None, [agent.function]), *agent.tools, *spec.tools])),
        output=spec.output_pydantic or "plain text",
        checks=spec.guardrails,
        stops=tuple(_stops_at(crew, task, house)),
        sends=tuple(spec.delivers.items()),
        when=spec.when or "",
    )


def _stops_at(crew: str, task: str, house: HouseSpec) -> list[Stop]:
    flagged = house.tasks[task].human_input
    place = list(house.tasks).index(task) + 1
    return [
        _stop(name, spec, house)
        for name, spec in house.gates.gates.items()
        if (flagged and isinstance(spec, FlaggedGateSpec) and (spec.crew, spec.task) == (crew, task))
        or (not flagged and isinstance(spec, CheckpointGateSpec) and place % spec.every == 0)
    ]


def _seat(tier: Tier, house: HouseSpec, chosen: ProfileSpec) -> Seat:
    name: str = getattr(chosen, tier) or chosen.worker
    spec = house.models.models[name]
    return Seat(tier, name, spec.model, price_of(spec.model), spec.fallback or "")


def _stop(name: str, spec: GateSpec, house: HouseSpec) -> Stop:
    who = ", ".join(spec.people) if spec.people else "whoever approves this crew's work"
    terms = [f"{who} may decide"]
    if spec.approvals > 1:
        terms.append(f"{spec.approvals} people must approve")
    if spec.not_starter:
        terms.append("not whoever started the run")
    if spec.strict:
        terms.append("flagged statements must be changed or waived")
    times = (("due after", spec.due), ("reminds every", spec.remind), ("ends the run after", spec.expire))
    terms += [f"{words} {length}" for words, length in times if length is not None]
    return Stop(name, spec.kind, _where(spec, house), spec.question, tuple(terms))


def _where(spec: GateSpec, house: HouseSpec) -> str:
    match spec:
        case FlaggedGateSpec():
            return f"always, at {spec.task}"
        case DoubtGateSpec():
            return f"at any task whose agent is less than {share(spec.below)} sure, or whose work the manager doubts"
        case CheckpointGateSpec():
            places = [task for place, task in enumerate(house.tasks, 1) if place % spec.every == 0]
            return f"at every {spec.every}. task: {', '.join(places) or 'none of this crew'}"
        case BudgetGateSpec():
            calls = [] if spec.model_calls is None else [count(spec.model_calls, "model call")]
            return f"after {' or '.join([*calls, *([] if spec.usd is None else [money(spec.usd)])]) or 'no limit'}"
        case _:
            return "before anything leaves that nobody has approved"


def _way(name: str, spec: ConnectorSpec, doings: tuple[Doing, ...]) -> Way:
    rule = spec.approved_by_rule
    said = "" if rule is None else f"{rule.by}: {rule.because}"
    return Way(name, spec.kind, said, tuple(doing.name for doing in doings if name in dict(doing.sends)))
