"""Notes in CRMs that keep HTML, written and read as text is."""

from __future__ import annotations

import html
import re

from crewdesk.connectors.crm.marks import mark

LONGEST = 65_000
"""Characters of a note; HubSpot takes 65,536."""
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|h\d)>", re.IGNORECASE)


def write_html(text: str, key: str, *, file: bool = False) -> str:
    """Write a text and its key, in as many characters as are taken."""
    kept = text
    while len(html.escape(kept, quote=False)) > LONGEST:
        kept = f"{kept[: len(kept) * 9 // 10]} …"
    return html.escape(f"{kept}\n\n{mark(key, file=file)}", quote=False).replace("\n", "<br>")


def read_html(text: str) -> str:
    """Read HTML as text: what is between tags of scripts and styles is none."""
    import nh3

    return html.unescape(nh3.clean(_BREAK.sub("\n", text), tags=set()))
