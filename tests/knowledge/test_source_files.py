"""Whatever lies in knowledge/, it is read or named in a warning; nothing stops the reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from crewdesk.errors import ConfigurationError
from crewdesk.knowledge.files import LARGEST
from crewdesk.knowledge.index import KnowledgeBase

TEXT = "A gate stays shut until a named person opens it."


@pytest.fixture(name="content")
def _content(tmp_path: Path) -> Path:
    """A folder knowledge/content with one good source."""
    folder = tmp_path / "knowledge" / "content"
    folder.mkdir(parents=True)
    (folder / "gates.md").write_text(TEXT, "utf-8")
    return folder


def open_all(content: Path) -> KnowledgeBase:
    return KnowledgeBase.open(content.parent, ["content"])


def test_good_sources_give_no_warnings(content: Path) -> None:
    (content / ".DS_Store").write_bytes(b"\0\1")
    (content / "deep" / "er").mkdir(parents=True)
    (content / "deep" / "er" / "more.txt").write_text(TEXT, "utf-8")

    base = open_all(content)

    assert len(base) == 2
    assert base.warnings == ()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("logo.png", b"\x89PNG\r\n\0\0", "only .markdown, .md, .txt files are read"),
        ("paper.pdf", b"%PDF-1.7", "only .markdown, .md, .txt files are read"),
        ("binary.md", b"text\0\1\2text", "it is a binary file"),
        ("latin.md", "ü".encode("latin-1") * 100, "it is not UTF-8 text"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_named(content: Path, name: str, data: bytes, words: str) -> None:
    (content / name).write_bytes(data)

    base = open_all(content)

    assert len(base) == 1
    assert len(base.warnings) == 1
    assert f"content/{name}" in base.warnings[0]
    assert words in base.warnings[0]


def test_a_few_wrong_bytes_cost_characters_and_a_warning(content: Path) -> None:
    (content / "mixed.md").write_bytes(TEXT.encode() * 5 + b" \xe9t\xe9")

    base = open_all(content)

    assert len(base) == 2
    assert base.warnings == ("content/mixed.md is not quite UTF-8: 2 characters were lost. Save it as UTF-8.",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_byte_order_are_understood(content: Path, encoding: str) -> None:
    (content / "marked.md").write_text("---\ntitle: Marked\n---\nÜber Tore.", encoding)

    base = open_all(content)

    assert base.search("Über Tore", limit=1)[0].title == "Marked"


def test_a_file_beyond_the_limit_is_refused_in_a_sentence(content: Path) -> None:
    (content / "huge.txt").write_bytes(b"a " * (LARGEST // 2 + 1))

    base = open_all(content)

    assert base.warnings == ("content/huge.txt was left out: it has 10 MB, and 10 MB is the most; split it.",)


def test_five_megabytes_are_read_whole(content: Path) -> None:
    (content / "big.txt").write_text("One more plain sentence of some words. \n\n" * 120_000 + "The needle.", "utf-8")

    base = open_all(content)

    assert base.warnings == ()
    assert "needle" in base.search("needle", limit=1)[0].text


def test_links_may_not_lead_out_of_knowledge(content: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("The secret word is swordfish.", "utf-8")
    (tmp_path / "elsewhere").mkdir()
    (content / "out.md").symlink_to(secret)
    (content / "folder").symlink_to(tmp_path / "elsewhere")
    (content / "nowhere.md").symlink_to(content / "gone.md")
    (content / "loop.md").symlink_to(content / "loop.md")

    base = open_all(content)

    assert base.search("secret swordfish", limit=5) == []
    assert len(base) == 1
    assert sorted(warning.split(" ")[0] for warning in base.warnings) == [
        "content/folder",
        "content/loop.md",
        "content/nowhere.md",
        "content/out.md",
    ]


def test_a_link_inside_knowledge_is_followed_once(content: Path) -> None:
    (content.parent / "shared.md").write_text("A shared source on budgets.", "utf-8")
    (content / "link.md").symlink_to(content.parent / "shared.md")

    assert [passage.source for passage in open_all(content).search("budgets", limit=5)] == ["content/link.md:1"]


@pytest.mark.parametrize("folder", ["../outside", "/etc", "content/../.."])
def test_a_folder_outside_knowledge_is_refused(content: Path, folder: str) -> None:
    with pytest.raises(ConfigurationError, match="not under knowledge/"):
        KnowledgeBase.open(content.parent, [folder])


def test_a_missing_or_empty_folder_has_no_passages_and_says_so(content: Path) -> None:
    (content.parent / "empty").mkdir()

    base = KnowledgeBase.open(content.parent, ["empty", "missing"])

    assert len(base) == 0
    assert base.search("anything", limit=5) == []
    assert base.warnings == (
        "knowledge/missing does not exist, so nothing in it was read.",
        "There are no sources to search in knowledge/empty, knowledge/missing.",
    )


def test_files_in_any_script_get_ids_that_differ_and_stay(content: Path) -> None:
    for name in ["审批.md", "موافقة.md", "🎉.md", "🎊.md", "a b.md", "a-b.md", "a-b.txt"]:
        (content / name).write_text(TEXT, "utf-8")
    (content / "sub").mkdir()
    (content / "sub" / "gates.md").write_text(TEXT, "utf-8")

    ids = [passage.id for document in open_all(content).documents for passage in document.passages]

    assert len(set(ids)) == len(ids) == 9
    assert ids == [passage.id for document in open_all(content).documents for passage in document.passages]
    assert "content-gates-1" in ids
    assert "content-sub-gates-1" in ids
    assert all(set(one) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for one in ids)
