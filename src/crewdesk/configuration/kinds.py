"""The kinds of file under config/: what each must hold, and what its parts are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeAlias, TypeVar, cast

from pydantic import JsonValue, TypeAdapter

from crewdesk.configuration.yaml_nodes import KeyPath
from crewdesk.domain.gate_specs import GatesSpec
from crewdesk.domain.model_specs import ModelsSpec
from crewdesk.domain.people_specs import PeopleSpec
from crewdesk.domain.specs import AgentSpec, ConnectorsSpec, CrewSpec, TaskSpec, ToolsSpec
from crewdesk.domain.trigger_specs import TriggersSpec

Agents: TypeAlias = "dict[str, AgentSpec]"
Tasks: TypeAlias = "dict[str, TaskSpec]"
Offline: TypeAlias = "dict[str, JsonValue]"
T = TypeVar("T")
NOUN_OF_ONE = "the "
"""A noun that starts so is the whole name: `the manager`, but `agent 'writer'`."""


@dataclass(frozen=True)
class FileKind(Generic[T]):
    """One kind of file; `nouns` name its parts by key path, with `*` for any key."""

    name: str
    shape: object
    """A pydantic model, or a mapping of them."""
    nouns: Mapping[tuple[str, ...], str]
    title: str

    @property
    def file(self) -> str:
        """Name of the file in its folder."""
        return f"{self.name}.yaml"

    def part(self, path: KeyPath) -> tuple[str, KeyPath]:
        """Return the smallest named part around a key path: its noun and its own path."""
        for n in range(len(path), 0, -1):
            for pattern, noun in self.nouns.items():
                if len(pattern) == n and all(p in ("*", key) for p, key in zip(pattern, path[:n], strict=True)):
                    return noun, path[:n]
        return self.nouns.get((), self.file), ()

    def subject(self, path: KeyPath) -> str:
        """Name what stands at a key path: `'max_iter' of agent 'writer'`."""
        noun, own = self.part(path)
        words = f"{noun} {own[-1]!r}" if own and not noun.startswith(NOUN_OF_ONE) else noun
        for key in path[len(own) :]:
            words = f"item {key + 1} of {words}" if isinstance(key, int) else f"{key!r} of {words}"
        return words

    def adapter(self) -> TypeAdapter[T]:
        """Return what validates a file of this kind."""
        return cast("TypeAdapter[T]", _adapter(self.shape))

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a file of this kind, to be read and not changed."""
        return _schema(self.shape)


MODELS = FileKind[ModelsSpec](
    "models", ModelsSpec, {("models", "*"): "model", ("profiles", "*"): "profile"}, "Models and profiles"
)
GATES = FileKind[GatesSpec]("gates", GatesSpec, {("gates", "*"): "gate"}, "When a person is asked")
CONNECTORS = FileKind[ConnectorsSpec](
    "connectors", ConnectorsSpec, {("connectors", "*"): "connector"}, "The ways out of the house"
)
TOOLS = FileKind[ToolsSpec]("tools", ToolsSpec, {("tools", "*"): "tool"}, "What agents may call")
TRIGGERS = FileKind[TriggersSpec](
    "triggers", TriggersSpec, {("triggers", "*"): "trigger"}, "What starts runs by itself"
)
PEOPLE = FileKind[PeopleSpec]("people", PeopleSpec, {("people", "*"): "person"}, "Who has a place at the desk")
CREW = FileKind[CrewSpec](
    "crew", CrewSpec, {(): "the crew", ("inputs", "*"): "input", ("manager",): "the manager"}, "A crew"
)
AGENTS = FileKind[Agents]("agents", dict[str, AgentSpec], {("*",): "agent"}, "The agents of a crew")
TASKS = FileKind[Tasks]("tasks", dict[str, TaskSpec], {("*",): "task"}, "The tasks of a crew, in order")
OFFLINE = FileKind[Offline]("offline", dict[str, JsonValue], {}, "Templates for the offline model")

HOUSE_KINDS: tuple[FileKind[Any], ...] = (MODELS, GATES, CONNECTORS, TOOLS, TRIGGERS, PEOPLE)
CREW_KINDS: tuple[FileKind[Any], ...] = (CREW, AGENTS, TASKS)


@cache
def _adapter(shape: object) -> TypeAdapter[Any]:
    return TypeAdapter(cast("Any", shape))


def _schema(shape: object) -> dict[str, Any]:
    return _adapter(shape).json_schema()
