"""Spell texts alike, so that typography, case and accents do not decide whether two of them say the same."""

from __future__ import annotations

import re
import unicodedata

_MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″〝〞", '"'),
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        "…": "...",
    }
)
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_BETWEEN_CJK = re.compile(rf"(?<=[{_CJK}\u3000-\u303f]) (?=[{_CJK}\u3000-\u303f])")
_PAIRED_RUN = re.compile(f"[{_CJK}\uac00-\ud7af\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
"""Scripts without spaces, and Korean, whose particles cling to the words: compared by pairs of signs."""
_WORD = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*")
_KANA_MARKS = "\u3099\u309a"
_SPACE = re.compile(r"\s+")
_STEM = 6
"""Letters of a word that carry its meaning; the rest is mostly inflection."""


def fold(text: str) -> str:
    """Give back the text with one kind of quotation mark, dash and space, without invisible signs; case is kept."""
    compatible = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS)
    visible = compatible if compatible.isascii() else "".join(c for c in compatible if unicodedata.category(c) != "Cf")
    return _BETWEEN_CJK.sub("", _SPACE.sub(" ", visible)).strip()


def skeleton(text: str) -> str:
    """Fold case and accents away as well: `Müller’s` becomes `muller's`."""
    folded = fold(text).casefold()
    if folded.isascii():
        return folded
    apart = unicodedata.normalize("NFKD", folded)
    letters = (c for c in apart if c in _KANA_MARKS or not unicodedata.category(c).startswith("M"))
    return unicodedata.normalize("NFC", "".join(letters))


def words(text: str) -> list[str]:
    """List the words of a text by their skeletons, hyphenated ones whole and in parts, in order."""
    found: list[str] = []
    for match in _WORD.finditer(skeleton(text)):
        word = match.group()
        found.append(word)
        if not word.isalnum():
            found += re.split(r"['.-]", word)
    return found


def content(text: str, *, stopwords: frozenset[str]) -> set[str]:
    """Give the words that carry meaning, cut to their first letters; pairs of signs where no spaces part words."""
    plain = skeleton(text)
    pairs = {run[i : i + 2] for run in _PAIRED_RUN.findall(plain) for i in range(len(run) - 1)}
    return pairs | {word[:_STEM] for word in words(_PAIRED_RUN.sub(" ", plain)) if _carries_meaning(word, stopwords)}


def is_unspaced(text: str) -> bool:
    """Tell whether a text is written without spaces between its words, such as Chinese, Japanese or Thai."""
    return sum(len(run) for run in _PAIRED_RUN.findall(text)) * 2 > len(text)


def _carries_meaning(word: str, stopwords: frozenset[str]) -> bool:
    return (len(word) > 3 or not word.isascii()) and not word.isdigit() and word not in stopwords  # noqa: PLR2004
