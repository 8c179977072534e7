"""Every command as a person or a script meets it: what it prints, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crewdesk.facade import Desk
from support.command_line import Crewdesk
from support.homes import lay_out_small


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = lay_out_small(tmp_path / "home")
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    monkeypatch.setenv("CREWDESK_USER", "ed")
    return home


@pytest.fixture(name="waiting")
def _waiting(home: Path) -> str:
    """A run that waits at the editor's gate."""
    started = Desk(home).start("content", topic="human gates")
    assert started.status == "waiting", started.error
    return started.id


def loads(text: str) -> Any:
    return json.loads(text)


def test_run_without_a_terminal_parks_says_how_to_decide_and_exits_3(crewdesk: Crewdesk) -> None:
    status, out, _ = crewdesk("run", "content", "--topic", "human gates")

    assert status == 3
    assert "waits at gate" in out
    assert "crewdesk approve" in out


def test_run_prints_json_for_scripts(crewdesk: Crewdesk) -> None:
    status, out, _ = crewdesk("run", "content", "--topic", "human gates", "--json")

    found = loads(out)
    assert status == 3
    assert found["status"] == "waiting"
    assert found["gates"] == [f"{found['id']}-1"]


def test_gates_lists_and_shows_what_an_editor_needs(crewdesk: Crewdesk, waiting: str) -> None:
    _, listed, _ = crewdesk("gates")
    status, shown, _ = crewdesk("gates", waiting.lower(), "--all")
    _, as_json, _ = crewdesk("gates", "--json")

    assert f"{waiting}-1" in listed
    assert loads(as_json)[0]["title"] in listed  # whoever decides on many wants to know what each is about
    assert status == 0
    for words in ("Shall this post go out", "statements sourced", "slug", "description", "Nothing is flagged", "sha"):
        assert words in shown
    assert set(loads(as_json)[0]) >= {"id", "run", "crew", "task", "kind", "status", "sha", "due"}


def test_approve_and_resume_publish_once(crewdesk: Crewdesk, waiting: str, home: Path) -> None:
    status, out, err = crewdesk("approve", waiting, "--by", "ada", "--no-wait")
    assert (status, "Approved by ada" in out, "crewdesk resume" in err) == (0, True, True)

    status, out, _ = crewdesk("resume", waiting)

    assert status == 0
    assert "delivered once" in out
    assert len(list((home / "site" / "posts").glob("*/post.json"))) == 1
    status, _, err = crewdesk("approve", waiting, "--by", "bob", "--no-wait")
    assert (status, "was approved by ada" in err) == (2, True)


def test_edit_keeps_the_gate_open_and_shows_the_difference(crewdesk: Crewdesk, waiting: str, tmp_path: Path) -> None:
    status, out, _ = crewdesk(
        "edit", waiting, "--set", "title=Where people decide", "--set", 'keywords=["human gates"]'
    )

    assert status == 0
    assert "+title: Where people decide" in out
    assert "waits at gate" in out

    text = tmp_path / "post.md"
    text.write_text("A new body that nobody sourced.\n")
    status, out, _ = crewdesk("edit", waiting, "--file", str(text))
    assert status == 0
    _, shown, _ = crewdesk("gates", waiting)
    assert "A new body that nobody sourced." in shown
    assert "no source" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "gaol=x"], "Fields are:"),
        (["--set", "title"], "is not FIELD=VALUE"),
        (["--set", "keywords=not json"], "write its value as JSON"),
        (["--set", "title="], "Post.title"),
        (["--set", "slug=a b"], "Post.slug"),
        ([], "No editor is set"),
    ],
)
def test_a_bad_edit_changes_nothing_and_says_why(
    crewdesk: Crewdesk, waiting: str, arguments: list[str], words: str
) -> None:
    before = crewdesk("gates", waiting, "--json")[1]

    status, out, err = crewdesk("edit", waiting, *arguments)

    assert status == 2
    assert words in out + err
    assert crewdesk("gates", waiting, "--json")[1] == before


def test_an_edit_of_a_binary_file_changes_nothing(crewdesk: Crewdesk, waiting: str, tmp_path: Path) -> None:
    (tmp_path / "post.md").write_bytes(b"\xff\xfe\x00\x01")

    status, _, err = crewdesk("edit", waiting, "--file", str(tmp_path / "post.md"))

    assert (status, "cannot be read as UTF-8" in err) == (2, True)


