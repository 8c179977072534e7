from __future__ import annotations

from extractive_house import PASSAGES, TOPIC, shipped_recipes

from crewdesk.domain.passages import Passage
from crewdesk.models.compose import Composition, compose_post
from crewdesk.models.findings import choose_findings
from crewdesk.models.language import Languages
from crewdesk.models.materials import as_object, as_text
from crewdesk.models.prose import Limits, read, within
from crewdesk.models.ranking import make_query, missing_words, rank
from crewdesk.models.shape import Shape
from crewdesk.models.sources import Sources, Wishes, open_sources

ENGLISH = Languages(as_object(shipped_recipes()["languages"])).get("en")
SOURCES = [Passage(*(as_text(part[key]) for key in ("id", "title", "source", "text"))) for part in PASSAGES]


def opened(topic: str = TOPIC, *, wishes: Wishes | None = None, passages: list[Passage] | None = None) -> Sources:
    wished = wishes or Wishes()
    query = make_query(topic, {wished.prefer: 3.0}, ENGLISH)
    return open_sources(passages or SOURCES, query, ENGLISH, Limits(), wishes=wished)


def told(post: Composition) -> list[str]:
    parts = [*post.sections, *([post.closing] if post.closing else [])]
    opening = [post.opening] if post.opening else []
    blocks = [*opening, *(block for part in parts for block in part.blocks)]
    return [sentence.text for block in blocks for sentence in block.sentences]


def test_passages_on_another_subject_are_left_out() -> None:
    other = Passage("bread-1", "Bread — Rye", "content/bread.md:1", "Rye bread needs a warm oven and a whole night.")

    ranked = rank([other, *SOURCES], make_query(TOPIC, {}, ENGLISH), ENGLISH)

    assert ranked[0][1].id.startswith("gauges")
    assert other not in [passage for _, passage in ranked]


def test_a_topic_nobody_speaks_of_finds_nothing() -> None:
    assert opened("quantum gardening").ranked == ()
    assert missing_words(SOURCES, "tide gardening", ENGLISH) == ["gardening"]


def test_no_sentence_that_points_back_stands_alone() -> None:
    text = "Mud stops every gauge sooner or later. It also stops a good pump. A harbour fears such a stop."

    (run,) = read(Passage("a-1", "", "", text), ENGLISH, Limits())

    assert [sentence.alone for sentence in run] == [True, False, False]
    assert [sentence.opens for sentence in run] == [True, False, True]


def test_only_a_bounded_part_of_long_passages_is_read() -> None:
    long = [Passage(str(n), "", "", "x" * 5_000) for n in range(10)]

    taken = within(long, Limits(passage_chars=2_000, total_chars=5_000))

    assert [len(passage.text) for passage in taken] == [2_000, 2_000, 1_000]


def test_findings_cover_documents_without_saying_a_thing_twice() -> None:
    again = Passage("copy-1", "Copy — Copy", "content/copy.md:1", SOURCES[0].text)

    found = choose_findings(opened(passages=[*SOURCES, again]), 8, Shape())

    assert len({sentence.passage.title.split(" — ")[0] for sentence in found}) > 2
    assert len({sentence.text for sentence in found}) == len(found)


def test_a_post_opens_with_what_the_thing_is_and_closes_with_what_to_do() -> None:
    post = compose_post(opened(), Shape())

    assert post.opening is not None
    assert post.opening.sentences[0].text.startswith("A tide gauge is an instrument")
    assert post.closing is not None
    assert post.closing.heading == "Clean the pipe every month"


def test_a_post_quotes_word_for_word_and_nothing_twice() -> None:
    said = told(compose_post(opened(), Shape()))

    everything = " ".join(passage.text for passage in SOURCES)
    assert all(sentence in everything for sentence in said)
    assert len(set(said)) == len(said)


def test_sections_keep_the_order_of_their_document() -> None:
    sections = compose_post(opened(), Shape()).sections

    lines = [section.line for section in sections if section.document == "How tide gauges work"]
    assert lines == sorted(lines)
    assert len({section.heading for section in sections}) == len(sections)


def test_a_wished_word_brings_its_section_to_the_front() -> None:
    usual = told(compose_post(opened(), Shape()))
    wished = told(compose_post(opened(wishes=Wishes(prefer="money visits")), Shape()))

    assert usual[0] == "A tide gauge is an instrument that measures the height of the sea against a mark on land."
    assert wished[0] == "A tide gauge costs about 4,000 euros, and a year of visits to it costs 6,000 euros."


def test_an_unwished_sentence_takes_the_rest_of_its_paragraph_with_it() -> None:
    said = told(compose_post(opened(wishes=Wishes(avoid=("crab",), quoted=("The pipe keeps waves out",))), Shape()))

    assert not [sentence for sentence in said if "crab" in sentence or "keeps waves out" in sentence]


def test_a_word_of_the_topic_itself_cannot_be_left_out() -> None:
    assert told(compose_post(opened(wishes=Wishes(avoid=("tide gauges",))), Shape()))


def test_sources_without_advice_close_with_nothing_made_up() -> None:
    plain = [passage for passage in SOURCES if passage.id in ("gauges-1", "money-2")]

    post = compose_post(opened(passages=plain), Shape())

    assert (post.closing, post.steps) == (None, ())


def test_no_passages_give_an_empty_post() -> None:
    assert compose_post(opened("quantum gardening"), Shape()) == Composition()
