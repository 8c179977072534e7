"""Text of others in a comment on a live forge: whatever it says, it is shown as words and code.

Emphasis, lists, headings and code stay. Nobody is mentioned, nothing links, no picture is loaded, no HTML is rendered,
no issue learns that it was named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crewdesk.code.languages import SUFFIXES
from crewdesk.code.secrets import masked
from crewdesk.domain.text.visible import visible

PAUSE = "\u200b"
"""Shows nothing, and keeps a forge from reading two characters as one thing."""
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,}) *([A-Za-z0-9+#.-]*) *")
_MEANT = re.compile(r"[\\<&\[\]~|`]")
_LANGUAGES = frozenset(
    {*SUFFIXES.values(), *(suffix[1:] for suffix in SUFFIXES), "diff", "sh", "bash", "sql", "html", "css"}
)
"""Others may do more than colour: a forge lets people take a `suggestion` over, and draws `mermaid`."""
_RUNS = re.compile("`+")
_LINKED = re.compile(r"@|#(?=\d)|GH-(?=\d)|:(?=//)|www(?=\.)", re.IGNORECASE)


def quoted(text: str) -> str:
    """Spell a text of several lines."""
    return "\n".join(_lines(shown(text).split("\n"))).strip("\n")


def quoted_line(text: str) -> str:
    """Spell a text in one line."""
    return _line(" ".join(shown(text).split()))


def shown(text: str) -> str:
    """Give a text as it may be shown: without secrets, with what nobody sees made visible."""
    return masked(visible(_unix(text)))


def in_one_line(text: str) -> str:
    """Join the lines of a text, with what nobody sees made visible."""
    return " ".join(visible(_unix(text)).split())


def code(text: str) -> str:
    """Spell a name, a path or a line as code."""
    line = in_one_line(text)
    ticks = "`" * (_longest(line) + 1)
    space = " " if not line or "`" in (line[0], line[-1]) else ""
    return f"{ticks}{space}{line}{space}{ticks}"


def fenced(text: str, language: str = "") -> str:
    """Spell lines as a block of code that nothing within them ends; none at all where there is no line."""
    lines = shown(text)
    ticks = "`" * max(3, _longest(lines) + 1)
    return "\n".join([f"{ticks}{language}", *([lines.removesuffix("\n")] if lines else []), ticks])


def cut(text: str, most: int) -> str:
    """Cut a text that is too long, and say so."""
    if len(text) <= most:
        return text
    return f"{text[:most].rstrip()} … (cut here; {len(text) - most} characters more)"


def _lines(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        opened = _FENCE.fullmatch(lines[at])
        end = None if opened is None else _end(lines, at, opened[1])
        if opened is None or end is None:
            yield _line(lines[at])
            at += 1
            continue
        yield ""
        yield fenced("\n".join(lines[at + 1 : end]), opened[2] if opened[2] in _LANGUAGES else "")
        yield ""
        at = end + 1


def _end(lines: list[str], start: int, fence: str) -> int | None:
    """Find the line that ends a block of code; None where nothing does, so that it is none."""
    return next((at for at in range(start + 1, len(lines)) if _closes(lines[at].strip(), fence)), None)


def _closes(line: str, fence: str) -> bool:
    return len(line) >= len(fence) and not line.strip(fence[0])


def _line(text: str) -> str:
    spelled, at = "", 0
    for span in _SPAN.finditer(text):
        spelled += _words(text[at : span.start()]) + code(span[2])
        at = span.end()
    return spelled + _words(text[at:])


def _words(text: str) -> str:
    plain = _MEANT.sub(r"\\\g<0>", text)
    return _LINKED.sub(lambda found: found.group() + PAUSE, plain.replace("@", f"{PAUSE}@"))


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _longest(text: str) -> int:
    return max((len(run) for run in _RUNS.findall(text)), default=0)
