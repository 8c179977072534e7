"""What a file may say: one sentence for each thing that does not fit, and the rest is still usable."""

from __future__ import annotations

from typing import Any

import pytest

from crewdesk.configuration import kinds
from crewdesk.configuration.kinds import FileKind
from crewdesk.configuration.refused import REFUSED
from crewdesk.configuration.validate import Checked, validate
from crewdesk.configuration.yaml_source import parse_yaml

AGENT = "writer:\n  role: Writer\n  goal: Write.\n  backstory: Writes.\n"
TASK = "draft:\n  description: Do.\n  expected_output: Done.\n  agent: writer\n"
GATES = "gates:\n  look:\n"
MODELS = "default: p\nprofiles: {p: {description: d, worker: m}}\nmodels:\n  m:\n"
CREW = "description: d\ngoal: g\nmanager_agent: lead\nmanager: {plan: p, review: r, failure: f}\n"

MISFITS: dict[str, tuple[FileKind[Any], str, str]] = {
    "unknown key": (
        kinds.AGENTS,
        AGENT + "  gaol: x\n",
        "5: unknown key 'gaol' for agent 'writer'; did you mean 'goal'?",
    ),
    "strange key": (
        kinds.AGENTS,
        AGENT + "  colour: x\n",
        (
            "5: unknown key 'colour' for agent 'writer'; "
            "it can have allows, backstory, function, goal, llm, max_iter, role and tools"
        ),
    ),
    "unknown key at the top": (
        kinds.MODELS,
        "modles: 1\n" + MODELS + "    model: a/b\n",
        "1: unknown key 'modles' for models.yaml; did you mean 'models'?",
    ),
    "unknown key of the manager": (
        kinds.CREW,
        CREW.replace("plan:", "pln: x, plan:"),
        "4: unknown key 'pln' for the manager; did you mean 'plan'?",
    ),
    "unknown key of a member of a union": (
        kinds.GATES,
        GATES + "    kind: doubt\n    below: 0.5\n    question: q\n    belwo: 1\n",
        "6: unknown key 'belwo' for gate 'look'; did you mean 'below'?",
    ),
    "missing": (kinds.AGENTS, "a:\n  role: r\n  goal: g\n", "1: agent 'a' has no 'backstory', and needs one"),
    "missing in a union": (
        kinds.GATES,
        GATES + "    {kind: action}\n",
        "2: gate 'look' has no 'question', and needs one",
    ),
    "misspelt and so missing": (
        kinds.AGENTS,
        AGENT.replace("goal", "gaol"),
        "3: unknown key 'gaol' for agent 'writer'; did you mean 'goal'?",
    ),
    "number for text": (
        kinds.AGENTS,
        AGENT.replace("Writes.", "7"),
        "4: 'backstory' of agent 'writer' must be text, and is the number 7",
    ),
    "nothing for text": (
        kinds.AGENTS,
        AGENT.replace("Writes.", ""),
        "4: 'backstory' of agent 'writer' must be text, and is empty",
    ),
    "braces for text": (
        kinds.AGENTS,
        AGENT.replace("Writes.", "{topic}"),
        "4: 'backstory' of agent 'writer' must be text, and is a mapping",
    ),
    "text for number": (
        kinds.AGENTS,
        AGENT + '  max_iter: "8"\n',
        "5: 'max_iter' of agent 'writer' must be a whole number, and is the text '8'",
    ),
    "half a number": (
        kinds.AGENTS,
        AGENT + "  max_iter: 1.5\n",
        "5: 'max_iter' of agent 'writer' must be a whole number, and is the number 1.5",
    ),
    "too small": (
        kinds.AGENTS,
        AGENT + "  max_iter: 0\n",
        "5: 'max_iter' of agent 'writer' must be at least 1, and is the number 0",
    ),
    "too large": (
        kinds.GATES,
        GATES + "    {kind: doubt, below: 2, question: q}\n",
        "3: 'below' of gate 'look' must be at most 1, and is the number 2",
    ),
    "not above zero": (
        kinds.MODELS,
        MODELS + "    {model: a/b, timeout: 0}\n",
        "5: 'timeout' of model 'm' must be more than 0, and is the number 0",
    ),
    "yes for true": (
        kinds.TASKS,
        TASK + "  human_input: yes\n",
        "5: 'human_input' of task 'draft' must be true or false, and is the text 'yes'",
    ),
    "text for list": (
        kinds.AGENTS,
        AGENT + "  tools: search\n",
        "5: 'tools' of agent 'writer' must be a list, and is the text 'search'",
    ),
    "number in a list": (
        kinds.AGENTS,
        AGENT + "  tools:\n    - a\n    - 2\n",
        "7: item 2 of 'tools' of agent 'writer' must be text, and is the number 2",
    ),
    "list for mapping": (
        kinds.TASKS,
        TASK + "  delivers: [site]\n",
        "5: 'delivers' of task 'draft' must be a mapping of 'key: value' lines, and is a list",
    ),
    "text for an agent": (
        kinds.AGENTS,
        "writer: Jane\n",
        "1: agent 'writer' must be a mapping of 'key: value' lines, and is the text 'Jane'",
    ),
    "wrong choice": (
        kinds.AGENTS,
        AGENT + "  llm: wroker\n",
        (
            "5: 'llm' of agent 'writer' must be orchestrator, worker, light or judge, and is the text 'wroker'; "
            "did you mean 'worker'?"
        ),
    ),
    "wrong process": (
        kinds.CREW,
        CREW + "process: sequential\n",
        "5: 'process' of the crew must be hierarchical, and is the text 'sequential'",
    ),
    "wrong kind": (
        kinds.GATES,
        GATES + "    {kind: flagd, question: q}\n",
        (
            "3: 'kind' of gate 'look' must be flagged, doubt, action, checkpoint or budget, and is the text 'flagd'; "
            "did you mean 'flagged'?"
        ),
    ),
    "no kind": (
        kinds.GATES,
        GATES + "    {question: q}\n",
        "2: gate 'look' has no 'kind', and needs one: action, budget, checkpoint, doubt or flagged",
    ),
    "no provider": (
        kinds.MODELS,
        MODELS + "    {model: gpt}\n",
        "5: 'model' of model 'm' must be provider/name, as litellm spells it, and is the text 'gpt'",
    ),
    "nobody's rule": (
        kinds.CONNECTORS,
        'connectors:\n  x:\n    kind: site\n    approved_by_rule: {by: "", because: b}\n',
        "4: 'by' of 'approved_by_rule' of connector 'x' must be a text that is not empty, and is the text ''",
    ),
}


