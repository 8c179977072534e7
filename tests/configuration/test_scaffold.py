"""New crews, agents and tools fit in at once, and nothing that was there changes."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import cast

import pytest
from small_house import FILES, SmallHouse

from crewdesk.configuration.problems import ConfigurationProblems
from crewdesk.configuration.scaffold import new_agent, new_crew, new_tool
from crewdesk.domain.specs import ToolSpec
from crewdesk.errors import NotFound, WrongUsage
from crewdesk.tools import table
from crewdesk.tools.materials import Materials

GATES = "config/gates.yaml"


@pytest.fixture
def roomy(small: SmallHouse) -> SmallHouse:
    """A house with the tool that new crews use."""
    small.swap("config/tools.yaml", "tools:\n", "tools:\n  search_knowledge: {kind: knowledge}\n")
    return small


def everything(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_a_new_crew_loads_at_once(roomy: SmallHouse) -> None:
    written = new_crew(roomy.root / "config", "pages")

    loaded = roomy.load("pages")
    assert loaded.warnings == ()
    assert [path.relative_to(roomy.root).as_posix() for path in written] == [
        "config/crews/pages/crew.yaml",
        "config/crews/pages/agents.yaml",
        "config/crews/pages/tasks.yaml",
        GATES,
    ]


def test_a_new_crew_leaves_the_other_crew_loading(roomy: SmallHouse) -> None:
    new_crew(roomy.root / "config", "pages")

    assert roomy.load().house.gates.gates.keys() >= {"last look", "pages gate"}


@pytest.mark.parametrize("ending", ["\n", "\n\n\n", "", "\n# The end.\n"])
def test_a_new_gate_is_added_below_and_nothing_above_changes(ending: str, roomy: SmallHouse) -> None:
    before = "# Ask well.\n" + FILES[GATES].replace("question: Is it right?", "question: Is it right? # really")
    roomy.write(GATES, before.rstrip() + ending)

    new_crew(roomy.root / "config", "pages")

    after = (roomy.root / GATES).read_text()
    assert after.startswith((before.rstrip() + ending).rstrip())
    assert after.endswith(
        "  pages gate:\n    kind: flagged\n    crew: pages\n    task: write\n"
        "    question: Is this page right as it stands?\n    revise: [write]\n"
    )


def test_windows_line_ends_stay(roomy: SmallHouse) -> None:
    (roomy.root / GATES).write_bytes(FILES[GATES].replace("\n", "\r\n").encode())

    new_crew(roomy.root / "config", "pages")

    assert b"\n" not in (roomy.root / GATES).read_bytes().replace(b"\r\n", b"")


def test_gates_that_take_nothing_at_their_end_are_left_alone(roomy: SmallHouse) -> None:
    roomy.write(GATES, "gates: {not sure: {kind: doubt, below: 0.4, question: q}}\n")
    before = everything(roomy.root)

    with pytest.raises(WrongUsage) as caught:
        new_crew(roomy.root / "config", "pages")

    assert "Add it by hand under gates:\npages gate:\n  kind: flagged" in caught.value.hint
    assert everything(roomy.root) == before


def test_broken_gates_are_named_and_nothing_is_written(roomy: SmallHouse) -> None:
    roomy.write(GATES, "gates: [\n")
    before = everything(roomy.root)

    with pytest.raises(ConfigurationProblems, match=GATES):
        new_crew(roomy.root / "config", "pages")

    assert everything(roomy.root) == before


def test_a_crew_is_never_written_over_another(roomy: SmallHouse) -> None:
    before = everything(roomy.root)

    with pytest.raises(WrongUsage, match="There is a crew 'notes' already, in config/crews/notes"):
        new_crew(roomy.root / "config", "notes")

    assert everything(roomy.root) == before


def test_a_new_agent_has_a_first_task_and_the_crew_loads(small: SmallHouse) -> None:
    new_agent(small.root / "config", "notes", "fact_checker")

    house = small.load().house
    assert house.agents["fact_checker"].role == "Fact checker"
    assert house.tasks["fact_checker_work"].agent == "fact_checker"


def test_a_new_agent_changes_nothing_above_it(small: SmallHouse) -> None:
    new_agent(small.root / "config", "notes", "fact_checker")

    for file in ("agents", "tasks"):
        name = f"config/crews/notes/{file}.yaml"
        assert (small.root / name).read_text().startswith(FILES[name])


def test_an_agent_is_never_written_over_another(small: SmallHouse) -> None:
    with pytest.raises(WrongUsage, match=r"'writer' is there already, in config/crews/notes/agents.yaml"):
        new_agent(small.root / "config", "notes", "writer")


def test_an_agent_for_no_crew_is_answered_with_the_nearest(small: SmallHouse) -> None:
    with pytest.raises(NotFound, match="There is no crew 'note'; did you mean 'notes'"):
        new_agent(small.root / "config", "note", "helper")


@pytest.mark.parametrize("name", ["", "../x", "a b", "Räume", "1st", "_x", "a__b", "x" * 41, "class", "a/b", "a.b"])
def test_a_name_that_is_none_is_refused(name: str, small: SmallHouse) -> None:
    before = everything(small.root)

    for make in (new_crew, lambda folder, name: new_agent(folder, "notes", name)):
        with pytest.raises(WrongUsage, match=r"is no name for an? (crew|agent)"):
            make(small.root / "config", name)
    with pytest.raises(WrongUsage, match="is no name for a tool"):
        new_tool(name, small.root)

    assert everything(small.root) == before


def test_a_new_tool_works_in_the_table_of_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = new_tool("count_words", tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("count_words")
    monkeypatch.setattr(table, "TOOLS", {"count": table.Kind(module.count_words, module.CountWordsSettings)})

    tool = table.make_tool("counter", ToolSpec(kind="count"), materials=cast("Materials", None))

    assert path == tmp_path / "count_words.py"
    assert tool.description.startswith("Count the words of a text.")
    assert tool.run(text="two words") == {"words": 2}
    with pytest.raises(ValueError, match="the argument 'text' is missing"):
        tool.run()


def test_a_tool_is_never_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "search.py").write_text("mine")

    with pytest.raises(WrongUsage, match=r"There is a file search.py already"):
        new_tool("search", tmp_path)

    assert (tmp_path / "search.py").read_text() == "mine"
