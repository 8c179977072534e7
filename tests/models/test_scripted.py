from __future__ import annotations

import json
import threading

import pytest
from pydantic import BaseModel

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.models import ModelAnswer, ModelRequest
from crewdesk.errors import ModelRefused, ModelUnavailable
from crewdesk.models.scripted import Purpose, ScriptedModel


class Verdict(BaseModel):
    verdict: str
    notes: str = ""


def ask(model: ScriptedModel, task: str = "draft", purpose: Purpose = "work", words: str = "Please.") -> ModelAnswer:
    messages: list[JsonObject] = [{"role": "user", "content": words}]
    return model.complete(ModelRequest(model="any", messages=messages, task=task, agent="writer", purpose=purpose))


def test_lines_are_said_once_and_in_order() -> None:
    model = ScriptedModel().say("one", "two").say("three")

    answers = [ask(model).text for _ in range(3)]

    assert answers == ["one", "two", "three"]
    assert model.left == 0


def test_a_typed_output_and_a_mapping_are_said_as_json() -> None:
    model = ScriptedModel().say(Verdict(verdict="accept"), {"topic": "Gärten"})

    typed, plain = ask(model), ask(model)

    assert Verdict.model_validate_json(typed.text) == Verdict(verdict="accept")
    assert json.loads(plain.text) == {"topic": "Gärten"}


def test_a_tool_call_arrives_as_a_model_would_write_it() -> None:
    model = ScriptedModel().call_tool("search_knowledge", query="gates", limit=3)

    answer = ask(model)

    assert answer.finish == "tool_calls"
    assert answer.tool_calls[0].name == "search_knowledge"
    assert json.loads(answer.tool_calls[0].arguments) == {"query": "gates", "limit": 3}


def test_several_tools_are_asked_for_at_once_even_with_broken_arguments() -> None:
    model = ScriptedModel().call_tools(("measure", {"purpose": "seo"}), ("search", "{not json"))

    answer = ask(model)

    assert [c.arguments for c in answer.tool_calls] == ['{"purpose": "seo"}', "{not json"]
    assert len({c.id for c in answer.tool_calls}) == 2


def test_a_fault_is_raised_once_and_the_next_line_follows() -> None:
    model = ScriptedModel().fail(ModelUnavailable("busy", retry_after=2)).say("better now")

    with pytest.raises(ModelUnavailable, match="busy"):
        ask(model)

    assert ask(model).text == "better now"


def test_the_most_particular_queue_answers_first() -> None:
    model = ScriptedModel()
    model.say("anybody").say("a review", purpose="review").say("the draft", for_="draft")
    model.say("the draft's review", for_="draft", purpose="review")

    answers = [ask(model, "draft", "review"), ask(model, "draft"), ask(model, "share", "review"), ask(model, "share")]

    assert [a.text for a in answers] == ["the draft's review", "the draft", "a review", "anybody"]


def test_what_is_always_said_waits_until_the_queues_are_empty() -> None:
    model = ScriptedModel().say("revise", purpose="review").always("accept", purpose="review")

    answers = [ask(model, purpose="review").text for _ in range(3)]

    assert answers == ["revise", "accept", "accept"]


def test_a_default_may_be_a_function_of_the_request() -> None:
    model = ScriptedModel(lambda request: f"about {request.task}")

    assert ask(model, "research").text == "about research"


def test_running_out_of_script_says_what_was_asked_and_what_is_left() -> None:
    model = ScriptedModel().say("elsewhere", for_="share")

    with pytest.raises(ModelRefused) as caught:
        ask(model, "draft", words="Write the post.")

    assert "task 'draft'" in caught.value.message
    assert "Write the post." in caught.value.message
    assert "1 for task 'share'" in caught.value.hint


def test_it_remembers_what_it_was_asked() -> None:
    model = ScriptedModel("fine")

    ask(model, "research")
    ask(model, "draft", "review")

    assert [(r.task, r.purpose) for r in model.asked] == [("research", "work"), ("draft", "review")]
    assert len(model.asked_for("draft", "review")) == 1
    assert model.asked_for("draft", "work") == []


def test_tokens_are_counted_and_money_is_unknown_unless_stated() -> None:
    free, paid = ScriptedModel("12345678"), ScriptedModel("12345678", usd=0.5)

    assert ask(free).usage.completion_tokens == 2
    assert (ask(free).usage.prompt_tokens or 0) > 0
    assert ask(free).usage.usd is None
    assert ask(paid).usage.usd == 0.5


def test_parallel_tasks_get_their_own_lines_and_overlap() -> None:
    together = threading.Barrier(2, timeout=10)
    model = ScriptedModel(wait=lambda _request: together.wait())
    model.say("r1", "r2", for_="research").say("t1", "t2", for_="trends")
    heard: dict[str, list[str]] = {}

    def work(task: str) -> None:
        heard[task] = [ask(model, task).text for _ in range(2)]

    threads = [threading.Thread(target=work, args=(task,)) for task in ("research", "trends")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert heard == {"research": ["r1", "r2"], "trends": ["t1", "t2"]}
