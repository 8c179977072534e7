"""Search the house's sources: BM25 over words in SQLite, then a pass for coverage and variety."""

from __future__ import annotations

import math
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from slugify import slugify

from crewdesk.domain.canonical import sha256
from crewdesk.domain.passages import Passage
from crewdesk.errors import NotFound
from crewdesk.knowledge.files import SourceFile, list_sources, read_source
from crewdesk.knowledge.front_matter import Origin
from crewdesk.knowledge.passages import Document, cut
from crewdesk.knowledge.words import query_phrases, query_terms, spell

# 'categories' adds the combining marks, without which words of Indic scripts fall apart.
_TABLE = """
CREATE VIRTUAL TABLE passages USING fts5(heading, title, topics, text,
  tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'")
"""
_WEIGHTS = "4.0, 2.5, 1.5, 1.0"
_CANDIDATES = 200
_NEEDED = 0.3
"""Share of the query, by weight of its words, that a passage must hold to be about it."""
_COMMON = 0.5
"""A word in more passages than this share says nothing, in any language."""
_ALIKE = 0.7
"""Share of three-word sequences from which two passages are the same thing twice."""
_NEAR = 0.4
"""Share of the best score from which a hit may take a place for variety's sake."""


@dataclass(frozen=True)
class _Hit:
    row: int
    score: float


