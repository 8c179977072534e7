"""How long the parts of a text are, and how many there may be; config/offline.yaml can say otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """How long the parts of a post are, and how many there may be."""

    words: int = 780
    opening_words: int = 80
    paragraph_words: int = 95
    section_words: int = 140
    thinnest_section: int = 30
    good_section: int = 80
    sections: int = 4
    steps: int = 3
    worthwhile: float = 0.4
    """Share of the best headings' score that a heading needs to be used at all."""
    shortest_finding: int = 7
    passage_share: int = 2
    """Findings from one passage at most."""
    heading_share: int = 3
    """Passages of one heading that findings are first taken from."""
    opening: str = "what"
    """The aspect a good opening has."""
    step: str = "do"
    """The aspect of sentences that tell the reader what to do."""
