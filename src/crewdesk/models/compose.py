"""Put whole sentences of passages in order: a post of an opening, sections and a close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crewdesk.models.language import Language
from crewdesk.models.prose import Sentence, alike, document_of, line_of
from crewdesk.models.ranking import Query
from crewdesk.models.shape import Shape
from crewdesk.models.sources import Sources


@dataclass(frozen=True)
class Block:
    """A paragraph of consecutive sentences of one passage."""

    sentences: tuple[Sentence, ...]

    @property
    def words(self) -> int:
        """Count its words."""
        return sum(sentence.words for sentence in self.sentences)


@dataclass(frozen=True)
class Section:
    """A heading of a document and the paragraphs under it."""

    document: str
    heading: str
    line: int
    late: float
    score: float
    blocks: tuple[Block, ...]

    @property
    def words(self) -> int:
        """Count the words of its paragraphs."""
        return sum(block.words for block in self.blocks)


@dataclass(frozen=True)
class Composition:
    """A post in its parts; empty where nothing could be quoted."""

    opening: Block | None = None
    sections: tuple[Section, ...] = ()
    closing: Section | None = None
    steps: tuple[Sentence, ...] = ()
    """What to do next, sentence by sentence, where no passage's paragraph could close the post."""


def compose_post(sources: Sources, shape: Shape) -> Composition:
    """Compose a post: an opening that answers, sections under their own headings, and what to do next."""
    parts = _sections_of(sources, shape)
    opening = _choose_opening(parts, sources.query, shape)
    if opening is None:
        return Composition()
    said = list(opening.sentences)
    closing = _choose_closing(parts, said, sources.language, shape)
    said.extend(s for block in (closing.blocks if closing else ()) for s in block.sentences)
    steps = () if closing else _choose_steps(sources, said, shape)
    said.extend(steps)
    room = shape.words - sum(sentence.words for sentence in said)
    rest = [part for part in parts if closing is None or part.heading != closing.heading]
    sections = _choose_sections(rest, said, room, shape)
    return Composition(opening, tuple(_in_order(sections, opening, sources)), closing, steps)


def _sections_of(sources: Sources, shape: Shape) -> list[Section]:
    """Put the passages of one heading together, best heading first, paragraphs in the document's order."""
    sections: list[Section] = []
    for group in sources.worthwhile(shape.worthwhile):
        inside = sorted(group.passages, key=line_of)
        blocks = [block for passage in inside for run in sources.runs[passage.id] for block in _cut(run, shape)]
        if blocks:
            line = line_of(inside[0])
            sections.append(Section(group.document, group.heading, line, group.late, group.score, tuple(blocks)))
    return sections


def _cut(run: Sequence[Sentence], shape: Shape) -> Iterator[Block]:
    """Cut a run of sentences into paragraphs that begin with a sentence that opens well."""
    held: list[Sentence] = []
    for sentence in run:
        if held and sum(s.words for s in held) + sentence.words > shape.paragraph_words:
            yield Block(tuple(held))
            held = []
        if held or sentence.opens:
            held.append(sentence)
    if held:
        yield Block(tuple(held))


def _choose_opening(parts: Sequence[Section], query: Query, shape: Shape) -> Block | None:
    """Open with a section's first paragraph whose first sentence answers: it names the topic and says what it is."""
    top = parts[0].score if parts else 1.0

    def merit(part: Section) -> float:
        first = part.blocks[0].sentences[0]
        named = query.shared(first.terms[:10]) / max(1, len(query.topic))
        answers = 0.7 * (first.aspect == shape.opening) + 0.8 * (
            first.terms[:1] != () and first.terms[0] in query.topic
        )
        return part.score / (top or 1.0) + 1.5 * named + (answers if first.alone else -1.0)

    return _trimmed(max(parts, key=merit).blocks[0], shape.opening_words) if parts else None


