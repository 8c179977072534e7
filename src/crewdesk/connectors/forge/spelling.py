"""Words, names and code as Markdown that shows them as they are: no HTML, no link, no picture, no block of theirs."""

from __future__ import annotations

import re

from crewdesk.domain.text.visible import in_one_line, visible

_CODE = re.compile(r"(?<!`)(`+)(?!`)([^\n]*?[^`\n])\1(?!`)")
_SIGNS = re.compile(r"[\\`<>&\[\]~]")
_STRESS = re.compile(r"\*|(?<![^\W_])_|_(?![^\W_])")
_BLOCK = re.compile(r"^([ \t]*)(#|=|\||-{2,}|\+\s|\*\s)")
_INDENT = 3
_RUNS = re.compile(r"`+")


def words(text: str) -> str:
    """Spell a title or another short text on one line; code in backticks stays code."""
    return _pieces(in_one_line(text), stress=False)


def prose(text: str, *, stress: bool = False) -> str:
    """Spell paragraphs and lists; with `stress` what is bold or italic stays so."""
    return "\n".join(_line(line, stress=stress) for line in visible(text).strip().split("\n"))


def code(text: str) -> str:
    """Spell a name or a path as code within a line."""
    shown = in_one_line(text)
    ticks = "`" * (_longest(shown) + 1)
    space = " " if not shown or "`" in (shown[0], shown[-1]) else ""
    return f"{ticks}{space}{shown}{space}{ticks}"


def fenced(text: str, language: str = "") -> str:
    """Spell a block of code; nothing in it ends it."""
    shown = visible(text)
    ticks = "`" * max(3, _longest(shown) + 1)
    end = "" if shown.endswith("\n") else "\n"
    return f"{ticks}{language}\n{shown}{end}{ticks}"


def _line(line: str, *, stress: bool) -> str:
    bare = line.lstrip()
    indent = " " * min(len(line) - len(bare), _INDENT)
    bullet = "- " if bare.startswith(("- ", "* ")) else ""
    rest = bare[len(bullet) :]
    if block := _BLOCK.match(rest):
        return f"{indent}{bullet}\\{block[2][0]}{_pieces(rest[1:], stress=stress)}"
    return f"{indent}{bullet}{_pieces(rest, stress=stress)}"


def _pieces(text: str, *, stress: bool) -> str:
    out: list[str] = []
    at = 0
    for span in _CODE.finditer(text):
        out += [_escaped(text[at : span.start()], stress=stress), span[0]]
        at = span.end()
    return "".join([*out, _escaped(text[at:], stress=stress)])


def _escaped(text: str, *, stress: bool) -> str:
    safe = _SIGNS.sub(r"\\\g<0>", text)
    return safe if stress else _STRESS.sub(r"\\\g<0>", safe)


def _longest(text: str) -> int:
    return max((len(run) for run in _RUNS.findall(text)), default=0)
