"""Plain text functions without a language model: words, sentences, lengths, likeness."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import cast

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han."""
_SHORT = 6
_LEAST = 3
_ENDINGS_OFF = (("ies", "sses", "s"), ("ing", "ed", "ure"), ("e",))
"""Taken off one after the other, where at least three letters remain."""
_WRAP = 40
"""Characters; a shorter line without an end was not wrapped but is an item of its own."""

_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]:?")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(?<![\w*])(\*\*|\*|__)(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+")
_CLOSERS = "\"'”’»)]}*`」』）"
_ENDINGS = ".?!…。！？؟।۔"


def words(text: str) -> list[str]:
    """Split into words as they stand; a script without spaces gives its characters one by one."""
    found: list[str] = []
    for run in _WORD.findall(text):
        if _UNSPACED.search(run):
            found.extend(run)
        else:
            found.append(run)
    return found


def count_words(text: str) -> int:
    """Count words; two characters of a script without spaces count as one."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + (unspaced + 1) // 2


def stem(word: str) -> str:
    """Reduce a word to what its forms share: small letters, common endings off, at most six letters.

    Crude, and alike in most alphabetic languages: fails, failure → fail; approve, approval → approv.
    """
    small = unicodedata.normalize("NFKC", word).casefold().removesuffix("'s").removesuffix("’s")
    for endings in _ENDINGS_OFF:
        found = next((end for end in endings if small.endswith(end) and len(small) - len(end) >= _LEAST), "")
        small = small.removesuffix(found) + ("y" if found == "ies" else "")
    return small[:_SHORT]


def terms(text: str, stopwords: frozenset[str] = frozenset()) -> list[str]:
    """List the stems a text can be found by: no stopwords; pairs of characters where there are no spaces."""
    found: list[str] = []
    for run in _WORD.findall(text):
        if _UNSPACED.search(run):
            found.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
        elif run.casefold() not in stopwords and (len(run) > 1 or run.isdigit()):
            found.append(stem(run))
    return found


def sentences(text: str, language: str = "en") -> list[str]:
    """Split running text into sentences by the rules of its language (sentencex); spaces are evened."""
    import sentencex  # pyright: ignore[reportMissingTypeStubs]

    segment = cast("Callable[[str, str], list[str]]", getattr(sentencex, "segment"))  # noqa: B009 - it has no types
    found: list[str] = []
    for paragraph in paragraphs(text):
        found.extend(piece for raw in segment(language or "en", paragraph) if (piece := raw.strip()))
    return found


def paragraphs(text: str) -> list[str]:
    """Take the prose out of Markdown: paragraphs and list items, one line each.

    Code, tables, headings, pictures and comments are left out; links and emphasis keep their words.
    """
    bare = _COMMENT.sub("", _FENCE.sub("", text))
    found: list[str] = []
    for block in re.split(r"\n\s*\n", bare):
        found.extend(_lines_joined(block))
    return [line for raw in found if (line := plain(raw))]


def _lines_joined(block: str) -> list[str]:
    """Join a block's lines; a list item begins a paragraph of its own, and so does what follows a line's end."""
    found: list[str] = []
    before = ""
    for raw in block.splitlines():
        line = raw.strip().removeprefix(">").strip()
        if not line or line[0] in "#|" or line.startswith(("---", "===")):
            before = ""
            continue
        mark = _LIST_MARK.match(line)
        if mark or _is_end(before):
            found.append(line[mark.end() :] if mark else line)
        else:
            found[-1] += " " + line
        before = line
    return found


def _is_end(line: str) -> bool:
    """Say whether a paragraph ends with this line: nothing, a finished sentence, or a line too short for a wrap."""
    return len(line) < _WRAP or is_finished(line)


def plain(markdown: str) -> str:
    """Strip one line of Markdown to its words: no footnote marks, link targets or emphasis."""
    bare = _FOOTNOTE.sub("", _IMAGE.sub("", markdown))
    bare = _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", bare))
    return " ".join(bare.split())


def is_finished(sentence: str) -> bool:
    """Say whether a sentence ends as one, with its quotes and brackets closed."""
    bare = sentence.rstrip(_CLOSERS)
    closed = sentence.count("(") == sentence.count(")") and sentence.count("“") == sentence.count("”")
    return closed and bool(bare) and bare[-1] in _ENDINGS and sentence.count('"') % 2 == 0


def clip(text: str, limit: int, ending: str = "") -> str:
    """Shorten to at most `limit` characters without cutting a word; `ending` marks the cut."""
    even = " ".join(text.split())
    if len(even) <= limit:
        return even
    room = max(1, limit - len(ending))
    cut = even[: room + 1]
    # A script without spaces, or one endless word, has no boundary to cut at.
    kept = cut.rsplit(" ", 1)[0] if " " in cut else cut[:room]
    return kept.rstrip(" ,;:–—-(") + ending


def fit(pieces: Iterable[str], limit: int, joint: str = " ") -> str:
    """Join whole pieces from the first on while they fit into `limit` characters; those too long are passed over."""
    joined = ""
    for piece in pieces:
        longer = joined + joint + piece if joined else piece
        if len(longer) <= limit:
            joined = longer
    return joined


def capitalised(text: str) -> str:
    """Begin with a capital and leave the rest alone."""
    return text[:1].upper() + text[1:]


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Say how much of the shorter list of terms stands in the other, 0 to 1."""
    first, second = set(one), set(other)
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def slug(text: str, limit: int = 60) -> str:
    """Spell a text as the last part of an address; '' where nothing of it can be spelt so."""
    from slugify import slugify

    return slugify(text, max_length=limit, word_boundary=True, save_order=True)
