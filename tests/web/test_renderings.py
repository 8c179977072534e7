"""What is shown at a gate is what ships, and nothing in it runs or is loaded from elsewhere."""

from __future__ import annotations

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.passages import Passage
from crewdesk.web.texts.marks import Marked, mark
from crewdesk.web.texts.renderings import Around, Part, render
from support.web import BODY, POST

PASSAGE = Passage("gates-1", "Gates fail closed", "content/gates.md:7", "A gate that times out expires.")
AROUND = Around({"gates-1": PASSAGE})


def post(body: str, **changes: object) -> str:
    return render("Post", {**POST, "body": body, **changes}, AROUND).html  # type: ignore[dict-item]


def test_a_post_is_rendered_as_on_the_site_with_its_sources() -> None:
    shown = render("Post", POST, AROUND)

    assert (shown.title, shown.minutes) == ("Gates fail closed", "1 min read")
    assert '<h2 id="h-what-we-measured">What we measured</h2>' in shown.html
    assert "<code>content/gates-fail-closed.md</code>" in shown.html


def test_a_draft_shows_the_sources_that_its_passages_come_from() -> None:
    shown = render("Draft", {"title": "A draft", "language": "en", "body": BODY}, AROUND)

    assert "<code>content/gates.md:7</code>" in shown.html


def test_an_entry_in_the_list_of_sources_leads_to_its_passage() -> None:
    sentences = [Marked("In 2025 we measured 41 gates.", "claim-2"), Marked("Of those, 17 expired within a day.", "c")]

    html = render("Post", POST, Around({"gates-1": PASSAGE}, sentences=sentences)).html

    assert html.count('<p><a href="#claim-2">The passage</a></p></li>') == 1


def test_a_script_in_a_post_is_words() -> None:
    html = post("Look: <script>alert(1)</script> [here](javascript:alert(1)) <img src=x onerror=alert(1)>")

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_a_picture_from_elsewhere_is_its_description() -> None:
    html = post("![A cat & a <b>dog</b>](https://example.com/cat.png)")

    assert "<img" not in html
    assert "Picture: A cat &amp; a " in html


def test_a_right_to_left_post_is_shown_so() -> None:
    assert render("Post", {**POST, "language": "ar"}, AROUND).direction == "rtl"


def test_a_link_to_another_post_is_one_only_where_there_is_that_post() -> None:
    links: JsonObject = {"links": [{"anchor": "measured", "slug": "a"}, {"anchor": "expires", "slug": "b"}]}
    where = {"a": "https://blog.example.com/posts/a/"}

    html = render("Post", {**POST, **links}, Around({}, where.get)).html

    assert 'href="https://blog.example.com/posts/a/"' in html
    assert ">expires</a>" not in html


def test_any_other_output_is_shown_field_by_field() -> None:
    body: JsonObject = {
        "summary": "What <b>is</b> known.",
        "findings": [{"statement": "A fact.", "passages": ["gates-1"]}],
        "ready": True,
        "mixed": ["a", {"b": 1}],
        "confidence": 0.4,
    }

    assert render("Research", body, AROUND).parts == (
        Part("Summary", "What <b>is</b> known."),
        Part("Findings", parts=((Part("Statement", "A fact."), Part("Passages", items=("gates-1",))),)),
        Part("Ready", "yes"),
        Part("Mixed", items=("a", "b: 1")),
    )


def test_plain_text_is_markdown() -> None:
    assert render("Text", {"text": "**Bold**"}, AROUND).parts[0].html == "<p><strong>Bold</strong></p>\n"


def test_what_is_no_post_at_all_is_shown_all_the_same() -> None:
    assert render("Post", {"body": 3, "title": None}, AROUND).parts == (Part("Body", "3"), Part("Title"))
    assert render("Post", {"body": ""}, AROUND).html == ""


def test_a_flagged_sentence_is_marked_through_what_stands_in_it() -> None:
    html = '<p>One <em>gate</em> &amp; 17<sup class="ref"><a href="#source-1">1</a></sup> people.</p>'

    marked = mark(html, [Marked("One gate & 17 people.", "claim-1", flagged=True)])

    begin = '<mark class="flag" data-claim="claim-1">'
    assert marked == (
        f"<p>{begin}One </mark><em>{begin}gate</mark></em>{begin} &amp; 17</mark>"
        f'<sup class="ref"><a href="#claim-1">1</a></sup>{begin} people.</mark></p>'
    )


def test_footnotes_lead_to_the_statement_that_they_stand_behind() -> None:
    note = '<sup class="ref"><a href="#source-1">1</a></sup>'
    html = f"<p>First.{note} Second.{note}</p><p>Third.{note}</p>"

    marked = mark(
        html, [Marked("First.", "a"), Marked("Second.", "b"), Marked("Not there.", "x"), Marked("Third.", "c")]
    )

    assert [part.split('"')[0] for part in marked.split('href="#')[1:]] == ["a", "b", "c"]


def test_a_sentence_that_stands_there_twice_is_marked_in_its_place() -> None:
    marked = mark("<p>Yes.</p><p>Yes.</p>", [Marked("Yes.", "a"), Marked("Yes.", "b", flagged=True)])

    assert marked == '<p>Yes.</p><p><mark class="flag" data-claim="b">Yes.</mark></p>'


def test_the_list_of_sources_is_never_marked() -> None:
    html = '<p>Text.</p><section class="sources"><li id="source-1">Gates</li></section>'

    assert mark(html, [Marked("Gates", "a", flagged=True)]) == html


def test_what_looks_like_a_tag_stays_words() -> None:
    assert mark("<p>a &lt;b&gt; c</p>", [Marked("a <b> c", "x", flagged=True)]) == (
        '<p><mark class="flag" data-claim="x">a &lt;b&gt; c</mark></p>'
    )


def test_a_bracket_within_an_attribute_ends_no_tag() -> None:
    html = '<p title="x> &quot; hx-get=/y">Text.</p>'

    assert mark(html, []) == html
    assert mark(html, [Marked("Text.", "a", flagged=True)]).startswith('<p title="x> &quot; hx-get=/y"><mark ')
