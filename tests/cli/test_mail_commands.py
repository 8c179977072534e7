"""A mail to a lead is read, changed and approved from the command line; a run says what was left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from support.command_line import Crewdesk
from support.homes import lay_out_small
from support.outreach_page import NEEDS, OTHER, mail_at_gate, stop_at_gate


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = lay_out_small(tmp_path / "home", sources=())
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    monkeypatch.setenv("CREWDESK_USER", "ed")
    return home


@pytest.fixture(name="desk")
def _desk(home: Path) -> Desk:
    return Desk(home)


def body(crewdesk: Crewdesk, gate: Gate) -> JsonObject:
    return json.loads(crewdesk("gates", gate.id, "--json")[1])["body"]


def test_a_mail_is_shown_with_where_it_goes_and_changed_in_every_way(
    crewdesk: Crewdesk, desk: Desk, tmp_path: Path
) -> None:
    gate = mail_at_gate(desk)
    text = tmp_path / "mail.txt"
    text.write_text("Subject: Hello\n\nDear Käthe Brauer,\n\nTuesday?\n", "utf-8")

    shown = crewdesk("gates", gate.id)[1]
    assert "goes to    mail (mail/outbox) · crm (crm/sqlite)" in shown
    assert "To       Käthe Brauer <kaethe@brauer-werkzeuge.example>" in shown

    assert crewdesk("edit", gate.id, "--leave-out", "1")[1].startswith("Left: 1 need.")
    assert crewdesk("edit", gate.id, "--other")[0] == 0
    now = body(crewdesk, gate)
    assert (now["subject"], now["text"], now["needs"]) == (OTHER["subject"], OTHER["text"], NEEDS[1:])
    assert "+Subject: Hello" in crewdesk("edit", gate.id, "--file", str(text))[1]
    assert crewdesk("edit", gate.id, "--set", "subject=Tuesday?")[0] == 0
    now = body(crewdesk, gate)
    assert (now["subject"], now["text"]) == ("Tuesday?", "Dear Käthe Brauer,\n\nTuesday?")


def test_nobody_is_written_to_but_the_lead(crewdesk: Crewdesk, desk: Desk) -> None:
    status, _, told = crewdesk("edit", mail_at_gate(desk).id, "--set", "to=eve@evil.example")

    assert status == 2
    assert "to cannot be changed" in told


def test_a_run_says_in_a_line_what_was_left_out(crewdesk: Crewdesk, desk: Desk) -> None:
    assert (
        "Left out, not eligible: company, news, needs, write, record\n" in crewdesk("runs", stop_at_gate(desk).run)[1]
    )
