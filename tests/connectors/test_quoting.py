"""Words of others in a comment stay words, whatever they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crewdesk.connectors.forge.marks import delivered_mark, marked, marks_of
from crewdesk.connectors.forge.quoting import cut, quoted, quoted_line
from crewdesk.connectors.forge.spelling import fenced

ACTIVE = {"link_open", "image", "html_block", "html_inline", "table_open"}
PIECES = [
    "@ada",
    "#12",
    "GH-1",
    "[x](https://e.org)",
    "![i](x)",
    "<b>",
    "<!--",
    "-->",
    "&#64;ada",
    "\\",
    "`",
    "``",
    "```",
]
PIECES += [
    "~~~",
    "\n",
    "\n\n",
    " ",
    "    ",
    "|",
    "|---|",
    "https://e.org",
    "www.e.org",
    "a@b.org",
    "[x]: https://e.org",
]
PIECES += ["> ", "- ", "a", "*", "crewdesk:delivered key"]
HOSTILE = st.lists(st.sampled_from(PIECES)).map("".join)


def parser() -> MarkdownIt:
    """Reads Markdown as GitHub does, which makes no link of a mere e.org."""
    made = MarkdownIt("gfm-like")
    assert made.linkify is not None
    made.linkify.set({"fuzzy_link": False, "fuzzy_email": True})
    return made


GITHUB = parser()


def rendered(text: str) -> tuple[set[str], str]:
    """The kinds of things that Markdown as GitHub reads it makes of a text, and its words outside of code."""
    kinds: set[str] = set()
    words: list[str] = []
    for token in GITHUB.parse(text):
        for part in (token, *(token.children or [])):
            kinds.add(part.type)
            words += [part.content] if part.type == "text" else []
    return kinds, "".join(words)


@given(HOSTILE)
@example("\\`@ada`")
@example("| `a | @ada |\n|---|\n")
@example("a | `b\n--|--\n` x@ada |")
@example("```\n@ada\n~~~\n@ada")
@example("```\n\n@ada\n```")
def test_nothing_is_active_and_nobody_is_mentioned(text: str) -> None:
    for spelled in (quoted(text), quoted_line(text), f"Evidence: {quoted(text)}"):
        kinds, words = rendered(spelled)
        assert not kinds & ACTIVE
        assert not re.search(r"@\w|#\d|GH-\d|://|www\.", words)


@given(HOSTILE)
def test_what_follows_is_not_swallowed(text: str) -> None:
    kinds, words = rendered(f"{quoted(text)}\n\nOurs\n")

    assert "Ours" in words
    assert not kinds & ACTIVE


@given(HOSTILE, st.sampled_from(["", "suggestion"]))
def test_code_ends_where_it_ends(text: str, language: str) -> None:
    (block, *rest) = GITHUB.parse(fenced(text, language))

    assert (block.type, block.info, rest) == ("fence", language, [])
    assert block.content.removesuffix("\n") == text.removesuffix("\n")


def test_deleting_lines_is_an_empty_block() -> None:
    assert fenced("", "suggestion") == "```suggestion\n```"


@given(HOSTILE, st.text())
def test_marks_are_the_last_lines_and_nothing_else(text: str, key: str) -> None:
    spelled = marked(quoted(text), [delivered_mark(key)])

    assert marks_of(spelled) == [delivered_mark(key)]
    assert marks_of(spelled.replace("\n", "\r\n")) == [delivered_mark(key)]
    assert rendered(spelled)[0] & ACTIVE == {"html_block"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It *is* `a < b`, not `b`.", "It *is* `a < b`, not `b`."),
        ("a\u202eb", "a⟦U+202E⟧b"),
        ("one\r\ntwo", "one\ntwo"),
        ("```py\nx = '@ada'\n```", "```py\nx = '@ada'\n```"),
        ("key AKIAQZ7T3V5WX2PLMNOK here", "key *** here"),
    ],
)
def test_what_is_meant_is_still_read(text: str, shown: str) -> None:
    assert quoted(text, stress=True).strip("\n") == shown


def test_a_text_that_is_cut_says_how_much_is_missing() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abc defg", 4) == "abc … (cut here; 4 characters more)"
