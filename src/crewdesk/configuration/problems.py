"""A problem in a file: where it is, what it is and what to do; and the error that carries all of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from crewdesk.errors import ConfigurationError

CHECK = "Nothing was run. Check everything at once with: crewdesk check"
LONGEST_LIST = 12


@dataclass(frozen=True, order=True)
class Problem:
    """One finding, sorted by file and line; `str()` gives `file:line: sentence`."""

    file: str
    line: int
    sentence: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class ConfigurationProblems(ConfigurationError):
    """Every problem of the files that were read; the message has one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        hints = dict.fromkeys(problem.hint for problem in self.problems if problem.hint)
        super().__init__("\n".join(map(str, self.problems)), hint="\n".join([*hints, CHECK]))


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return the choice that is spelled most like a word, or an empty text where none is near."""
    plain = {_plain(choice): choice for choice in sorted(choices)}
    near = difflib.get_close_matches(_plain(word), plain, n=1, cutoff=0.6)
    return plain[near[0]] if near else ""


def did_you_mean(word: str, choices: Iterable[str], *, none: str = "") -> str:
    """Return `; did you mean '…'?` for the nearest choice, else what there is, else the words for nothing at all."""
    known = sorted(choices)
    if near := nearest(word, known):
        return f"; did you mean {near!r}?"
    if not known:
        return f"; {none}" if none else ""
    return f"; there {'is' if len(known) == 1 else 'are'} {listing(known, last='and')}"


def listing(words: Iterable[str], *, last: str = "or") -> str:
    """Join words as a person would: `a, b or c`; a long list ends with how many more there are."""
    *most, final = list(words) or [""]
    if len(most) >= LONGEST_LIST:
        most, final = most[: LONGEST_LIST - 1], f"{len(most) - LONGEST_LIST + 2} more"
        last = "and"
    return f"{', '.join(most)} {last} {final}" if most else final


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")
