"""What a reader of Markdown sees as text, and on which line."""

from __future__ import annotations

import pytest

from crewdesk.domain.text.inline import inline, is_italic
from crewdesk.domain.text.markdown import blocks

BODY = """\
# Title #

A paragraph
that goes on.
> A quote
> goes on
>> and deeper.

- an item
  goes on
  - [x] a nested one

    its second paragraph
1. first
2. second

| Who | What |
|---|---|
| Acme | 40 % |
| Bolt | 41 % |

Setext
------
***
[ref]: https://example.com "Title"
[^a]: A note.

```python
code
```

    indented code

<!-- a
comment --> after
In 2024. begins no list.
The end.
"""


def test_every_kind_of_block_is_found_with_its_line() -> None:
    found = [(block.kind, block.line, " ".join(block.raw.split())) for block in blocks(BODY)]

    assert found == [
        ("heading", 1, "Title"),
        ("paragraph", 3, "A paragraph that goes on."),
        ("quote", 5, "A quote goes on and deeper."),
        ("item", 9, "an item goes on"),
        ("item", 11, "a nested one"),
        ("item", 13, "its second paragraph"),
        ("item", 14, "first"),
        ("item", 15, "second"),
        ("row", 19, "| Acme | 40 % |"),
        ("row", 20, "| Bolt | 41 % |"),
        ("heading", 22, "Setext"),
        ("definition", 26, "A note."),
        ("paragraph", 35, "after In 2024. begins no list. The end."),
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_count_alike_however_they_end(ending: str) -> None:
    assert [block.line for block in blocks(ending.join(["a", "", "b"]))] == [1, 3]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a **bold** and *slanted* word", "a bold and slanted word"),
        ("__bold__ and snake_case and 2 * 3", "bold and snake_case and 2 * 3"),
        ("~~struck~~", "struck"),
        ("a `code *span*` stays", "a code *span* stays"),
        ("``a ` b``", "a ` b"),
        ("an `open backtick", "an `open backtick"),
        ("[words](https://example.com/a_(b) 'title') go", "words go"),
        ("[not a link](of course not)", "[not a link](of course not)"),
        ("![alt](x.png) picture", " picture"),
        ("[![alt](x.png)](y) picture", " picture"),
        ("see https://example.com/a?b=1.", "see ."),
        ("see <https://example.com>", "see "),
        ("a<br>b <b>c</b>", "a b c"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("&lt;b&gt; &amp; &#52;&#x35; &bogus;", "<b> & 45 &bogus;"),
        (r"\*stars\* \[^a]", "*stars* [^a]"),
        ("a <!-- hidden --> b", "a  b"),
        ("a <!-- open", "a <!-- open"),
        ("soft\u00adhyphen 4\u200b2", "softhyphen 42"),
        ("break\\\nhere", "break\nhere"),
    ],
)
def test_marks_are_taken_off_and_words_stay(raw: str, text: str) -> None:
    assert inline(raw).text == text


def test_footnotes_are_found_where_they_hang() -> None:
    found = inline("One[^a]. Two [^b][^c]. `[^d]` [x[^e]](y)")

    assert found.text == "One. Two. [^d] x"
    assert found.notes == ((3, "a"), (8, "b"), (8, "c"), (16, "e"))


def test_a_bold_beginning_is_measured() -> None:
    assert inline("**Budgets.** Set one.").lead == len("Budgets.")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("*All of it.*", True), ("_All of it._", True), ("**Bold.**", False), ("*a* and *b*", False), ("*", False)],
)
def test_a_line_is_in_italics_only_as_a_whole(raw: str, expected: bool) -> None:  # noqa: FBT001
    assert is_italic(raw) is expected
