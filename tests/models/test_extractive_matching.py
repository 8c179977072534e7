"""Which of our passages speaks to what is known of somebody."""

from __future__ import annotations

from typing import Any

from crewdesk.models.language import Language
from crewdesk.models.matching import match, quoted, without

ENGLISH = Language("en", stopwords=frozenset({"of", "and", "the", "for"}))


def offer(name: str, words: str) -> dict[str, Any]:
    return {"id": name, "title": f"Offer — {name}", "text": f"We sell code and reviews.\nWords: {words}."}


def known(statement: str, weight: float = 1.0) -> dict[str, Any]:
    return {"statement": statement, "passages": ["crm-1"], "weight": weight}


def test_a_phrase_counts_only_where_all_its_words_are_said() -> None:
    offers: list[Any] = [offer("reviews", "code review, pull request"), offer("audits", "audit")]

    assert match([known("We review contracts")], offers, "Words:", ENGLISH) == []
    (found,) = match([known("Reviews of the code")], offers, "Words:", ENGLISH)
    assert (found["offer"], found["heading"], found["words"]) == ("reviews", "reviews", ["code review"])


def test_words_of_the_offers_own_text_say_nothing() -> None:
    assert match([known("We sell bread")], [offer("reviews", "code review")], "Words:", ENGLISH) == []
    assert match([known("We sell code")], [offer("reviews", "code review")], "Other:", ENGLISH) == []


def test_the_surest_item_with_most_words_comes_first() -> None:
    items: list[Any] = [known("audit and code review", 0.4), known("audit", 0.9)]
    offers: list[Any] = [offer("reviews", "code review"), offer("audits", "audit, code review"), offer("none", "bread")]

    found = match(items, offers, "Words:", ENGLISH)

    assert [(one["offer"], one["statement"]) for one in found] == [
        ("audits", "audit"),
        ("reviews", "audit and code review"),
    ]


def test_of_a_quotation_only_its_words_are_looked_at() -> None:
    offers: list[Any] = [offer("sales", "CRM"), offer("reviews", "code review")]

    found = match([known("The CRM says: “code review”.")], offers, "Words:", ENGLISH)

    assert [one["offer"] for one in found] == ["reviews"]
    assert quoted("He said “a b” and “c”.") == "a b"
    assert quoted("no marks") == ""


def test_what_is_no_list_of_objects_gives_nothing() -> None:
    assert match("x", [1, None], "Words:", ENGLISH) == []


def test_sentences_are_left_out_by_words_and_by_quotation() -> None:
    listed: list[Any] = ["Reviews cost little.", "Nothing is posted.", "It runs here."]

    assert without(listed, ["cost of reviews"], ["Nothing is posted."], ENGLISH) == ["It runs here."]
    assert without(listed, [""], [], ENGLISH) == listed
