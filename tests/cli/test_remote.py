"""With --desk the same commands talk to a desk elsewhere: same output, same exit codes, same errors."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crewdesk.cli.elsewhere import Elsewhere
from crewdesk.cli.places import Start
from crewdesk.desk.sign_in import make_token
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from support.command_line import Crewdesk
from support.gates import Clock
from support.serving import serving
from support.triggers import runs_of
from support.web import post_at_gate, site_of, web_desk

PEOPLE = """
people:
  ada: {name: Ada Byron, admin: true}
  bo: {name: Bo, approves: [content]}
  cy: {name: Cy}
"""


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of whoever calls, which has no desk of its own."""
    home = tmp_path / "caller"
    home.mkdir()
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    return home


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return web_desk(tmp_path, Clock(), people=PEOPLE)


@pytest.fixture(name="gate")
def _gate(desk: Desk) -> Gate:
    return post_at_gate(desk)


@pytest.fixture(name="served")
def _served(desk: Desk) -> Iterator[str]:
    with serving(site_of(desk)) as address:
        yield address


@pytest.fixture(name="remote")
def _remote(crewdesk: Crewdesk, desk: Desk, served: str, monkeypatch: pytest.MonkeyPatch) -> Crewdesk:
    """The command line of Bo, who has a token."""
    monkeypatch.setenv("CREWDESK_DESK", served)
    monkeypatch.setenv("CREWDESK_TOKEN", make_token("bo", "test", office=desk.office))
    return crewdesk


