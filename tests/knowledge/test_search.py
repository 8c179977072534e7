"""Search finds what a researcher would, in any script, whatever is typed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewdesk.errors import NotFound
from crewdesk.knowledge.front_matter import Origin
from crewdesk.knowledge.index import KnowledgeBase

Make = Callable[..., KnowledgeBase]

SOURCES = {
    "gates.md": "---\ntitle: Human gates\ntopics: [approval]\nsources: [https://example.org/1321]\n---\n"
    "## Silence is not consent\n\nA human gate stays shut until a named person approves the very version shown.\n\n"
    "## Deadlines\n\nA deadline may remind a reviewer; expiry never approves anything by itself.\n",
    "costs.md": "---\ntitle: What crews cost\n---\n## Tokens\n\nA crew of four agents spends most tokens on context. "
    "One gate costs nothing while it waits.\n",
    "chinese.md": "# 审批\n\n人工审批是代理流水线中的一个关口。没有审批就不会发布。\n",
    "japanese.md": "# ゲート\n\n承認ゲートは人が決める場所です。\n",
    "arabic.md": "# موافقة\n\nلا يُنشر شيء دون موافقة شخص مسؤول.\n",
    "thai.md": "# ไทย\n\nการอนุมัติต้องทำโดยคน\n",
    "hindi.md": "# हिन्दी\n\nहर प्रकाशन को एक व्यक्ति मंज़ूर करता है।\n",
    "french.md": "# Éditeur\n\nLa rédaction relit chaque brouillon avant publication.\n",
}


@pytest.fixture(name="make")
def _make(tmp_path: Path) -> Make:
    """Write sources and open them."""

    def make(files: dict[str, str]) -> KnowledgeBase:
        folder = tmp_path / "content"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        return KnowledgeBase.open(tmp_path, ["content"])

    return make


@pytest.fixture(name="base")
def _base(make: Make) -> KnowledgeBase:
    """The sources above, open."""
    return make(SOURCES)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("human gates", "gates-1"),
        ("Which version does a person approve?", "gates-1"),
        ("deadline expiry", "gates-2"),
        ("tokens of a crew", "costs-1"),
        ("Gate COSTS", "costs-1"),
        ("审批", "chinese-1"),
        ("代理流水线", "chinese-1"),
        ("批", "chinese-1"),
        ("承認", "japanese-1"),
        ("人が決める場所", "japanese-1"),
        ("موافقة", "arabic-1"),
        ("ينشر", "arabic-1"),
        ("อนุมัติ", "thai-1"),
        ("प्रकाशन", "hindi-1"),
        ("redaction", "french-1"),
        ("ÉDITEUR", "french-1"),
        ("human gates 审批 in pipelines", "gates-1"),
    ],
)
def test_the_passage_a_researcher_means_comes_first(base: KnowledgeBase, query: str, first: str) -> None:
    assert base.search(query, limit=3)[0].id == first


@pytest.mark.parametrize(
    "query",
    [
        "how to grow tomatoes in the Netherlands",
        "the price of it all, and what of the rest",
        "量子计算",
        "🎉🎉",
        "?!… — ",
        "",
        "   ",
        "\0",
        "\ud800",
    ],
)
def test_what_the_sources_do_not_know_finds_nothing(base: KnowledgeBase, query: str) -> None:
    assert base.search(query, limit=5) == []


@pytest.mark.parametrize(
    "query",
    ["gate*", "gate AND", "NOT gate", "gate)", "(gate", "gate'--", "^gate", "-gate", 'gate"', "gate 2026"],
)
def test_signs_of_the_query_language_are_only_signs(base: KnowledgeBase, query: str) -> None:
    ids = [passage.id for passage in base.search(query, limit=5)]

    assert "gates-1" in ids


@given(query=st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_query(query: str) -> None:
    base = KnowledgeBase([])

    assert base.search(query, limit=5) == []


@given(query=st.text(alphabet='gate"*()^-:+.NEAROT 审批é\0', max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_query_where_there_are_passages(query: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    base = _opened(tmp_path_factory)

    assert len(base.search(query, limit=2)) <= 2


_OPEN: list[KnowledgeBase] = []


def _opened(factory: pytest.TempPathFactory) -> KnowledgeBase:
    if not _OPEN:
        root = factory.mktemp("knowledge")
        (root / "content").mkdir()
        for name, text in SOURCES.items():
            (root / "content" / name).write_text(text, "utf-8")
        _OPEN.append(KnowledgeBase.open(root, ["content"]))
    return _OPEN[0]


def test_a_heading_counts_for_more_than_a_word_in_passing(make: Make) -> None:
    base = make(
        {
            "a.md": "# Notes\n\nThis part mentions a journal once, in passing, among many other things.\n",
            "b.md": "# Notes\n\n## The journal\n\nEvery answer is written down before anyone acts on it.\n",
        }
    )

    assert base.search("journal", limit=2)[0].id == "b-1"


def test_topics_are_searched_although_no_reader_sees_them(make: Make) -> None:
    base = make({"a.md": "---\ntopics: [human in the loop]\n---\nA person decides at the gate.\n"})

    assert [passage.id for passage in base.search("loop", limit=5)] == ["a-1"]


def test_one_document_leaves_places_to_others_that_are_nearly_as_good(make: Make) -> None:
    section = "A gate of kind {n} opens for reason {n} and closes for reason {n} after the person {n} spoke."
    long = "# Gates\n\n" + "\n\n".join(f"## Part {n}\n\n{section.format(n=n)}" for n in range(10))
    base = make({"long.md": long, "other.md": "# Gates\n\nThe other house has gates too, and they cost money.\n"})

    found = [passage.id for passage in base.search("gates", limit=6)]

    assert "other-1" in found
    assert len(found) == 6


def test_the_same_words_twice_are_found_once(make: Make) -> None:
    text = "# Gates\n\nA gate stays shut until a named person opens it, whatever the deadline says about it.\n"

    base = make({"a.md": text, "b.md": text})

    assert len(base.search("gate deadline", limit=5)) == 1


def test_a_passage_that_shares_one_common_word_of_many_is_no_answer(make: Make) -> None:
    base = make({f"{n}.md": f"# Pipeline {n}\n\nA pipeline of kind {n} has many parts.\n" for n in range(4)})

    assert base.search("pipeline inspection drones for offshore gas fields", limit=5) == []


def test_the_limit_holds(base: KnowledgeBase) -> None:
    assert len(base.search("gate", limit=1)) == 1
    assert base.search("gate", limit=0) == []


def test_the_order_is_the_same_every_time_and_in_every_thread(base: KnowledgeBase) -> None:
    queries = ["human gates", "审批", "tokens", "gate"] * 25
    alone = [base.search(query, limit=5) for query in queries]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda query: base.search(query, limit=5), queries))

    assert together == alone


def test_a_reader_can_ask_where_a_passage_has_its_facts_from(base: KnowledgeBase) -> None:
    assert base.sources("gates-2") == (Origin("", "https://example.org/1321"),)
    with pytest.raises(NotFound, match="no-such-9"):
        base.sources("no-such-9")
