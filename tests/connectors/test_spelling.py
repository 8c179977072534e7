"""Words and code as Markdown are shown as they are, and nothing of theirs is markup."""

from __future__ import annotations

import pytest
from connector_samples import Page
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crewdesk.connectors.forge.spelling import code, fenced, prose, words

SIGNS = st.lists(
    st.sampled_from([*"`*_[]()<>!#&\\~-=|+ \n\tab1.:/@\x1b\u202e", "a\n", "- ", "1. ", "---", ":-", "```\n", "  \n"]),
    max_size=20,
).map("".join)
LISTS = {"p", "code", "pre", "ul", "ol", "li"}


def shown(markdown: str) -> Page:
    return Page(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("`total` is never called", "`total` is never called"),
        ("__init__ and snake_case", "\\_\\_init\\_\\_ and snake_case"),
        ("a < b && c", "a \\< b \\&\\& c"),
        ("# not a heading", "\\# not a heading"),
        ("- one\n- two", "- one\n- two"),
        ("a\n---", "a\n\\---"),
        ("a\n-", "a\n\\-"),
        ("a|b\n-|-", "a\\|b\n-\\|-"),
        ("a  \nb", "a\nb"),
        ("1. # x", "1. \\# x"),
        ("*     x", "- x"),
        ("so:\n```py\n# x\n```\nand", "so:\n\n```py\n# x\n```\n\nand"),
        ("```mermaid\nx\n```", "\n```\nx\n```"),
        ("key AKIAQZ7T3V5WX2PLMNOK here", "key \\*\\*\\* here"),
        ("an ` alone", "an \\` alone"),
    ],
)
def test_prose_reads_as_it_was_written(text: str, spelled: str) -> None:
    assert prose(text) == spelled


def test_what_is_bold_stays_so_only_where_it_may() -> None:
    assert prose("**bold**", stress=True) == "**bold**"
    assert prose("**bold**") == "\\*\\*bold\\*\\*"


@given(SIGNS)
def test_no_text_brings_markup_of_its_own(text: str) -> None:
    assert {tag for tag, _ in shown(prose(text)).elements} <= LISTS
    assert {tag for tag, _ in shown(prose(text, stress=True)).elements} <= {*LISTS, "em", "strong"}
    assert {tag for tag, _ in shown(f"# {words(text)}").elements} <= {"h1", "code"}


@given(SIGNS)
def test_no_code_ends_before_its_end(text: str) -> None:
    assert [tag for tag, _ in shown(fenced(text, "python")).elements] == ["pre", "code"]
    assert [tag for tag, _ in shown(f"x{code(text)}x").elements] == ["p", "code"]