def test_revise_and_reject_end_as_they_say(crewdesk: Crewdesk, waiting: str) -> None:
    assert crewdesk("revise", waiting, "-m", "shorter", "--no-wait")[0] == 0
    assert crewdesk("resume", waiting)[0] == 3

    assert crewdesk("reject", waiting, "-m", "off brand", "--no-wait")[0] == 0
    status, out, _ = crewdesk("resume", waiting)

    assert (status, "Rejected: off brand" in out) == (4, True)


def test_approve_with_the_hash_of_an_older_version_is_refused(crewdesk: Crewdesk, waiting: str) -> None:
    status, _, err = crewdesk("approve", waiting, "--sha", "0000", "--by", "ada", "--no-wait")

    assert (status, "shows another version" in err) == (2, True)


def test_runs_trace_cost_and_outbox_tell_what_happened(crewdesk: Crewdesk, waiting: str) -> None:
    _, runs, _ = crewdesk("runs", "--json")
    assert set(loads(runs)[0]) >= {"id", "crew", "status", "gates", "cost"}
    assert "pick_topic" in crewdesk("runs", waiting)[1]

    _, trace, _ = crewdesk("trace", waiting)
    for words in (
        "researcher uses search_knowledge",
        "editor_in_chief review",
        "tokens",
        f"gate {waiting}-1 flagged: open",
    ):
        assert words in trace
    assert "Current Task" in crewdesk("trace", waiting, "--full")[1]
    assert loads(crewdesk("trace", waiting, "--json")[1])["run"]["id"] == waiting

    assert "editor_in_chief" in crewdesk("cost", waiting)[1]
    assert {row["group"] for row in loads(crewdesk("cost", "--by", "model", "--json")[1])} == {"extractive"}

    assert "Nothing has left" in crewdesk("outbox")[1]
    crewdesk("approve", waiting, "--no-wait")
    crewdesk("resume", waiting)
    rows = loads(crewdesk("outbox", "--json")[1])
    assert {row["connector"]: row["status"] for row in rows} == {"site": "delivered", "social": "delivered"}


def test_cancel_ends_a_run_and_nothing_leaves(crewdesk: Crewdesk, waiting: str, home: Path) -> None:
    assert crewdesk("cancel", waiting)[0] == 0
    crewdesk("approve", waiting, "--no-wait")

    status, out, _ = crewdesk("resume", waiting)

    assert (status, "is cancelled" in out) == (1, True)
    assert not (home / "site").exists()
    assert crewdesk("cancel", waiting)[0] == 2


def test_fork_starts_a_run_of_its_own(crewdesk: Crewdesk, waiting: str) -> None:
    status, out, _ = crewdesk("fork", waiting, "--from", "draft", "--json")

    assert status == 3
    assert loads(out)["id"] != waiting
    assert crewdesk("fork", waiting, "--from", "nowhere")[0] == 2


def test_an_empty_home_says_how_to_start(crewdesk: Crewdesk) -> None:
    assert "Nothing waits." in crewdesk("gates")[1]
    assert "crewdesk run content" in crewdesk("runs")[1]
    assert "No model was called" in crewdesk("cost")[1]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["runs", "NOPE"], 2, "There is no run 'NOPE'"),
        (["gates", "NOPE"], 2, "There is no gate 'NOPE'"),
        (["resume", "NOPE"], 2, "There is no run 'NOPE'"),
        (["approve", "NOPE"], 2, "There is no gate 'NOPE'"),
        (["run", "content2"], 2, "did you mean 'content'"),
        (["run", "content", "-i", "topik=x"], 2, "topik"),
        (["run", "content", "-i", "topic"], 2, "is not NAME=VALUE"),
        (["run", "content", "--profile", "nope"], 2, "Profiles are"),
        (["nonsense"], 2, "No such command"),
        (["revise", "NOPE"], 2, "--message"),
    ],
)
def test_wrong_usage_is_told_with_what_to_do(crewdesk: Crewdesk, arguments: list[str], status: int, words: str) -> None:
    ended, out, err = crewdesk(*arguments)

    assert ended == status
    assert words in err
    assert "Traceback" not in out + err


def test_errors_are_json_where_json_was_asked_for(crewdesk: Crewdesk) -> None:
    status, _, err = crewdesk("runs", "NOPE", "--json")

    assert status == 2
    assert set(loads(err)) == {"error", "hint"}


