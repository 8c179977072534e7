"""A changed version of what a gate shows: from --set, from a file, or from the editor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crewdesk.cli.common import settings
from crewdesk.errors import WrongUsage

if TYPE_CHECKING:
    from crewdesk.domain.artifacts import Artifact
    from crewdesk.domain.canonical import JsonObject
    from crewdesk.domain.gates import Gate


def changed(
    gate: Gate,
    artifact: Artifact,
    changes: tuple[str, ...],
    path: Path | None,
    left_out: str | None,
    *,
    other: bool = False,
) -> JsonObject:
    """Return the body with its changes; `WrongUsage` where they cannot be read."""
    from crewdesk.terminal.edit_text import from_file, from_text, other_way, to_text

    if other or changes or left_out is not None:
        body = other_way(artifact) if other else artifact.body
        return _pruned(artifact, body, left_out) | dict(_change(change, artifact.body) for change in changes)
    if path is None:
        from crewdesk.terminal.editor import edit, scratch

        return from_text(edit(to_text(artifact), editor=settings().editor, keep=scratch(gate.id)), artifact)
    text = _read(path)
    return json.loads(text) if path.suffix == ".json" else from_file(text, artifact)


def _pruned(artifact: Artifact, body: JsonObject, left_out: str | None) -> JsonObject:
    from crewdesk.terminal.prune import can_be_pruned, leave_out

    if left_out is None:
        return body
    if not can_be_pruned(artifact):
        raise WrongUsage("--leave-out is for reviews and for a mail's needs.", hint="Use --set, --file or your editor.")
    return leave_out(body, left_out)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(f"{path} cannot be read as UTF-8 text: {error}.", hint="Nothing was changed.") from error


def _change(change: str, body: JsonObject) -> tuple[str, Any]:
    name, equals, value = change.partition("=")
    if not equals or name not in body:
        raise WrongUsage(f"--set {change!r} is not FIELD=VALUE.", hint=f"Fields are: {', '.join(body)}.")
    return name, value if isinstance(body[name], str) else _as_json(name, value)


def _as_json(name: str, value: str) -> Any:  # noqa: ANN401 - whatever the schema then checks
    try:
        return json.loads(value)
    except ValueError:
        raise WrongUsage(
            f"{name} is no text: write its value as JSON.", hint=f"""As in: --set '{name}=["a", "b"]'"""
        ) from None
