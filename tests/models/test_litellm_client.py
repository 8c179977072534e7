from __future__ import annotations

import json
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from crewdesk.crews.content.outputs import Research
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.model_specs import ModelSpec
from crewdesk.domain.models import ModelAnswer, ModelRequest
from crewdesk.errors import CrewdeskError, ModelError, ModelRefused, ModelUnavailable
from crewdesk.models.chat_messages import Fault, Reply
from crewdesk.models.litellm_client import UNKNOWN_WINDOW, LitellmModel
from crewdesk.models.server import ChatServer

KEY = "sk-canary-0123456789abcdef"
WEATHER: JsonObject = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tell the weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def streamed(request: pytest.FixtureRequest) -> bool:
    """Whether answers are read as they are written; each test that asks runs both ways."""
    return bool(request.param)


@pytest.fixture
def model(server: ChatServer, streamed: bool) -> LitellmModel:  # noqa: FBT001 - a fixture is filled in by name
    """Return a model `it` at the scripted server."""
    return client(server, stream=streamed)


def client(server: ChatServer, **fields: object) -> LitellmModel:
    given = {"model": "openai/local", "base_url": server.base_url, "api_key_env": "LOCAL_KEY", "timeout": 30, **fields}
    return LitellmModel({"it": ModelSpec.model_validate(given)}, keys={"LOCAL_KEY": KEY}.get)


def ask(model: LitellmModel, words: str = "Hello?", **fields: object) -> ModelAnswer:
    messages: list[JsonObject] = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": words}]
    return model.complete(ModelRequest(**{"model": "it", "messages": messages, **fields}))  # type: ignore[arg-type]


def failure(model: LitellmModel) -> ModelError:
    with pytest.raises(ModelError) as caught:
        ask(model)
    assert KEY not in everything_in(caught.value)
    return caught.value


def everything_in(error: CrewdeskError) -> str:
    return "".join(traceback.format_exception(error)) + repr(error.__context__) + error.message + error.hint


def test_a_text_arrives_with_the_tokens_the_server_counted(server: ChatServer, model: LitellmModel) -> None:
    server.queue("Good morning to you, dear reader of this test.")

    answer = ask(model)

    asked = server.exchanges[0]
    assert answer.text == "Good morning to you, dear reader of this test."
    assert (answer.finish, answer.model) == ("stop", "it")
    assert answer.usage.prompt_tokens == asked.request.prompt_tokens
    assert answer.usage.completion_tokens == asked.completion_tokens == 12


def test_the_key_goes_out_as_given_and_the_request_says_what_was_asked(server: ChatServer, model: LitellmModel) -> None:
    server.queue("Fine.")

    ask(model, settings={"temperature": 0.2, "max_tokens": 50})

    body = server.exchanges[0].request.body
    assert server.exchanges[0].authorization == f"Bearer {KEY}"
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("local", 0.2, 50)
    assert [m["content"] for m in server.exchanges[0].request.messages] == ["Be brief.", "Hello?"]
    assert "tools" not in body
    assert "response_format" not in body


def test_settings_of_the_model_apply_and_those_of_the_request_win(server: ChatServer) -> None:
    server.queue("Fine.")

    ask(client(server, settings={"temperature": 0.9, "seed": 7}), settings={"temperature": 0.1})

    assert (server.requests[0].body["temperature"], server.requests[0].body["seed"]) == (0.1, 7)


