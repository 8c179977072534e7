"""A gate as it looks at a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.gate_times import spoken, when_due
from crewdesk.domain.gates import Gate, approvers, marked
from crewdesk.domain.notices import who_may
from crewdesk.domain.text.visible import in_one_line, visible
from crewdesk.terminal.mail import show_mail
from crewdesk.terminal.review import show_review

FIRST_LINES = 12
LONG = "body"
FIRST_FIELDS = ("title", "slug", "description", "keywords", "links")
FOOTNOTES = re.compile(r"(?:\[\^[^\]\s]+\])+")


def show_gate(
    console: Console,
    gate: Gate,
    artifact: Artifact | None,
    *,
    cost: str = "",
    ways: str = "",
    whole: bool = False,
    now: str = "",
) -> None:
    """Show what a person decides about: the text, its package, what speaks for and against it, who may and until when.

    What is overdue is marked where `now` is given.
    """
    body = {} if artifact is None else artifact.body
    title = str(body.get("title") or body.get("topic") or gate.task or gate.kind)
    console.print()
    console.print(Rule(Text(in_one_line(title), style="bold"), align="left", style="dim"))
    own = show_review(artifact, whole=whole) or show_mail(artifact, whole=whole)
    if own is not None:
        console.print(Padding(own, (1, 2)))
    elif artifact is not None:
        console.print(Padding(_text(body, whole=whole), (1, 2)))
        console.print(_fields(body))
    console.print(_facts(gate, artifact, {"goes to": ways, "cost": cost}, now))


def show_flagged(console: Console, gate: Gate) -> None:
    """Show each statement that was flagged, and each source that is cited."""
    evidence = cast("dict[str, Any]", gate.card.get("evidence") or {})
    for claim in evidence.get("flagged", []):
        flags = ", ".join(": ".join(filter(None, (flag["kind"], flag["text"]))) for flag in claim["flags"])
        console.print(f"  line {claim['line']}: {claim['sentence']}", style="yellow", highlight=False)
        console.print(f"      {flags}", style="dim", highlight=False)
    if not evidence.get("flagged"):
        console.print("  Nothing is flagged.", style="dim")


def show_sources(console: Console, artifact: Artifact | None) -> None:
    """Show the sources an artifact names."""
    sources = [] if artifact is None else cast("list[dict[str, Any]]", artifact.body.get("sources") or [])
    for source in sources:
        console.print(f"  [{source['id']}] {source['title']}", highlight=False, markup=False)
        where = " ".join(str(source[name]) for name in ("location", "source", "date") if source.get(name))
        console.print(f"      {where}", style="dim", highlight=False, markup=False)
    if not sources:
        console.print("  No sources are named.", style="dim")


def _text(body: JsonObject, *, whole: bool) -> RenderableType:
    text = body.get(LONG) or body.get("text") or body.get("summary") or body.get("angle") or ""
    lines = FOOTNOTES.sub("", visible(str(text))).splitlines()
    if whole or len(lines) <= FIRST_LINES:
        return Markdown("\n".join(lines))
    note = Text(f"({FIRST_LINES} of {len(lines)} lines, v or --all for all)", style="dim")
    return Group(Markdown("\n".join(lines[:FIRST_LINES])), note)


def _fields(body: JsonObject) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    names = [name for name in FIRST_FIELDS if name in body]
    names += [name for name in body if name not in (*FIRST_FIELDS, LONG, "text", "sources")]
    for name in names:
        table.add_row(f"  {name.replace('_', ' ')}", Text(visible(_spelled(body[name]))))
    return table


def _spelled(value: Json) -> str:
    match value:
        case list():
            return "\n".join(_spelled(item) for item in value) or "none"
        case dict():
            return " · ".join(_spelled(item) for item in value.values())
        case str() if len(value) <= 200:  # noqa: PLR2004 - about two lines
            return f"{value}  ({len(value)} characters)" if len(value) > 40 else value  # noqa: PLR2004 - a glance
        case _:
            return str(value)


def _facts(gate: Gate, artifact: Artifact | None, known: Mapping[str, str], now: str) -> Table:
    card = gate.card
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    rows: list[tuple[str, str]] = [("question", gate.question), ("why asked", gate.reason)]
    evidence = card.get("evidence")
    if isinstance(evidence, dict):
        rows.append(("evidence", str(evidence.get("summary", ""))))
    for name in ("noticed", "problems", "house"):  # doubts stand in the reason
        found = card.get(name)
        if isinstance(found, list) and found:
            rows.append((name, "\n".join(str(item) for item in found)))
    rows += [(name, said) for name, said in known.items() if said]
    if artifact is not None:
        rows.append(("version", f"v{artifact.version} by {artifact.author} · sha {artifact.sha[:12]}"))
    for name, value in [*rows, *_terms(gate, now)]:
        table.add_row(f"  {name}", Text(visible(value)))
    return table


def _terms(gate: Gate, now: str) -> list[tuple[str, str]]:
    """Say who may decide and until when, as far as there is anything to say."""
    rows: list[tuple[str, str]] = []
    if gate.people:
        rows.append(("may decide", who_may(gate)))
    if gate.needs > 1:
        names = marked(gate, approvers(gate, gate.sha))
        rows.append(("approved", f"{len(names)} of {gate.needs}{': ' + ', '.join(names) if names else ''}"))
    if gate.due is not None:
        rows.append(("due", f"{when_due(gate, now) if now else spoken(gate.due)} UTC"))
    if gate.expires is not None:
        rows.append(("expires", f"{spoken(gate.expires)} UTC, and the run with it"))
    if gate.status in ("expired", "closed"):
        rows.append((gate.status, gate.words))
    return rows


def diff(before: str, after: str) -> str:
    """Show what an edit changed, as a unified diff."""
    import difflib

    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "before", "after", n=1, lineterm="")
    return "\n".join(lines)
