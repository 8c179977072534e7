"""New crews and agents from templates: what is there stays as it is, comments and all."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from crewdesk.configuration.entries import with_entry
from crewdesk.configuration.files import list_crews, shown
from crewdesk.configuration.kinds import AGENTS, CREW_KINDS, GATES, TASKS
from crewdesk.configuration.problems import did_you_mean
from crewdesk.configuration.writing import write_all
from crewdesk.errors import NotFound, WrongUsage

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_NAME = 40


def new_crew(config: Path, name: str) -> list[Path]:
    """Write a small crew that works, and its gate; return what was written or changed.

    Raises `WrongUsage` where the name is no name or taken, `ConfigurationProblems` where gates.yaml
    is broken; then nothing is written.
    """
    _refuse_bad(name, "crew")
    folder = config / "crews" / name
    if any(folder.glob("*")):
        raise WrongUsage(f"There is a crew {name!r} already, in {shown(folder, config=config)}.")
    gates = config / GATES.file
    changed = with_entry(gates, GATES, _template("gate.yaml", {"name": name}), config=config, under="gates")
    fresh = {folder / kind.file: _template(kind.file, {"name": name}) for kind in CREW_KINDS}
    return write_all(fresh, changed={gates: changed})


def new_agent(config: Path, crew: str, name: str) -> list[Path]:
    """Add an agent to a crew and, since nobody is there for nothing, a first task for it; return what was changed.

    Raises as `new_crew` does, and `NotFound` where there is no such crew.
    """
    _refuse_bad(name, "agent")
    crews = list_crews(config)
    if crew not in crews:
        raise NotFound(f"There is no crew {crew!r}{did_you_mean(crew, crews, none='there are none yet')}")
    words = {"name": name, "role": name.replace("_", " ").capitalize()}
    folder = config / "crews" / crew
    additions = ((AGENTS, "agent.yaml"), (TASKS, "task.yaml"))
    changed = {
        folder / kind.file: with_entry(folder / kind.file, kind, _template(template, words), config=config)
        for kind, template in additions
    }
    return write_all({}, changed=changed)


def new_tool(name: str, package: Path) -> list[Path]:
    """Write a tool that counts words, to be made into another one; it needs a line in the table of `crewdesk.tools`.

    `package` is the folder of that room. Raises `WrongUsage` where the name is no name or taken.
    """
    _refuse_bad(name, "tool")
    words = {"name": name, "class": name.title().replace("_", "")}
    path = package / f"{name}.py"
    if path.exists():
        raise WrongUsage(f"There is a file {path.name} already in {package.name}/.")
    return write_all({path: _template("tool.py.txt", words)})


def _refuse_bad(name: str, noun: str) -> None:
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or keyword.iskeyword(name):
        hint = f"Use small letters, digits and single _, as in fact_checker; {LONGEST_NAME} at most."
        raise WrongUsage(f"{name!r} is no name for {'an' if noun == 'agent' else 'a'} {noun}.", hint=hint)


def _template(file: str, words: Mapping[str, str]) -> str:
    text = (resources.files("crewdesk.configuration") / "templates" / file).read_text(encoding="utf-8")
    return re.sub(r"__([a-z]+?)__", lambda found: words.get(found.group(1), found.group()), text)
