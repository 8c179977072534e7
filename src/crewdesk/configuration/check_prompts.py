"""Prompts against the inputs a crew declares: every placeholder has a value, every input is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from crewdesk.configuration.file_text import read_text
from crewdesk.configuration.files import CrewFiles
from crewdesk.configuration.problems import ConfigurationProblems, Problem, did_you_mean, nearest
from crewdesk.configuration.yaml_source import Source

PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
LONE_PLACEHOLDER = re.compile(r"(?<!\{)\{[A-Za-z_][A-Za-z0-9_]*\}(?!\})")
INPUT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
AGENT_PROMPTS = ("role", "goal", "backstory")
TASK_PROMPTS = ("description", "expected_output")
ALL_INPUTS = "inputs"
MANAGER_WORDS = {
    "plan": ("goal", "tasks", "roster"),
    "review": ("task", "expected_output", "work", "problems"),
    "failure": ("task", "agent", "error", "roster"),
}
# Without these the manager would judge what it does not see.
MANAGER_NEEDS = {"plan": "tasks", "review": "work", "failure": "error"}
RESERVED = {ALL_INPUTS, *(word for words in MANAGER_WORDS.values() for word in words)}
LONGEST_INPUT_FILE = 200_000
QUOTED = 24


def check_prompts(files: CrewFiles) -> Iterator[Problem]:
    """Find placeholders without a value, braces that are none, and what a manager's prompt cannot do without."""
    inputs = files.crew.source.names("inputs")
    for name in files.agents.source.names():
        for key in AGENT_PROMPTS:
            yield from _prompt(files.agents.source, (name, key), f"{key!r} of agent {name!r}", files, inputs)
    for name in files.tasks.source.names():
        for key in TASK_PROMPTS:
            yield from _prompt(files.tasks.source, (name, key), f"{key!r} of task {name!r}", files, inputs)
    yield from _prompt(files.crew.source, ("goal",), "'goal' of the crew", files, (ALL_INPUTS,))
    for key, words in MANAGER_WORDS.items():
        yield from _prompt(files.crew.source, ("manager", key), f"{key!r} of the manager", files, (*words, *inputs))
        yield from _shown(files.crew.source, key)


def check_inputs(files: CrewFiles, *, knowledge: Path) -> Iterator[Problem]:
    """Find inputs with a name that is taken, that nobody uses, or whose file is not there."""
    source = files.crew.source
    used = _placeholders(files)
    # Where a prompt is missing or a placeholder misspelt, nobody can say yet which input is unused.
    whole = files.agents.readable and files.tasks.readable and used <= {*RESERVED, *source.names("inputs")}
    for name in source.names("inputs"):
        if name in RESERVED or not INPUT_NAME.fullmatch(name):
            why = "prompts use it for something else" if name in RESERVED else "use letters, digits and _"
            yield source.problem(f"{name!r} is no name for an input: {why}", "inputs", name)
        elif whole and name not in used and ALL_INPUTS not in used:
            hint = f"Use it as {{{name}}} in a prompt, or delete it."
            yield source.problem(f"input {name!r} is used by no prompt", "inputs", name, hint=hint)
    for name, spec in (files.crew.spec.inputs if files.crew.spec else {}).items():
        if spec.file is not None and spec.default is not None:
            sentence = f"input {name!r} has a 'default' and a 'file'"
            yield source.problem(sentence, "inputs", name, "default", hint="Keep one of them.")
        if spec.file is not None and (sentence := _file_problem(spec.file, knowledge)):
            yield source.problem(f"'file' of input {name!r}: {sentence}", "inputs", name, "file")


def barely_used(files: CrewFiles) -> Iterator[str]:
    """Warn of inputs that only the list of all inputs in the crew's goal shows; functions see all of them."""
    if any(agent.function for agent in (files.agents.spec or {}).values()):
        return
    used = _placeholders(files)
    for name in files.crew.source.names("inputs"):
        if name not in used and ALL_INPUTS in used:
            sentence = f"input {name!r} is named by no prompt; only the manager sees it, in the goal"
            yield str(files.crew.source.problem(sentence, "inputs", name))


def _prompt(
    source: Source, path: tuple[str, ...], subject: str, files: CrewFiles, known: Iterable[str]
) -> Iterator[Problem]:
    text = source.word(*path)
    if not text.strip() and source.at(*path) is not None:
        yield source.problem(f"{subject} says nothing", *path)
    for word in dict.fromkeys(PLACEHOLDER.findall(text)):
        if files.crew.readable and word not in known:
            line = source.line_of(f"{{{word}}}", *path)
            yield Problem(source.file, line, _no_value(word, subject, path, known))
    if stray := _stray_brace(text):
        first = stray.split()[0]
        line = source.line_of(first if len(first) > 1 else stray[:2].rstrip(), *path)
        yield Problem(source.file, line, *_brace_sentence(stray, subject))


def _no_value(word: str, subject: str, path: tuple[str, ...], known: Iterable[str]) -> str:
    where = (
        "is no input of the crew" if len(path) > 1 and path[0] != "manager" else "is nothing that this prompt is given"
    )
    return f"{{{word}}} in {subject} {where}{did_you_mean(word, known, none='crew.yaml declares none')}"


def _stray_brace(text: str) -> str:
    """Return a prompt from its first brace on that is part of no placeholder."""
    masked = LONE_PLACEHOLDER.sub(lambda found: " " * len(found.group()), text)
    found = re.search(r"[{}]", masked)
    return text[found.start() :] if found else ""


def _brace_sentence(stray: str, subject: str) -> tuple[str, str]:
    quoted = stray[:QUOTED].splitlines()[0] + ("…" if len(stray) > QUOTED else "")
    sentence = f"a brace in {subject} belongs to no placeholder, at {quoted!r}"
    if stray.startswith(("{{", "}}")):
        return sentence, "Single braces do: {topic}. There is nothing to escape."
    return sentence, "Braces hold inputs only. Say the shape in words, or name a typed output in 'output_pydantic'."


def _shown(source: Source, key: str) -> Iterator[Problem]:
    text, word = source.word("manager", key), MANAGER_NEEDS[key]
    if text and f"{{{word}}}" not in text:
        yield source.problem(f"{key!r} of the manager does not show {{{word}}}", "manager", key)


def _placeholders(files: CrewFiles) -> set[str]:
    agents, tasks, crew = files.agents.source, files.tasks.source, files.crew.source
    texts = [agents.word(name, key) for name in agents.names() for key in AGENT_PROMPTS]
    texts += [tasks.word(name, key) for name in tasks.names() for key in TASK_PROMPTS]
    texts += [crew.word("goal"), *(crew.word("manager", key) for key in MANAGER_WORDS)]
    return {word for text in texts for word in PLACEHOLDER.findall(text)}


def _file_problem(file: str, knowledge: Path) -> str:
    path = knowledge / file
    if not path.resolve().is_relative_to(knowledge.resolve()):
        return f"{file!r} is not under knowledge/"
    try:
        read_text(path, file=file, limit=LONGEST_INPUT_FILE)
    except ConfigurationProblems as error:
        near = "" if path.exists() else nearest(file, _knowledge_files(knowledge))
        return f"knowledge/{file}: {error.problems[0].sentence}" + (f"; did you mean {near!r}?" if near else "")
    return ""


def _knowledge_files(knowledge: Path) -> list[str]:
    return [path.relative_to(knowledge).as_posix() for path in knowledge.rglob("*.*")]
