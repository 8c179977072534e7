"""What a file under config/ may be, and the one sentence for each way in which it is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crewdesk.configuration.problems import ConfigurationProblems
from crewdesk.configuration.yaml_source import LONGEST, parse_yaml, read_yaml
from crewdesk.errors import ConfigurationError

FILE = "config/x.yaml"

BROKEN = {
    "empty": ("", "1: the file is empty"),
    "only a comment": ("# later\n", "1: the file is empty"),
    "no key at all": ("{}\n", "1: the file is empty"),
    "a list": ("# first\n- a\n- b\n", "2: the file must hold 'key: value' lines, and holds a list"),
    "a text": ("just words\n", "1: the file must hold 'key: value' lines, and holds text"),
    "a key twice": ("a: 1\nb: 2\na: 3\n", "3: key 'a' stands twice; it is on line 1 already"),
    "a tab": ("a:\n\tb: 1\n", "2: a tab stands where YAML wants spaces"),
    "a colon in a text": ("a: b\ngoal: One thing: done\n", "2: there is one colon too many in this line"),
    "an open quote": ("a: 1\nb: 'it is\nc: 2\n", "2: a quote is opened here and never closed"),
    "an open list": ("a: 1\nb: [x, y\nc: 2\n", "2: a list that starts with [ is not closed"),
    "an open brace": ("a: 1\nb: {x: y\n", "2: a mapping that starts with { is not closed"),
    "a list without an end": ("a: [\n", "2: the file ends before a [ or { is closed"),
    "a comma too many": ("a: [x,, y]\n", "1: a value is missing before this place"),
    "text after braces": ("a: {topic} and more\n", "1: text goes on after a value has ended"),
    "a wrong indent": ("a:\n  b: 1\n c: 2\n", "3: this line is indented unlike its neighbours"),
    "a list and a key": ("a:\n  - b\n  c: 1\n", "3: this line is indented unlike its neighbours"),
    "no colon": ("a: 1\nb\nc: 2\n", "2: this line is neither 'key: value' nor part of a text"),
    "a block at the margin": ("a: >-\nfoo\nb: 1\n", "2: this line is neither 'key: value' nor part of a text"),
    "an at sign": ("a: @home\n", "1: a text cannot start with @"),
    "a backtick": ("a: `x`\n", "1: a text cannot start with `"),
    "a percent sign": ("a: 1\nb: %x\n", "2: a text cannot start with %"),
    "an odd escape": ('a: "\\q"\n', "1: \\q means nothing inside double quotes"),
    "an unknown alias": ("a: *bold\n", "1: *bold refers to nothing"),
    "a second document": ("a: 1\n---\nb: 2\n", "2: a second document starts here"),
    "a merge": ("a: {x: 1}\nb:\n  <<: {y: 1}\n", "3: << is not read here"),
    "a tag": ("a: !important x\n", "1: !important is not read here"),
    "a tagged mapping": ("a: !!set {x, y}\n", "1: tag:yaml.org,2002:set is not read here"),
    "a list as key": ("? [a]\n: b\n", "1: a key must be one text"),
    "no key": (": b\n", "1: a key is missing before the colon"),
    "infinity": ("a: 1\nb: .inf\n", "2: the number of 'b' is none that can be used"),
    "no number": ("a: .nan\n", "1: the number of 'a' is none that can be used"),
    "a control character": ("a: 1\nb: \x01\n", "2: a control character stands here that no text needs"),
    "half a character": ('a: "\\ud800"\n', "1: an escape such as \\0 or \\ud800 stands for no character"),
    "a null character": ('a: "x\\0"\n', "1: an escape such as \\0 or \\ud800 stands for no character"),
    "too deep for us": ("a: " + "[" * 60 + "]" * 60, "1: the file is nested deeper than 40 levels or holds more"),
    "too deep for anyone": ("a: " + "[" * 100_000, "1: the file is nested deeper than 40 levels or holds more"),
    "itself inside": ("a: &x [*x]\n", "1: the file is nested deeper than 40 levels or holds more"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_gets_one_sentence_with_its_line(case: str) -> None:
    text, expected = BROKEN[case]

    with pytest.raises(ConfigurationProblems) as caught:
        parse_yaml(text, file=FILE)

    assert len(caught.value.problems) == 1
    assert caught.value.message.startswith(f"{FILE}:{expected}")


def test_every_key_that_stands_twice_is_named() -> None:
    with pytest.raises(ConfigurationProblems) as caught:
        parse_yaml("a: 1\na: 2\nb:\n  c: 1\n  c: 2\n", file=FILE)

    assert [problem.line for problem in caught.value.problems] == [2, 5]


def test_aliases_that_grow_without_end_are_stopped() -> None:
    rows = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9)]

    with pytest.raises(ConfigurationProblems, match="holds more than 50000 values"):
        parse_yaml("\n".join(rows), file=FILE)


def test_an_alias_in_measure_is_written_out() -> None:
    assert parse_yaml("a: &x [1, 2]\nb: *x\n", file=FILE).data == {"a": [1, 2], "b": [1, 2]}


def test_words_that_yaml_1_1_takes_for_truths_stay_texts() -> None:
    text = "a: no\nb: on\nc: 2026-01-02\nd: 012\ne: 0o14\nf: true\ng: ~\nh: 1_000\ni: 1e3\nj: 1:30\n"

    assert parse_yaml(text, file=FILE).data == {
        "a": "no",
        "b": "on",
        "c": "2026-01-02",
        "d": 12,
        "e": 12,
        "f": True,
        "g": None,
        "h": 1000,
        "i": 1000.0,
        "j": "1:30",
    }


def test_a_file_that_declares_yaml_1_1_does_not_turn_words_into_truths() -> None:
    assert parse_yaml("%YAML 1.1\n---\na: no\n", file=FILE).data == {"a": "no"}


def test_keys_and_list_items_know_their_lines() -> None:
    source = parse_yaml("a: 1\n\nb:\n  # why\n  c:\n    - x\n    - y: 2\n      z: 3\n", file=FILE)

    assert [source.line(*path) for path in (("a",), ("b", "c"), ("b", "c", 1), ("b", "c", 1, "z"))] == [1, 5, 7, 8]


def test_what_is_not_there_has_the_line_of_what_is_around_it() -> None:
    source = parse_yaml("a: 1\nb:\n  c: 2\n", file=FILE)

    assert (source.line("b", "missing", "deeper"), source.line("missing")) == (2, 1)


def test_words_inside_a_block_are_found_on_their_line() -> None:
    source = parse_yaml("x: '{topic}'\na: >-\n  one\n  two {topic}\nb: {c: 1}\n", file=FILE)

    assert source.line_of("{topic}", "a") == 4
    assert source.line_of("nowhere", "a") == 2


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: gr\xc3\xbcn\r\n")

    source = read_yaml(path, file=FILE)

    assert source.data == {"a": 1, "b": "grün"}
    assert source.line("b") == 2


BYTES = {
    "latin 1": (b"a: 1\nb: gr\xfcn\n", "2: byte 0xfc is no UTF-8"),
    "utf 16": ("a: 1\n".encode("utf-16"), "1: the file is UTF-16, and UTF-8 is needed"),
    "binary": (b"\x89PNG\n\x1a\n\0\0", "3: the file is binary, and text is needed"),
    "too long": (b"#" * (LONGEST + 1), "1: the file is longer than 1000 kB"),
}


@pytest.mark.parametrize("case", BYTES)
def test_a_file_that_is_no_text_is_refused(case: str, tmp_path: Path) -> None:
    raw, expected = BYTES[case]
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)

    with pytest.raises(ConfigurationError) as caught:
        read_yaml(path, file=FILE)

    assert caught.value.message == f"{FILE}:{expected}"


def test_a_missing_file_is_named_and_so_is_one_with_the_other_ending(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text("a: 1\n")

    with pytest.raises(ConfigurationProblems) as caught:
        read_yaml(tmp_path / "x.yaml", file=FILE)

    assert caught.value.message == f"{FILE}:1: there is no such file"
    assert caught.value.hint.startswith("x.yml is there; rename it to x.yaml.")


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationProblems, match="this is a folder, and a file is needed"):
        read_yaml(tmp_path, file=FILE)


def test_a_file_that_the_system_refuses_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationProblems, match=r"the file cannot be read \(File name too long\)"):
        read_yaml(tmp_path / ("x" * 300), file=FILE)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_in_place_of_a_file_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    os.mkfifo(path)

    with pytest.raises(ConfigurationProblems, match="this is no plain file"):
        read_yaml(path, file=FILE)
