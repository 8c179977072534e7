from __future__ import annotations

import re
import time
from typing import Any

import pytest
from extractive_house import PASSAGES, TOPIC, Shore, block, passage, produce, shipped_recipes

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.models.extractive import ExtractiveModel

GERMAN = [
    passage(
        "pegel-1",
        "Pegel — Was ein Pegel ist",
        "Ein Pegel ist ein Gerät, das die Höhe des Wassers misst. Die meisten Pegel sind nicht teuer, aber sie "
        "brauchen Pflege.",
    ),
    passage(
        "pegel-2",
        "Pegel — Schlamm ist der Feind",
        "Ein Pegel scheitert meist am Schlamm, weil er das Rohr verstopft. Der Pegel sollte jeden Monat gereinigt "
        "werden.",
    ),
]


@pytest.fixture(name="model", scope="module")
def _model() -> ExtractiveModel:
    return ExtractiveModel(shipped_recipes())


def pick(model: ExtractiveModel, **inputs: Json) -> dict[str, Any]:
    return produce(model, "TopicChoice", ("trending_topics",), Shore(), block("Inputs", inputs))


def research(model: ExtractiveModel, topic: str = TOPIC, shore: Shore | None = None, **inputs: Json) -> dict[str, Any]:
    blocks = [
        block("Inputs", inputs),
        block("Output of pick_topic", {"topic": topic, "angle": f"{topic}: what is it?"}),
    ]
    return produce(model, "Research", ("search_knowledge",), shore or Shore(), *blocks)


def draft(
    model: ExtractiveModel,
    *more: str,
    topic: str = TOPIC,
    passages: list[JsonObject] | None = None,
    findings: list[Json] | None = None,
    language: str = "en",
) -> dict[str, Any]:
    given = PASSAGES if passages is None else passages
    blocks = [
        block("Inputs", {"topic": "", "language": language}),
        block("Output of pick_topic", {"topic": topic, "angle": "", "why_now": "", "passages": []}),
        block("Output of research", {"topic": topic, "summary": "", "findings": findings or []}),
        block("Passages", list[Json](given)),
    ]
    return produce(model, "Draft", (), Shore(), *blocks, *more)


def optimise(model: ExtractiveModel, made: dict[str, Any], *tools: str) -> dict[str, Any]:
    blocks = [block("Output of pick_topic", {"topic": TOPIC}), block("Output of draft", made)]
    return produce(model, "SeoPackage", tools, Shore(), *blocks)


def without_footnotes(body: str) -> str:
    return re.sub(r"\[\^[^\]]+\]", "", body)


# --- the topic ---


def test_the_topic_that_moved_is_taken_with_its_counts(model: ExtractiveModel) -> None:
    choice = pick(model, topic="")

    assert choice["topic"] == "Tide gauges in harbours"
    assert "in the 7 days up to 2026-11-20: 5; in as many days before: 1." in choice["why_now"]
    assert (choice["passages"], choice["confidence"]) == (["feed-1"], 0.6)


def test_an_asked_for_topic_is_kept_though_the_feeds_say_nothing(model: ExtractiveModel) -> None:
    choice = pick(model, topic="Why do tides exist?")

    assert (choice["topic"], choice["angle"]) == ("Why do tides exist?", "Why do tides exist?")
    assert choice["why_now"] == "It was asked for; the feeds say nothing on it in this window."


@pytest.mark.parametrize("topic", ["潮汐测量", "قياس المد", "🚀🔥", "  ", 'a "quoted" {topic} `x`'])
def test_any_topic_goes_through_all_six_outputs(model: ExtractiveModel, topic: str) -> None:
    choice = pick(model, topic=topic)
    found = research(model, choice["topic"], Shore([]))
    made = draft(model, topic=choice["topic"], passages=[], findings=found["findings"])
    package = optimise(model, made, "measure_text", "our_posts")
    post = block("Output of optimise", {**package, "body": made["body"], "language": "en"})
    seen = produce(model, "Publication", ("preview_publication",), Shore(), post)
    shares = produce(
        model, "SocialDrafts", ("preview_publication",), Shore(), post, block("Inputs", {"networks": "Bluesky 300"})
    )

    assert (found["findings"], found["confidence"], made["confidence"]) == ([], 0, 0)
    assert found["open_questions"][0].startswith("no sources")
    assert seen["ready"] is True
    assert len(shares["drafts"][0]["text"]) <= 300


# --- research ---


def test_research_asks_in_several_wordings_and_follows_the_best_headings(model: ExtractiveModel) -> None:
    shore = Shore()

    research(model, shore=shore)

    asked = [str(arguments["query"]) for _, arguments in shore.asked]
    assert asked[:2] == [TOPIC, f"{TOPIC} failure"]
    assert "A float tells the truth" in asked
    assert len(asked) == len(set(asked))