class KnowledgeBase:
    """Passages of all sources under some folders. Safe to search from several threads.

    Built in memory: a thousand pages take about a second, and nothing has to be kept in step with
    the files. `warnings` says in sentences what was left out and why.
    """

    def __init__(self, documents: Sequence[Document], warnings: Sequence[str] = ()) -> None:
        self.documents = tuple(documents)
        self.warnings = (*warnings, *(document.problem for document in documents if document.problem))
        self._passages = [(document, passage) for document in documents for passage in document.passages]
        self._by_id = {passage.id: document for document, passage in self._passages}
        self._lock = threading.Lock()
        self._database = _build(self._passages)

    @classmethod
    def open(cls, root: Path, folders: Sequence[str]) -> KnowledgeBase:
        """Read every `.md` and `.txt` below the folders of `root`.

        A folder that is missing or empty, a binary, a broken file never stop it; see `warnings`.
        Raises `ConfigurationError` for a folder outside `root`.
        """
        paths, warnings = list_sources(root, folders)
        files: list[SourceFile] = []
        for path in paths:
            file, warning = read_source(path, root=root)
            files += [file] if file else []
            warnings += [warning] if warning else []
        stems = _stems([file.path for file in files])
        documents = [cut(file, stem=stem) for file, stem in zip(files, stems, strict=True)]
        if not any(document.passages for document in documents):
            warnings.append(f"There are no sources to search in {', '.join(f'knowledge/{name}' for name in folders)}.")
        return cls(documents, warnings)

    def __len__(self) -> int:
        return len(self._passages)

    def search(self, query: str, *, limit: int) -> list[Passage]:
        """Find passages about the query, best first; the same query always finds the same.

        Ranked by BM25 with a heading above a title above topics above the text, times the share of the
        query that a passage holds. Passages that share too little of the query are no answer, near
        copies are dropped, and no document takes more than a third of the places while others have
        something to say. Any text is a valid query; one without words finds nothing.
        """
        terms = query_terms(query)
        if not terms or limit < 1:
            return []
        with self._lock:
            held = {term: self._rows(term) for term in terms}
            weights = self._weights(held)
            ranked = self._ranked([*weights, *query_phrases(query)])
        hits = [hit for hit in (self._weighed(hit, held, weights) for hit in ranked) if hit]
        hits.sort(key=lambda hit: (-hit.score, self._passages[hit.row][1].id))
        return [self._passages[hit.row][1] for hit in self._varied(hits, limit=limit)]

    def sources(self, passage: str) -> tuple[Origin, ...]:
        """Say where the facts of a passage's document come from, as its front matter says."""
        document = self._by_id.get(passage)
        if document is None:
            raise NotFound(f"There is no passage {passage!r} in the knowledge base.")
        return document.sources

    def _rows(self, term: str) -> frozenset[int]:
        found = self._database.execute("SELECT rowid FROM passages WHERE passages MATCH ?", (term,))
        return frozenset(row for (row,) in found)

    def _weights(self, held: dict[str, frozenset[int]]) -> dict[str, float]:
        """Weigh each word by how rare it is; words that stand nearly everywhere are left out if others remain."""
        total = len(self._passages)
        # A year or a count that no source has says nothing about what the sources are about.
        held = {term: rows for term, rows in held.items() if rows or not term.strip('"').isdigit()} or held
        weights = {term: math.log(1 + (total - len(rows) + 0.5) / (len(rows) + 0.5)) for term, rows in held.items()}
        rare = {term: weight for term, weight in weights.items() if len(held[term]) <= max(_COMMON * total, 3)}
        return rare or weights

    def _ranked(self, terms: Iterable[str]) -> list[_Hit]:
        found = self._database.execute(
            f"SELECT rowid, bm25(passages, {_WEIGHTS}) AS rank FROM passages WHERE passages MATCH ? "  # noqa: S608
            "ORDER BY rank, rowid LIMIT ?",
            (" OR ".join(terms), _CANDIDATES),
        )
        return [_Hit(row, -rank) for row, rank in found]

    @staticmethod
    def _weighed(hit: _Hit, held: dict[str, frozenset[int]], weights: dict[str, float]) -> _Hit | None:
        share = sum(weight for term, weight in weights.items() if hit.row in held[term]) / sum(weights.values())
        return _Hit(hit.row, hit.score * (0.5 + share)) if share >= _NEEDED else None

    def _varied(self, hits: Sequence[_Hit], *, limit: int) -> list[_Hit]:
        """Take a third of the places per document at most, as long as another has a hit nearly as good."""
        most = max(2, -(-limit // 3))
        taken: Counter[str] = Counter()
        seen: list[frozenset[str]] = []
        first: list[_Hit] = []
        later: list[_Hit] = []
        for hit in hits:
            document, passage = self._passages[hit.row]
            these = _shingles(passage.text)
            if any(_alike(these, those) for those in seen):
                continue
            seen.append(these)
            fits = taken[document.path] < most and hit.score >= _NEAR * hits[0].score
            (first if fits else later).append(hit)
            taken[document.path] += 1
        chosen = (first + later)[:limit]
        return [hit for hit in hits if hit in chosen]


def _build(passages: Sequence[tuple[Document, Passage]]) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.execute(_TABLE)
    database.executemany(
        "INSERT INTO passages (rowid, heading, title, topics, text) VALUES (?, ?, ?, ?, ?)",
        (
            (row, *map(spell, (_heading(document, passage), document.title, ", ".join(document.topics), passage.text)))
            for row, (document, passage) in enumerate(passages)
        ),
    )
    database.commit()
    return database


def _heading(document: Document, passage: Passage) -> str:
    return passage.title.removeprefix(document.title).removeprefix(" — ")


def _stems(paths: Sequence[str]) -> list[str]:
    """Name each file by its stem; where two would share a name, by its path, and at last by a hash as well."""
    names = [_slug(PurePosixPath(path).stem) for path in paths]
    for better in (_path_slug, _hashed):
        often = Counter(names)
        names = [name if often[name] == 1 else better(path) for name, path in zip(names, paths, strict=True)]
    return names


def _path_slug(path: str) -> str:
    return _slug(str(PurePosixPath(path).with_suffix("")))


def _slug(text: str) -> str:
    return slugify(text, max_length=60) or f"source-{sha256(text)[:6]}"


def _hashed(path: str) -> str:
    return f"{_slug(PurePosixPath(path).stem)}-{sha256(path)[:6]}"


def _shingles(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", spell(text).casefold())
    return frozenset(" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2)))


def _alike(these: frozenset[str], those: frozenset[str]) -> bool:
    return len(these & those) >= _ALIKE * len(these | those)
