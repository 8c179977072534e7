from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from aimock_process import Aimock

from crewdesk.domain.effects import Effect
from crewdesk.facade import Desk
from support.homes import lay_out_small, use_server


def recorded(home: Path) -> list[Effect]:
    """Record the journey once, with the offline model."""
    desk = Desk(home)
    run = desk.start("content", topic="human gates")
    run.gates[0].approve(by="editor")
    run = desk.resume(run.id)
    assert run.status == "done", run.error
    return [e for e in run.dossier().effects if e.kind == "model"]


def fixtures(effects: list[Effect]) -> list[dict[str, Any]]:
    """Say the same answers to the same questions, each found by how its prompt begins."""
    seen: Counter[str] = Counter()
    made: list[dict[str, Any]] = []
    for effect in effects:
        messages: list[dict[str, str]] = effect.request["messages"]  # type: ignore[assignment, index, call-overload]
        prompt = next(m["content"] for m in messages if m["role"] == "user")
        begins = prompt.strip()[:110]
        answer: dict[str, Any] = effect.answer  # type: ignore[assignment]
        calls = [{"name": c["name"], "arguments": c["arguments"]} for c in answer["tool_calls"]]
        response = {"toolCalls": calls} if calls else {"content": answer["text"]}
        made.append({"match": {"userMessage": begins, "sequenceIndex": seen[begins]}, "response": response})
        seen[begins] += 1
    return made


@pytest.mark.parametrize("stream", [False, True])
def test_the_content_crew_publishes_once_against_aimock(tmp_path: Path, aimock: Aimock, *, stream: bool) -> None:
    offline = lay_out_small(tmp_path / "offline")
    aimock.load(fixtures(recorded(offline)))
    home = lay_out_small(tmp_path / "home")
    use_server(home, aimock.base_url, stream=stream, attempts=2)

    desk = Desk(home)
    run = desk.start("content", topic="human gates")
    assert run.status == "waiting", f"{run.error} {run.record.hint}"
    sha = run.gates[0].record.sha
    run.gates[0].approve(by="editor")
    run = desk.resume(run.id)

    assert run.status == "done", f"{run.error} {run.record.hint}"
    (path,) = (home / "site" / "posts").glob("*/post.json")
    (expected,) = (offline / "site" / "posts").glob("*/post.json")
    published = json.loads(path.read_text("utf-8"))
    assert published["sha"] == sha
    assert published["body"] == json.loads(expected.read_text("utf-8"))["body"]
    assert len(aimock.journal()) == len([e for e in run.dossier().effects if e.kind == "model"])
