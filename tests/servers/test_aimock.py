from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest
from aimock_process import Aimock

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.model_specs import ModelSpec
from crewdesk.domain.models import ModelAnswer, ModelRequest
from crewdesk.errors import ModelError, ModelRefused, ModelUnavailable
from crewdesk.models.litellm_client import LitellmModel

KEY = "sk-canary-0123456789abcdef"
FIXTURES = Path(__file__).parent / "aimock"
WEATHER: JsonObject = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tell the weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
VERDICT: JsonObject = {
    "title": "Verdict",
    "type": "object",
    "properties": {"verdict": {"type": "string"}},
    "required": ["verdict"],
}


@pytest.fixture(params=["openai", "openai streamed", "anthropic", "anthropic streamed"])
def model(request: pytest.FixtureRequest, aimock: Aimock) -> LitellmModel:
    """Return a model `it` at aimock: in both protocols, once with and once without streaming."""
    provider, _, streamed = request.param.partition(" ")
    spec = {
        "openai": ModelSpec(model="openai/gpt-4o-mini", base_url=aimock.base_url, api_key_env="KEY"),
        "anthropic": ModelSpec(model="anthropic/claude-haiku-4-5", base_url=aimock.root, api_key_env="KEY"),
    }[provider]
    return LitellmModel({"it": spec.model_copy(update={"stream": bool(streamed)})}, keys={"KEY": KEY}.get)


def ask(model: LitellmModel, *messages: JsonObject | str, tools: bool = False, schema: bool = False) -> ModelAnswer:
    said: list[JsonObject] = [{"role": "user", "content": m} if isinstance(m, str) else m for m in messages]
    schema_given = VERDICT if schema else None
    return model.complete(ModelRequest("it", said, tools=[WEATHER] if tools else [], answer_schema=schema_given))


def failure(model: LitellmModel, words: str) -> ModelError:
    with pytest.raises(ModelError) as caught:
        ask(model, words)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    return caught.value


def test_a_text_arrives_with_its_tokens_and_its_price(aimock: Aimock, model: LitellmModel) -> None:
    aimock.load(FIXTURES / "conversation.json")

    answer = ask(model, "hello")

    assert (answer.text, answer.finish) == ("Good morning to everybody who reads this.", "stop")
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (9, 8)
    assert (answer.usage.usd or 0) > 0


def test_a_tool_is_called_and_its_result_is_heard(aimock: Aimock, model: LitellmModel) -> None:
    aimock.load(FIXTURES / "conversation.json")

    wish = ask(model, "weather please", tools=True)
    call = wish.tool_calls[0]
    spoken: JsonObject = {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": call.arguments},
    }
    turn: JsonObject = {"role": "assistant", "content": None, "tool_calls": [spoken]}
    result: JsonObject = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    answer = ask(model, "weather please", turn, result, tools=True)

    assert (wish.finish, call.name, json.loads(call.arguments)) == ("tool_calls", "weather", {"city": "Paris"})
    assert answer.text == "It is sunny in Paris."


def test_the_final_answer_of_a_conversation_with_tools_needs_no_tools(aimock: Aimock, model: LitellmModel) -> None:
    aimock.load(FIXTURES / "conversation.json")
    spoken: JsonObject = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    turn: JsonObject = {"role": "assistant", "content": None, "tool_calls": [spoken]}

    answer = ask(model, "weather please", turn, {"role": "tool", "tool_call_id": "c1", "content": "sunny"})

    assert answer.text == "It is sunny in Paris."


@pytest.mark.parametrize("model", ["openai", "openai streamed"], indirect=True)
def test_a_structured_answer_is_asked_for_by_its_schema(aimock: Aimock, model: LitellmModel) -> None:
    aimock.load(FIXTURES / "conversation.json")

    answer = ask(model, "your verdict?", schema=True)

    assert json.loads(answer.text) == {"verdict": "accept"}


@pytest.mark.parametrize(
    ("words", "kind", "sentence"),
    [
        ("busy", ModelUnavailable, "busy (429)"),
        ("wrong key", ModelRefused, "does not accept the key in KEY"),
        ("too long", ModelRefused, "too long"),
        ("cut off", ModelRefused, "cut off"),
        ("nobody expects this", ModelUnavailable, "failed (503)"),
    ],
)
def test_each_fault_is_the_right_error(
    aimock: Aimock, model: LitellmModel, words: str, kind: type[ModelError], sentence: str
) -> None:
    aimock.load(FIXTURES / "faults.json")

    error = failure(model, words)

    assert type(error) is kind
    assert sentence in error.message
    assert len(aimock.journal()) == 1


def test_a_server_that_fails_once_answers_the_next_time(aimock: Aimock, model: LitellmModel) -> None:
    aimock.load(FIXTURES / "faults.json")

    assert isinstance(failure(model, "flaky"), ModelUnavailable)
    assert ask(model, "flaky").text == "recovered"


@pytest.mark.parametrize("model", ["openai streamed", "anthropic streamed"], indirect=True)
def test_half_a_stream_is_no_answer(aimock: Aimock, model: LitellmModel) -> None:
    aimock.load(FIXTURES / "faults.json")

    assert isinstance(failure(model, "cut stream"), ModelUnavailable)


@pytest.mark.parametrize("chaos", ["dropRate", "malformedRate", "disconnectRate", "rateLimitRate"])
def test_chaos_is_worth_another_try(aimock: Aimock, model: LitellmModel, chaos: str) -> None:
    aimock.load(FIXTURES / "faults.json").chaos(**{chaos: 1.0})

    error = failure(model, "fine")

    assert isinstance(error, ModelUnavailable)
    assert chaos != "rateLimitRate" or error.retry_after is not None


def test_the_journal_shows_what_was_asked_but_no_key(aimock: Aimock, model: LitellmModel) -> None:
    aimock.load(FIXTURES / "conversation.json")

    ask(model, "hello")

    assert len(aimock.journal()) == 1
    assert KEY not in json.dumps(aimock.journal())
