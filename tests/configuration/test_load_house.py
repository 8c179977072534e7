"""A crew is loaded when everything fits together; otherwise every problem is named at its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_house import SmallHouse

from crewdesk.configuration.house import Names, list_crews, load_house
from crewdesk.configuration.problems import ConfigurationProblems
from crewdesk.errors import ConfigurationError, NotFound

CREW = "config/crews/notes/crew.yaml"
AGENTS = "config/crews/notes/agents.yaml"
TASKS = "config/crews/notes/tasks.yaml"
GATES = "config/gates.yaml"
MODELS = "config/models.yaml"
TOOLS = "config/tools.yaml"
CONNECTORS = "config/connectors.yaml"

MISFITS = {
    # agents and tasks
    "no such agent": (
        (TASKS, "agent: writer", "agent: wirter"),
        f"{TASKS}:11: agent 'wirter' of task 'write' is not in agents.yaml; did you mean 'writer'?",
    ),
    "no such manager": (
        (CREW, "manager_agent: lead", "manager_agent: chief"),
        f"{CREW}:3: manager_agent 'chief' is not in agents.yaml; there are finder, lead and writer",
    ),
    "a function that is no tool": (
        (AGENTS, "finder:\n", "finder:\n  function: serch\n"),
        f"{AGENTS}:7: function 'serch' of 'finder' is not in tools.yaml; did you mean 'search'?",
        f"{AGENTS}:11: agent 'finder' is a function and has tools",
    ),
    "an idle agent": (
        (AGENTS, "writer:\n", "idler: {role: r, goal: g, backstory: b}\nwriter:\n"),
        f"{AGENTS}:11: agent 'idler' has no task and does not lead",
    ),
    "no such tool": (
        (AGENTS, "tools: [search]", "tools:\n    - search\n    - serach"),
        f"{AGENTS}:12: tool 'serach' of 'finder' is not in tools.yaml; did you mean 'search'?",
    ),
    "no such tool of a task": (
        (TASKS, "  agent: finder", "  agent: finder\n  tools: [look]"),
        f"{TASKS}:5: tool 'look' of 'find' is not in tools.yaml; there is search",
    ),
    "a tool twice": (
        (AGENTS, "tools: [search]", "tools: [search, search]"),
        f"{AGENTS}:10: 'search' stands twice under 'tools' of 'finder'",
    ),
    "a name with a blank": (
        (TASKS, "find:\n", "find it: {description: d, expected_output: e, agent: finder}\nfind:\n"),
        f"{TASKS}:1: 'find it' is no name for a task",
    ),
    "no such context": (
        (TASKS, "context: [find]", "context: [fnd]"),
        f"{TASKS}:12: context 'fnd' of task 'write' is no task of this crew; did you mean 'find'?",
    ),
    "itself as context": (
        (TASKS, "context: [find]", "context: [find, write]"),
        f"{TASKS}:12: task 'write' has itself as context",
    ),
    "later context": (
        (TASKS, "  agent: finder", "  agent: finder\n  context: [write]"),
        f"{TASKS}:5: tasks 'find' and 'write' wait for each other",
    ),
    "context that comes later": (
        (TASKS, "find:\n", "first: {description: d, expected_output: e, agent: finder, context: [find]}\nfind:\n"),
        f"{TASKS}:1: context 'find' of task 'first' comes after it",
    ),
    "hanging on no task": (
        (TASKS, "  context: [find]", "  context: [find]\n  when: fnd.found"),
        f"{TASKS}:13: 'when' of task 'write' hangs on 'fnd', which is no task of this crew; did you mean 'find'?",
    ),
    "hanging on what comes later": (
        (TASKS, "  agent: finder", "  agent: finder\n  when: write.final"),
        f"{TASKS}:5: 'when' of task 'find' hangs on 'write', which does not come before it",
    ),
    "hanging on itself": (
        (TASKS, "  agent: finder", "  agent: finder\n  when: not find.found"),
        f"{TASKS}:5: 'when' of task 'find' hangs on 'find', which does not come before it",
    ),
    "hanging on no field": (
        (TASKS, "  context: [find]", "  context: [find]\n  when: not find.fuond"),
        (
            f"{TASKS}:13: 'when' of task 'write' hangs on 'find', and 'fuond' is not among its fields; "
            "did you mean 'found'?"
        ),
    ),
    "hanging on a text": (
        (TASKS, "  context: [find]", "  context: [find]\n  when: find.summary"),
        (
            f"{TASKS}:13: 'when' of task 'write' hangs on 'find', and 'summary' is neither true nor false; "
            "there is found"
        ),
    ),
    "hanging on a task of plain text": (
        (TASKS, "  output_pydantic: Research\nwrite:\n", "write:\n  when: find.found\n"),
        f"{TASKS}:6: 'when' of task 'write' hangs on 'find', whose output is plain text",
    ),
    "hanging on what a composer leaves out": (
        (
            TASKS,
            "  delivers:\n    site: write\n",
            "last: {description: d, expected_output: e, agent: writer, when: write.body}\n",
        ),
        f"{TASKS}:17: 'when' of task 'last' hangs on 'write', and 'body' is not among its fields; there is final",
    ),
    "hanging on nothing in particular": (
        (TASKS, "  context: [find]", "  context: [find]\n  when: find"),
        (
            f"{TASKS}:13: 'when' of task 'write' must be an earlier task and a field of its output, such as "
            "screen.eligible or not screen.eligible, and is the text 'find'"
        ),
    ),
    "reading a task outside its context": (
        (TASKS, "  context: [find]", "  context: [find]\n  reads: {fnd: [summary]}"),
        f"{TASKS}:13: task 'write' reads 'fnd', which is not in its context; did you mean 'find'?",
    ),
    "reading no field": (
        (TASKS, "  context: [find]", "  context: [find]\n  reads:\n    find: [found, sumary]"),
        f"{TASKS}:14: task 'write' reads 'sumary', which 'find' has not; did you mean 'summary'?",
    ),
    "personal data nobody knows": (
        (AGENTS, "  tools: [search]", "  tools: [search]\n  allows: [frist_name]"),
        (
            f"{AGENTS}:11: item 1 of 'allows' of agent 'finder' must be name, first_name, last_name, email, phone or "
            "address, and is the text 'frist_name'; did you mean 'first_name'?"
        ),
    ),
    "no such output": (
        (TASKS, "output_pydantic: Draft", "output_pydantic: Drafts"),
        f"{TASKS}:13: output_pydantic 'Drafts' of task 'write' is not known; did you mean 'Draft'?",
    ),
    "no such guardrail": (
        (TASKS, "guardrails: [has_body]", "guardrails: [has_boddy]"),
        f"{TASKS}:14: guardrail 'has_boddy' of task 'write' is not known; did you mean 'has_body'?",
    ),
    "no such composer": (
        (TASKS, "composer: post", "composer: page"),
        f"{TASKS}:15: composer 'page' of task 'write' is not known; there is post",
    ),
    "no such connector": (
        (TASKS, "site: write", "sight: write"),
        f"{TASKS}:18: connector 'sight' of task 'write' is not in connectors.yaml; did you mean 'site'?",
    ),
    "nothing to carry": (
        (TASKS, "site: write", "site: wirte"),
        f"{TASKS}:18: task 'write' delivers 'wirte', which is no task of this crew; did you mean 'write'?",
    ),
    "too early to carry": (
        (TASKS, "  agent: finder", "  agent: finder\n  delivers: {site: write}"),
        f"{TASKS}:5: task 'find' delivers what 'write' makes, and that comes after it",
    ),
    "a task of nothing": (
        (TASKS, "description: Find facts on {topic}.", "description: ' '"),
        f"{TASKS}:2: 'description' of task 'find' says nothing",
    ),
    # gates
    "a gate for no crew": (
        (GATES, "  not sure:", "  other: {kind: flagged, crew: nots, task: x, question: q}\n  not sure:"),
        f"{GATES}:8: crew 'nots' of gate 'other' is not under config/crews; did you mean 'notes'?",
    ),
    "a gate for no task": (
        (GATES, "task: write", "task: wirte"),
        f"{GATES}:5: task 'wirte' of gate 'last look' is no task of crew 'notes'; did you mean 'write'?",
    ),
    "a gate nobody waits at": (
        (TASKS, "  human_input: true\n", ""),
        f"{GATES}:5: gate 'last look' waits for task 'write', which does not have 'human_input: true'",
    ),
    "no question": (
        (TASKS, "  agent: finder", "  agent: finder\n  human_input: true"),
        f"{TASKS}:5: task 'find' stops for a person, and no gate says what to ask",
    ),
    "two questions": (
        (GATES, "  not sure:", "  again: {kind: flagged, crew: notes, task: write, question: q}\n  not sure:"),
        f"{GATES}:8: gate 'again' asks about task 'write', and so does gate 'last look'",
    ),
    "no such revision": (
        (GATES, "revise: [write]", "revise: [wriet]"),
        f"{GATES}:7: revise 'wriet' of gate 'last look' is no task of crew 'notes'; did you mean 'write'?",
    ),
    "a revision of what is not done yet": (
        (TASKS, "find:\n", "last: {description: d, expected_output: e, agent: finder, human_input: true}\nfind:\n"),
        f"{TASKS}:1: task 'last' stops for a person, and no gate says what to ask",
    ),
    "no doubt": (
        (GATES, "  not sure:\n    kind: doubt\n    below: 0.4\n    question: Go on?\n", ""),
        f"{GATES}:1: there is no gate of kind 'doubt', and an agent that is not sure must be able to ask",
    ),
    "no action": (
        (GATES, "  leaving:\n    kind: action\n    question: Shall it leave?\n", ""),
        f"{GATES}:1: there is no gate of kind 'action', and nothing may leave unseen",
    ),
    "two budgets": (
        (GATES, "  money:", "  more: {kind: budget, usd: 1, question: q}\n  money:"),
        f"{GATES}:16: gate 'money' is a second gate of kind 'budget'; 'more' is one already",
    ),
    "no limit": (
        (GATES, "    usd: 2\n", ""),
        f"{GATES}:15: gate 'money' has no limit",
    ),
    # models
    "no such default": (
        (MODELS, "default: offline", "default: ofline"),
        f"{MODELS}:1: default profile 'ofline' is not among the profiles; did you mean 'offline'?",
    ),
    "no such model": (
        (MODELS, "worker: strong", "worker: strnog"),
        f"{MODELS}:17: model 'strnog' for worker of profile 'paid' is not among the models; did you mean 'strong'?",
    ),
    "no such fallback": (
        (MODELS, "fallback: weak", "fallback: week"),
        f"{MODELS}:8: fallback 'week' of model 'strong' is not among the models; did you mean 'weak'?",
    ),
    "a fallback to itself": (
        (MODELS, "fallback: weak", "fallback: strong"),
        f"{MODELS}:8: the fallback of model 'strong' leads back to it: strong → strong",
    ),
    "a circle": (
        (MODELS, "model: anthropic/weak", "model: anthropic/weak\n    fallback: strong"),
        f"{MODELS}:8: the fallback of model 'strong' leads back to it: strong → weak → strong",
        f"{MODELS}:11: the fallback of model 'weak' leads back to it: weak → strong → weak",
    ),
    "a key in the wrong place": (
        (MODELS, "api_key_env: ANTHROPIC_API_KEY", "api_key_env: sk-ant-1234"),
        f"{MODELS}:7: 'api_key_env' of model 'strong' is no name of a variable",
    ),
    "a key that would be written down": (
        (MODELS, "api_key_env: ANTHROPIC_API_KEY", "api_key_env: MY_PASS"),
        (
            f"{MODELS}:7: 'api_key_env' of model 'strong' must end with _KEY, _TOKEN, _SECRET, _PASSWORD, "
            "_WEBHOOK_URL, _NOTIFY_URL or _NOTIFY_URLS"
        ),
    ),
    "personal data for code": (
        (AGENTS, "  tools: [search]", "  function: search\n  allows: [email]"),
        f"{AGENTS}:11: agent 'finder' is a function and allows personal data",
    ),
    # queues
    "told apart by what is no input": (
        (CREW, "manager_agent: lead", "manager_agent: lead\nqueue: {deduplicate: [topik]}"),
        f"{CREW}:4: deduplicate 'topik' is no input of this crew; did you mean 'topic'?",
    ),
    # tools and connectors
    "no such kind of tool": (
        (TOOLS, "kind: knowledge", "kind: knowlege"),
        f"{TOOLS}:3: kind 'knowlege' of tool 'search' is not known; did you mean 'knowledge'?",
    ),
    "no such kind of connector": (
        (CONNECTORS, "kind: site", "kind: fax"),
        f"{CONNECTORS}:3: kind 'fax' of connector 'site' is not known; there are mail/smtp and site",
    ),
    "a tool that looks at nothing": (
        (TOOLS, "connector: site", "connector: siet"),
        f"{TOOLS}:4: connector 'siet' of tool 'search' is not in connectors.yaml; did you mean 'site'?",
    ),
    "a tool no model can call": (
        (TOOLS, "tools:\n", "tools:\n  süche: {kind: knowledge}\n"),
        f"{TOOLS}:2: 'süche' is no name for a tool",
    ),
    "a rule that would send mails": (
        (
            CONNECTORS,
            "kind: site",
            "kind: mail/smtp\n    approved_by_rule:\n      by: Ada\n      because: always",
        ),
        f"{CONNECTORS}:4: connector 'site' sends to strangers, so a person approves each time, and no rule",
    ),
    # prompts and inputs
    "no such input": (
        (TASKS, "{voice}", "{voise}"),
        f"{TASKS}:9: {{voise}} in 'description' of task 'write' is no input of the crew; did you mean 'voice'?",
    ),
    "no such input of an agent": (
        (AGENTS, "{topic}", "{subject}"),
        f"{AGENTS}:8: {{subject}} in 'goal' of agent 'finder' is no input of the crew; there are topic and voice",
    ),
    "nothing the manager is given": (
        (CREW, "{problems}", "{problem}"),
        (
            f"{CREW}:12: {{problem}} in 'review' of the manager is nothing that this prompt is given; "
            "did you mean 'problems'?"
        ),
    ),
    "nothing the goal is given": (
        (CREW, "A note. {inputs}", "A note on {topic}. {inputs}"),
        f"{CREW}:2: {{topic}} in 'goal' of the crew is nothing that this prompt is given; there is inputs",
    ),
    "a review of nothing": (
        (CREW, "{work} ", ""),
        f"{CREW}:12: 'review' of the manager does not show {{work}}",
    ),
    "json in a prompt": (
        (TASKS, "expected_output: Facts.", "expected_output: 'Facts as {\"facts\": [..]}'"),
        f"{TASKS}:3: a brace in 'expected_output' of task 'find' belongs to no placeholder, at '{{\"facts\": [..]}}'",
    ),
    "doubled braces": (
        (TASKS, "facts on {topic}", "facts on {{topic}}"),
        f"{TASKS}:2: a brace in 'description' of task 'find' belongs to no placeholder, at '{{{{topic}}}}.'",
    ),
    "a taken name": (
        (CREW, "  topic:", "  work: {description: d, default: x}\n  topic:"),
        f"{CREW}:5: 'work' is no name for an input: prompts use it for something else",
    ),
    "a name no prompt can hold": (
        (CREW, "  topic:", "  my-topic: {description: d, default: x}\n  topic:"),
        f"{CREW}:5: 'my-topic' is no name for an input: use letters, digits and _",
    ),
    "no such input file": (
        (CREW, "file: voice.md", "file: voces.md"),
        f"{CREW}:9: 'file' of input 'voice': knowledge/voces.md: there is no such file; did you mean 'voice.md'?",
    ),
    "an input file outside": (
        (CREW, "file: voice.md", "file: ../config/gates.yaml"),
        f"{CREW}:9: 'file' of input 'voice': '../config/gates.yaml' is not under knowledge/",
    ),
    "two values": (
        (CREW, "file: voice.md", "file: voice.md\n    default: x"),
        f"{CREW}:10: input 'voice' has a 'default' and a 'file'",
    ),
}


def test_a_house_without_a_problem_loads_without_a_warning(small: SmallHouse) -> None:
    loaded = small.load()

    assert loaded.warnings == ()
    assert list(loaded.house.tasks) == ["find", "write"]
    assert loaded.house.agents["finder"].tools == ("search",)


@pytest.mark.parametrize("when", ["find.found", "not find.found"])
def test_a_task_that_delivers_may_hang_on_an_earlier_one(when: str, small: SmallHouse) -> None:
    small.swap(TASKS, "  context: [find]", f"  context: [find]\n  when: {when}")

    assert small.load().house.may_be_left_out("write")


@pytest.mark.parametrize("case", MISFITS)
def test_what_does_not_fit_together_is_named_at_its_line(case: str, small: SmallHouse) -> None:
    (file, old, new), *expected = MISFITS[case]
    small.swap(file, old, new)

    found = small.problems()

    assert found == expected


def test_problems_of_all_files_come_at_once_sorted_by_file_and_line(small: SmallHouse) -> None:
    small.swap(AGENTS, "role: Writer", "rolle: Writer")
    small.swap(TASKS, "agent: writer", "agent: wirter")
    small.swap(MODELS, "default: offline", "default: 5")
    small.swap(GATES, "below: 0.4", "below: 0,4")
    small.swap(TOOLS, "tools:", "\ttools:")

    assert small.problems() == [
        f"{AGENTS}:12: unknown key 'rolle' for agent 'writer'; did you mean 'role'?",
        f"{TASKS}:11: agent 'wirter' of task 'write' is not in agents.yaml; did you mean 'writer'?",
        f"{GATES}:10: 'below' of gate 'not sure' must be a number, and is the text '0,4'",
        f"{MODELS}:1: 'default' of models.yaml must be text, and is the number 5",
        f"{TOOLS}:1: a tab stands where YAML wants spaces",
    ]


def test_a_broken_file_does_not_make_what_it_holds_look_missing(small: SmallHouse) -> None:
    small.write(AGENTS, "lead: [\n")

    assert small.problems() == [f"{AGENTS}:2: the file ends before a [ or {{ is closed"]


@pytest.mark.parametrize("file", [CREW, AGENTS, TASKS, MODELS, GATES, CONNECTORS, TOOLS])
def test_a_missing_file_is_the_only_problem(file: str, small: SmallHouse) -> None:
    (small.root / file).unlink()
    (small.root / "config/crews/notes").mkdir(exist_ok=True)

    assert small.problems() == [f"{file}:1: there is no such file"]


def test_the_error_says_how_to_check_everything(small: SmallHouse) -> None:
    small.swap(TASKS, "  human_input: true\n", "")

    with pytest.raises(ConfigurationProblems) as caught:
        small.load()

    assert caught.value.exit_code == 2
    assert caught.value.hint.splitlines() == [
        f"Add 'human_input: true' to it in {TASKS}, or delete the gate.",
        "Nothing was run. Check everything at once with: crewdesk check",
    ]


def test_an_input_that_nobody_uses_is_a_problem(small: SmallHouse) -> None:
    small.swap(CREW, " {inputs}", "")
    small.swap(TASKS, "    as we do: {voice}\n", "")

    assert small.problems() == [f"{CREW}:7: input 'voice' is used by no prompt"]


def test_an_input_that_only_the_manager_sees_is_a_warning(small: SmallHouse) -> None:
    small.swap(TASKS, "    as we do: {voice}\n", "")

    assert small.load().warnings == (
        f"{CREW}:7: input 'voice' is named by no prompt; only the manager sees it, in the goal",
    )


def test_what_no_crew_uses_is_a_warning(small: SmallHouse) -> None:
    small.swap(TOOLS, "tools:\n", "tools:\n  measure: {kind: knowledge}\n")
    small.swap(CONNECTORS, "connectors:\n", "connectors:\n  mail: {kind: site}\n")
    small.swap(MODELS, "models:\n", "models:\n  spare: {model: a/b}\n")
    small.write("config/gate.yaml", "a: 1\n")
    small.write("config/crews/notes/task.yml", "a: 1\n")

    assert small.load().warnings == (
        f"{TOOLS}:2: tool 'measure' is used by no crew",
        f"{CONNECTORS}:2: connector 'mail' is used by no crew",
        f"{MODELS}:3: model 'spare' is used by no profile",
        "config/gate.yaml:1: nobody reads this file; did you mean 'gates.yaml'?",
        "config/crews/notes/task.yml:1: nobody reads this file; did you mean 'tasks.yaml'?",
    )


def test_what_another_crew_uses_is_no_warning(small: SmallHouse) -> None:
    small.swap(TOOLS, "tools:\n", "tools:\n  measure: {kind: knowledge}\n")
    small.swap(CONNECTORS, "connectors:\n", "connectors:\n  mail: {kind: site}\n")
    small.write("config/crews/other/crew.yaml", "description: d\n")
    small.write("config/crews/other/agents.yaml", "a:\n  tools: [measure]\n")
    small.write("config/crews/other/tasks.yaml", "t:\n  delivers: {mail: t}\n")

    assert small.load().warnings == ()


def test_a_broken_neighbour_hides_no_crew_and_causes_no_warning(small: SmallHouse) -> None:
    small.swap(TOOLS, "tools:\n", "tools:\n  measure: {kind: knowledge}\n")
    small.write("config/crews/other/crew.yaml", "description: [\n")

    assert small.load().warnings == ()


def test_the_gates_of_other_crews_do_not_concern_this_one(small: SmallHouse) -> None:
    small.write("config/crews/other/crew.yaml", "description: d\n")
    small.swap(GATES, "  not sure:", "  theirs: {kind: flagged, crew: other, task: x, question: q}\n  not sure:")

    assert "theirs" in small.load().house.gates.gates


def test_a_gate_does_not_send_back_what_comes_after_it(small: SmallHouse) -> None:
    small.swap(TASKS, "agent: finder", "agent: finder\n  human_input: true")
    small.swap(TASKS, "  human_input: true\n  delivers", "  delivers")
    small.swap(GATES, "task: write", "task: find")

    assert small.problems() == [
        f"{GATES}:7: revise 'write' of gate 'last look' comes after 'find', where the gate stands"
    ]


def test_a_long_list_of_choices_is_cut_short(small: SmallHouse) -> None:
    inputs = "".join(f"  in{n}: {{description: d, default: x}}\n" for n in range(20))
    small.swap(CREW, "inputs:\n", f"inputs:\n{inputs}")
    small.swap(TASKS, "{voice}", "{zzz}")

    assert small.problems()[0].endswith("in17, in18 and 11 more")


def test_the_crews_offline_words_win_over_the_houses_and_the_rest_is_kept(small: SmallHouse) -> None:
    small.write("config/offline.yaml", "limits: {shortest: 5, longest: 30}\nPlan: {briefs: []}\n")
    small.write("config/crews/notes/offline.yaml", "limits: {longest: 20}\nDraft: {title: T}\n")

    assert small.load().house.offline == {
        "limits": {"shortest": 5, "longest": 20},
        "Plan": {"briefs": []},
        "Draft": {"title": "T"},
    }


def test_broken_offline_words_are_a_problem_of_their_own_file(small: SmallHouse) -> None:
    small.write("config/crews/notes/offline.yaml", "limits: 1\nlimits: 2\n")

    assert small.problems() == ["config/crews/notes/offline.yaml:2: key 'limits' stands twice; it is on line 1 already"]


def test_crews_are_listed_by_name(small: SmallHouse) -> None:
    small.write("config/crews/a/crew.yaml", "description: d\n")
    small.write("config/crews/empty/readme.txt", "")

    assert list_crews(small.root / "config") == ["a", "notes"]


@pytest.mark.parametrize("crew", ["note", "../crews/notes", "", "."])
def test_a_crew_that_is_not_there_is_not_found(crew: str, small: SmallHouse) -> None:
    with pytest.raises(NotFound, match="There is no crew") as caught:
        small.load(crew)

    assert caught.value.hint == "The crews here: notes."


def test_a_missing_config_says_how_to_get_one(tmp_path: Path, names: Names) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_house("x", config=tmp_path / "config", knowledge=tmp_path, names=names)

    assert "crewdesk init" in caught.value.hint
