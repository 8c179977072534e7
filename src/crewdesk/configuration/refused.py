"""CrewAI's keys that are not used here, each with the reason and what to do instead."""

from __future__ import annotations

from crewdesk.configuration.yaml_nodes import KeyPath

_PARALLEL = (
    "tasks that do not need each other's output run in parallel on their own, as their 'context' allows; delete it"
)
_REVIEW = "the manager reviews every task, and agents do not hand work to each other; delete it"
_QUIET = "every call is in the trace already (crewdesk trace RUN); delete it"
_MEMORY = "what a crew knows lies in knowledge/ and in its inputs, where a person can read it; delete it"
_SOURCES = "put the files under knowledge/ and give the agent a tool of kind 'knowledge'"
_BUDGET = "limits are in gates.yaml (a gate of kind 'budget') and in models.yaml; delete it"
_TYPED = "name a typed output in 'output_pydantic'; it is kept as JSON"
_CHECKS = "name checks in code under 'guardrails', as a list; the manager judges the rest"
_RETRIES = "retries are set in models.yaml ('attempts') and rounds of rework in crew.yaml ('max_revisions'); delete it"
_MODEL = "models are named by tier: set 'llm' of an agent, and the tier's model in models.yaml"
_MANAGER_MODEL = "name an agent in 'manager_agent' and set that agent's 'llm'"
_LISTENERS = "code does not hang on a run; what happened is in the trace, and what leaves goes through 'delivers'"
_PLAN = "the manager plans each run, with the words in 'manager: plan'; delete it"
_ANSWERS = "answers are kept in the journal, and a run that is done again pays for nothing twice; delete it"
_FILES = "every output is kept with the run; what must leave goes through 'delivers'"
_CODE = "agents run no code of their own; write a tool for what they need"
_TEMPLATES = "the prompt is made of role, goal, backstory and the task; write it there"
_DATE = "a prompt has no clock, so that a run can be resumed; make the date an input of the crew"
_WINDOW = "the window is known from models.yaml, and 'context_chars' of the crew limits what is handed on; delete it"

_EVERYWHERE = {
    "verbose": _QUIET,
    "memory": _MEMORY,
    "knowledge": _SOURCES,
    "knowledge_sources": _SOURCES,
    "embedder": _SOURCES,
    "max_rpm": _BUDGET,
    "function_calling_llm": _MODEL,
    "cache": _ANSWERS,
    "planning": _PLAN,
    "callback": _LISTENERS,
    "callbacks": _LISTENERS,
    "step_callback": _LISTENERS,
    "task_callback": _LISTENERS,
    "guardrail": _CHECKS,
    "guardrail_max_retries": _RETRIES,
    "max_retries": _RETRIES,
    "async_execution": _PARALLEL,
    "security_config": "it has no effect on what may leave here; delete it",
}

# By the noun of the part that the key stands in; the first table that has the key is used.
REFUSED: dict[str, dict[str, str]] = {
    "agent": {
        "allow_delegation": _REVIEW,
        "reasoning": _PLAN,
        "max_reasoning_attempts": _PLAN,
        "planning_config": _PLAN,
        "max_retry_limit": _RETRIES,
        "max_execution_time": "time is limited for each call by 'timeout' in models.yaml; delete it",
        "max_tokens": "set it for the model in models.yaml, under 'settings'",
        "respect_context_window": _WINDOW,
        "allow_code_execution": _CODE,
        "code_execution_mode": _CODE,
        "multimodal": "agents read text; delete it",
        "system_template": _TEMPLATES,
        "prompt_template": _TEMPLATES,
        "response_template": _TEMPLATES,
        "use_system_prompt": _TEMPLATES,
        "inject_date": _DATE,
        "date_format": _DATE,
        "mcps": "servers that offer tools are named in tools.yaml, and the tools here under 'tools'",
        "apps": "what leaves the house goes through a connector; name it in a task's 'delivers'",
        "name": "the key above it is the agent's name; delete it",
    },
    "task": {
        "output_json": _TYPED,
        "response_model": _TYPED,
        "converter_cls": _TYPED,
        "output_file": _FILES,
        "create_directory": _FILES,
        "markdown": "say it in 'expected_output'; delete it",
        "input_files": "make the file an input of the crew, with 'file: …'",
        "name": "the key above it is the task's name; delete it",
        "output": "the output is what the agent answers; describe it in 'expected_output'",
    },
    "the crew": {
        "manager_llm": _MANAGER_MODEL,
        "planning_llm": _MANAGER_MODEL,
        "chat_llm": _MANAGER_MODEL,
        "tools": "name tools for an agent or a task; a crew has none of its own",
        "agents": "agents are written in agents.yaml beside this file",
        "tasks": "tasks are written in tasks.yaml beside this file",
        "name": "the folder's name is the crew's name; delete it",
        "share_crew": "nothing about a crew is sent to CrewAI; delete it",
        "tracing": _QUIET,
        "output_log_file": _QUIET,
        "stream": "set it for the model in models.yaml; delete it",
        "prompt_file": _TEMPLATES,
        "before_kickoff_callbacks": _LISTENERS,
        "after_kickoff_callbacks": _LISTENERS,
    },
    "model": {
        "api_key": "a key never stands under config/; put it in .env and its variable's name in 'api_key_env'",
        "temperature": "put it under 'settings'",
        "max_tokens": "put it under 'settings'",
        "top_p": "put it under 'settings'",
        "seed": "put it under 'settings'",
        "api_base": "it is called 'base_url' here",
        "provider": "write it before the name, as in 'model: provider/name'",
    },
}

_CREWAI_PARTS = ("agent", "task", "the crew")


def refusal(noun: str, path: KeyPath, own: KeyPath) -> str:
    """Return why a key of CrewAI's is not used in this part and what to do, or nothing where the key is simply unknown.

    `noun` and `own` name the part as `FileKind.part` does; only keys directly in it are looked up.
    """
    key = path[-1]
    if len(path) != len(own) + 1 or not isinstance(key, str):
        return ""
    here = REFUSED.get(noun, {})
    return here.get(key) or (_EVERYWHERE.get(key, "") if noun in _CREWAI_PARTS else "")
