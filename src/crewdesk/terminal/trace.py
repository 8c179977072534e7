"""A run's journal as a tree: task by task, who asked whom what, what came back, what it took."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from rich.text import Text
from rich.tree import Tree

from crewdesk.desk.inbox import Dossier
from crewdesk.desk.left_out import left_out
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import Json, canonical
from crewdesk.domain.effects import Effect
from crewdesk.domain.gates import Gate, decided_by

GLANCE = 110
"""Characters of a request or an answer, unless all is asked for."""


def trace_tree(dossier: Dossier, *, full: bool) -> Tree:
    """Build the tree; failures stand out."""
    run = dossier.run
    root = Tree(Text(f"{run.id} {run.crew} · {run.status} · profile {run.profile}", style="bold"))
    if run.error:
        root.add(Text(f"✗ {run.error}", style="red"))
    for task in dict.fromkeys(effect.task for effect in dossier.effects):
        effects = [e for e in dossier.effects if e.task == task]
        branch = root.add(Text(f"{task or 'plan'}  {_sum(effects)}"))
        for effect in effects:
            _add_effect(branch, effect, full=full)
        _add_people(branch, dossier, task)
    for task, why in left_out(run.spec, dossier.artifacts).items():
        root.add(Text(f"– {task} left out: {why}", style="dim"))
    for action in dossier.actions:
        where = action.error if action.receipt is None else action.receipt.location
        root.add(Text(f"→ {action.connector} {action.status}  {where}", style="green" if action.receipt else "red"))
    return root


def _add_effect(branch: Tree, effect: Effect, *, full: bool) -> None:
    sign, style = {"answered": ("✓", ""), "failed": ("✗", "red")}.get(effect.outcome or "", ("…", "yellow"))
    who = (
        f"{effect.agent} {effect.purpose} → {effect.name}"
        if effect.kind == "model"
        else f"{effect.agent} uses {effect.name}"
    )
    tries = f" · {effect.attempts} tries" if effect.attempts > 1 else ""
    node = branch.add(Text(f"{sign} {who}  {_took(effect)}{tries}", style=style))
    node.add(Text(f"asked    {_cut(_asked(effect, full=full), full=full)}", style="dim"))
    answer = effect.error if effect.outcome == "failed" else _answered(effect.answer)
    node.add(Text(f"answered {_cut(answer, full=full)}", style="red" if effect.outcome == "failed" else "dim"))


def _add_people(branch: Tree, dossier: Dossier, task: str) -> None:
    for artifact in (a for a in dossier.artifacts if a.task == task):
        branch.add(Text(f"v{artifact.version} by {artifact.author} · {artifact.status} · sha {artifact.sha[:12]}"))
    for gate in (g for g in dossier.gates if g.task == task):
        said = f"{gate.verb} by {decided_by(gate)} {gate.words}" if gate.verb else f"{gate.status} {gate.words}"
        style = "yellow" if gate.verb is None else "green"
        node = branch.add(Text(f"● gate {gate.id} {gate.kind}: {said}".rstrip(), style=style))
        for entry in (e for e in dossier.audit if e.subject == gate.id and _is_part_of(gate, e)):
            node.add(Text(f"{entry.what} by {entry.who} {entry.words}".rstrip(), style="dim"))


def _is_part_of(gate: Gate, entry: AuditEntry) -> bool:
    """Say whether an entry tells what the gate itself does not show any more."""
    return entry.what in ("delegate", "not told") or (entry.what == "approve" and gate.needs > 1)


def _sum(effects: Sequence[Effect]) -> str:
    reused = sum(e.source == "reused" for e in effects)
    if reused:
        return f"{reused} calls reused · {_sum([e for e in effects if e.source == 'own'])}"
    models = [e for e in effects if e.kind == "model"]
    tokens = _total(e.usage.prompt_tokens for e in models) + _total(e.usage.completion_tokens for e in models)
    seconds = sum(e.milliseconds or 0 for e in effects) / 1000
    return f"{len(models)} model calls · {len(effects) - len(models)} tool calls · {tokens} tokens · {seconds:.1f} s"


def _took(effect: Effect) -> str:
    if effect.source == "reused":
        return "reused, at no cost"
    tokens = ""
    if effect.usage.prompt_tokens is not None:
        tokens = f"{effect.usage.prompt_tokens} + {effect.usage.completion_tokens} tokens · "
    return f"{tokens}{effect.milliseconds if effect.milliseconds is not None else '?'} ms"


def _asked(effect: Effect, *, full: bool) -> str:
    match effect.request:
        case {"messages": [*_, {"content": str(last)}] as messages} if effect.kind == "model":
            return json.dumps(messages, ensure_ascii=False, indent=1) if full else last
        case other:
            return canonical(other)


def _answered(answer: Json) -> str:
    match answer:
        case {"text": str(text), "tool_calls": []}:
            return text
        case {"tool_calls": list(calls)}:
            return ", ".join(f"{c['name']}({c['arguments']})" for c in calls if isinstance(c, dict))
        case other:
            return canonical(other)


def _cut(text: str, *, full: bool) -> str:
    if full:
        return text
    line = " ".join(text.split())
    return line if len(line) <= GLANCE else f"{line[:GLANCE]}…"


def _total(values: Iterable[int | None]) -> int:
    return sum(value or 0 for value in values)
