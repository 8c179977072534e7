"""Figures are the same however they are written, and different when they mean something else."""

# ruff: noqa: E501 - a table of pairs

from __future__ import annotations

import pytest

from crewdesk.domain.text.figure_index import FigureIndex, missing
from crewdesk.domain.text.figures import figures


def lacking(sentence: str, source: str, language: str = "en") -> list[str]:
    index = FigureIndex()
    index.add(source, language=language)
    return missing(sentence, [index], language=language)


SAME = [
    ("1,000 runs", "1000 runs"), ("1.000 runs", "1,000 runs"), ("1 000 runs", "1'000 runs"), ("1\u202f000", "1000"),
    ("1,00,000", "100000"), ("1,000.50", "1.000,50"), ("1 million", "1,000,000"), ("$5M", "5 million dollars"),
    ("200k", "200,000"), ("two hundred thousand dollars", "$200,000"), ("€5", "5 euros"), ("US$5", "5 USD"),
    ("50%", "50 percent"), ("50 %", "fifty per cent"), ("half", "50 %"), ("0.5", "50 %"), ("½", "0.5"),
    ("20 %", "20 to 30 percent"), ("20–30 %", "from 20 % to 30 %"), ("three", "3"), ("3", "three"), ("twelve", "12"),
    ("twenty-five", "25"), ("a dozen", "12"), ("twice", "2"), ("10th", "tenth"), ("3x", "3 times"), ("5ms", "5 milliseconds"),
    ("5-minute", "5 minutes"), ("the 1990s", "1990"), ("50.0 %", "50 %"), ("$1.50", "$1.5"), ("50", "50 teams"),
    ("v2.3.1", "version 2.3.1"), ("GPT-4", "GPT 4"), ("Qwen3", "Qwen 3"), ("top-10", "top 10"), ("pre-2020", "before 2020"),
    ("3 May 2024", "2024-05-03"), ("May 3rd, 2024", "03.05.2024"), ("5/3/2024", "3 May 2024"), ("May 2024", "3 May 2024"),
    ("3 May", "May 3, 2024"), ("2024", "2024-05-03"), ("10:30", "at 10:30"), ("24/7", "24/7"), ("５０％", "50%"), ("٥٠٪", "50 %"),
    ("50 %", "Share (%) 50"), ("may 3 agents", "3 agents"), ("1.000.000", "1000000"), ("2 to 3 %", "2 to 3 %"), ("13/45/2024", "13/45/2024"),
]  # fmt: skip
OTHER = [
    ("41 %", "40 %"), ("50 %", "50 teams"), ("$5", "5 euros"), ("5 minutes", "5 seconds"), ("5 million", "5"),
    ("3.10", "3.1"), ("1.15.30", "1.15.31"), ("GPT-5", "GPT-4"), ("H100", "100"), ("3D", "3"), ("v2.3", "v2.4"),
    ("June 2024", "May 2024"), ("3 May 2024", "4 May 2024"), ("3 May 2023", "3 May 2024"), ("11", "November 2024"),
    ("twelve", "eleven"), ("half", "30 %"), ("one percent", "2 percent"), ("third", "first"), ("1,001", "1,000"), ("10:30", "10:31"),
    ("5GB", "5MB"), ("25", "20 to 30"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "source"), SAME)
def test_two_ways_of_writing_a_figure_are_one(sentence: str, source: str) -> None:
    assert lacking(sentence, source) == []


@pytest.mark.parametrize(("sentence", "source"), OTHER)
def test_another_figure_is_missing(sentence: str, source: str) -> None:
    assert lacking(sentence, source) == [sentence]


@pytest.mark.parametrize(
    "sentence", ["One agent is no crew.", "Third, nobody asks.", "Nothing counts here.", "They may not.", ""]
)
def test_what_counts_nothing_needs_no_source(sentence: str) -> None:
    assert lacking(sentence, "") == []


def test_a_figure_is_given_back_as_the_sentence_writes_it() -> None:
    found = figures("On 3 May 2024 it cost US$5 million, 20–30 % less; GPT-4 took ٥ s.", language="en")

    wanted = [figure.text for figure in found if not figure.weak]
    assert wanted == ["3 May 2024", "US$5 million", "20", "30 %", "GPT-4", "٥ s"]


@pytest.mark.parametrize("text", ["9" * 10_000, "1." * 5_000, "1,000," * 2_000, "٣" * 2_000, "½½½", "1e999", "0" * 500])
def test_no_number_is_too_odd(text: str) -> None:
    assert lacking(text, text) == []
