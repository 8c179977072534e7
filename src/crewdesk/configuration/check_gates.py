"""Gates against the crews: each flagged task has its question, and the house has the gates it cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from crewdesk.configuration.files import CrewFiles
from crewdesk.configuration.problems import Problem, did_you_mean
from crewdesk.configuration.variables import check_variable
from crewdesk.configuration.yaml_source import Source
from crewdesk.domain.durations import seconds
from crewdesk.domain.gate_specs import BudgetGateSpec, FlaggedGateSpec, GateSpec, GatesSpec
from crewdesk.domain.people import person

# Without these two a crew could be unsure, or something could leave, and nobody would be asked.
NEEDED = {
    "doubt": "an agent that is not sure must be able to ask",
    "action": "nothing may leave unseen",
}
ONCE = ("doubt", "action", "checkpoint", "budget")
LONGEST = "520w"
"""Ten years."""


def check_gates(files: CrewFiles) -> Iterator[Problem]:
    """Find gates that lead nowhere, that are missing, or that are there twice."""
    source = files.gates.source
    if files.gates.spec is not None:
        yield from _told(files, files.gates.spec)
    for name, gate in (files.gates.spec.gates if files.gates.spec else {}).items():
        yield from _timed(source, name, gate)
        yield from _decided(source, name, gate)
        if isinstance(gate, FlaggedGateSpec):
            yield from _flagged(files, name, gate)
        if isinstance(gate, BudgetGateSpec) and gate.usd is None and gate.model_calls is None:
            hint = "Set 'usd' or 'model_calls', or delete the gate."
            yield source.problem(f"gate {name!r} has no limit", "gates", name, hint=hint)
    if files.gates.readable:
        yield from _one_of_each(files)
        yield from _unasked(files)


def _told(files: CrewFiles, spec: GatesSpec) -> Iterator[Problem]:
    source, people = files.gates.source, None if files.people is None else files.people.spec
    if spec.notify is not None:
        example = "CREWDESK_NOTIFY_URLS"
        yield from check_variable(source, "'notify'", spec.notify.url_env, "notify", "url_env", example=example)
    somewhere = people is not None and any(somebody.notify_env for somebody in people.people.values())
    for name, gate in spec.gates.items():
        path = ("gates", name, "remind")
        if gate.remind is not None and not somewhere and "notify" not in source.names():
            hint = "Add 'notify: {url_env: CREWDESK_NOTIFY_URLS}' at the top level, or delete 'remind'."
            sentence = f"gate {name!r} has 'remind', and there is no 'notify' that says where"
            yield source.problem(sentence, *path, hint=hint)
        elif gate.remind is not None and not (spec.tells("reminder") or spec.tells("overdue")):
            hint = "Add reminder or overdue to 'of' of 'notify', or delete 'remind'."
            yield source.problem(f"gate {name!r} has 'remind', and 'notify' leaves reminders out", *path, hint=hint)


def _timed(source: Source, name: str, gate: GateSpec) -> Iterator[Problem]:
    lengths = {"due": gate.due, "remind": gate.remind, "expire": gate.expire}
    given = {key: text for key, text in lengths.items() if text is not None}
    for key, text in given.items():
        if not 0 < seconds(text) <= seconds(LONGEST):
            sentence = f"{key!r} of gate {name!r} must be more than nothing and at most ten years, and is {text!r}"
            yield source.problem(sentence, "gates", name, key)
    expire = given.pop("expire", "")
    for key, text in given.items():
        if expire and seconds(text) >= seconds(expire):
            hint = f"Make 'expire' longer than {key!r}, or delete one of them."
            sentence = f"gate {name!r} expires after {expire}, and so never comes to its {key!r} after {text}"
            yield source.problem(sentence, "gates", name, "expire", hint=hint)


def _decided(source: Source, name: str, gate: GateSpec) -> Iterator[Problem]:
    path = ("gates", name, "people")
    if source.at(*path) == []:
        yield source.problem(f"gate {name!r} names no people", *path, hint="Delete 'people' if anybody may decide.")
    different = {person(one) for one in gate.people}
    for n, one in enumerate(gate.people):
        if not person(one):
            yield source.problem(f"item {n + 1} of 'people' of gate {name!r} is no name", *path, n)
    if gate.people and len(different) < gate.approvals:
        hint = "Name more people, or ask for fewer approvals."
        sentence = f"gate {name!r} needs {gate.approvals} different people, and 'people' names {len(different)}"
        yield source.problem(sentence, "gates", name, "approvals", hint=hint)


def _flagged(files: CrewFiles, name: str, gate: FlaggedGateSpec) -> Iterator[Problem]:
    source, path = files.gates.source, ("gates", name)
    if gate.crew not in (files.name, *files.crews):
        near = did_you_mean(gate.crew, files.crews, none="there are no crews yet")
        yield source.problem(f"crew {gate.crew!r} of gate {name!r} is not under config/crews{near}", *path, "crew")
    if gate.crew != files.name or not files.tasks.readable:
        return
    if files.tasks.lacks(gate.task):
        near = did_you_mean(gate.task, files.tasks.source.names())
        yield source.problem(
            f"task {gate.task!r} of gate {name!r} is no task of crew {gate.crew!r}{near}", *path, "task"
        )
        return
    if files.tasks.source.at(gate.task, "human_input") is not True:
        hint = f"Add 'human_input: true' to it in {files.tasks.source.file}, or delete the gate."
        sentence = f"gate {name!r} waits for task {gate.task!r}, which does not have 'human_input: true'"
        yield source.problem(sentence, *path, "task", hint=hint)
    yield from _revised(files, name, gate)


def _revised(files: CrewFiles, name: str, gate: FlaggedGateSpec) -> Iterator[Problem]:
    order = files.tasks.source.names()
    for n, task in enumerate(gate.revise):
        path = ("gates", name, "revise", n)
        if task not in order:
            sentence = f"revise {task!r} of gate {name!r} is no task of crew {gate.crew!r}{did_you_mean(task, order)}"
            yield files.gates.source.problem(sentence, *path)
        elif order.index(task) > order.index(gate.task):
            sentence = f"revise {task!r} of gate {name!r} comes after {gate.task!r}, where the gate stands"
            yield files.gates.source.problem(sentence, *path)


def _one_of_each(files: CrewFiles) -> Iterator[Problem]:
    source = files.gates.source
    for kind in ONCE:
        found = [name for name in source.names("gates") if source.at("gates", name, "kind") == kind]
        for name in found[1:]:
            sentence = f"gate {name!r} is a second gate of kind {kind!r}; {found[0]!r} is one already"
            yield source.problem(sentence, "gates", name, hint="Keep one of them.")
        if not found and kind in NEEDED:
            sentence = f"there is no gate of kind {kind!r}, and {NEEDED[kind]}"
            yield source.problem(sentence, "gates", hint=f"Add one with 'kind: {kind}' and a question.")


def _unasked(files: CrewFiles) -> Iterator[Problem]:
    # There is no question by default: what people and models are asked stands in YAML alone.
    gates, tasks = files.gates.source, files.tasks.source
    asked: dict[str, str] = {}
    for name in gates.names("gates"):
        task = gates.word("gates", name, "task")
        if gates.word("gates", name, "kind") != "flagged" or gates.word("gates", name, "crew") != files.name:
            continue
        if task in asked:
            sentence = f"gate {name!r} asks about task {task!r}, and so does gate {asked[task]!r}"
            yield gates.problem(sentence, "gates", name, hint="Keep one of them.")
        asked.setdefault(task, name)
    if any(files.tasks.lacks(task) for task in asked):
        return  # a misspelt task has a problem of its own
    for task in tasks.names():
        if tasks.at(task, "human_input") is True and task not in asked:
            sentence = f"task {task!r} stops for a person, and no gate says what to ask"
            yield tasks.problem(sentence, task, "human_input", hint=_gate_to_add(files.name, task))


def _gate_to_add(crew: str, task: str) -> str:
    return f"Add a gate to gates.yaml with 'kind: flagged', 'crew: {crew}', 'task: {task}' and a question."
