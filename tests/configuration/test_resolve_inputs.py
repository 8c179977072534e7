"""Every declared input has a value before a run starts, or one sentence says what is needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_house import SmallHouse

from crewdesk.configuration.house import resolve_inputs
from crewdesk.configuration.inputs import LONGEST_VALUE
from crewdesk.errors import ConfigurationError, WrongUsage


def resolved(small: SmallHouse, given: dict[str, str]) -> dict[str, str]:
    return resolve_inputs(small.load().house, given, knowledge=small.root / "knowledge")


def test_a_file_gives_its_text_without_front_matter(small: SmallHouse) -> None:
    assert resolved(small, {"topic": "gates"}) == {"topic": "gates", "voice": "Short words."}


def test_a_file_that_code_reads_keeps_its_front_matter(small: SmallHouse) -> None:
    small.swap("config/crews/notes/crew.yaml", "file: voice.md", "file: voice.md\n    front_matter: true")

    assert resolved(small, {"topic": "gates"})["voice"] == "---\ntitle: Voice\n---\nShort words."


def test_what_is_given_goes_before_the_file(small: SmallHouse) -> None:
    assert resolved(small, {"topic": "gates", "voice": "Long words."})["voice"] == "Long words."


def test_a_default_fills_in_and_may_be_empty(small: SmallHouse) -> None:
    small.swap("config/crews/notes/crew.yaml", "description: What about.", 'description: What about.\n    default: ""')

    assert resolved(small, {})["topic"] == ""


@pytest.mark.parametrize("given", [{}, {"topic": ""}, {"topic": " \n"}])
def test_a_needed_input_must_be_given(given: dict[str, str], small: SmallHouse) -> None:
    with pytest.raises(WrongUsage) as caught:
        resolved(small, given)

    assert caught.value.message == "This crew needs 'topic'."
    assert caught.value.hint == "--input topic=…  What about."


def test_an_unknown_input_is_answered_with_the_nearest(small: SmallHouse) -> None:
    with pytest.raises(WrongUsage) as caught:
        resolved(small, {"topic": "x", "topik": "x"})

    assert caught.value.message == "This crew has no input 'topik'; did you mean 'topic'?"


@pytest.mark.parametrize("value", ["a\0b", "half \ud83d"])
def test_a_value_that_is_no_text_is_refused(value: str, small: SmallHouse) -> None:
    with pytest.raises(WrongUsage, match="Input 'topic' holds something that is no character"):
        resolved(small, {"topic": value})


def test_a_value_is_measured_in_bytes(small: SmallHouse) -> None:
    fits = "界" * (LONGEST_VALUE // 3)

    assert resolved(small, {"topic": fits})["topic"] == fits
    with pytest.raises(WrongUsage, match="Input 'topic' is longer than 100 kB"):
        resolved(small, {"topic": fits + "界"})


@pytest.mark.parametrize("topic", ["智能体流水线", "وكلاء", "🙂", "{topic}"])
def test_a_topic_in_any_script_arrives_as_it_is(topic: str, small: SmallHouse) -> None:
    assert resolved(small, {"topic": topic})["topic"] == topic


def test_a_file_that_went_away_since_is_named(small: SmallHouse) -> None:
    house = small.load().house
    (small.root / "knowledge/voice.md").unlink()

    with pytest.raises(ConfigurationError, match=r"knowledge/voice.md:1: there is no such file"):
        resolve_inputs(house, {"topic": "x"}, knowledge=small.root / "knowledge")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (".", "{here}"),
        ("../app", "{here}/../app"),
        ("/srv/app", "/srv/app"),
        ("https://x.org/a", "https://x.org/a"),
        ("", ""),
    ],
)
def test_a_path_is_meant_from_where_the_run_is_started(
    given: str, meant: str, small: SmallHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.swap(
        "config/crews/notes/crew.yaml",
        "description: What about.",
        'description: What about.\n    default: ""\n    path: true',
    )
    monkeypatch.chdir(tmp_path)

    assert resolved(small, {"topic": given})["topic"] == meant.format(here=tmp_path)
