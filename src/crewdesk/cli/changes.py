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
    gate: Gate, artifact: Artifact, changes: tuple[str, ...], path: Path | None, left_out: str | None
) -> JsonObject:
    """Return the body with its changes; `WrongUsage` where they cannot be read."""
    if changes or left_out is not None:
        return _pruned(artifact, left_out) | dict(_change(change, artifact.body) for change in changes)
    from crewdesk.terminal.edit_text import from_text, to_text
    from crewdesk.terminal.editor import edit, scratch

    if path is None:
        text = edit(to_text(artifact.body), editor=settings().editor, keep=scratch(gate.id))
        return from_text(text, artifact.body)
    text = _read(path)
    if path.suffix == ".json":
        return json.loads(text)
    return from_text(text, artifact.body) if text.startswith("---\n") else artifact.body | {"body": text}


def _pruned(artifact: Artifact, left_out: str | None) -> JsonObject:
    from crewdesk.terminal.prune import is_review, leave_out

    if left_out is None:
        return artifact.body
    if not is_review(artifact):
        raise WrongUsage("--leave-out is for reviews.", hint="Use --set, --file or your editor.")
    return leave_out(artifact.body, left_out)


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
