"""A source becomes passages that can be quoted and found again."""

from __future__ import annotations

import pytest

from crewdesk.knowledge.files import SourceFile
from crewdesk.knowledge.front_matter import Origin
from crewdesk.knowledge.passages import MOST, Document, cut
from crewdesk.knowledge.words import count_words

WORDS_50 = " ".join(["word"] * 49) + " end."


def read(text: str, *, path: str = "content/gates.md") -> Document:
    return cut(SourceFile(path, text), stem="gates")


def test_a_passage_names_its_document_its_heading_and_its_line() -> None:
    front = "---\ntitle: Gates\ntopics: [gates]\n---\n\n"
    text = f"{front}## Silence is not consent\n\n{WORDS_50}\n\n## Words\n\n{WORDS_50}\n"

    passages = read(text).passages

    assert [(passage.id, passage.title, passage.source) for passage in passages] == [
        ("gates-1", "Gates — Silence is not consent", "content/gates.md:8"),
        ("gates-2", "Gates — Words", "content/gates.md:12"),
    ]
    assert passages[0].text == WORDS_50


def test_short_paragraphs_join_but_never_across_a_heading() -> None:
    text = "# Gates\n\nOne short line.\n\nA second one.\n\n## Next\n\nA third one.\n"

    passages = read(text).passages

    assert [passage.text for passage in passages] == ["One short line.\nA second one.", "A third one."]


def test_two_sections_under_the_same_words_stay_apart_from_what_lies_between() -> None:
    text = f"## Notes\n\n{WORDS_50}\n\n## Costs\n\n{WORDS_50}\n\n## Notes\n\n{WORDS_50}\n"

    titles = [passage.title for passage in read(text).passages]

    assert titles == ["gates — Notes", "gates — Costs", "gates — Notes"]


@pytest.mark.parametrize(
    "text",
    [
        "A sentence of six words here. " * 200,
        "word " * 1_000,
        "x" * 5_000,
        "人工审批。" * 300,
        "没有标点" * 500,
        "\n".join(f"- item {n} with a few more words" for n in range(200)),
    ],
    ids=["sentences", "no full stop", "one word", "Chinese", "Chinese without marks", "list"],
)
def test_no_passage_is_longer_than_the_most_and_nothing_is_lost(text: str) -> None:
    passages = read(text).passages

    assert max(count_words(passage.text) for passage in passages) <= MOST
    kept = "".join(passage.text for passage in passages)
    assert "".join(kept.split()) == "".join(text.replace("- ", "").split())


def test_marks_of_markdown_are_not_part_of_a_passage() -> None:
    text = "A **bold** claim with `code`, a [link](https://example.org) and a note.[^1]\n\n"
    text += "[^1]: The note.\n\n```\nx = 1\n```\n"

    passages = read(text).passages

    assert [passage.text for passage in passages] == ["A bold claim with code, a link and a note."]


def test_each_row_of_a_table_says_what_its_cells_are() -> None:
    text = "| crew | calls |\n|---|---|\n| ours | 8 |\n| theirs | 12 |\n"

    passages = read(text).passages

    assert passages[0].text == "crew: ours; calls: 8\ncrew: theirs; calls: 12"
    assert passages[0].source == "content/gates.md:3"


def test_items_of_a_list_keep_their_lines() -> None:
    passages = read("Do this:\n\n- Type an empty line.\n- Close the browser.\n").passages

    assert passages[0].text == "Do this:\nType an empty line.\nClose the browser."


def test_a_plain_text_is_cut_at_its_empty_lines_and_keeps_its_signs() -> None:
    passages = read(f"{WORDS_50}\n\n# not a heading *here* {WORDS_50}", path="content/notes.txt").passages

    assert [passage.source for passage in passages] == ["content/notes.txt:1", "content/notes.txt:3"]
    assert passages[1].text.startswith("# not a heading *here*")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: From above\n---\n# Heading\n\nText.", "From above"),
        ("# Heading\n\nText.", "Heading"),
        ("Text.\n\n# Heading\n", "where people belong"),
    ],
)
def test_a_document_is_called_by_its_front_matter_its_first_heading_or_its_file(text: str, title: str) -> None:
    assert read(text, path="content/where-people-belong.md").title == title


def test_sources_and_topics_may_be_written_in_several_ways() -> None:
    text = (
        "---\ntopics: gates, human review\nsources:\n"
        "  - title: Issue 1321\n    url: https://example.org/1321\n  - https://example.org/2\n"
        "  - Our measurements\n---\nText."
    )

    document = read(text)

    assert document.topics == ("gates", "human review")
    assert document.sources == (
        Origin("Issue 1321", "https://example.org/1321"),
        Origin("", "https://example.org/2"),
        Origin("Our measurements", ""),
    )


@pytest.mark.parametrize(
    ("front", "problem"),
    [
        ("---\ntitle: [never closed\n---\n", "is not valid YAML"),
        ("---\njust words\n---\n", "holds no 'name: value' lines"),
        ("---\ntitle: Never closed\n", "has no closing '---'"),
        ("---\ntitle: {a: 1}\ntopics: 7\nsources: 8\n---\n", ""),
        ("---\n---\n", ""),
        ("---\n? [a, b]\n: c\n---\n", ""),
        ("---\ntitle: !!python/object:os.system x\n---\n", "is not valid YAML"),
    ],
)
def test_front_matter_that_cannot_be_read_costs_a_warning_and_not_the_text(front: str, problem: str) -> None:
    document = read(f"{front}\nThe text is here.")

    assert document.passages[-1].text.endswith("The text is here.")
    assert problem in document.problem
    assert bool(problem) == bool(document.problem)


def test_an_empty_file_has_no_passages() -> None:
    assert read("").passages == ()
    assert read("---\ntitle: Only above\n---\n").passages == ()
