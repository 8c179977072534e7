"""Footnotes name the post's sources: numbered in order of mention, one number a place, linked both ways."""

from __future__ import annotations

from connector_samples import Page, html

GATES = {"id": "gates-1", "title": "Where gates belong", "location": "content/gates.md:12"}
AGAIN = {"id": "gates-2", "title": "Where gates belong, again", "location": "content/gates.md:12"}
STUDY = {"id": "study-1", "title": "A study", "location": "https://example.org/study?a=1&b=2"}


def numbers(text: str) -> list[str]:
    """The footnote numbers in the text, as one reads them."""
    page = Page(text)
    return [link["href"].removeprefix("#source-") for link in page.all("a") if link.get("role") == "doc-noteref"]


def test_sources_are_numbered_in_the_order_of_their_first_mention() -> None:
    text = html("One.[^study-1] Two.[^gates-1] Three.[^study-1]", sources=[GATES, STUDY])

    assert numbers(text) == ["1", "2", "1"]
    assert text.index("A study") < text.index("Where gates belong")


def test_passages_of_one_place_share_one_number_and_one_entry() -> None:
    text = html("One.[^gates-2] Two.[^gates-1]", sources=[GATES, AGAIN])

    assert numbers(text) == ["1", "1"]
    assert len([item for item in Page(text).all("li") if item]) == 1


def test_several_footnotes_in_a_row_name_one_place_once() -> None:
    sources = [GATES, AGAIN, STUDY]

    assert numbers(html("One.[^gates-1][^gates-2][^study-1]", sources=sources)) == ["1", "2"]
    assert numbers(html("One.[^gates-1] [^gates-2]", sources=sources)) == ["1"]


def test_footnotes_lead_to_their_source_and_back_to_each_mention() -> None:
    page = Page(html("One.[^gates-1]\n\nTwo.[^gates-1]", sources=[GATES]))

    targets = [address.removeprefix("#") for address in page.addresses()]
    assert targets == ["source-1", "source-1", "ref-1", "ref-1-2"]
    assert set(targets) <= set(page.ids())
    assert len(page.ids()) == len(set(page.ids()))


def test_an_address_becomes_a_link_and_a_path_is_shown_as_text() -> None:
    text = html("One.[^study-1] Two.[^gates-1]", sources=[GATES, STUDY])

    assert '<a href="https://example.org/study?a=1&amp;b=2" rel="noopener"><bdi>A study</bdi></a>' in text
    assert "<bdi>Where gates belong</bdi> <code>content/gates.md:12</code>" in text


def test_a_source_without_title_or_place_is_named_by_what_it_has() -> None:
    sources = [{"id": "a", "title": "", "location": "notes.md:3"}, {"id": "b", "title": "Memory"}, {"id": "c"}]
    text = html("One.[^a] Two.[^b] Three.[^c]", sources=sources)

    assert "<bdi>notes.md:3</bdi>" in text
    assert "<bdi>Memory</bdi>" in text
    assert "<bdi>c</bdi>" in text


def test_a_footnote_without_a_source_is_not_seen() -> None:
    assert html("One.[^nobody-7] Two.[^]", sources=[GATES]) == "<p>One. Two.[^]</p>"


def test_a_source_that_is_not_mentioned_is_not_listed() -> None:
    assert "Sources" not in html("One.", sources=[GATES])


def test_a_footnote_the_author_wrote_out_stands_in_the_same_list() -> None:
    text = html("One.[^note] Two.[^gates-1]\n\n[^note]: My *own* words.\n\nThree.", sources=[GATES])

    assert numbers(text) == ["1", "2"]
    assert '<li id="source-1"><p>My <em>own</em> words.' in text
    assert "<p>Three.</p>" in text


def test_a_footnote_in_code_stays_code_and_an_escaped_one_stays_text() -> None:
    text = html("`[^gates-1]` and \\[^gates-1]", sources=[GATES])

    assert text == "<p><code>[^gates-1]</code> and [^gates-1]</p>"


def test_a_footnote_before_a_bracket_is_still_a_footnote() -> None:
    text = html("One.[^gates-1](see below)", sources=[GATES])

    assert numbers(text) == ["1"]
    assert "(see below)" in text


def test_a_body_that_ends_in_an_open_fence_still_lists_its_sources() -> None:
    text = html("One.[^gates-1]\n\n```\nopen", sources=[GATES])

    assert "Where gates belong" in text.split("</pre>")[1]


def test_a_footnote_inside_a_link_is_a_number_and_no_link_in_a_link() -> None:
    text = html("[words[^gates-1]](https://a.example)", sources=[GATES])

    assert '<a href="https://a.example" rel="noopener">words<sup class="ref" id="ref-1">1</sup></a>' in text
    assert 'href="#ref-1"' in text


def test_the_list_is_headed_in_the_posts_language_or_in_english_that_says_so() -> None:
    assert '<h2 id="post-sources" lang="ar" dir="rtl">المصادر</h2>' in html(
        "س.[^gates-1]", sources=[GATES], language="ar"
    )
    assert '<h2 id="post-sources" lang="en" dir="ltr">Sources</h2>' in html(
        "س.[^gates-1]", sources=[GATES], language="is"
    )
