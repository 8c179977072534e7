from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from crewdesk.models.chat_messages import ChatRequest, Fault, Reply, count_tokens
from crewdesk.models.server import ChatServer


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


def body(words: str = "Hello?", **fields: object) -> dict[str, object]:
    return {"model": "m", "messages": [{"role": "user", "content": words}], **fields}


def post(server: ChatServer, **fields: object) -> httpx.Response:
    return httpx.post(f"{server.base_url}/chat/completions", json=body(**fields), timeout=20)  # type: ignore[arg-type]


def streamed(text: str) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in text.splitlines() if line]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


def test_queued_replies_come_first_and_then_the_function_is_asked() -> None:
    with ChatServer(lambda request: Reply(request.said_by("user")[0].upper())) as server:
        server.queue("first")

        answers = [post(server).json()["choices"][0]["message"]["content"] for _ in range(2)]

    assert answers == ["first", "HELLO?"]


def test_tokens_are_counted_from_what_was_really_said(server: ChatServer) -> None:
    tools = [{"type": "function", "function": {"name": "look", "description": "x" * 400, "parameters": {}}}]
    server.queue("12345678", "12345678")

    plain, with_tools = post(server).json()["usage"], post(server, tools=tools).json()["usage"]

    assert plain == {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4}
    assert with_tools["prompt_tokens"] == count_tokens("Hello?" + json.dumps(tools))


def test_a_stream_says_the_same_as_the_whole_answer(server: ChatServer) -> None:
    reply = Reply("Ein Satz über Gärten. " * 10, tools=(("look", {"at": "gates " * 20}),))
    server.queue(reply, reply)

    whole = post(server).json()
    chunks = streamed(post(server, stream=True, stream_options={"include_usage": True}).text)

    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    text = "".join(delta.get("content") or "" for delta in deltas)
    arguments = "".join(c["function"]["arguments"] for delta in deltas for c in delta.get("tool_calls", []))
    message = whole["choices"][0]["message"]
    assert (text, arguments) == (message["content"], message["tool_calls"][0]["function"]["arguments"])
    assert chunks[-1]["usage"]["completion_tokens"] == whole["usage"]["completion_tokens"] == reply.tokens
    assert len(chunks) > 8


def test_usage_is_streamed_only_where_it_is_wanted(server: ChatServer) -> None:
    server.queue("Fine.", Reply("Fine.", usage=False))

    unasked = streamed(post(server, stream=True).text)
    kept_back = streamed(post(server, stream=True, stream_options={"include_usage": True}).text)

    assert not any("usage" in chunk for chunk in [*unasked, *kept_back])


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_takes_the_stated_time(stream: bool) -> None:  # noqa: FBT001
    with ChatServer(first_token_s=0.05, per_token_s=0.001).queue("x" * 400) as server:
        post(server, stream=stream)

        exchange = server.exchanges[0]

    assert exchange.finished - exchange.arrived >= 0.05 + 100 * 0.001


def test_requests_overlap_in_time() -> None:
    together = threading.Barrier(3, timeout=10)

    def respond(_request: ChatRequest) -> Reply:
        together.wait()
        return Reply("together")

    with ChatServer(respond) as server:
        threads = [threading.Thread(target=post, args=(server,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(server.exchanges) == 3


def test_an_error_has_its_status_its_words_and_its_wait(server: ChatServer) -> None:
    server.queue(Fault("error", status=429, message="slow down", code="busy", retry_after="7"))

    answer = post(server)

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json()["error"] == {"message": "slow down", "type": "scripted", "code": "busy"}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("kind", ["disconnect", "cut"])
def test_a_broken_connection_is_really_broken(server: ChatServer, kind: str, stream: bool) -> None:  # noqa: FBT001
    server.queue(Fault(kind), "still here")  # type: ignore[arg-type]

    with pytest.raises(httpx.RemoteProtocolError):
        post(server, stream=stream)

    assert post(server).status_code == 200


def test_malformed_and_unfinished_answers_are_what_they_say(server: ChatServer) -> None:
    server.queue(Fault("malformed"), Fault("unfinished"), Fault("no choices"))

    malformed, unfinished, no_choices = post(server), post(server, stream=True), post(server)

    with pytest.raises(json.JSONDecodeError):
        malformed.json()
    assert "finish_reason" in unfinished.text
    assert "[DONE]" not in unfinished.text
    assert no_choices.json()["choices"] == []


def test_it_keeps_what_it_was_asked_and_forgets_when_told(server: ChatServer) -> None:
    server.queue("one")
    post(server, words="What is a gate?")

    asked = server.requests[0]

    assert (asked.model, asked.stream, asked.said_by("user")) == ("m", False, ["What is a gate?"])
    server.forget()
    assert (server.requests, server.exchanges) == ([], [])


def test_with_nothing_scripted_it_says_so(server: ChatServer) -> None:
    assert post(server).status_code == 500


def test_models_are_listed_and_other_paths_are_not_there(server: ChatServer) -> None:
    assert httpx.get(f"{server.base_url}/models").json()["data"][0]["id"] == "scripted"
    assert httpx.get(f"{server.base_url}/nothing").status_code == 404
    assert httpx.post(f"{server.base_url}/embeddings", json={}).status_code == 404


def test_it_is_gone_after_its_block_even_when_an_answer_is_under_way() -> None:
    under_way = threading.Event()

    def respond(_request: ChatRequest) -> Reply:
        under_way.set()
        return Reply("late", wait_s=3600)

    with ChatServer(respond) as server:
        address = f"{server.base_url}/models"
        thread = threading.Thread(target=post, args=(server,))
        thread.start()
        assert under_way.wait(10)
    thread.join(timeout=10)

    assert not thread.is_alive()
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)
    with pytest.raises(RuntimeError, match="block"):
        ChatServer().base_url  # noqa: B018
