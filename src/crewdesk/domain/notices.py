"""What people are told of gates and runs; never what these are about, for more people read a chat than may see that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from crewdesk.domain.gate_times import how_long, is_overdue, is_reached, spoken
from crewdesk.domain.gates import Gate, approvers
from crewdesk.domain.people import People, person

NoticeKind: TypeAlias = Literal["opened", "reminder", "due", "overdue", "expired", "failed"]
"""What people are told of: a gate that opened, waits still, is due, is overdue still, or has expired; a failed run."""


@dataclass(frozen=True)
class Notice:
    """One message to people, about one gate or run."""

    kind: NoticeKind | Literal["test"]
    gate: str
    run: str
    crew: str
    due: str | None
    title: str
    """The subject of a mail."""
    text: str


def notice_of(gate: Gate, kind: NoticeKind, *, crew: str, now: str, public: str = "") -> Notice:
    """Say which gate it is, what it asks, who may decide, how long it waits, and where to look.

    `public` is the address of the desk as others know it; without one the command is named.
    """
    state = _state(gate, kind, now)
    text = _over(gate, crew, now, public) if kind == "expired" else _waiting(gate, state, crew, now, public)
    return Notice(kind, gate.id, gate.run, crew, gate.due, f"{crew}: gate {gate.id} {state}", _harmless(text))


def notice_of_failure(run: str, *, crew: str, by: str, public: str = "") -> Notice:
    """Say that a run failed and where to see why; the reason may hold what others should not read."""
    started = f", started by {by}," if by else ""
    text = (
        f"Run {run} of crew {crew}{started} has failed. What was finished is kept. "
        f"See why, and try again: {_link(public, 'runs', run)}"
    )
    return Notice("failed", "", run, crew, None, f"{crew}: run {run} has failed", _harmless(text))


def trial_notice(public: str = "") -> Notice:
    """Say that this address works."""
    where = public or "crewdesk gates"
    text = f"Crewdesk can tell people here what waits for them. Nothing waits because of this message. Look: {where}"
    return Notice("test", "", "", "", None, "Crewdesk: a test", text)


def kind_of(gate: Gate, now: str) -> NoticeKind:
    """Say what there is to tell of a gate by now: of several things the one that matters most."""
    if gate.status == "expired":
        return "expired"
    if is_overdue(gate, now):
        return "overdue" if gate.told in ("due", "overdue") else "due"
    return "reminder" if gate.told else "opened"


def addressees(gate: Gate, people: People, house: str) -> tuple[str, ...]:
    """Name the variables with the addresses of those who should decide.

    Whom the gate names is told at their own address, unless they have approved already. The house is told of gates
    for anybody, and where somebody named has no address.
    """
    done = set(map(person, approvers(gate, gate.sha)))
    named = [people.find(name) for name in gate.people if person(name) not in done]
    own = ["" if somebody is None else somebody.notify_env for somebody in named]
    return _different([*own, *([house] if not all(own) or not own else [])])


def told_of_failure(starter: str, people: People, house: str) -> tuple[str, ...]:
    """Name the variables with the addresses of the house, and of whoever started the run."""
    somebody = people.find(starter)
    return _different([house, "" if somebody is None else somebody.notify_env])


def who_may(gate: Gate) -> str:
    """Name those who may decide."""
    *most, last = gate.people or ("anybody",)
    return f"{', '.join(most)} or {last}" if most else last


def _state(gate: Gate, kind: NoticeKind, now: str) -> str:
    match kind:
        case "due":
            return "is due"
        case "overdue":
            return f"is overdue by {how_long(gate.due or gate.opened, now)}"
        case "expired":
            return "has expired"
        case "opened":
            return "waits"
        case _:
            return "still waits"


def _waiting(gate: Gate, state: str, crew: str, now: str, public: str) -> str:
    so_far = f" ({len(approvers(gate, gate.sha))} of {gate.needs} have approved)" if gate.needs > 1 else ""
    until = "" if gate.due is None or is_reached(gate.due, now) else f" Due {spoken(gate.due)} UTC."
    return (
        f"Gate {gate.id} of crew {crew} {state}, open for {how_long(gate.opened, now)}: "
        f"{gate.question} To decide: {who_may(gate)}{so_far}.{until} Look: {_link(public, 'gates', gate.id)}"
    )


def _over(gate: Gate, crew: str, now: str, public: str) -> str:
    again = f"Ask again: crewdesk fork {gate.run}" if not public else f"See it: {_link(public, 'runs', gate.run)}"
    length = how_long(gate.opened, now)
    return (
        f"Gate {gate.id} of crew {crew} has expired, and run {gate.run} with it, open for {length}: {gate.question} "
        f"Nothing was approved; {who_may(gate)} could have decided. {again}"
    )


def _link(public: str, what: str, id_: str) -> str:
    return f"{public.rstrip('/')}/{what}/{id_}" if public else f"crewdesk {what} {id_}"


def _harmless(text: str) -> str:
    # A chat may take words in angle brackets for a command, such as calling everybody.
    return text.replace("<", "‹").replace(">", "›")


def _different(variables: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(variable for variable in variables if variable))
