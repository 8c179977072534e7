from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest
from extractive_house import PASSAGES, Shore, block, offered, play, request, shipped_recipes
from pydantic import BaseModel, Field

from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import ConfigurationError, ModelRefused
from crewdesk.models.extractive import ExtractiveModel
from crewdesk.ports.model import Model


class Plan(BaseModel):
    briefs: list[str]


class Verdict(BaseModel):
    verdict: Literal["accept", "revise", "reassign", "give_up"]
    notes: str = ""
    assign_to: str = ""


class Memo(BaseModel):
    """An output that has no recipe."""

    text: str = Field(max_length=200)
    tags: list[str]
    stance: Literal["for", "against", "open"]
    confidence: float = Field(ge=0, le=1)
    open_questions: list[str]


@pytest.fixture(name="model", scope="module")
def _model() -> ExtractiveModel:
    return ExtractiveModel(shipped_recipes())


def judged(model: ExtractiveModel, *blocks: str) -> Verdict:
    return Verdict.model_validate(play(model, request(Verdict.model_json_schema(), *blocks), {}))


def test_it_is_a_model_like_any_other(model: ExtractiveModel) -> None:
    port: Model = model

    assert port.window("offline/extractive") == 1_000_000


def test_a_plan_adds_no_briefs(model: ExtractiveModel) -> None:
    tasks = block("Tasks", [{"task": "draft", "agent": "writer", "description": "Write."}])

    assert play(model, request(Plan.model_json_schema(), tasks), {}) == {"briefs": []}


def test_work_without_problems_is_accepted(model: ExtractiveModel) -> None:
    assert judged(model, block("Work", {"title": "x"}), block("Problems", [])) == Verdict(verdict="accept")


def test_problems_come_back_as_notes(model: ExtractiveModel) -> None:
    verdict = judged(model, "What our checks found: " + block("Problems", ["No source.", "Too long."]))

    assert verdict == Verdict(verdict="revise", notes="No source.\nToo long.")


def test_a_failure_is_given_up_with_its_error(model: ExtractiveModel) -> None:
    assert judged(model, "What happened: ## Failure\nthe server refused\n\nSay what to do.") == Verdict(
        verdict="give_up", notes="the server refused"
    )


def test_an_output_without_a_recipe_is_filled_honestly(model: ExtractiveModel) -> None:
    shore = Shore()
    search = offered("search_knowledge")
    search["function"]["parameters"] = {"required": ["query"], "properties": {"query": {"type": "string"}}}  # type: ignore[index,call-overload]
    asked = request(Memo.model_json_schema(), block("Inputs", {"topic": "tide gauges"}))
    asked.tools.append(search)

    memo = Memo.model_validate(play(model, asked, shore.tools()))

    assert shore.asked == [("search_knowledge", {"query": "tide gauges"})]
    assert memo.text.split(". ")[0] in " ".join(str(part["text"]) for part in PASSAGES)
    assert (memo.confidence, memo.tags, memo.stance) == (0.0, [], "open")
    assert memo.open_questions == [
        "The offline model has no recipe for this output; it filled it with what its tools returned."
    ]


def test_without_a_schema_it_answers_in_sentences_of_its_sources(model: ExtractiveModel) -> None:
    asked = request(None, block("Inputs", {"topic": "tide gauges"}), block("Passages", list(PASSAGES)))

    answer = model.complete(asked)

    assert answer.text.split(". ")[0] in " ".join(str(part["text"]) for part in PASSAGES)


def test_the_same_request_has_the_same_answer_in_every_thread(model: ExtractiveModel) -> None:
    schema: JsonObject = Memo.model_json_schema()
    asked = request(schema, block("Inputs", {"topic": "tide gauges"}), block("Passages", list(PASSAGES)))
    other = request(schema, block("Inputs", {"topic": "mud"}), block("Passages", list(PASSAGES)))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(model.complete, [asked, other] * 12))

    assert len({answer.text for answer in answers[::2]}) == 1
    assert len({answer.text for answer in answers[1::2]}) == 1
    assert ExtractiveModel(shipped_recipes()).complete(asked) == answers[0]


def test_it_is_free_and_says_how_much_it_read(model: ExtractiveModel) -> None:
    answer = model.complete(request(Plan.model_json_schema()))

    assert answer.usage.usd == 0.0
    assert answer.usage.completion_tokens == -(-len(answer.text) // 4)
    assert (answer.usage.prompt_tokens or 0) > 10
    assert (answer.finish, answer.model) == ("stop", "offline/extractive")


def test_tool_calls_have_steady_ids_and_are_made_once() -> None:
    calls = [[{"call": "a", "each": "[1, 2, 2]", "with": {"n": "each"}}], [{"call": "b", "when": "results.a"}]]
    model = ExtractiveModel({"Memo": {"tools": calls, "fields": {"text": "'done'"}}})
    asked = request(Memo.model_json_schema(), tools=("a", "b"))

    first = model.complete(asked)

    assert [(c.id, c.name, c.arguments) for c in first.tool_calls] == [
        ("call-1", "a", '{"n": 1}'),
        ("call-2", "a", '{"n": 2}'),
    ]
    assert first.finish == "tool_calls"
    asked_of: list[str] = []

    def noted(name: str, n: int = 0) -> JsonObject:
        asked_of.append(f"{name}{n}")
        return {"n": n}

    made = play(model, asked, {"a": lambda n: noted("a", n), "b": lambda: noted("b")})
    assert made["text"] == "done"
    assert asked_of == ["a1", "a2", "b0"]


def test_a_tool_that_is_not_offered_is_not_called() -> None:
    model = ExtractiveModel({"Memo": {"tools": [[{"call": "a"}]], "fields": {"text": "'done'"}}})

    assert json.loads(model.complete(request(Memo.model_json_schema())).text)["text"] == "done"


def test_a_broken_recipe_is_found_when_the_house_is_read() -> None:
    with pytest.raises(ConfigurationError, match=r"offline\.yaml: Memo\.text"):
        ExtractiveModel({"Memo": {"fields": {"text": "inputz.topic"}}})


def test_a_recipe_that_fails_on_its_materials_refuses_with_a_sentence() -> None:
    model = ExtractiveModel({"Memo": {"fields": {"text": "1 / (inputs.n | int)"}}})

    with pytest.raises(ModelRefused, match="recipe for 'Memo' failed"):
        model.complete(request(Memo.model_json_schema(), block("Inputs", {"n": 0})))
