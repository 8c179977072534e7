"""Run each way of doing the job in a process of its own against one server, and count what the server saw."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.job import TASKS
from crewdesk.models.server import ChatServer, Exchange
from crewdesk.settings import Settings

FIRST_TOKEN_S = 0.2
PER_TOKEN_S = 0.005
ROOT = Path(__file__).parent.parent
PEERS_PYTHON = Path(__file__).parent / ".venv" / "bin" / "python"
PEERS = ("langgraph>=1", "langgraph-supervisor", "langchain", "langchain-openai", "openai-agents>=0.3")
QUIET = {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "CREWAI_DISABLE_VERSION_CHECK": "true",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LANGSMITH_TRACING": "false",
    "OPENAI_AGENTS_DISABLE_TRACING": "1",
    "PYTHONWARNINGS": "ignore",
}


@dataclass(frozen=True)
class Way:
    """One way of doing the job: what it is called, how it is started, what it needs to import."""

    title: str
    module: str
    needs: str
    arguments: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ("chain", "fork")


WAYS = {
    "crewai_sequential": Way("CrewAI sequential (no review)", "bench.run_crewai", "crewai", ("sequential",)),
    "crewai_async": Way(
        "CrewAI sequential, async by hand", "bench.run_crewai", "crewai", ("async",), scenarios=("fork",)
    ),
    "crewai_hierarchical": Way("CrewAI hierarchical", "bench.run_crewai", "crewai", ("hierarchical",)),
    "langgraph_supervisor": Way("LangGraph supervisor", "bench.run_langgraph", "langgraph_supervisor"),
    "openai_agents": Way("OpenAI Agents SDK, agents as tools", "bench.run_openai_agents", "agents"),
    "crewdesk": Way("Crewdesk (reviews every task)", "bench.run_crewdesk", "crewdesk"),
}


@dataclass(frozen=True)
class Measured:
    """What one way took; `problem` says why there is nothing to show."""

    way: str
    scenario: str
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    wall: float = 0
    delivered: int = 0
    """How many of the four outputs came back as they were written."""
    most_at_once: int = 0
    problem: str = ""


def measure(name: str, scenario: str, server: ChatServer) -> Measured:
    """Run one way of doing the job and count."""
    way = WAYS[name]
    python = _python_with(way.needs)
    if python is None:
        return Measured(name, scenario, problem="not installed")
    server.forget()
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-m", way.module, *way.arguments, server.base_url, scenario, folder]
        done = subprocess.run(  # noqa: S603 - our own modules
            command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False, timeout=900
        )
    if done.returncode != 0:
        return Measured(name, scenario, problem=f"failed: {(done.stderr or done.stdout).strip()[-600:]}")
    result = json.loads(done.stdout.strip().splitlines()[-1])
    return _counted(name, scenario, server.exchanges, result["wall"], result["outputs"])


def _counted(name: str, scenario: str, exchanges: list[Exchange], wall: float, outputs: list[str]) -> Measured:
    return Measured(
        name,
        scenario,
        calls=len(exchanges),
        prompt_tokens=sum(exchange.request.prompt_tokens for exchange in exchanges),
        completion_tokens=sum(exchange.completion_tokens for exchange in exchanges),
        wall=wall,
        delivered=sum(task.work == output for task, output in zip(TASKS, outputs, strict=False)),
        most_at_once=max((_under_way(exchanges, e.arrived) for e in exchanges), default=0),
    )


def _under_way(exchanges: list[Exchange], moment: float) -> int:
    return sum(exchange.arrived <= moment < exchange.finished for exchange in exchanges)


def _python_with(module: str) -> str | None:
    for python in (sys.executable, str(PEERS_PYTHON)):
        if Path(python).exists() and _imports(python, module):
            return python
    return None


def _imports(python: str, module: str) -> bool:
    find = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([python, "-c", find], cwd=ROOT, check=False).returncode == 0  # noqa: S603 - our own line


def environment(folder: str) -> dict[str, str]:
    """Make the environment of a measured process: no key, no proxy, no .env of the caller's."""
    path = Settings.from_environment().environment.get("PATH", "")
    return {"PATH": path, "HOME": folder, "CREWAI_STORAGE_DIR": f"{folder}/crewai", **QUIET}


def set_up_peers() -> None:
    """Install the peers into an environment of their own, so that they cannot quarrel with ours over versions."""
    folder = PEERS_PYTHON.parent.parent
    subprocess.run(["uv", "venv", "--python", sys.executable, "--clear", str(folder)], check=True)  # noqa: S603, S607 - uv
    subprocess.run(["uv", "pip", "install", "--python", str(PEERS_PYTHON), *PEERS], check=True)  # noqa: S603, S607 - uv


def peer_versions() -> dict[str, str]:
    """Name the versions that were measured."""
    found: dict[str, str] = {}
    names = ["crewai", "langgraph", "langgraph-supervisor", "openai-agents"]
    look = (
        "import importlib.metadata as m, json, sys\n"
        "print(json.dumps({d.name: d.version for d in m.distributions() if d.name in sys.argv[1:]}))"
    )
    for python in (str(PEERS_PYTHON), sys.executable):
        if Path(python).exists():
            done = subprocess.run([python, "-c", look, *names], capture_output=True, text=True, check=True)  # noqa: S603
            found |= json.loads(done.stdout)
    return found
