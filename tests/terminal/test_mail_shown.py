"""A mail to a lead at the terminal: read, edited as a mail, its needs left out by number, its other way taken."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from crewdesk.cli.changes import changed
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.gates import Decision, Edit, Gate
from crewdesk.errors import WrongUsage
from crewdesk.terminal.ask import TerminalAsker
from crewdesk.terminal.edit_text import from_file, from_text, to_text
from crewdesk.terminal.show import show_gate
from support.outreach_page import NEEDS, OTHER, TEXT, outreach

HOSTILE = "\x1b[2J\x1b]8;;http://evil.example\x07[bold]x[/bold]\u202e"


def artifact(schema: str = "Outreach", **more: Any) -> Artifact:
    body: JsonObject = outreach(**more) if schema == "Outreach" else more
    return Artifact("R001", "write", 1, schema, "mail_writer", body, digest(body), "2026-11-22T10:00:00+00:00")


def gate(shown: Artifact) -> Gate:
    return Gate("R001-1", "R001", "write", "flagged", 0, "Send?", "Flagged.", shown.sha, {}, "open", "2026-11-22T10:00")


def looked_at(one: Artifact, *, whole: bool = False) -> str:
    out = io.StringIO()
    show_gate(Console(file=out, width=100), gate(one), one, whole=whole)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def asked(one: Artifact, *typed: str, editor: str | None = None) -> tuple[Decision | None, str]:
    answers: Iterator[str] = iter([*typed, "q"])
    out = io.StringIO()
    asker = TerminalAsker(Console(file=out, width=100), lambda _: next(answers), user="ed", editor=editor)
    decided = asker.ask(gate(one), one)
    return (None if decided is None else decided[0]), out.getvalue()


def test_it_shows_the_mail_what_they_need_and_where_that_is_known_from() -> None:
    shown = looked_at(artifact())

    for words in (
        "To       Käthe Brauer <kaethe@brauer-werkzeuge.example>",
        "Subject  Approvals for what your agents write (36 characters)",
        "Dear Käthe Brauer,",
        "Example Ltd, 1 Road, Town",
        " 1  Somebody must approve texts before they leave · 70% sure",
        "They asked about approvals. · Lead L-1 in the CRM, crm/leads.db#L-1, 2026-11-20",
        "They make hand tools with 40 people.",
        "The other way to write it",
        "lead L-1 · written in en",
    ):
        assert words in shown
    assert "May I call you?" not in shown
    assert "May I call you?" in looked_at(artifact(), whole=True)


def test_a_stop_shows_why() -> None:
    stop = artifact("Stop", title="Gone Ltd", lead="L-3", reasons=["The CRM says: do not contact."])

    assert "Nobody is written to:\n    · The CRM says: do not contact.\n\n  lead L-3" in looked_at(stop)


@pytest.mark.parametrize("whole", [False, True])
def test_nothing_in_a_mail_drives_the_terminal(*, whole: bool) -> None:
    nasty = {"subject": HOSTILE, "text": HOSTILE}
    bad = NEEDS[0] | {"need": HOSTILE, "because": HOSTILE}
    facts = [{"statement": HOSTILE * 20, "passages": ["crm-1"]}]

    shown = looked_at(
        artifact(**nasty, to_name=HOSTILE, footer=HOSTILE, needs=[bad], facts=facts, other=nasty), whole=whole
    )

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[bold]x[/bold]" in shown


def test_ten_thousand_signs_are_cut_until_all_is_asked_for() -> None:
    long = artifact(text="Line\n" * 2000)

    assert "(40 of 2000 lines, v or --all for all)" in looked_at(long)
    assert looked_at(long, whole=True).count("Line") == 2000


def test_a_mail_is_edited_as_mails_are_written() -> None:
    before = artifact()

    assert to_text(before) == f"Subject: Approvals for what your agents write\n\n{TEXT}"
    assert from_text(to_text(before), before) == before.body
    assert from_text(f"{to_text(before)}\n", before) == before.body, "editors end the last line"
    assert from_text("subject:  Tuesday? \n\nHello\n\nyou\n", before) == before.body | {
        "subject": "Tuesday?",
        "text": "Hello\n\nyou",
    }


def test_a_mail_without_a_subject_line_changes_nothing() -> None:
    with pytest.raises(WrongUsage, match="The first line is no subject"):
        from_text("Hello\n\nyou", artifact())


def test_a_file_holds_the_text_alone_or_with_its_subject() -> None:
    before = artifact()

    assert from_file("Hello\n", before) == before.body | {"text": "Hello"}
    assert from_file("Subject: Hi\n\nHello\n", before) == before.body | {"subject": "Hi", "text": "Hello"}


def test_needs_are_left_out_by_number_and_the_other_way_is_taken() -> None:
    one, fewer = artifact(), artifact(needs=NEEDS[1:])

    assert asked(one, "p", "1")[0] == Edit(fewer.body, base=one.sha)
    assert asked(one, "o")[0] == Edit(one.body | OTHER, base=one.sha)
    assert changed(gate(one), one, ("subject=Hi",), None, "2", other=True) == one.body | OTHER | {
        "subject": "Hi",
        "needs": NEEDS[:1],
    }


def test_what_is_no_number_and_what_has_no_other_way_decides_nothing() -> None:
    decision, said = asked(artifact(other=None), "p", "9", "o")

    assert decision is None
    assert "9 is no number of this mail." in said
    assert "There is no other way to write this." in said


def test_the_editor_gets_the_mail(tmp_path: Path) -> None:
    editor = tmp_path / "ed"
    editor.write_text('#!/bin/sh\nsed -i "1s/.*/Subject: Tuesday?/" "$1"\n')
    editor.chmod(0o755)

    decision, _ = asked(artifact(), "e", editor=str(editor))

    assert decision == Edit(outreach(subject="Tuesday?"))