def _choose_closing(
    parts: Sequence[Section], said: Sequence[Sentence], language: Language, shape: Shape
) -> Section | None:
    """Close with the section that tells the reader most about what to do, in one paragraph."""
    top = parts[0].score if parts else 1.0

    def merit(pair: tuple[Section, Block]) -> float:
        part, block = pair
        advice = min(2, _advice(block, shape)) / 2
        return advice + _advises(part, language, shape) + part.late + part.score / (top or 1.0)

    candidates = [
        (part, block)
        for part in parts
        for block in _fresh(part, said, shape.words).blocks
        if block.sentences[0].alone and (_advice(block, shape) > 1 or _advises(part, language, shape))
    ]
    if not candidates:
        return None
    part, block = max(candidates, key=merit)
    return replace(part, blocks=(_trimmed(block, shape.opening_words),))


def _advice(block: Block, shape: Shape) -> int:
    return sum(sentence.aspect == shape.step for sentence in block.sentences)


def _advises(part: Section, language: Language, shape: Shape) -> bool:
    """Say whether a section's heading itself tells the reader to do something."""
    return language.aspect_of(part.heading) == shape.step


def _trimmed(block: Block, most: int) -> Block:
    """Keep the first sentences of a paragraph, at least one, up to a number of words."""
    kept: list[Sentence] = []
    for sentence in block.sentences:
        if kept and sum(s.words for s in kept) + sentence.words > most:
            break
        kept.append(sentence)
    return Block(tuple(kept))


def _choose_steps(sources: Sources, said: Sequence[Sentence], shape: Shape) -> tuple[Sentence, ...]:
    """Choose single sentences that tell the reader what to do, one a passage, best first."""
    chosen: list[Sentence] = []
    for _, sentence in sorted(sources.scored(), key=lambda pair: -pair[0]):
        fresh = all(sentence.passage.id != other.passage.id for other in chosen)
        if sentence.alone and sentence.aspect == shape.step and fresh and not alike(sentence, [*said, *chosen]):
            chosen.append(sentence)
    return tuple(chosen[: shape.steps])


def _choose_sections(parts: Sequence[Section], said: list[Sentence], room: int, shape: Shape) -> list[Section]:
    """Take the best sections, each time of a document used least, until the room is used."""
    waiting = list(parts)
    top = waiting[0].score if waiting else 1.0
    chosen: list[Section] = []
    used: Counter[str] = Counter()
    while waiting and len(chosen) < shape.sections and room >= shape.thinnest_section:
        index = min(range(len(waiting)), key=lambda i: (_cost(waiting[i], used, top, shape), i))
        part = waiting.pop(index)
        part = _fresh(part, said, min(shape.section_words, room))
        if part.words < shape.thinnest_section or any(part.heading == other.heading for other in chosen):
            continue
        chosen.append(part)
        used[part.document] += 1
        said.extend(sentence for block in part.blocks for sentence in block.sentences)
        room -= part.words
    return chosen


def _cost(part: Section, used: Mapping[str, int], top: float, shape: Shape) -> float:
    """Weigh a section against the best: a document used before and a thin section cost."""
    thin = 0.3 if part.words < shape.good_section else 0.0
    return 0.1 * used[part.document] + thin - part.score / (top or 1.0)


def _fresh(part: Section, said: Sequence[Sentence], room: int) -> Section:
    """Keep the paragraphs of a section, in their order, that fit and say something new; the first points nowhere."""
    kept: list[Block] = []
    left = room
    for block in part.blocks:
        if not kept and not block.sentences[0].alone:
            continue
        if block.words <= left and not any(alike(sentence, said) for sentence in block.sentences):
            kept.append(block)
            left -= block.words
    return replace(part, blocks=tuple(kept))


def _in_order(chosen: Sequence[Section], opening: Block, sources: Sources) -> list[Section]:
    """Put what a person asked for first; then keep a document's sections together, the opening's document first."""
    first = [document_of(opening.sentences[0].passage), *(section.document for section in chosen)]
    return sorted(
        chosen,
        key=lambda section: (-sources.wished(section.heading), first.index(section.document), section.line),
    )