def test_tools_are_asked_for_and_their_results_are_heard(server: ChatServer, model: LitellmModel) -> None:
    server.queue(Reply(tools=(("weather", {"city": "Paris"}), ("weather", {"city": "Rome"}))), "Sunny in both.")

    wish = ask(model, tools=[WEATHER])
    calls: list[JsonObject] = [
        {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
        for c in wish.tool_calls
    ]
    results: list[JsonObject] = [{"role": "tool", "tool_call_id": c.id, "content": "sunny"} for c in wish.tool_calls]
    turn: list[JsonObject] = [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": None, "tool_calls": list(calls)},
        *results,
    ]
    answer = ask(model, tools=[WEATHER], messages=turn)

    assert wish.finish == "tool_calls"
    assert [json.loads(c.arguments) for c in wish.tool_calls] == [{"city": "Paris"}, {"city": "Rome"}]
    assert len({c.id for c in wish.tool_calls}) == 2
    assert answer.text == "Sunny in both."
    assert server.requests[0].body["tool_choice"] == "auto"
    assert list(server.requests[0].tools) == ["weather"]
    assert server.requests[1].said_by("tool") == ["sunny", "sunny"]


def test_text_beside_a_tool_call_is_kept(server: ChatServer, model: LitellmModel) -> None:
    server.queue(Reply("Let me look.", tools=(("weather", {"city": "Oslo"}),)))

    answer = ask(model, tools=[WEATHER])

    assert (answer.text, answer.tool_calls[0].name) == ("Let me look.", "weather")


def test_a_schema_is_sent_strictly_when_there_are_no_tools(server: ChatServer, model: LitellmModel) -> None:
    server.queue("{}", "{}")

    ask(model, answer_schema=Research.model_json_schema())
    ask(model, answer_schema=Research.model_json_schema(), tools=[WEATHER])

    sent = server.requests[0].body["response_format"]
    assert isinstance(sent, dict)
    assert sent["type"] == "json_schema"
    described = sent["json_schema"]
    assert isinstance(described, dict)
    assert (described["name"], described["strict"]) == ("Research", True)
    assert "response_format" not in server.requests[1].body


def test_the_request_is_left_as_it_was(server: ChatServer, model: LitellmModel) -> None:
    server.queue("Fine.")
    messages: list[JsonObject] = [{"role": "user", "content": "Hello?"}]

    ask(model, messages=messages, tools=[WEATHER])

    assert messages == [{"role": "user", "content": "Hello?"}]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault("error", status=429), "busy"),
        (Fault("error", status=408), "did not answer in time (30 s at most)"),
        (Fault("error", status=409), "busy"),
        (Fault("error", status=500), "failed (500)"),
        (Fault("error", status=502), "failed (502)"),
        (Fault("error", status=503), "failed (503)"),
        (Fault("disconnect"), "could not be reached"),
        (Fault("malformed"), "answer"),
        (Fault("no choices"), "answer"),
        (Fault("cut"), "it'"),
        (Reply(""), "empty"),
        (Reply("   \n"), "empty"),
    ],
    ids=lambda value: f"{value.kind} {value.status}" if isinstance(value, Fault) else None,
)
def test_what_may_pass_is_worth_another_try(
    server: ChatServer, model: LitellmModel, fault: Fault | Reply, sentence: str
) -> None:
    server.queue(fault)

    error = failure(model)

    assert isinstance(error, ModelUnavailable), error
    assert sentence in error.message
    assert "'it'" in error.message
    assert len(server.requests) == 1, "nobody but the door tries again"


@pytest.mark.parametrize(
    ("fault", "sentence", "hint"),
    [
        (Fault("error", status=400, message="bad penalty"), "refuses the request (400): ", "`settings`"),
        (Fault("error", status=401, message=f"wrong key {KEY}"), "does not accept the key in LOCAL_KEY", ".env"),
        (Fault("error", status=403), "does not accept the key in LOCAL_KEY", ".env"),
        (Fault("error", status=404, message="no model local"), "There is no model 'openai/local'", "models.yaml"),
        (Fault("error", status=422, message="bad field"), "refuses the request (422)", "`settings`"),
        (Fault("error", status=429, code="insufficient_quota", message="insufficient_quota"), "no credit", "account"),
        (Fault("error", status=400, message="This model's maximum context length is 9 tokens."), "4,000 tok", "window"),
        (Fault("error", status=400, message="exceeds the available context size"), "4,000 tok", "context_chars"),
        (Fault("error", status=400, code="content_policy_violation", message="content_policy_violation"), "policy", ""),
        (Reply("half an ans", finish="length"), "cut off at 3 tokens", "max_tokens"),
        (Reply("", finish="length"), "cut off", "max_tokens"),
        (Reply("I", finish="content_filter"), "content policy", ""),
    ],
    ids=lambda value: f"{value.kind} {value.status} {value.code}" if isinstance(value, Fault) else None,
)
def test_what_will_not_pass_is_refused_with_what_to_do(
    server: ChatServer,
    streamed: bool,  # noqa: FBT001
    fault: Fault | Reply,
    sentence: str,
    hint: str,
) -> None:
    server.queue(fault)

    error = failure(client(server, window=4000, stream=streamed))

    assert isinstance(error, ModelRefused), error
    assert sentence in error.message
    assert hint in error.hint
    assert len(server.requests) == 1


