"""At the terminal nothing but a typed choice is a decision."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from rich.console import Console

from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise
from crewdesk.errors import NotAllowed, WrongUsage
from crewdesk.terminal.ask import TerminalAsker

BODY: JsonObject = {"title": "Gates", "body": "A gate waits.[^gates-1]\n\nIt waits."}
SHA = digest(BODY)
ARTIFACT = Artifact("R001", "optimise", 1, "Post", "writer", BODY, SHA, "2026-11-22T10:00:00+00:00")
GATE = Gate("R001-1", "R001", "optimise", "flagged", 0, "Good?", "Flagged.", SHA, {}, "open", "2026-11-22T10:00")


def typing(*lines: str) -> Callable[[str], str]:
    """Somebody who types these lines and then closes the terminal."""
    left: Iterator[str] = iter(lines)

    def read(_: str) -> str:
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    return read


def asked(*lines: str, user: str = "ed", editor: str | None = "true") -> tuple[tuple[Decision, str] | None, str]:
    out = io.StringIO()
    asker = TerminalAsker(Console(file=out, width=100), typing(*lines), user=user, editor=editor)
    return asker.ask(GATE, ARTIFACT), out.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "yes",
        "y",
        "ok",
        "approved",
        "looks good, ship it",
        "no",
        "technology",
        "STOP - legal has not cleared this",
        "aa",
        "a!",
        "approve it",
        "а",  # a Cyrillic a
        "１",
        "\x00",
        "🙂",
    ],
)
def test_words_that_are_no_choice_decide_nothing(words: str) -> None:
    decision, said = asked(words)

    assert decision is None
    assert "Nothing was decided" in said or "decides nothing" in said


def test_end_of_input_decides_nothing() -> None:
    assert asked()[0] is None


def test_ctrl_c_decides_nothing() -> None:
    def interrupted(_: str) -> str:
        raise KeyboardInterrupt

    asker = TerminalAsker(Console(file=io.StringIO()), interrupted, user="ed", editor=None)

    assert asker.ask(GATE, ARTIFACT) is None


@pytest.mark.parametrize(
    ("lines", "decision"),
    [
        (["a"], Approve(SHA)),
        (["  APPROVE "], Approve(SHA)),
        (["nonsense", "", "a"], Approve(SHA)),
        (["v", "f", "s", "a"], Approve(SHA)),
        (["r", "shorter"], Revise("shorter")),
        (["x", "off brand"], Reject("off brand")),
        (["x", "", "r", " ", "x", "really"], Reject("really")),
        (["q"], None),
    ],
)
def test_a_typed_choice_is_a_decision(lines: list[str], decision: Decision | None) -> None:
    assert asked(*lines)[0] == (None if decision is None else (decision, "ed"))


def test_who_has_no_name_is_asked_for_one() -> None:
    assert asked("a", "", "Ada", user="")[0] == (Approve(SHA), "Ada")


def test_who_gives_no_name_decides_nothing() -> None:
    assert asked("a", user="")[0] is None


def test_an_edit_is_what_the_editor_saved(tmp_path_factory: pytest.TempPathFactory) -> None:
    script = tmp_path_factory.mktemp("editor") / "ed.py"
    script.write_text(
        "import sys,pathlib\np=pathlib.Path(sys.argv[1])\np.write_text(p.read_text().replace('Gates', 'Doors'))\n"
    )

    import sys

    decision, _ = asked("e", editor=f"{sys.executable} {script}")

    assert decision == (Edit({**BODY, "title": "Doors"}), "ed")


def test_an_editor_that_fails_or_changes_nothing_decides_nothing() -> None:
    assert asked("e", editor="true")[0] is None
    decision, said = asked("e", editor="false")
    assert decision is None
    assert "nothing was changed" in said


def test_the_gate_shows_what_speaks_for_and_against() -> None:
    card = {
        "evidence": {"summary": "1 of 2 statements sourced", "flagged": [
            {"line": 3, "sentence": "It waits.", "flags": [{"kind": "no source", "text": ""}], "passages": []}]},
        "house": ["“leverage” (line 3)"],
        "problems": ["The title has 80 characters."],
    }  # fmt: skip
    out = io.StringIO()
    asker = TerminalAsker(Console(file=out, width=100), typing("f"), user="ed", editor=None, cost="0.00 USD")

    asker.ask(replace(GATE, card=card), ARTIFACT)  # type: ignore[arg-type]

    shown = out.getvalue()
    for words in (
        "A gate waits.",
        "1 of 2 statements sourced",
        "leverage",
        "80 characters",
        "0.00 USD",
        "line 3: It waits.",
    ):
        assert words in shown
    assert "[^gates-1]" not in shown


def test_who_may_not_decide_is_told_and_asked_for_another_name() -> None:
    out = io.StringIO()
    asker = TerminalAsker(Console(file=out, width=200), typing("a", "bo"), user="mallory", editor=None)
    asker.refused(NotAllowed("'mallory' is nobody in people.yaml.", hint="These are: ada, bo."))

    decision = asker.ask(GATE, ARTIFACT)

    assert "'mallory' is nobody in people.yaml. These are: ada, bo." in out.getvalue()
    assert decision == (Approve(SHA), "bo")


def test_whose_decision_was_refused_for_another_reason_keeps_their_name() -> None:
    asker = TerminalAsker(Console(file=io.StringIO()), typing("a"), user="ada", editor=None)

    asker.refused(WrongUsage("1 statement is flagged and neither changed nor waived."))

    assert asker.ask(GATE, ARTIFACT) == (Approve(SHA), "ada")


def test_who_started_the_run_is_told_before_they_write_anything() -> None:
    out = io.StringIO()
    asker = TerminalAsker(Console(file=out, width=200), typing("r", "shorter"), user="ada", editor=None)

    assert asker.ask(replace(GATE, excluded=("Ada",)), ARTIFACT) is None
    assert "ada started this run, so somebody else decides" in out.getvalue()
