"""Before a request to a model leaves, its host is named: as models.yaml, the environment or litellm says."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from crewdesk.domain.canonical import Json
from crewdesk.domain.ledger import What
from crewdesk.domain.model_specs import ModelSpec
from crewdesk.domain.models import ModelRequest
from crewdesk.errors import ModelError, ModelRefused
from crewdesk.models.extractive import ExtractiveModel
from crewdesk.models.hosts import PROVIDERS, address_of
from crewdesk.models.litellm_client import LitellmModel, quiet_litellm
from crewdesk.ports.leaving import heard_by, host_in

HELLO: list[dict[str, Json]] = [{"role": "user", "content": "Hello"}]


@pytest.mark.parametrize(
    ("model", "host"),
    [
        ("openai/gpt-5", "api.openai.com"),
        ("anthropic/claude-haiku-4-5", "api.anthropic.com"),
        ("gemini/gemini-2.0-flash", "generativelanguage.googleapis.com"),
        ("mistral/mistral-small-latest", "api.mistral.ai"),
        ("groq/llama-3.1-8b-instant", "api.groq.com"),
        ("ollama_chat/qwen3:8b", "localhost"),
        ("bedrock/anthropic.claude-3-haiku-20240307-v1:0", "bedrock"),
        ("nobody/nothing", "nobody"),
    ],
)
def test_a_provider_has_its_own_host(model: str, host: str) -> None:
    assert host_in(address_of(ModelSpec(model=model), quiet_litellm(), lambda _: None)) == host


def test_an_address_of_ones_own_counts_and_so_does_a_variable_that_litellm_heeds() -> None:
    own = ModelSpec(model="openai/local", base_url="http://models.house.example:8000/v1")
    variables = {"OPENAI_API_BASE": "https://proxy.example.com/v1"}

    assert host_in(address_of(own, quiet_litellm(), variables.get)) == "models.house.example"
    assert host_in(address_of(ModelSpec(model="openai/gpt-5"), quiet_litellm(), variables.get)) == "proxy.example.com"


def test_what_litellm_says_of_itself_is_not_in_our_table_twice() -> None:
    """Where it names a host, ours must not name another."""
    litellm = quiet_litellm()
    named: Mapping[str, str | None] = {
        provider: litellm.get_llm_provider(f"{provider}/any")[3] for provider in PROVIDERS
    }

    assert {p: host_in(a) for p, a in named.items() if a} == {
        p: host_in(PROVIDERS[p][0]) for p, a in named.items() if a
    }


def heard(ask: LitellmModel | ExtractiveModel, request: ModelRequest) -> list[tuple[What, str, Json]]:
    told: list[tuple[What, str, Json]] = []
    with heard_by(lambda what, host, said: told.append((what, host, said))):
        try:
            ask.complete(request)
        except ModelError:
            told.append(("model", "failed", None))
    return told


def test_a_request_is_told_before_it_leaves_even_where_nobody_answers() -> None:
    specs = {"it": ModelSpec(model="openai/local", base_url="http://127.0.0.1:9/v1", timeout=5)}
    request = ModelRequest(model="it", messages=[*HELLO])

    told = heard(LitellmModel(specs, keys=lambda _: None), request)

    assert told == [("model", "127.0.0.1", request.canonical_request()), ("model", "failed", None)]


def test_what_cannot_be_written_down_is_no_failure_of_the_model() -> None:
    specs = {"it": ModelSpec(model="openai/local", base_url="http://127.0.0.1:9/v1")}

    def full(*_: object) -> None:
        raise KeyError("full")

    with heard_by(full), pytest.raises(KeyError):
        LitellmModel(specs, keys=lambda _: None).complete(ModelRequest(model="it", messages=[*HELLO]))


def test_a_request_for_which_there_is_no_key_does_not_leave() -> None:
    specs = {"it": ModelSpec(model="openai/gpt-5", api_key_env="NO_SUCH_KEY")}
    told: list[object] = []

    with heard_by(lambda *what: told.append(what)), pytest.raises(ModelRefused):
        LitellmModel(specs, keys=lambda _: None).complete(ModelRequest(model="it", messages=[*HELLO]))

    assert told == []
