"""Markdown becomes the HTML we mean."""

from __future__ import annotations

from connector_samples import html, rendered


def test_plain_markdown_becomes_plain_html() -> None:
    text = "Some *emphasis*, **weight** and `code`.\n\n- one\n- two\n\n> said\n\n---\n\n1. first"

    assert html(text) == (
        "<p>Some <em>emphasis</em>, <strong>weight</strong> and <code>code</code>.</p>\n"
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<blockquote>\n<p>said</p>\n</blockquote>\n<hr>\n"
        "<ol>\n<li>first</li>\n</ol>"
    )


def test_html_in_the_text_is_shown_as_it_was_written() -> None:
    assert html("<b>x</b> <script>y</script>") == "<p>&lt;b&gt;x&lt;/b&gt; &lt;script&gt;y&lt;/script&gt;</p>"


def test_a_table_can_scroll_and_is_aligned_without_styles() -> None:
    text = html("| a | b | c |\n|:-:|--:|---|\n| 1 | 2 | 3 |")

    assert text.startswith('<div class="table"><table>')
    assert '<th class="center">a</th>\n<th class="right">b</th>\n<th>c</th>' in text
    assert '<td class="center">1</td>' in text
    assert "style" not in text


def test_a_fence_keeps_its_code_as_it_is() -> None:
    assert html("```python\nif a < b:\n    x[^1]\n```") == "<pre><code>if a &lt; b:\n    x[^1]\n</code></pre>"


def test_a_body_that_starts_with_h1_is_moved_below_the_pages_own() -> None:
    text = html("# One\n\n## Two\n\n###### Six")

    assert text == '<h2 id="h-one">One</h2>\n<h3 id="h-two">Two</h3>\n<h6 id="h-six">Six</h6>'


def test_a_body_without_h1_keeps_its_levels() -> None:
    assert html("## Two\n\n### Three") == '<h2 id="h-two">Two</h2>\n<h3 id="h-three">Three</h3>'


def test_headings_of_one_name_and_in_any_script_get_ids_of_their_own() -> None:
    text = html("## Why\n\n## Why\n\n## なぜ\n\n## ***")

    assert 'id="h-why"' in text
    assert 'id="h-why-1"' in text
    assert 'id="h-なぜ"' in text


def test_links_to_the_web_say_so_and_others_do_not() -> None:
    text = html("[a](https://a.example) [b](../b/index.html) [c](mailto:c@example.com) <https://d.example>")

    assert '<a href="https://a.example" rel="noopener">a</a>' in text
    assert '<a href="../b/index.html">b</a>' in text
    assert '<a href="mailto:c@example.com">c</a>' in text
    assert '<a href="https://d.example" rel="noopener">' in text


def test_an_image_comes_from_the_web_by_https_or_is_its_words() -> None:
    assert '<img src="https://a.example/x.png" alt="a picture" ' in html("![a picture](https://a.example/x.png)")
    assert html("![a picture](http://a.example/x.png)") == "<p>a picture</p>"
    assert html("![a picture](x.png)") == "<p>a picture</p>"


def test_the_plain_text_has_the_words_and_no_footnotes() -> None:
    text = "## Why\n\nBecause.[^a]\n\n```\ncode\n```"

    assert rendered(text, sources=[{"id": "a", "title": "Not counted"}]).text.split() == ["Why", "Because.", "code"]


def test_scripts_of_the_world_and_pictures_stay_as_they_are() -> None:
    assert html("نص عربي، 日本語、🚀👩‍🚀") == "<p>نص عربي، 日本語、🚀👩‍🚀</p>"
