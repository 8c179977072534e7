"""Keep each knowledge base open while its files stay as they are."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from crewdesk.knowledge.files import list_sources
from crewdesk.knowledge.index import KnowledgeBase

_Marks = tuple[tuple[str, int, int], ...]


class Shelf:
    """Call it with folders under `root` to get their knowledge base; read again only when a file changed.

    Safe to call from several threads.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._open: dict[tuple[str, ...], tuple[_Marks, KnowledgeBase]] = {}

    def __call__(self, folders: Sequence[str]) -> KnowledgeBase:
        """Give the knowledge base of these folders as their files are now."""
        wanted = tuple(folders)
        with self._lock:
            marks = self._marks(wanted)
            known = self._open.get(wanted)
            if known is None or known[0] != marks:
                known = (marks, KnowledgeBase.open(self._root, wanted))
                self._open[wanted] = known
            return known[1]

    def _marks(self, folders: Sequence[str]) -> _Marks:
        paths, _ = list_sources(self._root, folders)
        stats = ((str(path), path.stat()) for path in paths)
        return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
