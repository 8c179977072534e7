"""DBOS only carries runs about and is never inside one; no model and no tool is reached but through the door."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from crewai.events import crewai_event_bus
from crewai.events.types.llm_events import LLMCallStartedEvent
from crewai.events.types.tool_usage_events import ToolUsageStartedEvent

from crewdesk.domain.canonical import canonical
from crewdesk.domain.models import ModelAnswer
from crewdesk.engine.door_model import CHAT_KEYS, DoorModel, Seat
from crewdesk.facade import Desk
from crewdesk.handles import Run
from support.homes import ROOT, lay_out_small

SOURCE = ROOT / "src" / "crewdesk"
MODULES = sorted(SOURCE.rglob("*.py"))
STEPS = {"step", "run_step", "run_step_async", "transaction", "reserve_step", "write_stream", "recv", "recv_async"}
INTO_A_RUN = {"advance_run", "fail_run"}
ABOUT_RUNS = {"find_run", "office", "take_over", "turns"}
"""Modules of desk that look runs up or hand them about, and start nothing inside one."""
INSIDE = ("desk", "engine", "store", "domain", "ports", "models", "tools", "connectors", "knowledge", "crews")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """List what a module imports, at its top or later: the module, and the name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def test_nothing_is_a_step_of_dbos() -> None:
    """It numbers steps by call order, and crews call from threads: resumed runs would swap answers."""
    steps = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in MODULES
        if any(module.partition(".")[0] == "dbos" for module, _ in imports(path))
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr in STEPS) or (isinstance(node, ast.Name) and node.id in STEPS)
    ]

    assert steps == []


def test_only_durable_imports_dbos_even_late() -> None:
    users = {
        path.relative_to(SOURCE).parts[0]
        for path in MODULES
        if any(module.partition(".")[0] == "dbos" for module, _ in imports(path))
    }

    assert users == {"durable"}


def test_what_runs_inside_a_run_never_loads_dbos() -> None:
    names = [
        ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        for path in MODULES
        if path.relative_to(SOURCE).parts[0] in INSIDE and path.name != "__init__.py" and "migrations" not in path.parts
    ]
    code = f"import importlib, sys; [importlib.import_module(name) for name in {names!r}]; print('dbos' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert len(names) > 60
    assert done.stdout.split()[-1] == "False"


def test_workers_go_into_a_run_by_one_way_only() -> None:
    found = [pair for path in (SOURCE / "durable").glob("*.py") for pair in imports(path)]
    rooms = {module.split(".")[1] for module, _ in found if module.startswith("crewdesk.")}
    desk = [(module.split(".")[2], name) for module, name in found if module.startswith("crewdesk.desk.")]

    assert rooms <= {"desk", "domain", "durable", "errors", "ports", "store", "settings"}
    assert {name for module, name in desk if module == "advance_run"} == INTO_A_RUN
    assert {module for module, _ in desk} <= {"advance_run", *ABOUT_RUNS}


# --- every effect has its row ---


class Seen:
    """What CrewAI said it was doing."""

    def __init__(self) -> None:
        self.chats: list[str] = []
        self.tools: Counter[str] = Counter()


@contextmanager
def listening() -> Iterator[Seen]:
    """Hear of every model and tool call that CrewAI makes meanwhile."""
    seen = Seen()
    with crewai_event_bus.scoped_handlers():

        @crewai_event_bus.on(LLMCallStartedEvent)
        def asked(_: Any, event: LLMCallStartedEvent) -> None:
            seen.chats.append(chat(cast("Any", event.messages)))

        @crewai_event_bus.on(ToolUsageStartedEvent)
        def used(_: Any, event: ToolUsageStartedEvent) -> None:
            seen.tools[event.tool_name] += 1

        yield seen
        crewai_event_bus.flush()


def chat(messages: Any) -> str:
    """Spell how a chat begins; CrewAI goes on writing to the list that it tells of."""
    if isinstance(messages, str):
        messages = [{"role": "user", "content": messages}]
    known = [{key: value for key, value in message.items() if key in CHAT_KEYS} for message in messages[:2]]
    return canonical(json.loads(json.dumps(known, default=str)))


def journaled(run: Run) -> Counter[str]:
    """Count the model calls in a run's journal by their chats."""
    effects = [effect for effect in run.dossier().effects if effect.kind == "model"]
    return Counter(chat(cast("Any", effect.request)["messages"]) for effect in effects)


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return Desk(lay_out_small(tmp_path / "home"))


def test_every_model_and_tool_call_of_a_whole_run_has_its_row(desk: Desk) -> None:
    with listening() as seen:
        run = desk.start("content", topic="human gates")
        assert run.status == "waiting", run.error

    assert len(seen.chats) > 8
    assert Counter(seen.chats) == journaled(run)
    tools = Counter(effect.name for effect in run.dossier().effects if effect.kind == "tool")
    assert seen.tools == tools
    assert sum(tools.values()) > 3


def test_every_call_of_a_revision_a_resumption_and_a_fork_has_its_row(desk: Desk) -> None:
    with listening() as seen:
        run = desk.start("content", topic="human gates")
        run.gates[0].revise("shorter", by="editor")
        run = desk.resume(run.id)
        run.gates[0].approve(by="editor")
        run = desk.resume(run.id)
        assert run.status == "done", run.error
        child = desk.resume(desk.fork(run.id, from_task="optimise").id)
        assert child.status == "waiting", child.error

    assert set(seen.chats) == set(journaled(run)) | set(journaled(child))


def test_a_call_past_the_door_would_be_seen(desk: Desk) -> None:
    with listening() as seen:
        run = desk.start("content", topic="human gates")
        sly = DoorModel.at(Seat("", ""), model="sly", ask=lambda _: ModelAnswer("psst"), window=1000)
        sly.call("Psst.")

    assert Counter(seen.chats) - journaled(run) == Counter({chat("Psst."): 1})