def check(kind: FileKind[Any], text: str) -> Checked[Any]:
    return validate(parse_yaml(text, file="f"), kind)


HINTS = {
    "number for text": "Put it in quotes.",
    "braces for text": (
        "A text that starts with { needs quotes, or stands under the key as a block that starts with >-."
    ),
    "yes for true": "YAML 1.2 knows true and false; yes, no, on and off are texts.",
    "text for list": "Put it in square brackets.",
    "too small": "",
}


@pytest.mark.parametrize("case", HINTS)
def test_a_misfit_says_how_to_mend_it(case: str) -> None:
    kind, text, _ = MISFITS[case]

    assert [problem.hint for problem in check(kind, text).problems] == [HINTS[case]]


def test_a_missing_key_is_explained() -> None:
    (problem,) = check(kinds.MODELS, MODELS.replace("default: p\n", "") + "    model: a/b\n").problems

    assert problem.hint == "default: Profile used when none is named."


def test_a_long_text_is_quoted_in_part() -> None:
    (problem,) = check(kinds.AGENTS, AGENT + f"  tools: {'x' * 500}\n").problems

    assert len(problem.sentence) < 120


@pytest.mark.parametrize("case", MISFITS)
def test_each_misfit_is_one_sentence_at_its_line(case: str) -> None:
    kind, text, expected = MISFITS[case]

    assert [str(problem) for problem in check(kind, text).problems] == [f"f:{expected}"]


@pytest.mark.parametrize(
    ("noun", "kind", "start"),
    [("agent", kinds.AGENTS, AGENT), ("task", kinds.TASKS, TASK), ("model", kinds.MODELS, MODELS + "    model: a/b\n")],
)
def test_every_key_we_refuse_says_why_and_what_to_do(noun: str, kind: FileKind[Any], start: str) -> None:
    indent = "    " if noun == "model" else "  "

    for key in REFUSED[noun]:
        problems = check(kind, f"{start}{indent}{key}: x\n").problems

        assert [f" is not used here: {REFUSED[noun][key]}" in problem.sentence for problem in problems] == [True], key


def test_a_key_of_crewai_that_fits_nowhere_says_why_everywhere() -> None:
    for kind, text in ((kinds.AGENTS, AGENT), (kinds.TASKS, TASK)):
        (problem,) = check(kind, text + "  async_execution: true\n").problems

        assert "run in parallel on their own" in problem.sentence

    (problem,) = check(kinds.CREW, CREW + "memory: true\n").problems
    assert problem.sentence.startswith("'memory' of the crew is not used here: what a crew knows lies in knowledge/")


def test_no_key_is_both_known_and_refused() -> None:
    for noun, kind, start in (("agent", kinds.AGENTS, "AgentSpec"), ("task", kinds.TASKS, "TaskSpec")):
        assert not set(kind.schema()["$defs"][start]["properties"]) & set(REFUSED[noun])
    assert not set(kinds.CREW.schema()["properties"]) & set(REFUSED["the crew"])


def test_a_key_in_a_models_file_is_not_repeated() -> None:
    (problem,) = check(kinds.MODELS, MODELS + "    {model: a/b, api_key: sk-very-secret}\n").problems

    assert "sk-very-secret" not in str(problem) + problem.hint
    assert "put it in .env" in problem.sentence


def test_what_fits_is_kept_beside_what_does_not() -> None:
    checked = check(kinds.AGENTS, AGENT + "  colour: red\nother: 5\n")

    assert list(checked.spec or ()) == ["writer"]
    assert len(checked.problems) == 2


def test_too_little_that_fits_leaves_no_spec() -> None:
    assert check(kinds.CREW, "description: d\n").spec is None


def test_all_misfits_are_found_at_once() -> None:
    text = AGENT + "  llm: x\n  tools: y\n  max_iter: z\n  verbose: true\n"

    assert sorted(problem.line for problem in check(kinds.AGENTS, text).problems) == [5, 6, 7, 8]
