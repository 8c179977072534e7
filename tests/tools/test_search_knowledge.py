"""The researcher's tool returns passages to cite, or says that there are none."""

from __future__ import annotations

from pathlib import Path

from tool_samples import SmallLibrary, materials, tool

from crewdesk.domain.canonical import canonical
from crewdesk.domain.passages import Passage

PASSAGES = [Passage(f"gates-{n}", "Gates", f"content/gates.md:{n}", "A gate stays shut. " * 10) for n in range(20)]


def test_passages_come_with_id_title_source_and_text(tmp_path: Path) -> None:
    library = SmallLibrary(PASSAGES)
    search = tool("knowledge", materials(tmp_path, library=lambda _: library), folders=["content"], passages=2)

    answer = search.run(query="gates")

    assert answer == {"query": "gates", "found": 2, "passages": [passage.to_json() for passage in PASSAGES[:2]]}
    assert library.asked == [("gates", 2)]


def test_an_agent_may_ask_for_fewer_or_more(tmp_path: Path) -> None:
    library = SmallLibrary(PASSAGES)
    search = tool("knowledge", materials(tmp_path, library=lambda _: library), folders=["content"], passages=12)

    search.run(query="gates", limit=1)
    search.run(query="gates", limit="20")

    assert library.asked == [("gates", 1), ("gates", 20)]


def test_nothing_found_is_an_empty_list_with_the_reasons(tmp_path: Path) -> None:
    library = SmallLibrary(warnings=["There are no sources to search in knowledge/content."])
    search = tool("knowledge", materials(tmp_path, library=lambda _: library), folders=["content"])

    answer = search.run(query="gates")

    assert answer == {
        "query": "gates",
        "found": 0,
        "passages": [],
        "problems": ["There are no sources to search in knowledge/content."],
    }


def test_only_the_folders_of_the_settings_are_opened(tmp_path: Path) -> None:
    opened: list[object] = []

    def library(folders: object) -> SmallLibrary:
        opened.append(folders)
        return SmallLibrary()

    tool("knowledge", materials(tmp_path, library=library), folders=["content", "sales"]).run(query="x")

    assert opened == [("content", "sales")]


def test_a_long_answer_is_cut_to_the_setting(tmp_path: Path) -> None:
    around = materials(tmp_path, library=lambda _: SmallLibrary(PASSAGES))

    answer = tool("knowledge", around, folders=["content"], longest=1_500).run(query="gates")

    assert isinstance(answer, dict)
    assert len(canonical(answer)) <= 1_500
    assert answer["passages"] == [passage.to_json() for passage in PASSAGES[:5]]
    assert answer["left_out"] == "passages: 5 of 12 are shown, the answer would be too long with all."
