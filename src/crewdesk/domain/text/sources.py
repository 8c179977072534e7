"""A passage made ready to be compared with: its figures, names, wording and words of meaning, each found once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from crewdesk.domain.passages import Passage
from crewdesk.domain.text.figure_index import FigureIndex
from crewdesk.domain.text.folding import content, words
from crewdesk.domain.text.inline import inline
from crewdesk.domain.text.languages import has_capitals, is_written_in
from crewdesk.domain.text.markdown import blocks
from crewdesk.domain.text.names import NameIndex
from crewdesk.domain.text.quotations import QuoteIndex
from crewdesk.domain.text.sentences import sentences


@dataclass(frozen=True)
class Source:
    """A passage, and the language of the text that rests on it."""

    passage: Passage
    language: str

    @cached_property
    def _texts(self) -> list[str]:
        """The passage as a reader sees it, and as it is written."""
        seen = " ".join(inline(block.raw).text for block in blocks(self.passage.text))
        return [self.passage.title, seen, self.passage.text]

    @cached_property
    def figures(self) -> FigureIndex:
        """Its figures, read sentence by sentence as a copy of it would be, and as a whole."""
        index = FigureIndex()
        for sentence in sentences(self.passage.text, language=self.language):
            index.add(sentence.text, language=self.language)
        for text in self._texts:
            index.add(text, language=self.language)
        return index

    @cached_property
    def names(self) -> NameIndex:
        """Its words."""
        index = NameIndex()
        for text in self._texts:
            index.add(text)
        return index

    @cached_property
    def quotes(self) -> QuoteIndex:
        """Its wording."""
        index = QuoteIndex()
        for text in self._texts:
            index.add(text)
        return index

    @cached_property
    def content(self) -> set[str]:
        """Its words of meaning."""
        return set[str]().union(*(content(text, stopwords=frozenset()) for text in self._texts))

    @cached_property
    def is_comparable(self) -> bool:
        """Whether its words can be compared with those of a text in our language."""
        return is_written_in(words(self.passage.text), self.language) is not False

    @cached_property
    def has_capitals(self) -> bool:
        """Whether its script has capitals."""
        return has_capitals(self.passage.text)