def test_findings_are_sentences_of_the_passages_they_name(model: ExtractiveModel) -> None:
    found = research(model)

    texts = {part["id"]: str(part["text"]) for part in PASSAGES}
    assert 8 <= len(found["findings"]) <= 16
    assert all(one["statement"] in texts[one["passages"][0]] for one in found["findings"])
    assert len({one["passages"][0] for one in found["findings"]}) >= 5
    assert found["confidence"] >= 0.5


def test_the_summary_names_its_passages(model: ExtractiveModel) -> None:
    assert research(model)["summary"].count("[^") >= 3


def test_words_no_source_mentions_are_said(model: ExtractiveModel) -> None:
    assert research(model, "tide gauges on Neptune")["open_questions"] == ["No source mentions: Neptune."]


@pytest.mark.parametrize("answer", ["Error executing tool: no", "{", '{"passages": 3}', "[]", "null"])
def test_a_search_that_answers_nonsense_gives_no_sources(model: ExtractiveModel, answer: str) -> None:
    class Broken(Shore):
        def tools(self) -> Any:
            return {"search_knowledge": lambda query: answer}

    found = research(model, shore=Broken())

    assert (found["findings"], found["confidence"]) == ([], 0)


def test_sources_in_another_language_are_found_and_said_to_be_so(model: ExtractiveModel) -> None:
    found = research(model, "tide gauges", language="de")

    assert found["findings"]
    assert found["confidence"] == 0.2
    assert "kann nicht übersetzen" in found["open_questions"][0]


# --- the draft ---


def test_every_sentence_of_a_draft_is_quoted_and_has_its_footnote(model: ExtractiveModel) -> None:
    body = draft(model)["body"]

    texts = {str(part["id"]): str(part["text"]) for part in PASSAGES}
    lines = [line for line in body.splitlines() if line and not line.startswith(("#", "*"))]
    cited = [found for line in lines for found in re.findall(r"(.+?)\[\^([^\]]+)\]\s*", line)]
    assert len(cited) > 10
    assert all(sentence in texts[key] for sentence, key in cited)
    assert all(line.endswith("]") for line in lines)


def test_a_draft_reads_as_a_post(model: ExtractiveModel) -> None:
    made = draft(model)

    headings = [line[3:] for line in made["body"].splitlines() if line.startswith("## ")]
    paragraphs = [p for p in made["body"].split("\n\n") if p[0] not in "#*"]
    assert made["title"] == "How tide gauges work"
    assert made["body"].startswith("A tide gauge is an instrument")
    assert 3 <= len(headings) == len(set(headings))
    assert not [p for p in paragraphs if p.startswith(("It ", "This ", "They ", "However"))]
    assert made["body"].splitlines()[-1].startswith("*Put together by Crewdesk's offline model")


def test_a_draft_without_passages_is_made_of_the_findings(model: ExtractiveModel) -> None:
    finding: Json = {"statement": "A tide gauge is an instrument that measures the sea.", "passages": ["gauges-1"]}

    body = draft(model, passages=[], findings=[finding])["body"]

    assert body.startswith("A tide gauge is an instrument that measures the sea.[^gauges-1]")


def test_without_sources_there_is_no_post(model: ExtractiveModel) -> None:
    made = draft(model, passages=[])

    assert made["body"] == f"*There are no sources on “{TOPIC}”, so there is nothing to write yet.*"
    assert made["confidence"] == 0


def test_only_passages_in_the_asked_language_are_quoted(model: ExtractiveModel) -> None:
    made = draft(model, topic="Pegel", passages=[*PASSAGES, *GERMAN], language="de")

    assert "Ein Pegel ist ein Gerät, das die Höhe des Wassers misst.[^pegel-1]" in made["body"]
    assert "tide" not in made["body"]
    assert "kein Sprachmodell" in made["body"]


def test_it_does_not_pretend_to_translate(model: ExtractiveModel) -> None:
    made = draft(model, language="de")

    assert made["body"].startswith("*Es gibt keine Quellen in der Sprache „de“")
    assert made["confidence"] == 0
    assert "kann nicht übersetzen" in made["open_questions"][0]


# --- notes ---


def revised(model: ExtractiveModel, *notes: Json) -> tuple[dict[str, Any], dict[str, Any]]:
    first = draft(model)
    return first, draft(model, block("Your last version", first), block("Notes", list[Json](notes)))


