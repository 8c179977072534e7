"""`crewdesk triggers` as a person or a script meets it, and the worker that fires what it lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command_line import Crewdesk
from support.triggers import desk_at, runs_of, trigger_home

FILE = """\
triggers:
  weekly post:
    kind: schedule
    crew: content
    cron: 0 9 * * MON
    time_zone: Europe/Berlin
    inputs: {topic: "Week {week}"}
    once: weekly-{year}-W{week}
  hook:
    kind: webhook
    paused: true
    crew: content
    path: /notes
    signature: hmac
    secret_env: HOOK_SECRET
    inputs: {topic: "{note.title}"}
"""


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = trigger_home(tmp_path)
    (home / "config" / "triggers.yaml").write_text(FILE, "utf-8")
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    return home


def test_triggers_are_listed_with_what_comes_next(crewdesk: Crewdesk) -> None:
    status, out, _ = crewdesk("triggers")
    _, as_json, _ = crewdesk("triggers", "--json")

    names, weekly, hook = out.splitlines()
    assert (status, names.split()) == (0, ["name", "kind", "crew", "next", "last_run", "state"])
    assert "09:00 +0" in weekly
    assert weekly.endswith("on")
    assert hook.endswith("paused")
    row = json.loads(as_json)[0]
    assert {**row, "next": row["next"][10:16]} == {
        "name": "weekly post",
        "kind": "schedule",
        "crew": "content",
        "next": "T09:00",
        "last_run": "",
        "state": "on",
    }


def test_one_trigger_is_shown_with_its_next_five_times(crewdesk: Crewdesk) -> None:
    status, out, _ = crewdesk("triggers", "weekly post")
    _, as_json, _ = crewdesk("triggers", "weekly post", "--json")

    assert status == 0
    assert "0 9 * * MON, Europe/Berlin" in out
    assert out.count("09:00 +0") == 5
    assert len(json.loads(as_json)["next_times"]) == 5


def test_a_schedule_is_fired_by_hand_as_often_as_one_likes(crewdesk: Crewdesk, home: Path) -> None:
    first, out, _ = crewdesk("triggers", "weekly post", "--fire")
    second, as_json, _ = crewdesk("triggers", "weekly post", "--fire", "--json")

    runs = runs_of(desk_at(home))
    assert (first, second, len(runs)) == (0, 0, 2)
    assert out == f"Run {runs[0].id} of content is in line. A worker takes it: crewdesk worker\n"
    assert json.loads(as_json)["id"] == runs[1].id
    assert str(runs[0].inputs["topic"]).startswith("Week ")
    assert runs[1].id in crewdesk("triggers")[1]


def test_a_paused_webhook_is_fired_by_hand_with_an_event_of_ones_own(
    crewdesk: Crewdesk, home: Path, tmp_path: Path
) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"note": {"title": "Gates"}}', "utf-8")

    status, _, _ = crewdesk("triggers", "hook", "--fire", "--event", str(event))

    assert status == 0
    assert [run.inputs["topic"] for run in runs_of(desk_at(home))] == ["Gates"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["weekly pots"], "did you mean 'weekly post'?"),
        (["--fire"], "Say which trigger to fire"),
        (["hook", "--fire"], "The event has no 'note.title'"),
        (["hook", "--event", "EVENT"], "add --fire"),
        (["hook", "--fire", "--event", "EVENT"], "holds no JSON object"),
    ],
)
def test_what_cannot_be_is_said(crewdesk: Crewdesk, tmp_path: Path, arguments: list[str], words: str) -> None:
    event = tmp_path / "event.json"
    event.write_text("[]", "utf-8")

    status, _, err = crewdesk("triggers", *(str(event) if word == "EVENT" else word for word in arguments))

    assert (status, words in err) == (2, True), err


def test_a_trigger_with_a_problem_is_told_and_the_others_are_listed(crewdesk: Crewdesk, home: Path) -> None:
    (home / "config" / "triggers.yaml").write_text(FILE.replace("crew: content", "crew: kontent", 1), "utf-8")

    status, out, err = crewdesk("triggers")
    shown, _, told = crewdesk("triggers", "weekly post")
    checked, _, problems = crewdesk("check")

    line = "config/triggers.yaml:4: crew 'kontent' of trigger 'weekly post' is not under config/crews"
    assert (status, shown, checked) == (2, 2, 2)
    assert "hook" in out
    assert all(line in words for words in (err, told, problems))


def test_without_a_file_there_are_none(crewdesk: Crewdesk, home: Path) -> None:
    (home / "config" / "triggers.yaml").unlink()

    status, out, _ = crewdesk("triggers")

    assert status == 0
    assert out.startswith("No triggers.")


def test_listing_and_firing_import_nothing_heavy(home: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from crewdesk.cli.app import run; status = run(sys.argv[1:]);"
        "print(status, sorted({n.split('.')[0] for n in sys.modules} & {'crewai', 'litellm', 'dbos', 'textstat'}))"
    )
    for arguments in (["triggers"], ["triggers", "weekly post", "--fire"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=home, capture_output=True, text=True, check=False
        )
        assert done.stdout.splitlines()[-1] == "0 []", done.stdout + done.stderr