def test_a_stream_that_just_ends_is_no_answer(server: ChatServer) -> None:
    server.queue(Fault("unfinished"))

    error = failure(client(server, stream=True))

    assert isinstance(error, ModelUnavailable)
    assert "broke off" in error.message


def test_an_answer_that_takes_too_long_is_given_up(server: ChatServer, streamed: bool) -> None:  # noqa: FBT001
    server.queue(Reply("late", wait_s=30))

    error = failure(client(server, stream=streamed, timeout=0.3))

    assert isinstance(error, ModelUnavailable)
    assert "did not answer in time (0.3 s at most)" in error.message


def test_a_stream_that_trickles_is_given_up_at_its_time() -> None:
    hours = iter(range(0, 10_000, 3600))
    spec = {"model": "openai/local", "timeout": 3000, "stream": True}
    with ChatServer().queue("word " * 100) as server:
        specs = {"it": ModelSpec.model_validate({**spec, "base_url": server.base_url})}
        model = LitellmModel(specs, keys=lambda _: None, monotonic=lambda: float(next(hours)))

        error = failure(model)

    assert isinstance(error, ModelUnavailable)
    assert "still writing after 3000 s" in error.message


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("0.5", 0.5), ("soon", None), (None, None), ("-3", None)])
@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_a_server_asks_for_is_passed_on(
    server: ChatServer, model: LitellmModel, header: str | None, seconds: float | None, status: int
) -> None:
    server.queue(Fault("error", status=status, retry_after=header))

    error = failure(model)

    assert isinstance(error, ModelUnavailable)
    assert error.retry_after == seconds


def test_a_wait_given_as_a_date_is_measured_by_the_servers_own_clock(server: ChatServer, model: LitellmModel) -> None:
    server.queue(Fault("error", status=429, retry_after="Fri, 31 Dec 2999 23:59:59 GMT"))

    error = failure(model)

    assert isinstance(error, ModelUnavailable)
    assert (error.retry_after or 0) > 900 * 365 * 86_400


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    spec = ModelSpec(model="openai/local", base_url="http://joe:secret@127.0.0.1:9/v1", timeout=5)

    error = failure(LitellmModel({"it": spec}, keys=lambda _: None))

    assert isinstance(error, ModelUnavailable)
    assert "http://127.0.0.1:9/v1" in error.message
    assert "Start its server" in error.hint
    assert "secret" not in everything_in(error)


def test_a_missing_key_is_refused_before_anything_goes_out(server: ChatServer) -> None:
    spec = ModelSpec(model="openai/local", base_url=server.base_url, api_key_env="LOCAL_KEY")

    error = failure(LitellmModel({"it": spec}, keys=lambda _: ""))

    assert error.message == "The model 'it' needs LOCAL_KEY, which is not set."
    assert ".env" in error.hint
    assert server.requests == []


