"""A hostile post gets no script, no style, no address and no path of its own into the site."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from connector_samples import Page, delivery, page, post, site
from hypothesis import given, settings
from hypothesis import strategies as st

from crewdesk.connectors.markdown import sanitised
from crewdesk.errors import DeliveryRefused

# Every tag a page may have, ours and those of a text.
TAGS = {
    *("html", "head", "meta", "link", "title", "script", "body", "header", "main", "article", "footer", "section"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "a", "bdi", "time", "span", "div", "sup", "em", "strong", "code"),
    *("pre", "ul", "ol", "li", "blockquote", "hr", "br", "img", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    '<svg onload="alert(1)">',
    "<style>body{display:none}</style>",
    '<p style="position:fixed">',
    "<iframe src=https://evil.example></iframe>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](data:image/png;base64,AAAA)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    '[x](https://a.example/"onmouseover="alert(1))',
    '[x](https://a.example "t\\" onmouseover=alert(1)")',
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](https://a.example/x.png)',
    '```"><script>alert(1)</script>\ncode\n```',
    "| <script> |\n|---|\n| <b onclick=x> |",
    "# <script>alert(1)</script>",
    '[^"><script>alert(1)</script>]',
    "[^a]\n\n[^a]: <script>alert(1)</script>",
    "</div></article></main><form action=//evil.example>",
    "<!-- --><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "{{ 7 * 7 }}{% include 'x' %}",
    "\x00<script\x00>alert(1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
]


def assert_harmless(here: Page) -> None:
    for tag, attributes in here.elements:
        assert tag in TAGS
        assert tag != "script" or attributes == {"type": "application/ld+json"}
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
    for address in here.addresses():
        scheme = address.split(":")[0].lower() if ":" in address else ""
        assert scheme in {"", "https", "http", "mailto"} or address.startswith("data:image/svg+xml,%3Csvg")


def published(folder: Path, **fields: object) -> list[Page]:
    site(folder).deliver(delivery(post(**fields)))
    ET.parse(folder / "feed.xml")  # noqa: S314 - our own file
    ET.parse(folder / "sitemap.xml")  # noqa: S314 - our own file
    return [page(path) for path in sorted(folder.rglob("*.html"))]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_the_body_stays_text(tmp_path: Path, attack: str) -> None:
    pages = published(tmp_path, body=f"Before.\n\n{attack}\n\nAfter.")

    assert len(pages) == 2
    for here in pages:
        assert_harmless(here)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_every_other_field_stays_text(tmp_path: Path, attack: str) -> None:
    pages = published(
        tmp_path,
        title=attack,
        description=attack,
        keywords=[attack],
        language=attack,
        body="Words.[^a] Words.[^b]",
        links=[{"anchor": attack, "slug": attack}, {"anchor": "Words", "slug": attack}],
        sources=[
            {"id": "a", "title": attack, "location": attack},
            {"id": "b", "title": attack, "location": "https://a.example/" + attack},
            {"id": attack, "title": attack, "location": attack},
        ],
    )

    assert len(pages) == 2
    for here in pages:
        assert_harmless(here)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_sanitiser_would_hold_even_if_the_parser_let_html_through(attack: str) -> None:
    assert_harmless(Page(sanitised(attack)))


def test_a_title_that_closes_the_title_is_shown_as_it_was_written(tmp_path: Path) -> None:
    index, post_page = published(tmp_path, title="</title><script>alert(1)</script>")

    assert "</title><script>alert(1)</script>" in index.words
    assert post_page.words.count("</title><script>alert(1)</script>") == 2


def test_a_feed_item_is_as_harmless_as_its_page(tmp_path: Path) -> None:
    published(tmp_path, body="\n\n".join(ATTACKS))

    for text in ET.parse(tmp_path / "feed.xml").iter("{http://purl.org/rss/1.0/modules/content/}encoded"):  # noqa: S314
        assert_harmless(Page(text.text or ""))


@pytest.mark.parametrize("slug", ["../../x", "..", "/etc/cron.d/x", "a/../../b", "x\x00y", "\u202exe", "con\n"])
def test_a_slug_that_leaves_its_folder_is_refused_and_nothing_is_written(tmp_path: Path, slug: str) -> None:
    with pytest.raises(DeliveryRefused, match="cannot be an address"):
        site(tmp_path / "site").deliver(delivery(post(slug=slug)))

    assert not list(tmp_path.iterdir())


@given(
    st.text(min_size=1, max_size=60), st.lists(st.sampled_from([*ATTACKS, "[^a]", "|", "`", "*", "\n\n", "[", "]("]))
)
@settings(max_examples=60, deadline=None)
def test_no_mixture_of_anything_gets_through(text: str, parts: list[str]) -> None:
    body = text.encode("utf-8", "ignore").decode() + text.join(parts).encode("utf-8", "ignore").decode() + "."

    with TemporaryDirectory() as folder:
        for here in published(Path(folder), body=body, title=body, sources=[{"id": "a", "title": body}]):
            assert_harmless(here)
