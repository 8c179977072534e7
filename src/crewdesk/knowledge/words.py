"""Words as the index sees them: scripts without spaces become pairs of characters."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # kana and iteration marks
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # ideographs
)
_RUN = re.compile(f"[{_UNSPACED}]+")
_WORD = re.compile(r"[^\W_](?:[^\W_]|\u094d|[\u0900-\u0dff])*")
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")

# Function words of English questions and briefs. Other languages are served by how common a word is
# in the index itself; see `KnowledgeBase.search`.
_FUNCTION_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being between both but by can
    could did do does doing done during each either for from further had has have having he her here hers him his how
    however i if in into is it its itself just let like many may me might more most much must my no nor not of off on
    once only or other our ours out over own per rather same shall she should since so some such than that the their
    theirs them then there these they this those through to too under until up upon us use used using very via was we
    were what when where whether which while who whom whose why will with within without would yet you your yours
    anybody anyone anything best explain find give happen happened happens introduction know latest learn make need
    nobody nothing overview practice practices say says somebody someone something tell thing things tip tips
    understand understanding want way ways
    """.split()  # noqa: SIM905 -- a list of words is easier to read and to mend as prose
)


def spell(text: str) -> str:
    """Spell a text for the index: one form per character, runs without spaces as overlapping pairs.

    The pair is the smallest unit that finds a two-character word such as 審批 anywhere in a run. The
    last character of a run stands alone, so that a single character can be asked for by prefix.
    """
    normal = _ARABIC_MARKS.sub("", unicodedata.normalize("NFKC", text))
    return _RUN.sub(lambda run: f" {' '.join(_pairs(run.group()))} ", normal)


def query_terms(query: str, *, limit: int = 40) -> list[str]:
    """List what to look for, in FTS5's own spelling, each quoted; empty where nothing can be looked for.

    Function words are left out unless there is nothing else. Words that stand side by side are asked
    for as a phrase by `query_phrases`.
    """
    words = _words(query)
    meant = [word for word in words if word not in _FUNCTION_WORDS] or words
    return [_quoted(word) for word in dict.fromkeys(meant)][:limit]


def query_phrases(query: str, *, limit: int = 20) -> list[str]:
    """List pairs of neighbouring words that both mean something, quoted as FTS5 phrases."""
    words = _words(query)
    pairs = [
        f'"{left} {right}"'
        for left, right in pairwise(words)
        if not {left, right} & _FUNCTION_WORDS and len(left) > 1 and len(right) > 1
    ]
    return list(dict.fromkeys(pairs))[:limit]


def count_words(text: str) -> int:
    """Count words; two characters of a script without spaces count as one."""
    unspaced = sum(len(run) for run in _RUN.findall(text))
    return len(_RUN.sub(" ", text).split()) + (unspaced + 1) // 2


def _words(query: str) -> list[str]:
    found: list[str] = []
    normal = _ARABIC_MARKS.sub("", unicodedata.normalize("NFKC", query)).casefold()
    for word in _WORD.findall(_RUN.sub(lambda run: f" {run.group()} ", normal)):
        found += _query_pairs(word) if _RUN.fullmatch(word) else [word]
    return found


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]


def _query_pairs(run: str) -> list[str]:
    return _pairs(run)[:-1] or [run]


def _quoted(word: str) -> str:
    prefix = "*" if len(word) == 1 and _RUN.fullmatch(word) else ""
    return f'"{word}"{prefix}'