def test_check_names_everything_that_is_wrong_with_file_and_line(crewdesk: Crewdesk, home: Path) -> None:
    assert crewdesk("check")[0] == 0
    path = home / "config" / "crews" / "content" / "agents.yaml"
    path.write_text(path.read_text().replace("  goal: Turn findings", "  gaol: Turn findings"))

    status, _, err = crewdesk("check")

    assert status == 2
    assert "agents.yaml:" in err
    assert "unknown key 'gaol' for agent 'writer'; did you mean 'goal'?" in err
    assert crewdesk("run", "content")[0] == 2
    assert crewdesk("runs")[1].startswith("No runs yet")


def test_doctor_says_what_each_profile_needs(crewdesk: Crewdesk) -> None:
    status, out, _ = crewdesk("doctor")

    assert status == 0
    assert "ANTHROPIC_API_KEY (not set)" in out
    assert loads(crewdesk("doctor", "--json")[1])["default"] == "offline"


def test_doctor_says_whether_a_review_can_run_tests_and_which_keys_it_has(
    crewdesk: Crewdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "a-token-of-ours")

    status, out, _ = crewdesk("doctor")

    assert status == 0
    assert re.search(r"^sandbox    (bubblewrap: no network|Code of a change runs only in a sandbox)", out, re.MULTILINE)
    assert re.search(r"^GITHUB_TOKEN +connector forge, github +yes$", out, re.MULTILINE)
    assert re.search(r"^GITHUB_WEBHOOK_SECRET +trigger pull requests \(paused\) +no$", out, re.MULTILINE)
    assert "a-token-of-ours" not in out


def test_doctor_says_who_works_and_what_waits(crewdesk: Crewdesk, home: Path, waiting: str) -> None:
    crewdesk("run", "content", "--topic", waiting, "--no-wait")

    status, out, _ = crewdesk("doctor")

    assert status == 0
    assert f"database   sqlite:///{home}/.crewdesk/desk.db" in out
    assert "workers    none; start one with: crewdesk worker" in out
    assert "runs       1 queued, 0 running, 1 waiting, 0 failed" in out


def test_doctor_tells_of_a_database_in_trouble(crewdesk: Crewdesk, home: Path) -> None:
    (home / ".crewdesk").mkdir()
    (home / ".crewdesk" / "desk.db").write_bytes(b"not a database at all " * 100)

    status, out, _ = crewdesk("doctor")

    assert status == 0
    assert "is no database. Move the file away" in out
    assert "workers    unknown" in out


def test_doctor_makes_no_database(crewdesk: Crewdesk, home: Path) -> None:
    status, out, _ = crewdesk("doctor")

    assert (status, (home / ".crewdesk").exists()) == (0, False)
    assert "desk.db is not there yet" in out


def test_doctor_goes_on_where_the_configuration_is_broken(crewdesk: Crewdesk, home: Path) -> None:
    (home / "config" / "people.yaml").write_text("people:\n  ada: {nmae: Ada}\n", "utf-8")

    status, out, err = crewdesk("doctor")

    assert (status, f"home       {home}" in out, "workers    none" in out) == (2, True, True)
    assert "people.yaml:2: unknown key 'nmae'" in err


def test_new_crews_and_agents_pass_the_check(crewdesk: Crewdesk) -> None:
    assert crewdesk("new", "crew", "weekly")[0] == 0
    assert crewdesk("new", "agent", "weekly", "fact_checker")[0] == 0

    status, _, err = crewdesk("check")

    assert (status, err) == (0, "")
    assert crewdesk("new", "crew", "weekly")[0] == 2


def test_a_new_crew_runs_at_once(crewdesk: Crewdesk) -> None:
    crewdesk("new", "crew", "weekly")

    status, out, err = crewdesk("run", "weekly", "--topic", "human gates")

    assert status == 3, out + err


def test_init_lays_out_a_home_that_works(crewdesk: Crewdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert crewdesk("init", str(tmp_path / "mine"))[0] == 0
    assert (tmp_path / "mine" / ".env.example").exists()
    monkeypatch.setenv("CREWDESK_HOME", str(tmp_path / "mine"))

    assert crewdesk("check")[0] == 0
    assert crewdesk("init", str(tmp_path / "mine"))[0] == 2


def test_help_names_every_command(crewdesk: Crewdesk) -> None:
    from crewdesk.cli.app import COMMANDS

    _, out, _ = crewdesk("--help")

    assert all(f"  {name} " in out for name in COMMANDS)
    for name in COMMANDS:
        assert crewdesk(name, "--help")[0] == 0
