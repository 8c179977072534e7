"""The anchor's words become a link the first time the text says them."""

from __future__ import annotations

import pytest
from connector_samples import html

COSTS = {"anchor": "cost of runs", "slug": "costs"}
LINK = '<a href="../costs/index.html">'


def test_only_the_first_occurrence_becomes_a_link() -> None:
    text = html("The cost of runs. The cost of runs.", links=[COSTS])

    assert text == f"<p>The {LINK}cost of runs</a>. The cost of runs.</p>"


def test_a_link_to_a_post_that_is_not_there_is_left_out() -> None:
    assert (
        html("The cost of runs.", links=[{"anchor": "cost of runs", "slug": "missing"}]) == "<p>The cost of runs.</p>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "## Cost of runs",
        "`cost of runs`",
        "    cost of runs",
        "[the cost of runs](https://a.example)",
        "[*the cost of runs*](https://a.example)",
        "recost of runs",
        "cost of runserver",
        "cost *of* runs",
    ],
)
def test_headings_code_links_and_parts_of_words_are_passed_over(text: str) -> None:
    assert LINK not in html(text, links=[COSTS])


def test_the_words_are_found_after_a_heading_and_a_link_had_them() -> None:
    text = html("## Cost of runs\n\n[cost of runs](https://a.example), and the cost of runs.", links=[COSTS])

    assert text.endswith(f"and the {LINK}cost of runs</a>.</p>")


def test_the_words_are_found_over_a_line_end_and_in_other_capitals() -> None:
    assert f"{LINK}Cost of\nruns</a>" in html("Cost of\nruns matter.", links=[COSTS])


def test_the_words_are_found_in_lists_tables_quotes_and_emphasis() -> None:
    for text in ("- cost of runs", "| cost of runs |\n|---|", "> cost of runs", "a **cost of runs** b"):
        assert LINK in html(text, links=[COSTS])


def test_the_list_of_sources_gets_no_links() -> None:
    source = {"id": "a", "title": "The cost of runs", "location": "a.md:1"}

    assert LINK not in html("One.[^a]", sources=[source], links=[COSTS])


def test_two_links_keep_out_of_each_other() -> None:
    text = html("The cost of runs.", links=[COSTS, {"anchor": "runs", "slug": "runs"}])

    assert text.count("<a ") == 1


def test_words_in_a_script_without_spaces_are_found_between_others() -> None:
    assert f"を{LINK}費用</a>は" in html("実行を費用は見る", links=[{"anchor": "費用", "slug": "costs"}])


def test_an_anchor_is_words_and_no_pattern() -> None:
    links = [{"anchor": "a.c (x)", "slug": "costs"}, {"anchor": " ", "slug": "costs"}]

    assert html("abc x and a.c (x) too", links=links) == f"<p>abc x and {LINK}a.c (x)</a> too</p>"
