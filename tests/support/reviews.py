"""Reviews to post, and a pull request to post them on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crewdesk.connectors.files import Disk
from crewdesk.connectors.forge.forge import ForgeConnector
from crewdesk.connectors.forge.github import GithubPlace
from crewdesk.connectors.settings import GithubSettings
from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import JsonObject, digest
from support.github import TOKEN, GitHub
from support.repositories import Repo, changed

BEFORE = "def add(a, b):\n    return a + b\n\n\ndef half(a):\n    return a / 2\n"
AFTER = "def add(a, b):\n    return a - b\n\n\ndef half(a):\n    if a is None:\n        return None\n    return a / 2\n"


def calculator(folder: Path) -> Repo:
    """A repository whose branch feature brings a bug in."""
    return changed(folder, {"calc.py": BEFORE, "README.md": "# Calc\n"}, {"calc.py": AFTER})


def finding(name: str = "f1", **fields: Any) -> JsonObject:
    body: dict[str, Any] = {
        "path": "calc.py",
        "line": 2,
        "end_line": 2,
        "severity": "critical",
        "kind": "bug",
        "title": f"It subtracts ({name})",
        "explanation": "`add` gives the difference.",
        "evidence": "line 2",
        "confidence": 0.9,
        "by": "code analyst",
        "fingerprint": name,
    }
    return body | fields


def review(target: str, head: str, *findings: JsonObject, **fields: Any) -> JsonObject:
    body: dict[str, Any] = {
        "title": "Mend the sum",
        "summary": "It *adds* otherwise than before.",
        "findings": list(findings),
        "target": target,
        "name": "calc",
        "base": "0" * 40,
        "head": head,
        "head_name": "bo:feature",
    }
    return body | fields


def delivery(body: JsonObject, *, key: str = "R001:forge:review", known: str = "") -> Delivery:
    return Delivery(key, "Review", digest(body), body, known=known)


def forge(
    github: GitHub,
    folder: Path,
    *,
    keys: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = lambda _: None,
    **settings: Any,
) -> ForgeConnector:
    """The connector, logged in at this GitHub unless `keys` says otherwise."""
    held = {"GITHUB_TOKEN": TOKEN} if keys is None else keys
    place = GithubPlace(
        "forge",
        GithubSettings(git=str(github.folder), **settings),
        folder=folder,
        key=held.get,
        clock=lambda: datetime(2026, 11, 26, 9, 0, tzinfo=UTC),
        disk=Disk(),
        transport=github.transport,
        sleep=sleep,
    )
    return ForgeConnector("forge", [place])
