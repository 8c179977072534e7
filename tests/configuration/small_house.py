"""A small house in a folder of its own, to be broken in one place at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from crewdesk.configuration.house import Loaded, Names, load_house
from crewdesk.configuration.problems import ConfigurationProblems

FILES = {
    "config/models.yaml": """\
default: offline
models:
  plain:
    model: offline/extractive
  strong:
    model: anthropic/strong
    api_key_env: ANTHROPIC_API_KEY
    fallback: weak
  weak:
    model: anthropic/weak
profiles:
  offline:
    description: No key.
    worker: plain
  paid:
    description: A key.
    worker: strong
""",
    "config/gates.yaml": """\
gates:
  last look:
    kind: flagged
    crew: notes
    task: write
    question: Is it right?
    revise: [write]
  not sure:
    kind: doubt
    below: 0.4
    question: Go on?
  leaving:
    kind: action
    question: Shall it leave?
  money:
    kind: budget
    usd: 2
    question: As much again?
""",
    "config/connectors.yaml": """\
connectors:
  site:
    kind: site
    settings: {folder: site}
""",
    "config/tools.yaml": """\
tools:
  search:
    kind: knowledge
    settings: {connector: site}
""",
    "config/crews/notes/crew.yaml": """\
description: Writes a note.
goal: A note. {inputs}
manager_agent: lead
inputs:
  topic:
    description: What about.
  voice:
    description: How we write.
    file: voice.md
manager:
  plan: "{goal} {tasks} {roster}"
  review: "{task} {expected_output} {work} {problems}"
  failure: "{task} {agent} {error} {roster}"
""",
    "config/crews/notes/agents.yaml": """\
lead:
  role: Lead
  goal: Good notes.
  backstory: Reads.
  llm: orchestrator
finder:
  role: Finder
  goal: Find facts on {topic}.
  backstory: Looks.
  tools: [search]
writer:
  role: Writer
  goal: Write.
  backstory: Writes.
""",
    "config/crews/notes/tasks.yaml": """\
find:
  description: Find facts on {topic}.
  expected_output: Facts.
  agent: finder
  output_pydantic: Research
write:
  description: >-
    Write the note
    as we do: {voice}
  expected_output: The note.
  agent: writer
  context: [find]
  output_pydantic: Draft
  guardrails: [has_body]
  composer: post
  human_input: true
  delivers:
    site: write
""",
    "knowledge/voice.md": "---\ntitle: Voice\n---\nShort words.\n",
}


@dataclass(frozen=True)
class SmallHouse:
    """The folder, and what the loader says about it."""

    root: Path
    names: Names

    def write(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def swap(self, file: str, old: str, new: str) -> None:
        text = (self.root / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        self.write(file, text.replace(old, new, 1))

    def load(self, crew: str = "notes") -> Loaded:
        return load_house(crew, config=self.root / "config", knowledge=self.root / "knowledge", names=self.names)

    def problems(self) -> list[str]:
        with pytest.raises(ConfigurationProblems) as caught:
            self.load()
        return caught.value.message.splitlines()


NAMES = Names(
    outputs=frozenset({"Research", "Draft"}),
    guardrails=frozenset({"has_body", "passages_exist", "footnotes_exist"}),
    composers=frozenset({"post"}),
    tool_kinds=frozenset({"knowledge"}),
    connector_kinds=frozenset({"site", "mail/smtp"}),
    fields={"Research": {"found": True, "summary": False}, "Draft": {"body": False}, "post": {"final": True}},
)
