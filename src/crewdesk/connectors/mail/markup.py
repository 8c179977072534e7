"""A mail's plain text as HTML: the same words and lines, and nothing that is fetched from anywhere."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

from crewdesk.connectors.languages import direction

# Addresses become links as they stand: nobody is led elsewhere than they read. Bounded, so that no text takes long.
_LINK = re.compile(
    r"https?://[!#-;=?-~]{1,2000}|(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}", re.ASCII | re.IGNORECASE
)
_AFTER = ".,;:!?'*_)]}"
_SPACES = re.compile(r"(?<=[ \n]) ")
"""Spaces that HTML would drop: at the beginning of a line, and after another."""
_PAGE = """\
<!DOCTYPE html>
<html{lang} dir="{dir}">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
{body}
</body>
</html>
"""


def html_of(text: str, *, subject: str, language: str) -> str:
    """Write a text as HTML, a paragraph for each that a blank line ends."""
    paragraphs = (paragraph.strip("\n") for paragraph in re.split(r"\n[ \t]*\n", text))
    body = "\n".join(f"<p>{_lines(paragraph)}</p>" for paragraph in paragraphs if paragraph.strip())
    lang = f' lang="{escape(language)}"' if language else ""
    return _PAGE.format(lang=lang, dir=direction(language or "en"), title=escape(subject), body=body)


def _lines(text: str) -> str:
    text = f"\n{text}"  # so that every line begins after an end
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(text):
        shown = found.group().rstrip(_AFTER)
        parts += [_plain(text[end : found.start()]), _linked(shown)]
        end = found.start() + len(shown)
    return "".join([*parts, _plain(text[end:])]).removeprefix("<br>\n")


def _plain(text: str) -> str:
    return _SPACES.sub("&nbsp;", escape(text)).replace("\n", "<br>\n")


def _linked(shown: str) -> str:
    target = shown if "://" in shown else f"mailto:{shown}"
    return f'<a href="{escape(target)}">{escape(shown)}</a>' if _is_honest(shown) else escape(shown)


def _is_honest(shown: str) -> bool:
    """Say whether an address leads where it seems to: `https://bank.example@evil.example` does not."""
    if "://" not in shown:
        return True
    if "\\" in shown:  # `https://evil.example\\.bank.example`: browsers end the host there
        return False
    try:
        parts = urlsplit(shown)
        return bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
