"""A profile says what it needs, each thing once, and whether that is there as far as anybody knows."""

from __future__ import annotations

from crewdesk.domain.model_specs import ModelsSpec
from crewdesk.domain.needs import needs_of

MODELS = ModelsSpec.model_validate(
    {
        "default": "keyed",
        "models": {
            "strong": {"model": "a/strong", "api_key_env": "A_KEY"},
            "light": {"model": "a/light", "api_key_env": "A_KEY"},
            "own": {"model": "openai/own", "base_url": "http://127.0.0.1:1"},
            "plain": {"model": "offline/extractive"},
        },
        "profiles": {
            "keyed": {"description": "", "orchestrator": "strong", "worker": "light", "judge": "own"},
            "plain": {"description": "", "worker": "plain"},
        },
    }
)


def test_a_key_is_needed_once_whatever_the_number_of_models() -> None:
    needs = needs_of(MODELS, "keyed", lambda variable: variable == "A_KEY")

    assert [str(need) for need in needs] == ["A_KEY (set)", "a server at http://127.0.0.1:1"]


def test_a_key_that_is_not_set_is_not_met_and_of_a_server_nobody_knows() -> None:
    assert [need.met for need in needs_of(MODELS, "keyed", lambda _: False)] == [False, None]


def test_what_needs_nothing_says_nothing() -> None:
    assert needs_of(MODELS, "plain", lambda _: False) == []
