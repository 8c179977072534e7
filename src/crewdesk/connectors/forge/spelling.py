"""Words, names and code of others as Markdown that shows them as they are: no HTML, link, picture or heading of theirs.

Lists and code stay, and what is bold or italic where it may. No secret is shown, and nothing that nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from crewdesk.code.languages import SUFFIXES
from crewdesk.code.secrets import masked
from crewdesk.domain.text.visible import in_one_line, visible

_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,}) *([A-Za-z0-9+#.-]*) *")
_SIGNS = re.compile(r"[\\`<>&\[\]~|]")
_STRESS = re.compile(r"\*|(?<![^\W_])_|_(?![^\W_])")
_ITEM = re.compile(r"(?:[-*+]|(\d{1,9}[.)]))\s+(?=\S)")
_BLOCK = re.compile(r"#|=|-{2,}|:?-+:?$|[-+*]$|[*_](?:\s*[*_]){2,}$")
"""What makes of its line, or of the one above it, something else than words: a heading, a rule, a table."""
_INDENT = 3
_RUNS = re.compile("`+")
_LANGUAGES = frozenset(
    {*SUFFIXES.values(), *(suffix[1:] for suffix in SUFFIXES), "diff", "sh", "bash", "sql", "html", "css"}
)
"""Others may do more than colour: a forge lets people take a `suggestion` over, and draws `mermaid`."""

Plain = Callable[[str], str]
"""What else is to be done with words outside of code."""


def words(text: str, *, plain: Plain = str) -> str:
    """Spell a title or another short text on one line; code in backticks stays code."""
    return _pieces(in_one_line(shown(text)), plain, stress=False)


def prose(text: str, *, stress: bool = False, plain: Plain = str) -> str:
    """Spell paragraphs, lists and blocks of code; with `stress` what is bold or italic stays so.

    Where it begins with a block of code there is a new line before it, so that it may stand behind other words.
    """
    return "\n".join(_lines(shown(text).strip().split("\n"), plain, stress=stress)).rstrip("\n")


def shown(text: str) -> str:
    """Give a text as it may be shown: without secrets, with what nobody sees made visible."""
    return masked(visible(text))


def code(text: str) -> str:
    """Spell a name, a path or a line as code within a line."""
    line = in_one_line(text)
    ticks = "`" * (_longest(line) + 1)
    space = " " if not line or "`" in (line[0], line[-1]) else ""
    return f"{ticks}{space}{line}{space}{ticks}"


def fenced(text: str, language: str = "") -> str:
    """Spell lines as a block of code that nothing within them ends; none at all where there is no line."""
    lines = shown(text)
    ticks = "`" * max(3, _longest(lines) + 1)
    return "\n".join([f"{ticks}{language}", *([lines.removesuffix("\n")] if lines else []), ticks])


def _lines(lines: list[str], plain: Plain, *, stress: bool) -> Iterator[str]:
    at = 0
    while at < len(lines):
        opened = _FENCE.fullmatch(lines[at])
        end = None if opened is None else _end(lines, at, opened[1])
        if opened is None or end is None:
            yield _line(lines[at].rstrip(), plain, stress=stress)
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


def _line(line: str, plain: Plain, *, stress: bool) -> str:
    rest = line.lstrip()
    begin = " " * min(len(line) - len(rest), _INDENT)
    while item := _ITEM.match(rest):
        begin += f"{item[1] or '-'} "
        rest = rest[item.end() :]
    spelled = _pieces(rest, plain, stress=stress)
    escape = "\\" if _BLOCK.match(rest) and not spelled.startswith("\\") else ""
    return begin + escape + spelled


def _pieces(text: str, plain: Plain, *, stress: bool) -> str:
    out: list[str] = []
    at = 0
    for span in _SPAN.finditer(text):
        out += [plain(_escaped(text[at : span.start()], stress=stress)), code(span[2])]
        at = span.end()
    return "".join([*out, plain(_escaped(text[at:], stress=stress))])


def _escaped(text: str, *, stress: bool) -> str:
    safe = _SIGNS.sub(r"\\\g<0>", text)
    return safe if stress else _STRESS.sub(r"\\\g<0>", safe)


def _longest(text: str) -> int:
    return max((len(run) for run in _RUNS.findall(text)), default=0)
