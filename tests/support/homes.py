"""Homes for tests: the shipped configuration on a few of the shipped sources, so that a run takes half a second."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ("where-people-belong.md", "journal-and-replay.md", "gates-fail-closed.md")


def lay_out_small(home: Path, *, sources: tuple[str, ...] = SOURCES) -> Path:
    """Lay a home out."""
    shutil.copytree(ROOT / "config", home / "config")
    for folder in ("house", "feeds", "outreach"):
        shutil.copytree(ROOT / "knowledge" / folder, home / "knowledge" / folder)
    (home / "knowledge" / "content").mkdir()
    for name in sources:
        shutil.copy(ROOT / "knowledge" / "content" / name, home / "knowledge" / "content")
    return home


def use_server(home: Path, base_url: str, **changes: object) -> None:
    """Point every tier of a home at one OpenAI-compatible server."""
    model: dict[str, object] = {
        "model": "openai/gpt-4o-mini",
        "base_url": base_url,
        "api_key_env": "TEST_SERVER_API_KEY",
        "window": 200_000,
    }
    models = {
        "default": "server",
        "models": {"it": model | changes},
        "profiles": {"server": {"description": "A server of this test.", "worker": "it"}},
    }
    (home / "config" / "models.yaml").write_text(json.dumps(models), "utf-8")
    (home / ".env").write_text("TEST_SERVER_API_KEY=sk-canary-0123456789abcdef\n", "utf-8")
