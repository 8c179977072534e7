"""Functions that a change touches, before and after: their words, their conditions, and which line became which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

from crewdesk.code.definitions import spelled
from crewdesk.code.grammars import parsed
from crewdesk.code.sides import Pair, lines_of
from crewdesk.code.symbol_changes import changed_symbols
from crewdesk.code.symbols import Symbol, symbols

if TYPE_CHECKING:
    from tree_sitter import Node

LONGEST = 400
"""Lines of the longest function that is compared word by word."""


@dataclass(frozen=True)
class Word:
    """One word of a function: a name, a sign, a number."""

    text: str
    type: str
    line: int


@dataclass(frozen=True)
class Version:
    """A function on one side."""

    symbol: Symbol
    text: str
    language: str

    @cached_property
    def nodes(self) -> Sequence[Node]:
        """Its syntax tree, node by node, comments and documentation apart."""
        tree = parsed(self.text, self.language)
        return [] if tree is None else list(self._walk(tree.root_node))

    def _walk(self, root: Node) -> Iterator[Node]:
        waiting, symbol = [root], self.symbol
        while waiting:
            node = waiting.pop()
            first, last = node.start_point.row + 1, node.end_point.row + 1
            if last < symbol.first or first > symbol.last or "comment" in node.type:
                continue
            if symbol.doc_first is not None and symbol.doc_first <= first <= last <= (symbol.doc_last or 0):
                continue
            if symbol.first <= first:
                yield node
            waiting.extend(reversed(node.children))

    @cached_property
    def words(self) -> Sequence[Word]:
        """Its words in their order."""
        return [Word(spelled(n), n.type, n.start_point.row + 1) for n in self.nodes if not n.child_count]

    def is_called(self, word: Word) -> bool:
        """Say whether one of its words is called."""
        following = self.words[self.words.index(word) + 1 :][:1]
        return bool(following) and following[0].text == "("

    @cached_property
    def names(self) -> frozenset[str]:
        """The names it uses."""
        return frozenset(word.text for word in self.words if word.type.endswith(("identifier", "constant", "name")))


@dataclass(frozen=True)
class Function:
    """A function on both sides."""

    pair: Pair
    old: Version
    new: Version

    @cached_property
    def likeness(self) -> float:
        """How much of it stayed, 0 to 1."""
        return self._matcher.ratio()

    @cached_property
    def edits(self) -> Sequence[tuple[Sequence[Word], Sequence[Word]]]:
        """The words that went, and those that came in their place."""
        return [
            (self.old.words[a:b], self.new.words[c:d])
            for tag, a, b, c, d in self._matcher.get_opcodes()
            if tag != "equal"
        ]

    @cached_property
    def _matcher(self) -> SequenceMatcher[str]:
        return SequenceMatcher(
            None, [word.text for word in self.old.words], [word.text for word in self.new.words], autojunk=False
        )

    def is_rarer(self, words: str) -> bool:
        """Say whether some words stand less often in the file than before, whatever their spaces."""
        dense = "".join(words.split())
        return _dense(self.pair.new).count(dense) < _dense(self.pair.old).count(dense)

    def line(self, old_line: int) -> int:
        """Find where a line of before is now; where it is gone, what stands in its place, or right after it."""
        old = lines_of(self.old.text)[self.old.symbol.first - 1 : self.old.symbol.last]
        new = lines_of(self.new.text)[self.new.symbol.first - 1 : self.new.symbol.last]
        at = old_line - self.old.symbol.first
        for tag, a, b, c, _ in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if a <= at < b:
                place = min(c + (at - a) if tag == "equal" else c, len(new) - 1)
                while place and not new[place].strip():
                    place -= 1
                return self.new.symbol.first + place
        return self.new.symbol.last


def _dense(text: str) -> str:
    return "".join(text.split())


def functions(pair: Pair) -> Iterator[Function]:
    """Go through the functions of a file that were there before and changed."""
    language = pair.file.language
    several = {name for text in (pair.old, pair.new) for name in _several(text, language)}
    for change in changed_symbols(pair.path, language, pair.old, pair.new):
        old, new = change.old, change.new
        if old is None or new is None or new.kind == "class" or new.qualified in several:
            continue
        if max(old.last - old.first, new.last - new.first) > LONGEST:
            continue
        yield Function(pair, Version(old, pair.old, language), Version(new, pair.new, language))


def _several(text: str, language: str) -> set[str]:
    """Name what is defined more than once: which of them is which cannot be known."""
    count = Counter(one.qualified for one in symbols(text, language))
    return {name for name, many in count.items() if many > 1}