def test_a_shorter_version_is_shorter_and_says_what_was_taken(model: ExtractiveModel) -> None:
    first, second = revised(model, "kürzer, and start with the visits")

    assert len(without_footnotes(second["body"]).split()) < len(without_footnotes(first["body"]).split())
    assert second["body"].startswith("A tide gauge costs about 4,000 euros, and a year of visits")
    assert re.search(r"Taken: length \d+ words; more on: visits", second["open_questions"][-1])


def test_a_quoted_sentence_is_gone_in_the_next_version(model: ExtractiveModel) -> None:
    first, second = revised(
        model, 'The sentence "A radar tide gauge hangs above the water and needs no pipe." is wrong.'
    )

    assert "radar tide gauge hangs" in first["body"]
    assert "radar tide gauge hangs" not in second["body"]


def test_notes_it_cannot_follow_are_said_to_have_changed_nothing(model: ExtractiveModel) -> None:
    first, second = revised(model, "make it funnier")

    assert first["body"] == second["body"]
    assert second["open_questions"][-1].startswith("The notes changed nothing")


# --- package, publication, shares ---


def test_the_package_fits_its_lengths_and_uses_what_was_measured(model: ExtractiveModel) -> None:
    made = draft(model)

    package = optimise(model, made, "measure_text", "our_posts")

    assert len(package["title"]) <= 60
    assert 50 <= len(package["description"]) <= 160
    assert package["description"] in without_footnotes(made["body"])
    assert package["slug"] == "tide-gauges-in-harbours"
    assert package["keywords"][:2] == ["tide gauges in harbours", "tide gauge"]
    assert package["links"] == [{"anchor": "harbour master", "slug": "harbour-master"}]
    assert package["confidence"] > 0.2


def test_a_package_without_tools_is_less_sure(model: ExtractiveModel) -> None:
    package = optimise(model, draft(model))

    assert package["links"] == []
    assert package["confidence"] <= 0.3
    assert package["keywords"][0] == "tide gauges in harbours"


def test_a_title_that_is_too_long_is_cut_at_a_word(model: ExtractiveModel) -> None:
    long = "How should the masters of small harbours decide where a tide gauge is worth its money?"

    package = produce(model, "SeoPackage", (), Shore(), block("Output of draft", {**draft(model), "title": long}),
                      block("Output of pick_topic", {"topic": long}))  # fmt: skip

    assert package["title"] == "How should the masters of small harbours decide where a…"


@pytest.mark.parametrize(
    ("seen", "ready", "check"),
    [
        ({"address": "https://a/x/", "free": True}, True, "Nothing stands at https://a/x/ yet."),
        (
            {"address": "https://a/x/", "free": None},
            True,
            "The site cannot say whether something stands at https://a/x/.",
        ),
        ({"address": "https://a/x/", "free": False, "taken_by": "Old"}, False, "At https://a/x/ stands already: Old."),
        ("Error executing tool: no", False, None),
    ],
)
def test_the_publication_says_what_the_preview_said(
    model: ExtractiveModel,
    seen: Json,
    ready: bool,  # noqa: FBT001
    check: str | None,
) -> None:
    class Site(Shore):
        def tools(self) -> Any:
            return {"preview_publication": lambda slug: seen}

    made = produce(model, "Publication", ("preview_publication",), Site(), block("Output of optimise", {"slug": "x"}))

    assert (made["ready"], made["checks"]) == (ready, [check] if check else [])


def test_each_network_gets_one_draft_within_its_limit(model: ExtractiveModel) -> None:
    made = draft(model)
    post = block("Output of optimise", {"title": "T", "slug": "tides", "body": made["body"], "language": "en"})
    networks = block("Inputs", {"networks": "LinkedIn 1300, Mastodon 500, Bluesky 300"})

    shares = produce(model, "SocialDrafts", ("preview_publication",), Shore(), post, networks)["drafts"]

    assert [one["network"] for one in shares] == ["LinkedIn", "Mastodon", "Bluesky"]
    assert all(len(one["text"]) <= limit for one, limit in zip(shares, (1300, 500, 300), strict=True))
    assert all(one["text"].endswith("https://blog.example/posts/tides/") for one in shares)
    assert all(one["text"].startswith("A tide gauge is an instrument") for one in shares)
    assert "- Harbour mud breaks gauges" in shares[0]["text"]


# --- size ---


@pytest.mark.parametrize(
    "text",
    [
        "A tide gauge in a harbour is an instrument. Mud is its enemy. " * 80_000,
        "x" * 5_000_000,
        "[(**" * 1_200_000,
    ],
    ids=["prose", "one word", "brackets"],
)
def test_five_megabytes_in_a_passage_take_seconds(model: ExtractiveModel, text: str) -> None:
    started = time.monotonic()

    draft(model, passages=[passage("big-1", "Big — Bigger", text), *PASSAGES])

    assert time.monotonic() - started < 20
