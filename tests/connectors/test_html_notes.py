"""Notes that a CRM keeps as HTML, as people read them."""

from __future__ import annotations

import pytest

from crewdesk.connectors.crm.html_notes import read_html, write_html
from crewdesk.connectors.crm.marks import is_marked, mark, noted


def test_what_is_no_tag_stays_and_what_nobody_reads_goes() -> None:
    told = "<style>p {color: red}</style><p>fewer than 5 < 6,<br>and <b>more</b></p><script>alert(1)</script>"

    assert read_html(told) == "fewer than 5 < 6,\nand more\n"


@pytest.mark.parametrize(
    "text", ["Plain.", "a < b & c > d", "&lt;b&gt; &amp;amp;", "<b>No tag.</b>\n\nAnd this.", "é 你"]
)
def test_what_was_written_is_read_as_it_was_and_found_by_its_key(text: str) -> None:
    kept = read_html(write_html(text, "7KQ2:crm:write"))

    assert is_marked(kept, mark("7KQ2:crm:write"))
    note = noted(kept, date="2026-11-26")
    assert note is not None
    assert (note.text, note.author) == (text, "Crewdesk")
