"""Cut a source into passages: stretches of some 40 to 150 words that never cross a heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import PurePosixPath

from crewdesk.domain.passages import Passage
from crewdesk.knowledge.blocks import Block, markdown_blocks, plain_blocks
from crewdesk.knowledge.files import SourceFile
from crewdesk.knowledge.front_matter import FrontMatter, Origin, read_front_matter
from crewdesk.knowledge.words import count_words

ENOUGH = 40
"""Words from which a paragraph stands alone."""
MOST = 150
"""Words a passage has at most."""
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？])|\n")


@dataclass(frozen=True)
class Document:
    """One source, cut up."""

    path: str
    title: str
    topics: tuple[str, ...]
    sources: tuple[Origin, ...]
    """Where its facts come from, as its front matter says."""
    passages: tuple[Passage, ...]
    problem: str = ""


def cut(file: SourceFile, *, stem: str) -> Document:
    """Cut a source into passages with the ids `<stem>-1`, `<stem>-2`, … in the order of the text.

    Front matter that cannot be read is a `problem`; the text is cut all the same.
    """
    lines = file.text.splitlines()
    is_plain = file.path.lower().endswith(".txt")
    front = FrontMatter() if is_plain else read_front_matter(lines)
    blocks = list(plain_blocks(lines) if is_plain else markdown_blocks(lines, skip=front.lines))
    title = front.title or _first_heading(lines[front.lines :]) or _from_name(file.path)
    stretches = [
        stretch for _, section in groupby(blocks, key=lambda block: block.heading) for stretch in _gather(section)
    ]
    return Document(
        path=file.path,
        title=title,
        topics=front.topics,
        sources=front.sources,
        passages=tuple(
            Passage(
                id=f"{stem}-{n}",
                title=_titled(title, block.heading),
                source=f"{file.path}:{block.line}",
                text=block.text,
            )
            for n, block in enumerate(stretches, start=1)
        ),
        problem=f"{file.path} was read, but {front.problem}." if front.problem else "",
    )


def _gather(section: Iterable[Block]) -> Iterator[Block]:
    """Join short neighbours and split long blocks; a short rest joins what stands before it."""
    held: Block | None = None
    for piece in (piece for block in section for piece in _split(block)):
        if held is None:
            held = piece
            continue
        size, more = count_words(held.text), count_words(piece.text)
        short = size < ENOUGH or more < ENOUGH // 2
        if short and size + more <= MOST:
            held = replace(held, text=f"{held.text}\n{piece.text}")
        else:
            yield held
            held = piece
    if held is not None:
        yield held


def _split(block: Block) -> list[Block]:
    """Split at sentences, into parts of about the same size."""
    size = count_words(block.text)
    if size <= MOST:
        return [block]
    share = size / -(-size // MOST)
    parts: list[str] = []
    held, words = "", 0
    for sentence in _sentences(block.text):
        more = count_words(sentence)
        if held and (words + more > MOST or words >= share):
            parts.append(held)
            held, words = "", 0
        held, words = f"{held} {sentence}".strip(), words + more
    return [replace(block, text=part) for part in [*parts, held] if part]


def _sentences(text: str) -> Iterator[str]:
    """Yield sentences or lines; one without an end is cut at the word, or the character, that is too many."""
    for sentence in filter(None, (part.strip() for part in _SENTENCE.split(text))):
        if count_words(sentence) <= MOST:
            yield sentence
            continue
        words = [word[at : at + MOST] for word in sentence.split() for at in range(0, len(word), MOST)]
        for at in range(0, len(words), MOST):
            yield from _by_size(words[at : at + MOST])


def _by_size(words: list[str]) -> Iterator[str]:
    text = " ".join(words)
    if count_words(text) <= MOST:
        yield text
    else:
        middle = len(words) // 2
        yield from _by_size(words[:middle])
        yield from _by_size(words[middle:])


def _titled(title: str, heading: str) -> str:
    return f"{title} — {heading}" if heading and heading != title else title


def _first_heading(lines: list[str]) -> str:
    """Take the top heading where it stands before all text, as most Markdown has it."""
    first = next((line for line in lines if line.strip()), "")
    return first.removeprefix("# ").strip() if first.startswith("# ") else ""


def _from_name(path: str) -> str:
    stem = PurePosixPath(path).stem
    return re.sub(r"[-_]+", " ", stem).strip() or stem
