from __future__ import annotations

import json

import pytest
from extractive_house import PASSAGES, block, request

from crewdesk.domain.canonical import Json
from crewdesk.domain.models import ModelRequest
from crewdesk.models.materials import read_materials


def conversation(content: str) -> ModelRequest:
    call: Json = {"id": "call-1", "function": {"name": "search_knowledge", "arguments": '{"query": "tides"}'}}
    return ModelRequest(
        "offline/extractive",
        [
            {"role": "user", "content": "Do it."},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "user", "content": "Analyze the tool result."},
            {"role": "tool", "tool_call_id": "call-1", "content": content},
        ],
    )


def test_every_block_of_the_engine_is_read() -> None:
    blocks = [
        block("Inputs", {"topic": "tides"}),
        block("Output of pick_topic", {"topic": "tides"}),
        block("Passages", list[Json](PASSAGES)),
        block("Your last version", {"title": "Old"}),
        block("Notes", ["shorter"]),
    ]

    read = read_materials(request(None, *blocks))

    assert read.inputs == {"topic": "tides"}
    assert read.outputs == {"pick_topic": {"topic": "tides"}}
    assert [part["id"] for part in read.passages] == [part["id"] for part in PASSAGES]
    assert (read.last, read.notes) == ({"title": "Old"}, ("shorter",))
    assert "Do the task." in read.description
    assert "```" not in read.description


def test_blocks_are_found_behind_other_words_and_as_plain_text() -> None:
    asked = "What happened: ## Failure\nthe server refused\n\nWhat our checks found: " + block(
        "Problems", ["no source"]
    )

    read = read_materials(request(None, asked))

    assert read.blocks == {"failure": "the server refused", "problems": ["no source"]}


def test_missing_blocks_are_empty() -> None:
    read = read_materials(request(None))

    assert (read.inputs, read.outputs, read.passages, read.last, read.notes) == ({}, {}, (), {}, ())


def test_passages_that_were_cut_off_are_kept_as_far_as_they_are_whole() -> None:
    whole = json.dumps(PASSAGES)
    cut = f"## Passages\n```json\n{whole[: whole.index('gauges-3') + 40]}\n[… cut: 999 more characters]"

    read = read_materials(request(None, cut, block("Notes", ["shorter"])))

    assert [part["id"] for part in read.passages] == ["gauges-1", "gauges-2"]
    assert read.notes == ("shorter",)


@pytest.mark.parametrize("content", [json.dumps({"passages": PASSAGES}), repr({"passages": PASSAGES})])
def test_a_tools_passages_are_read_from_json_and_from_python(content: str) -> None:
    read = read_materials(conversation(content))

    assert len(read.passages) == len(PASSAGES)
    assert (read.rounds, read.calls) == (1, 1)
    assert read.results[0].arguments == {"query": "tides"}


@pytest.mark.parametrize(
    "content",
    ["Error executing tool: no", "{not json", "[1, 2", "null", '{"passages": "none"}', '{"passages": [1, {}]}'],
)
def test_a_malformed_answer_of_a_tool_gives_no_passages(content: str) -> None:
    assert read_materials(conversation(content)).passages == ()


def test_the_first_passage_of_an_id_wins() -> None:
    again = {**PASSAGES[0], "text": "Something else."}

    read = read_materials(request(None, block("Passages", [PASSAGES[0], again])))

    assert [part["text"] for part in read.passages] == [PASSAGES[0]["text"]]
