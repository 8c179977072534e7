"""Prices are known without importing litellm, are what litellm would count, and are never zero for unknown."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crewdesk.models.prices import Price, price_of


@pytest.mark.parametrize("model", ["anthropic/claude-opus-4-5", "openai/gpt-5", "openai/gpt-5-mini"])
def test_a_price_is_that_of_a_million_tokens_as_litellm_counts_them(model: str) -> None:
    from crewdesk.models.litellm_client import quiet_litellm

    price = price_of(model)

    counted = quiet_litellm().cost_per_token(model=model, prompt_tokens=1000, completion_tokens=1000)
    assert price is not None
    assert (price.prompt / 1000, price.completion / 1000) == pytest.approx(counted)


@pytest.mark.parametrize("model", ["openai/local", "ollama_chat/qwen3:8b", "nobody/gpt-5", "test/m"])
def test_a_model_that_is_not_in_the_list_or_has_no_price_there_is_unknown(model: str) -> None:
    assert price_of(model) is None


def test_the_offline_model_costs_nothing() -> None:
    assert price_of("offline/extractive") == Price(0.0, 0.0)


def test_looking_a_price_up_imports_no_litellm() -> None:
    code = "import sys; from crewdesk.models import prices; prices.price_of('openai/gpt-5'); print({*sys.modules})"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert "crewdesk.models.prices" in said
    assert "'litellm'" not in said
