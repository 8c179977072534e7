"""A knowledge base stays open while its files stay as they are."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from crewdesk.knowledge.shelf import Shelf


def test_a_base_is_opened_once_and_again_when_a_file_changed(tmp_path: Path) -> None:
    source = tmp_path / "content" / "gates.md"
    source.parent.mkdir()
    source.write_text("A gate stays shut.", "utf-8")
    shelf = Shelf(tmp_path)
    first = shelf(["content"])

    again = shelf(["content"])
    source.write_text("A journal is kept.", "utf-8")
    os.utime(source, ns=(1, 1))
    changed = shelf(["content"])

    assert again is first
    assert changed is not first
    assert len(changed.search("journal", limit=1)) == 1


def test_folders_have_their_own_bases(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text(f"Text of {name}.", "utf-8")
    shelf = Shelf(tmp_path)

    assert shelf(["one"]).documents[0].path == "one/a.md"
    assert shelf(["two"]).documents[0].path == "two/a.md"


def test_threads_that_ask_at_once_get_the_same_base(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    shelf = Shelf(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        bases = list(pool.map(lambda _: shelf(["content"]), range(16)))

    assert len({id(base) for base in bases}) == 1
