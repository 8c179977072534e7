"""People are added, given passwords and tokens, and looked at, at the command line."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from crewdesk.desk.sign_in import owner_of_token, sign_in
from crewdesk.errors import NotAllowed
from crewdesk.facade import Desk
from support.command_line import Crewdesk
from support.homes import lay_out_small
from support.web import post_at_gate

PASSWORD = "a sentence is easy to remember"  # noqa: S105 - of a test


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = lay_out_small(tmp_path / "home", sources=())
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    return home


def give_password(crewdesk: Crewdesk, monkeypatch: pytest.MonkeyPatch, id_: str, line: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(line))
    return crewdesk("people", "password", id_)


def test_without_people_it_says_so_and_how_to_add_some(crewdesk: Crewdesk) -> None:
    assert "crewdesk people add NAME" in crewdesk("people")[1]


def test_the_first_person_makes_the_file_and_is_told_what_follows(crewdesk: Crewdesk, home: Path) -> None:
    status, said, _ = crewdesk("people", "add", "ada", "--name", "Ada Byron", "--admin")

    assert status == 0
    assert "From now on people sign in" in said
    assert "crewdesk people password ada" in said
    text = (home / "config" / "people.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=schemas/people.schema.json\n")
    assert text.endswith('people:\n  ada:\n    name: "Ada Byron"\n    admin: true\n')
    assert crewdesk("check")[0] == 0


def test_another_one_is_added_at_the_end_and_every_comment_stays(crewdesk: Crewdesk, home: Path) -> None:
    file = home / "config" / "people.yaml"
    before = "# ours\npeople:\n    ada: {name: Ada, admin: true}  # the boss"
    file.write_text(before, "utf-8")

    status, said, _ = crewdesk("people", "add", "bo", "--approves", "content", "--approves", "*")

    assert (status, "From now on" in said) == (0, False)
    assert file.read_text("utf-8") == before + '\n    bo:\n      name: "bo"\n      approves: ["content", "*"]\n'


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Ada Byron"], "'Ada Byron' is no name to sign in with"),
        (["../ada"], "'../ada' is no name to sign in with"),
        (["ada\n"], "is no name to sign in with"),
        (["bo", "--name", " "], "' ' is no name"),
        (["bo", "--name", "Bo\x1b[2J"], "is no name"),
        (["bo", "--approves", "contnet"], "There is no crew 'contnet'; did you mean 'content'?"),
        (["ada"], "'ada' is there already, in config/people.yaml"),
    ],
)
def test_who_cannot_be_added_changes_nothing(crewdesk: Crewdesk, home: Path, arguments: list[str], words: str) -> None:
    file = home / "config" / "people.yaml"
    crewdesk("people", "add", "ada", "--admin")
    before = file.read_bytes()

    status, _, err = crewdesk("people", "add", *arguments)

    assert (status, words in err) == (2, True), err
    assert file.read_bytes() == before


def test_a_file_that_cannot_be_added_to_says_what_to_write(crewdesk: Crewdesk, home: Path) -> None:
    (home / "config" / "people.yaml").write_text("people: {ada: {name: Ada}}\n", "utf-8")

    status, _, err = crewdesk("people", "add", "bo", "--admin")

    assert status == 2
    assert "Nothing can be added at the end of config/people.yaml" in err
    assert 'bo:\n    name: "bo"\n    admin: true' in err


def test_a_password_is_read_from_a_pipe_and_lets_them_in(
    crewdesk: Crewdesk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crewdesk("people", "add", "ada", "--admin")

    status, said, _ = give_password(crewdesk, monkeypatch, "ADA", PASSWORD + "\n")

    assert (status, "signs in with the name ada" in said) == (0, True)
    assert PASSWORD not in said
    assert sign_in("ada", PASSWORD, office=Desk(home).office).session.person == "ada"


@pytest.mark.parametrize(
    ("id_", "line", "words"),
    [
        ("ada", "short\n", "A password has 12 characters at least"),
        ("ada", "x" * 201, "and 200 at most"),
        ("ada", "", "There is no password to read"),
        ("dee", PASSWORD, "'dee' is nobody in config/people.yaml"),
    ],
)
def test_what_is_no_password_of_anybody_is_told(
    crewdesk: Crewdesk, monkeypatch: pytest.MonkeyPatch, id_: str, line: str, words: str
) -> None:
    crewdesk("people", "add", "ada", "--admin")

    status, _, err = give_password(crewdesk, monkeypatch, id_, line)

    assert (status, words in err) == (2, True), err


def test_a_token_is_printed_once_listed_by_its_hash_and_taken_back(crewdesk: Crewdesk, home: Path) -> None:
    crewdesk("people", "add", "ada", "--admin")
    office = Desk(home).office

    _, token, _ = crewdesk("people", "token", "ada", "--label", "the build")
    owner = owner_of_token(token.strip(), office=office)
    (row,) = json.loads(crewdesk("people", "tokens", "--json")[1])
    listed = crewdesk("people", "tokens", "ada")[1]

    assert owner is not None
    assert (row["person"], row["label"]) == ("ada", "the build")
    assert token.strip() not in listed + json.dumps(row)
    assert row["id"][:12] in listed

    status, said, _ = crewdesk("people", "revoke", row["id"][:12])
    assert (status, said) == (0, "Taken back: 'the build' of ada.\n")
    assert owner_of_token(token.strip(), office=office) is None
    assert crewdesk("people", "revoke", row["id"])[0] == 2


def test_the_list_says_what_each_may_and_never_what_is_secret(
    crewdesk: Crewdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    crewdesk("people", "add", "ada", "--admin")
    crewdesk("people", "add", "bo", "--approves", "content")
    crewdesk("people", "add", "cy")
    give_password(crewdesk, monkeypatch, "ada", PASSWORD)

    _, said, _ = crewdesk("people")
    rows = json.loads(crewdesk("people", "--json")[1])

    assert [line.split()[2:4] for line in said.splitlines()[1:]] == [
        ["everything", "yes"],
        ["decide:", "content"],
        ["look", "none"],
    ]
    assert [(row["id"], row["password"], row["seen"]) for row in rows] == [
        ("ada", True, None),
        ("bo", False, None),
        ("cy", False, None),
    ]
    assert "argon" not in said


def test_who_gets_the_id_of_somebody_who_left_gets_nothing_with_it(
    crewdesk: Crewdesk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crewdesk("people", "add", "ada", "--admin")
    crewdesk("people", "add", "bo")
    give_password(crewdesk, monkeypatch, "bo", PASSWORD)
    token = crewdesk("people", "token", "bo", "--label", "old")[1].strip()
    file = home / "config" / "people.yaml"
    file.write_text(file.read_text("utf-8").partition("  bo:")[0], "utf-8")

    crewdesk("people", "add", "bo", "--name", "Another Bo", "--admin")

    office = Desk(home).office
    assert owner_of_token(token, office=office) is None
    with pytest.raises(NotAllowed):
        sign_in("bo", PASSWORD, office=office)


def test_who_cannot_be_kept_apart_from_somebody_who_left_is_not_added(crewdesk: Crewdesk, home: Path) -> None:
    crewdesk("people", "add", "ada", "--admin")
    file = home / "config" / "people.yaml"
    before = file.read_text("utf-8")
    with sqlite3.connect(home / ".crewdesk" / "desk.db") as database:
        database.execute("DROP TABLE tokens")

    status, _, err = crewdesk("people", "add", "bo")

    assert (status != 0, file.read_text("utf-8")) == (True, before), err


def test_who_is_there_already_keeps_their_password(
    crewdesk: Crewdesk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crewdesk("people", "add", "ada", "--admin")
    give_password(crewdesk, monkeypatch, "ada", PASSWORD)

    assert crewdesk("people", "add", "ada")[0] == 2
    assert sign_in("ada", PASSWORD, office=Desk(home).office)


def test_a_house_without_its_own_configuration_is_told_to_lay_one_out(
    crewdesk: Crewdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREWDESK_HOME", str(tmp_path))

    status, _, err = crewdesk("people", "add", "ada")

    assert (status, "crewdesk init DIR" in err) == (2, True)


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("mallory", "'mallory' is nobody in people.yaml.\n  These are: ada, cy."),
        ("cy", "Cy may look at the work of crew content, not decide about it.\n  Whoever may change people.yaml"),
    ],
)
def test_at_the_machine_too_only_those_decide_who_may(crewdesk: Crewdesk, home: Path, by: str, words: str) -> None:
    gate = post_at_gate(Desk(home))
    crewdesk("people", "add", "ada", "--admin")
    crewdesk("people", "add", "cy", "--name", "Cy")

    for command in (["approve"], ["reject", "-m", "no"], ["edit", "--set", "title=Mine"], ["delegate", "--to", "ada"]):
        status, _, err = crewdesk(command[0], gate.id, *command[1:], "--by", by)
        assert (status, words in err) == (2, True), err

    assert Desk(home).gate(gate.id).record == gate
