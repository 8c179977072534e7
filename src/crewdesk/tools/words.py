"""Words and phrases of a headline, in any script, and the keys under which two spellings are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_UNSPACED = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HIRAGANA = "\u3040-\u309f"
_TOKEN = re.compile(
    rf"[{_UNSPACED}]"  # an ideograph is a token of its own
    r"|[\u30a0-\u30ff\u31f0-\u31ff]+"  # katakana writes words, hiragana mostly grammar
    rf"|[^\W_{_UNSPACED}{_HIRAGANA}\u30a0-\u30ff](?:[^\W_{_UNSPACED}\u3040-\u30ff]|[-'’.+#_/](?=\w)|[\u0900-\u0dff])*\+*"
)
_IDEOGRAPH = re.compile(f"[{_UNSPACED}\u30a0-\u30ff]")
_GRAMMAR = frozenset(
    "的了在是和与與及也都就而或被把从從对對于於将將为為这這那其之很不没沒会會要让讓中上下个個们們你我他她它有"
)
"""Chinese words of one character that no term begins or ends with."""
_LONGEST_PHRASE = 3
_LONGEST_LINKED = 5
"""Words of a phrase with a small word inside, such as 'human gates in agent pipelines'."""
_LONGEST_RUN = 6
"""Ideographs: most Chinese and Japanese terms have two to four, compounds six."""
_SIBILANTS = ("ches", "shes", "sses", "xes", "zes")


@dataclass(frozen=True)
class Word:
    """One word of a text."""

    text: str
    key: str
    unspaced: bool
    """Written without spaces around it."""


@dataclass(frozen=True)
class Phrase:
    """One to three words that stand together."""

    key: tuple[str, ...]
    text: str


def stretches(text: str) -> list[list[Word]]:
    """List the words of each stretch between punctuation marks; a phrase never crosses one."""
    found: list[list[Word]] = [[]]
    end = 0
    normal = unicodedata.normalize("NFKC", text)
    for match in _TOKEN.finditer(normal):
        if normal[end : match.start()].strip() and found[-1]:
            found.append([])
        found[-1].append(_word(match.group()))
        end = match.end()
    return [stretch for stretch in found if stretch]


def phrases(text: str, *, stop: frozenset[str], weak: frozenset[str]) -> Iterator[Phrase]:
    """Yield every phrase of a text that could name a topic.

    One to three words without stop words, at least one of them not weak; three to five around one stop
    word; or two to six ideographs. A number never comes first.
    """
    for stretch in stretches(text):
        for start in range(len(stretch)):
            for size in range(1, (_LONGEST_RUN if stretch[start].unspaced else _LONGEST_LINKED) + 1):
                words = stretch[start : start + size]
                if len(words) == size and _names(words, stop, weak):
                    yield Phrase(tuple(word.key for word in words), _spelled(words))


def keys(text: str, *, stop: frozenset[str]) -> set[str]:
    """List the keys of all words that mean something; pairs of ideographs stand for words."""
    found: set[str] = set()
    for stretch in stretches(text):
        found |= {word.key for word in stretch if not word.unspaced and not _stops(word, stop)}
        found |= {left.key + right.key for left, right in pairwise(stretch) if left.unspaced and right.unspaced}
    return found


def _word(text: str) -> Word:
    bare = re.sub(r"['’]s$", "", text)
    return Word(text=bare, key=_key(bare), unspaced=bool(_IDEOGRAPH.match(bare)))


def _key(text: str) -> str:
    """Fold case and the English plural, so that 'Human Gates' and 'human gate' are one."""
    key = text.casefold()
    if len(key) <= 3 or not key.isascii() or key.endswith(("ss", "us", "is")):  # noqa: PLR2004 -- 'bus', 'SAS'
        return key
    if key.endswith("ies"):
        return f"{key[:-3]}y"
    return key[:-2] if key.endswith(_SIBILANTS) else key.removesuffix("s")


def _names(words: list[Word], stop: frozenset[str], weak: frozenset[str]) -> bool:
    if any(word.unspaced != words[0].unspaced for word in words):
        return False
    if words[0].unspaced:
        text = _spelled(words)
        return len(text) > 1 and text not in stop and not {text[0], text[-1]} & _GRAMMAR
    stops = [_stops(word, stop) for word in words]
    if words[0].text[0].isdigit() or stops[0] or stops[-1] or sum(stops) > 1 or _are_all_weak(words, stop | weak):
        return False
    if len(words) == 1:
        return len(words[0].text) > 2  # noqa: PLR2004 -- two letters say too little
    return len(words) <= _LONGEST_PHRASE or sum(stops) == 1


def _are_all_weak(words: list[Word], weak: frozenset[str]) -> bool:
    return all(_stops(word, weak) for word in words)


def _stops(word: Word, stop: frozenset[str]) -> bool:
    return word.text.casefold() in stop or word.key in stop


def _spelled(words: list[Word]) -> str:
    return ("" if words[0].unspaced else " ").join(word.text for word in words)
