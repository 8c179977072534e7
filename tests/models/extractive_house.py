"""The shipped recipes, a few passages of our own, and a small loop that plays crew for the offline model."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML

from crewdesk.crews.content import outputs
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.models import ModelRequest
from crewdesk.models.extractive import ExtractiveModel

CONFIG = Path(__file__).parents[2] / "config"
TOPIC = "tide gauges in harbours"
Tools = Mapping[str, Callable[..., Json]]


def shipped_recipes() -> JsonObject:
    """Read both offline.yaml as the loader would."""
    yaml = YAML(typ="safe")
    house = cast("JsonObject", yaml.load((CONFIG / "offline.yaml").read_text("utf-8")))
    crew = cast("JsonObject", yaml.load((CONFIG / "crews/content/offline.yaml").read_text("utf-8")))
    return {**house, **crew}


def passage(key: str, title: str, text: str, source: str = "") -> JsonObject:
    """Make one passage as tools spell it."""
    return {
        "id": key,
        "title": title,
        "source": source or f"content/{key.rsplit('-', 1)[0]}.md:{key[-1]}0",
        "text": text,
    }


PASSAGES: list[JsonObject] = [
    passage(
        "gauges-1",
        "How tide gauges work — A float tells the truth",
        "A tide gauge is an instrument that measures the height of the sea against a mark on land. Most tide gauges in "
        "harbours use a float in a pipe. The pipe keeps waves out, so the float follows the tide alone.",
    ),
    passage(
        "gauges-2",
        "How tide gauges work — A float tells the truth",
        "A radar tide gauge hangs above the water and needs no pipe. Harbours choose radar because nothing grows on it."
        " It is also cheaper to clean. Three of nine harbours in our survey of 2026 use a radar gauge.",
    ),
    passage(
        "gauges-3",
        "How tide gauges work — Harbour mud breaks gauges",
        "Mud is the usual reason why a tide gauge in a harbour fails. A blocked pipe shows a tide that is late and low."
        " The port of Exampleton lost 14 days of readings in 2025 to one crab.",
    ),
    passage(
        "gauges-4",
        "How tide gauges work — Clean the pipe every month",
        "Clean the pipe of a tide gauge every month. Write the date on the lid. A harbour master should compare the "
        "tide gauge with a staff at high water once a week.",
    ),
    passage(
        "money-1",
        "What readings cost — Visits cost more than instruments",
        "A tide gauge costs about 4,000 euros, and a year of visits to it costs 6,000 euros. Harbours that share a "
        "technician pay half. The figures come from our survey of nine harbours in 2026.",
    ),
    passage(
        "money-2",
        "What readings cost — A wrong reading is dearer",
        "A ship that trusts a wrong tide gauge may touch the ground. Insurers count three such cases in harbours since "
        "2020. Each case cost more than a hundred years of readings.",
    ),
    passage(
        "people-1",
        "Who reads the tide — A second pair of eyes",
        "Tide gauges in harbours are read by pilots, and pilots notice errors first. A pilot who can report an error "
        "in one minute does so. Harbours that ask pilots find a broken gauge two days sooner.",
    ),
]


class Shore:
    """Tools that answer from the passages above, and a record of what they were asked."""

    def __init__(self, passages: list[JsonObject] | None = None) -> None:
        self.passages = PASSAGES if passages is None else passages
        self.asked: list[tuple[str, JsonObject]] = []

    def tools(self) -> Tools:
        """Name the tools of the content crew."""
        return {
            "search_knowledge": self._noted("search_knowledge", self._search),
            "trending_topics": self._noted("trending_topics", self._trends),
            "measure_text": self._noted("measure_text", self._measure),
            "our_posts": self._noted("our_posts", self._posts),
            "preview_publication": self._noted("preview_publication", self._preview),
        }

    def _noted(self, name: str, answer: Callable[[JsonObject], Json]) -> Callable[..., Json]:
        def run(**arguments: Json) -> Json:
            self.asked.append((name, arguments))
            return answer(arguments)

        return run

    def _search(self, arguments: JsonObject) -> Json:
        return {"query": arguments["query"], "found": len(self.passages), "passages": list[Json](self.passages)}

    def _trends(self, arguments: JsonObject) -> Json:
        item = passage("feed-1", "Harbour news", "More harbours report on their tide gauges.", "https://news.example/1")
        topic: JsonObject = {"topic": TOPIC, "also": [], "now": 5, "before": 1, "feeds": 2, "passages": ["feed-1"]}
        about = 0 if arguments.get("about") else 5
        return {
            "topics": [] if arguments.get("about") else [topic],
            "passages": [] if arguments.get("about") else [item],
            "items": about,
            "items_before": 0,
            "feeds": 2,
            "window": "7 days up to 2026-11-20",
            "problems": [],
        }

    def _measure(self, arguments: JsonObject) -> Json:
        del arguments
        return {"keywords": [{"keyword": "tide gauge", "uses": 9}, {"keyword": "harbour", "uses": 7}], "words": 300}

    def _posts(self, arguments: JsonObject) -> Json:
        del arguments
        return {"posts": [{"title": "A harbour master for every port", "slug": "harbour-master", "keywords": []}]}

    def _preview(self, arguments: JsonObject) -> Json:
        return {"address": f"https://blog.example/posts/{arguments['slug']}/", "free": True}


def block(heading: str, value: Json) -> str:
    """Spell a block as the engine does."""
    return f"## {heading}\n```json\n{json.dumps(value, ensure_ascii=False)}\n```"


def offered(name: str) -> JsonObject:
    """Offer a tool to a model."""
    return {"type": "function", "function": {"name": name, "description": name, "parameters": {"type": "object"}}}


def request(schema: JsonObject | None, *blocks: str, tools: tuple[str, ...] = ()) -> ModelRequest:
    """Ask as the engine asks."""
    return ModelRequest(
        model="offline/extractive",
        messages=[
            {"role": "system", "content": "You are a researcher."},
            {"role": "user", "content": "Do the task.\n\n" + "\n\n".join(blocks)},
        ],
        tools=[offered(name) for name in tools],
        answer_schema=schema,
    )


def play(model: ExtractiveModel, asked: ModelRequest, tools: Tools, *, rounds: int = 5) -> JsonObject:
    """Run the tools a model calls until it answers; give its answer."""
    messages = list(asked.messages)
    for _ in range(rounds):
        answer = model.complete(
            ModelRequest(asked.model, messages, tools=asked.tools, answer_schema=asked.answer_schema)
        )
        if not answer.tool_calls:
            return cast("JsonObject", json.loads(answer.text))
        calls: list[Json] = [
            {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
            for c in answer.tool_calls
        ]
        messages.append({"role": "assistant", "content": None, "tool_calls": calls})
        for call in answer.tool_calls:
            result = tools[call.name](**json.loads(call.arguments))
            content = result if isinstance(result, str) else json.dumps(result)
            messages.append({"role": "tool", "tool_call_id": call.id, "name": call.name, "content": content})
    raise AssertionError(f"no answer after {rounds} rounds")


def produce(model: ExtractiveModel, name: str, tools: tuple[str, ...], shore: Shore, *blocks: str) -> dict[str, Any]:
    """Have one output of the content crew made, and check it against its type."""
    kind = getattr(outputs, name)
    made = play(model, request(kind.model_json_schema(), *blocks, tools=tools), shore.tools())
    kind.model_validate(made)
    return made
