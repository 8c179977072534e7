"""Whatever opens a connection in a run's name tells the ledger, or has a reason not to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import crewdesk

SOURCE = Path(crewdesk.__file__).parent
OUTSIDE = ("httpx", "imapclient", "smtplib", "hubspot", "litellm", "urllib.request", "http.client", "requests")
"""Whatever in a room that runs use imports one of these can reach a host."""
ROOMS = ("models", "tools", "connectors", "code", "crews", "engine", "knowledge")
QUIET = {"connectors/notice.py": "says that a gate waits, never what a text says; a worker does so in nobody's name"}
"""What reaches out and need not tell."""


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """List what a module imports when it runs, not what only its types need."""
    for node in ast.walk(_Running().visit(tree(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


class _Running(ast.NodeTransformer):
    def visit_If(self, node: ast.If) -> ast.If | None:
        return None if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING" else node


def reaches_out(path: Path) -> bool:
    return any(name == one or name.startswith(f"{one}.") for name in imports(path) for one in OUTSIDE)


def tells(path: Path) -> bool:
    calls = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return any(isinstance(called, ast.Name) and called.id == "leaves" for called in calls)


REACHING = sorted(
    path.relative_to(SOURCE).as_posix() for room in ROOMS for path in (SOURCE / room).rglob("*.py") if reaches_out(path)
)


def test_there_is_something_to_look_at() -> None:
    assert {"tools/fetch.py", "models/litellm_client.py", "connectors/forge/github_api.py"} <= set(REACHING)


@pytest.mark.parametrize("module", [name for name in REACHING if name not in QUIET])
def test_what_reaches_out_tells_the_ledger(module: str) -> None:
    assert tells(SOURCE / module), f"{module} imports a client and never calls ports.leaving.leaves"


def test_who_need_not_tell_is_still_there() -> None:
    assert [name for name in QUIET if name not in REACHING] == []
