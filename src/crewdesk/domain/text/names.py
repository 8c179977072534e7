"""Proper names in a text, by their capitals, and whether a source has them too.

Limits: a script without capitals hides its names (only Latin words inside it are looked at), German writes
every noun with a capital (only acronyms, inner capitals and runs of two or more capitalised words are looked
at), and a name that only ever begins sentences looks like any other word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from crewdesk.domain.text.figures import LETTER
from crewdesk.domain.text.folding import skeleton, words
from crewdesk.domain.text.languages import CAPITAL_NOUNS, INFLECTING, STOPWORDS, has_capitals, primary
from crewdesk.domain.text.number_words import MONTHS, UNITS
from crewdesk.domain.text.quotations import unquoted

_LETTER = f"{LETTER}\u0300-\u036f\u0530-\u058f"
_WORD = re.compile(rf"[{LETTER}\u0530-\u058f][{_LETTER}\d]*(?:[-'’&.][{_LETTER}\d]+)*")
_OPENS = re.compile(r"(?:^|[:;!?([{/|•·»«\"“„‘…]|\s[—–-]|\.[\"”’)])\s*$")
_POSSESSIVE = re.compile("['’]s$")
_SHORTEST_STEM = 3
_ENDING = 3
"""Letters at the end of a name that its case may change."""
_ACRONYM = 3


@dataclass(frozen=True)
class Name:
    """A capitalised word of a sentence."""

    text: str
    start: int
    end: int
    opens: bool
    """It begins the sentence, so that its capital says nothing."""
    odd: bool
    """It has capitals inside, as in `OpenAI` or `IBM`."""


@dataclass
class NameIndex:
    """The words of some sources, made once and asked often."""

    words: set[str] = field(default_factory=set[str])
    initials: str = " "

    def add(self, text: str) -> None:
        """Take in a stretch of a source."""
        listed = words(text)
        self.words.update(listed)
        self.initials += "".join(word[0] for word in listed) + " "

    def has(self, name: str, *, language: str) -> bool:
        """Tell whether the sources have this word, in whatever case and number, or as an acronym of theirs."""
        acronym = re.sub("['’]?s$", "", name)
        if acronym.isupper() and len(acronym) >= _ACRONYM and acronym.casefold() in self.initials:
            return True
        spelled = words(name)
        whole, parts = spelled[0] if spelled else "", spelled[1:]
        return self._has(whole, language) or (bool(parts) and all(self._has(part, language) for part in parts if part))

    def _has(self, word: str, language: str) -> bool:
        if {word, word.removesuffix("s"), word.removesuffix("es"), f"{word}s"} & self.words or word == "s":
            return True
        if language not in INFLECTING:
            return False
        stem = word[: max(_SHORTEST_STEM, len(word) - _ENDING)]
        return any(other.startswith(stem) for other in self.words)


def proper_words(texts: Iterable[str], *, language: str) -> frozenset[str]:
    """List the words that texts write with a capital inside sentences, and never without one."""
    inside: set[str] = set()
    small: set[str] = set()
    for text in texts:
        small.update(match.group() for match in _WORD.finditer(text) if match.group().islower())
        inside.update(name.text for name in _names(text) if not name.opens)
    return frozenset() if primary(language) in CAPITAL_NOUNS else frozenset(n for n in inside if n.lower() not in small)


def missing(
    text: str, sources: Collection[NameIndex], *, language: str, proper: frozenset[str] = frozenset()
) -> list[str]:
    """List the names of a sentence that none of the sources has, words that belong together as one."""
    own = primary(language)
    found: list[str] = []
    for run in _runs(text, [name for name in _names(text) if skeleton(name.text) not in STOPWORDS.get(own, ())]):
        lacking = [name for name in run if not any(source.has(name.text, language=own) for source in sources)]
        if any(_counts(name, proper, alone=len(run) == 1, language=own) for name in lacking):
            found += [_POSSESSIVE.sub("", text[part[0].start : part[-1].end]) for part in _runs(text, lacking)]
    return list(dict.fromkeys(found))


def _names(text: str) -> Iterator[Name]:
    text = unquoted(text)
    capitals = has_capitals(text)
    dated = any(sign.isdigit() for sign in text)
    for match in _WORD.finditer(text):
        word = match.group()
        if word.islower() or not _may_be_name(word, dated=dated):
            continue
        opens = capitals and bool(_OPENS.search(text, max(0, match.start() - 4), match.start()))
        yield Name(word, match.start(), match.end(), opens, odd=any(sign.isupper() for sign in word[1:]))


def _may_be_name(word: str, *, dated: bool) -> bool:
    """Leave out what has no capital, single letters, units, codes with digits, and months of dates."""
    folded = word.casefold()
    first = re.split("['’]", folded, maxsplit=1)[0]
    plain = len(first) > 1 and first not in STOPWORDS["en"] and folded not in UNITS
    known = (dated and folded in MONTHS) or any(sign.isdigit() for sign in word)
    return plain and not known and any(sign.isupper() for sign in word)


def _runs(text: str, names: list[Name]) -> list[list[Name]]:
    """Put names that follow each other directly together."""
    runs: list[list[Name]] = []
    for name in names:
        if runs and text[runs[-1][-1].end : name.start] == " ":
            runs[-1].append(name)
        else:
            runs.append([name])
    return runs


def _counts(name: Name, proper: frozenset[str], *, alone: bool, language: str) -> bool:
    if name.odd:
        return True
    if language in CAPITAL_NOUNS:
        return not alone and not name.opens
    return not name.opens or name.text in proper