@pytest.mark.parametrize(
    "words",
    [
        "runs",
        "runs --status waiting --json",
        "runs RUN",
        "runs RUN --json",
        "trace RUN",
        "trace RUN --json",
        "cost RUN",
        "gates",
        "gates --json",
        "gates GATE --all",
        "gates RUN --json",
        "outbox",
        "outbox --json",
        "runs NONE",
        "gates NONE",
        "runs --status asleep",
    ],
)
def test_what_is_looked_at_elsewhere_looks_as_it_does_there(
    crewdesk: Crewdesk, desk: Desk, gate: Gate, served: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = make_token("cy", "test", office=desk.office)
    command = words.replace("RUN", gate.run).replace("GATE", gate.id).split()

    elsewhere = crewdesk("--desk", served, "--token", token, *command)
    monkeypatch.setenv("CREWDESK_HOME", str(desk.settings.home))
    there = crewdesk(*command)

    assert elsewhere == there


def test_looking_elsewhere_leaves_nothing_on_this_machine(remote: Crewdesk, gate: Gate, home: Path) -> None:
    assert remote("gates")[0] == 0

    assert list(home.iterdir()) == []


def test_a_decision_is_made_in_the_name_of_the_token(remote: Crewdesk, gate: Gate, desk: Desk) -> None:
    status, out, err = remote("approve", gate.id, "--sha", gate.sha[:8])

    with desk.store.reading() as records:
        decided = records.gates.get(gate.id)
        (entry,) = [entry for entry in records.audit.listed(run=gate.run) if entry.what == "approve"]
    assert decided is not None
    assert (status, decided.by, decided.noted_sha) == (0, "bo", gate.sha)
    assert (entry.who, entry.proof) == ("bo", "token")
    assert f"Approved by bo · sha {gate.sha[:12]}." in out
    assert "No worker is running at the desk" in err


def test_a_name_beside_a_token_is_refused(remote: Crewdesk, gate: Gate) -> None:
    status, _, err = remote("approve", gate.id, "--by", "ada")

    assert (status, "The token says who you are." in err) == (2, True)


def test_a_version_is_edited_sent_back_and_handed_on(remote: Crewdesk, gate: Gate, desk: Desk) -> None:
    edited = remote("edit", gate.id, "--set", "title=Gates hold")
    nothing = remote("edit", gate.id, "--set", "title=Gates hold")
    handed_on = remote("delegate", gate.id, "--to", "ada", "-m", "she knows")
    refused = remote("revise", gate.id, "-m", "Shorter.")

    assert (edited[0], "+title: Gates hold" in edited[1]) == (0, True)
    assert "Version 2 waits at gate" in edited[1]
    assert "Nothing was changed." in nothing[2]
    assert "Who may decide now: ada" in handed_on[1]
    assert (refused[0], "Only ada may decide" in refused[2]) == (2, True)


def test_an_edit_can_be_approved_in_one_go_and_its_run_is_told_as_json(remote: Crewdesk, gate: Gate) -> None:
    status, out, _ = remote("edit", gate.id, "--set", "title=Gates hold", "--approve", "--json")

    first, end = json.JSONDecoder().raw_decode(out)
    second = json.loads(out[end:])
    assert (status, first["status"], second["verb"], second["by"]) == (0, "open", "approve", "bo")


def test_who_may_only_look_is_told_so(crewdesk: Crewdesk, gate: Gate, desk: Desk, served: str) -> None:
    token = make_token("cy", "test", office=desk.office)

    status, _, err = crewdesk("--desk", served, "--token", token, "reject", gate.id, "-m", "no")

    assert (status, "Cy may look at the work of crew content, not decide about it." in err) == (2, True)


def test_runs_are_started_forked_and_called_off(remote: Crewdesk, gate: Gate, desk: Desk) -> None:
    started = remote("run", "content", "--topic", "gates", "--no-wait", "--json")
    run = json.loads(started[1])["id"]
    forked = remote("fork", gate.run, "--set", "topic=doors")
    cancelled = remote("cancel", run)
    again = remote("retry", run)
    unknown = remote("run", "kontent")

    assert (started[0], json.loads(started[1])["status"]) == (0, "queued")
    assert (forked[0], "is in line.\n  No worker is running." in forked[1]) == (0, True)
    assert f"Run {run} is cancelled." in cancelled[1]
    assert (again[0], f"Run {run} is cancelled, not failed." in again[2]) == (2, True)
    assert (unknown[0], "There is no crew 'kontent'; did you mean 'content'?" in unknown[2]) == (2, True)


def test_a_run_is_waited_for_until_it_stops(
    desk: Desk, served: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def a_worker_fails(_: float) -> None:
        (run,) = runs_of(desk)
        with desk.store.writing() as records:
            records.runs.put(replace(run, status="failed", error="The model is away.", hint="Wait."))

    where = Elsewhere(served, make_token("bo", "test", office=desk.office), sleep=a_worker_fails)
    status = where.order(Start("content", {"topic": "gates"}, None), wait=True, as_json=False)

    assert status == 1
    assert "stopped: The model is away.\n  Wait.\n  Nothing is lost." in capsys.readouterr().err


@pytest.mark.parametrize("command", ["worker", "serve", "db", "prune", "triggers", "check", "doctor", "new", "init"])
def test_what_is_about_the_machine_says_so(crewdesk: Crewdesk, home: Path, command: str) -> None:
    status, _, err = crewdesk("--desk", "http://127.0.0.1:1", command)

    assert (status, "is about the machine that the desk is on" in err) == (2, True)


def test_a_token_does_not_travel_in_clear(crewdesk: Crewdesk, home: Path) -> None:
    status, _, err = crewdesk("--desk", "http://desk.example.com", "--token", "crewdesk_x", "runs")

    assert (status, "has no HTTPS" in err, "crewdesk_x" in err) == (2, True, False)


@pytest.mark.parametrize("address", ["desk.example.com", "ftp://desk", "http://", "http://a:b@desk", "http://desk:x"])
def test_what_is_no_address_is_refused(crewdesk: Crewdesk, home: Path, address: str) -> None:
    status, _, err = crewdesk("--desk", address, "runs")

    assert (status, "address of" in err) == (2, True)


def test_a_desk_that_does_not_answer_is_told_in_a_sentence(crewdesk: Crewdesk, home: Path) -> None:
    from crewdesk.web.server import listen

    free = listen("127.0.0.1", 0)
    port = free.getsockname()[1]
    free.close()

    status, _, err = crewdesk("--desk", f"http://127.0.0.1:{port}", "runs", "--json")

    assert status == 1
    assert f"The desk at http://127.0.0.1:{port} does not answer" in json.loads(err)["error"]


def test_a_wrong_token_is_told(crewdesk: Crewdesk, served: str) -> None:
    status, _, err = crewdesk("--desk", served, "--token", "crewdesk_wrong", "runs")

    assert (status, "This token is wrong" in err, "crewdesk_wrong" in err) == (2, True, False)


def test_a_page_that_is_no_desk_is_told(crewdesk: Crewdesk, served: str) -> None:
    status, _, err = crewdesk("--desk", f"{served}/elsewhere", "--token", "crewdesk_x", "runs")

    assert (status, f"No desk answers at {served}/elsewhere: it says 404" in err) == (1, True)


def test_costs_of_all_runs_are_told_at_the_desk_only(remote: Crewdesk, gate: Gate) -> None:
    status, _, err = remote("cost")

    assert (status, "Name it: crewdesk cost RUN" in err) == (2, True)


def test_where_the_desk_knows_nobody_the_name_goes_along(crewdesk: Crewdesk, tmp_path: Path) -> None:
    desk = web_desk(tmp_path / "open", Clock())
    gate = post_at_gate(desk)
    with serving(site_of(desk)) as address:
        status, out, _ = crewdesk("--desk", address, "approve", gate.id, "--by", "Jürgen Groß")

    with desk.store.reading() as records:
        (entry,) = [entry for entry in records.audit.listed(run=gate.run) if entry.what == "approve"]
    assert (status, entry.who, entry.proof) == (0, "Jürgen Groß", "typed")
    assert "Approved by Jürgen Groß" in out


def test_it_imports_no_more_than_it_needs(home: Path) -> None:
    code = (
        "import sys; from crewdesk.cli.app import run; "
        "status = run(['--desk', 'http://127.0.0.1:1', 'runs']); "
        "print(status, [m for m in ('crewai', 'fastapi', 'starlette', 'litellm', 'dbos') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert done.stdout == "1 []\n"
