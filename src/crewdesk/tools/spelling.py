"""How a phrase is written inside a sentence: 'human gates', but 'OpenAI'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SENTENCE = re.compile(r"[.!?:]\s+|\n")
_AROUND = ".,;:!?()[]{}'\"“”‘’«»…"
_SHORT = 3
"""Letters of a word that headlines in capitals may leave small: 'in', 'and', 'for'."""


class Spelling:
    """Knows from some texts which words carry a capital of their own."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._names: set[str] = set()
        self._small: set[str] = set()
        for text in texts:
            for sentence in _SENTENCE.split(text):
                self._learn([word.strip(_AROUND) for word in sentence.split()])

    def of(self, forms: Mapping[str, int]) -> str:
        """Spell a phrase that was found in these forms, each so many times, as it stands inside a sentence."""
        words = min(forms, key=lambda form: (-forms[form], form)).split(" ")
        spelled = [self._word(word) for word in words]
        # Before a name, as in 'Sample Orchestrator 2.4', the first capital belongs to the name.
        if len(words) > 1 and spelled[1] != spelled[1].casefold() and words[0].casefold() not in self._small:
            spelled[0] = words[0]
        return " ".join(spelled)

    def _learn(self, words: list[str]) -> None:
        """Take capitals inside a sentence for names, unless all its words have one, as in some headlines."""
        inside = [word for word in words[1:] if word]
        self._small |= {word for word in [*words[:1], *inside] if word == word.casefold()}
        if any(word == word.casefold() for word in inside if len(word) > _SHORT):
            self._names |= {word for word in inside if word != word.casefold()}

    def _word(self, word: str) -> str:
        own = word[1:] != word[1:].casefold() or (word in self._names and word.casefold() not in self._small)
        return word if own else word.casefold()