def test_no_key_of_another_server_is_sent_along(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    server.queue("Fine.")

    ask(client(server, api_key_env=None))

    assert KEY not in server.exchanges[0].authorization


def test_an_unknown_model_names_the_known_ones(server: ChatServer) -> None:
    with pytest.raises(ModelRefused, match="no model 'claude'") as caught:
        client(server).window("claude")

    assert caught.value.hint == "These there are: it."


def test_tokens_nobody_counted_and_prices_nobody_knows_are_none(server: ChatServer, model: LitellmModel) -> None:
    server.queue(Reply("Uncounted.", usage=False), "Counted.")

    uncounted, counted = ask(model), ask(model)

    assert (uncounted.usage.prompt_tokens, uncounted.usage.completion_tokens, uncounted.usage.usd) == (None, None, None)
    assert (counted.usage.completion_tokens, counted.usage.usd) == (2, None)


def test_a_known_model_has_its_price(server: ChatServer, streamed: bool) -> None:  # noqa: FBT001
    server.queue("Twelve characters, and some more.")

    answer = ask(client(server, model="openai/gpt-4o-mini", stream=streamed))

    prompt, completion = answer.usage.prompt_tokens or 0, answer.usage.completion_tokens or 0
    # 0.15 and 0.60 USD a million tokens, as in litellm's list.
    assert answer.usage.usd == pytest.approx((prompt * 0.15 + completion * 0.60) / 1e6)


def test_the_window_is_the_configured_one_else_the_known_one_else_a_stated_guess() -> None:
    def window(**fields: object) -> int:
        return LitellmModel({"it": ModelSpec.model_validate(fields)}, keys=lambda _: None).window("it")

    assert window(model="openai/local", window=32_768) == 32_768
    assert window(model="anthropic/claude-haiku-4-5") == 200_000
    assert window(model="openai/nobody-knows-this") == UNKNOWN_WINDOW
    assert window(model="ollama_chat/qwen3:8b") == 8_192


def test_twenty_calls_at_once_get_each_their_own_answer() -> None:
    heard: dict[int, str] = {}
    with ChatServer(lambda request: Reply(f"re {request.said_by('user')[-1]}"), first_token_s=0.05) as server:
        model = client(server)

        def work(number: int) -> None:
            heard[number] = ask(model, f"question {number}").text

        threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert heard == {number: f"re question {number}" for number in range(20)}


def test_a_call_prints_and_logs_nothing(
    server: ChatServer, model: LitellmModel, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    server.queue("Fine.", Fault("error", status=500, message=KEY), Fault("cut"))

    ask(model)
    failure(model)
    failure(model)

    assert capfd.readouterr() == ("", "")
    assert [r for r in caplog.records if r.name.startswith("LiteLLM")] == []


class _Ollama(BaseHTTPRequestHandler):
    """Just enough of Ollama's own protocol to see what it is asked."""

    bodies: ClassVar[list[JsonObject]] = []

    def do_POST(self) -> None:
        self.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        answer = {"model": "m", "message": {"role": "assistant", "content": "Hi."}, "done": True, "done_reason": "stop"}
        data = json.dumps({**answer, "prompt_eval_count": 5, "eval_count": 2}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


def test_ollama_is_told_the_window_and_the_schema_since_it_cuts_prompts_silently() -> None:
    with HTTPServer(("127.0.0.1", 0), _Ollama) as ollama:
        threading.Thread(target=ollama.serve_forever, args=(0.02,), daemon=True).start()
        fields = {"model": "ollama_chat/m", "base_url": f"http://127.0.0.1:{ollama.server_port}", "window": 32_768}
        model = LitellmModel({"it": ModelSpec.model_validate(fields)}, keys=lambda _: None)

        answer = ask(model, answer_schema=Research.model_json_schema())
        ollama.shutdown()

    body = next(body for body in _Ollama.bodies if "messages" in body)
    options, schema = body["options"], body["format"]
    assert answer.text == "Hi."
    assert isinstance(options, dict)
    assert options["num_ctx"] == 32_768
    assert isinstance(schema, dict)
    assert "findings" in json.dumps(schema)


def test_importing_the_client_does_not_import_litellm() -> None:
    look = "import sys, crewdesk.models.litellm_client; print('litellm' in sys.modules)"

    seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert seen.stdout.strip() == "False"
