"""Inputs of a crew as options of its own name."""

from __future__ import annotations

from pathlib import Path

import pytest

from crewdesk.cli.work import read_options
from crewdesk.errors import WrongUsage
from support.command_line import Crewdesk
from support.homes import lay_out_small


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = lay_out_small(tmp_path / "home")
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    return home


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ((), {}),
        (("--repo", ".", "--base", "main"), {"repo": ".", "base": "main"}),
        (("--pull-request=https://x.org/a?b=c",), {"pull_request": "https://x.org/a?b=c"}),
        (("--head", "--odd"), {"head": "--odd"}),
        (("--topic=",), {"topic": ""}),
    ],
)
def test_each_option_that_is_not_ours_is_an_input(given: tuple[str, ...], read: dict[str, str]) -> None:
    assert read_options(given) == read


@pytest.mark.parametrize(
    ("given", "said"),
    [(("stray",), "'stray' is not asked for."), (("--repo",), "--repo needs a value."), (("--", "x"), "'--'")],
)
def test_what_is_no_option_is_refused_in_a_sentence(given: tuple[str, ...], said: str) -> None:
    with pytest.raises(WrongUsage, match=said):
        read_options(given)


def test_a_misspelt_input_is_answered_with_the_nearest(home: Path, crewdesk: Crewdesk) -> None:
    del home

    status, _, told = crewdesk("run", "content", "--topc", "human gates", "--no-wait")

    assert status == 2
    assert "This crew has no input 'topc'; did you mean 'topic'?" in told
