"""Change what a gate shows while it stays open: a person's own version, or their word for a flagged statement."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.facts import facts_of
from crewdesk.desk.office import Office
from crewdesk.domain.artifacts import Artifact, title_of
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import Json, JsonObject, digest
from crewdesk.domain.gates import Edit, Gate, Waive, Waiver, flagged
from crewdesk.errors import AlreadyDecided, DeliveryRefused, NotFound, NotValid, WrongUsage
from crewdesk.ports.records import Records


def edit_version(gate: Gate, edit: Edit, entry: AuditEntry, office: Office, records: Records) -> Gate:
    """Put a person's version in place of the one shown, with a card of its own; nobody has approved that yet."""
    if not gate.sha:
        raise WrongUsage("There is no text at this gate to edit.", hint="Approve or reject it.")
    shown = _shown(gate, records)
    body = office.checks.normalise(shown.schema, edit.body)
    _must_keep_what_is_fixed(shown, body, office)
    sha = digest(body)
    if sha == gate.sha:  # such as a second click on a button
        return gate
    if edit.base not in (None, gate.sha):
        raise AlreadyDecided(
            "Somebody changed this version while you were editing; nothing of theirs was overwritten.",
            hint="Look at what it says now, and make your changes there.",
        )
    versions = [a for a in records.artifacts.of_run(gate.run) if a.task == gate.task]
    new = replace(
        shown,
        version=versions[-1].version + 1,
        author=entry.who,
        body=body,
        sha=sha,
        created=entry.at,
        doubts=(),
        status="proposed",
    )
    card = card_of(gate, new.schema, body, office, records)
    changed = replace(gate, sha=sha, card=card, approvals=(), title=title_of(body))
    records.artifacts.put(new)
    records.gates.put(changed)
    records.audit.add(replace(entry, what="edit", sha=sha, words=f"version {new.version}"))
    return changed


def _must_keep_what_is_fixed(shown: Artifact, body: JsonObject, office: Office) -> None:
    """Raise `NotValid` where an edit would send the work elsewhere, or say that it is about something else."""
    fields = office.checks.schema(shown.schema).get("properties")
    fixed = [name for name, one in (fields if isinstance(fields, dict) else {}).items() if _is_fixed(one)]
    moved = {name: "cannot be changed." for name in fixed if body.get(name) != shown.body.get(name)}
    if moved:
        raise NotValid(f"{shown.schema}: {', '.join(moved)} cannot be changed, as the work is about it.", places=moved)


def _is_fixed(field: Json) -> bool:
    return isinstance(field, dict) and field.get("fixed") is True


def card_of(gate: Gate, schema: str, body: JsonObject, office: Office, records: Records) -> JsonObject:
    """Say what a person should know of a body at this gate: what the checks find, and the guardrails' problems."""
    from crewdesk.domain.specs import HouseSpec

    run = records.runs.get(gate.run)
    if run is None:
        raise NotFound(f"There is no run {gate.run!r}.")
    facts = facts_of(run, records)
    card = office.checks.card(schema, body, facts)
    guardrails = HouseSpec.model_validate(run.spec).tasks[gate.task].guardrails
    card["problems"] = list[Json](office.checks.problems(guardrails, schema, body, facts))
    return card


def waive_statement(gate: Gate, waive: Waive, entry: AuditEntry, records: Records) -> Gate:
    """Note that a person takes a flagged statement on themselves, and why."""
    if not waive.why.strip():
        raise WrongUsage("Why may this statement stand?", hint="Say it in a sentence; it is kept with your name.")
    if waive.sentence not in flagged(gate):
        raise WrongUsage("This statement is not flagged in the version shown.", hint="Look at the page again.")
    waiver = Waiver(waive.sentence, waive.why.strip(), entry.who, entry.at)
    others = tuple(w for w in gate.waivers if w.sentence != waive.sentence)
    changed = replace(gate, waivers=(*others, waiver))
    records.gates.put(changed)
    records.audit.add(replace(entry, what="waive", sha=gate.sha, words=f"“{waive.sentence}”: {waiver.why}"))
    return changed


def must_be_what_was_shown(gate: Gate, sha: str | None) -> None:
    """Raise `AlreadyDecided` where another version than the one that was looked at waits by now."""
    if sha not in (None, gate.sha):
        raise AlreadyDecided(
            "You looked at another version than the one that waits here.", hint=f"Look again: crewdesk gates {gate.id}"
        )


def must_be_intact(gate: Gate, records: Records) -> None:
    """Raise `DeliveryRefused` where the version that a gate shows was tampered with."""
    if gate.sha:
        _shown(gate, records)


def _shown(gate: Gate, records: Records) -> Artifact:
    """Find the version a gate asks about, intact."""
    versions = [a for a in records.artifacts.of_run(gate.run) if a.task == gate.task and a.sha == gate.sha]
    if not versions or not versions[-1].intact:
        raise DeliveryRefused(
            f"The text at gate {gate.id} was changed behind the desk's back: it is not what its hash says.",
            hint="Do not approve it. Have it made anew with: crewdesk revise",
        )
    return versions[-1]
