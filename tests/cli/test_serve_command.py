"""A desk that knows nobody opens on this machine alone."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from crewdesk.cli.serve import _introduce, _site
from crewdesk.domain.trigger_specs import TriggersSpec
from crewdesk.errors import WrongUsage
from crewdesk.facade import Desk
from crewdesk.triggers.webhooks import Webhooks
from support.command_line import Crewdesk
from support.people import PEOPLE
from support.web import web_desk

PUBLIC = "https://desk.example.com"


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return web_desk(tmp_path)


@pytest.fixture(name="home")
def _home(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CREWDESK_HOME", str(desk.settings.home))
    return desk.settings.home


def name_people(desk: Desk, text: str = PEOPLE) -> None:
    (desk.settings.config / "people.yaml").write_text(text, "utf-8")


@pytest.mark.parametrize(
    "options",
    [
        ["--host", "0.0.0.0"],  # noqa: S104
        ["--host", "::"],
        ["--host", "192.0.2.1"],
        ["--host", ""],
        ["--public-url", PUBLIC],
        ["--host", "127.0.0.1", "--public-url", PUBLIC],
    ],
    ids=" ".join,
)
def test_without_people_it_opens_to_nobody_else_and_says_what_to_do(crewdesk: Crewdesk, options: list[str]) -> None:
    status, _, err = crewdesk("serve", "--port", "0", "--no-worker", *options)

    assert status == 2
    assert "opens only on this machine: anybody who reached it could decide" in err
    assert "crewdesk people password NAME" in err


def test_the_public_address_of_the_environment_counts_too(crewdesk: Crewdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREWDESK_PUBLIC_URL", PUBLIC)

    assert "opens only on this machine" in crewdesk("serve", "--port", "0", "--no-worker")[2]


@pytest.mark.parametrize("text", ["people: {}\n", "# nobody yet\npeople: {}\n"])
def test_a_file_that_names_nobody_is_as_good_as_none(crewdesk: Crewdesk, desk: Desk, text: str) -> None:
    name_people(desk, text)

    assert crewdesk("serve", "--port", "0", "--no-worker", "--public-url", PUBLIC)[0] == 2


def test_a_broken_file_of_people_is_told_with_its_line(crewdesk: Crewdesk, desk: Desk) -> None:
    name_people(desk, "people:\n  ada:\n    nmae: Ada\n")

    status, _, err = crewdesk("serve", "--port", "0", "--no-worker")

    assert (status, "config/people.yaml:3: unknown key 'nmae'" in err) == (2, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_on_this_machine_it_needs_nobody(desk: Desk, host: str) -> None:
    assert _site(desk, host, None).takes_names


@pytest.mark.parametrize(("host", "public"), [("0.0.0.0", None), ("127.0.0.1", PUBLIC), ("::", PUBLIC)])  # noqa: S104
def test_with_people_it_opens_wherever_it_is_told(desk: Desk, host: str, public: str | None) -> None:
    name_people(desk)

    site = _site(desk, host, public)

    assert (site.takes_names, site.secure) == (False, public is not None)


@pytest.mark.parametrize("public", ["desk.example.com", "ftp://desk.example.com", "https://", "https://x/desk", "x y"])
def test_what_is_no_address_is_told(desk: Desk, public: str) -> None:
    name_people(desk)

    with pytest.raises(WrongUsage, match="is no address of a desk"):
        _site(desk, "127.0.0.1", public)


@pytest.mark.parametrize(
    ("host", "public", "told"),
    [("0.0.0.0", None, True), ("0.0.0.0", PUBLIC, False), ("127.0.0.1", None, False)],  # noqa: S104
)
def test_it_warns_where_passwords_would_travel_in_clear(
    desk: Desk, capsys: pytest.CaptureFixture[str], host: str, public: str | None, *, told: bool
) -> None:
    name_people(desk)
    with socket.socket() as listening:
        listening.bind((host, 0))

        _introduce(listening, Webhooks(desk, TriggersSpec(), say=print), _site(desk, host, public), worker=False)

    assert ("Passwords travel in clear" in capsys.readouterr().out) is told
