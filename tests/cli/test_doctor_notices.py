"""`doctor` says where people are told, without an address, and tries it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command_line import Crewdesk
from support.homes import lay_out_small
from support.receivers import Receiver, serving

SECRET = "s3cret-hook"  # noqa: S105 - nobody's secret


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = lay_out_small(tmp_path / "home")
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    gates = home / "config" / "gates.yaml"
    gates.write_text("notify: {url_env: CREWDESK_NOTIFY_URLS}\n" + gates.read_text("utf-8"), "utf-8")
    people = "people:\n  ada: {name: Ada, admin: true, notify_env: ADA_NOTIFY_URLS}\n"
    (home / "config" / "people.yaml").write_text(people, "utf-8")
    return home


@pytest.mark.usefixtures("home")
def test_doctor_names_the_services_and_no_address(crewdesk: Crewdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = f"json://127.0.0.1/{SECRET} https://chat.example.com/{SECRET} nowhere://{SECRET}"
    monkeypatch.setenv("CREWDESK_NOTIFY_URLS", addresses)

    _, out, _ = crewdesk("doctor")
    _, as_json, _ = crewdesk("doctor", "--json")

    services = ["JSON", "a web address", "an address that cannot be read"]
    assert f"CREWDESK_NOTIFY_URLS ({', '.join(services)}), ADA_NOTIFY_URLS (not set)" in out
    assert json.loads(as_json)["notices"] == {"CREWDESK_NOTIFY_URLS": services, "ADA_NOTIFY_URLS": []}
    assert SECRET not in out + as_json


def test_doctor_says_that_nobody_is_told(crewdesk: Crewdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREWDESK_HOME", str(lay_out_small(tmp_path / "plain")))

    _, out, _ = crewdesk("doctor")

    assert "nobody is told. Say where with 'notify' in config/gates.yaml" in out


@pytest.mark.usefixtures("home")
def test_a_test_message_goes_to_every_address(crewdesk: Crewdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREWDESK_PUBLIC_URL", "https://desk.example.com")
    server = Receiver()
    with serving(server):
        monkeypatch.setenv("CREWDESK_NOTIFY_URLS", f"json://{server.place}/{SECRET}")
        monkeypatch.setenv("ADA_NOTIFY_URLS", f"http://{server.place}/ada")
        status, out, _ = crewdesk("doctor", "--notify")

    assert (status, out) == (0, "CREWDESK_NOTIFY_URLS#1 took it.\nADA_NOTIFY_URLS#1 took it.\n")
    texts = [body.get("message") or body["text"] for _, body in server.posts]
    assert all("https://desk.example.com" in text for text in texts)
    assert len(texts) == 2


@pytest.mark.usefixtures("home")
def test_an_address_that_does_not_take_it_is_named_and_fails(
    crewdesk: Crewdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREWDESK_NOTIFY_URLS", f"json://127.0.0.1:1/{SECRET}")

    status, out, err = crewdesk("doctor", "--notify")

    assert status == 1
    assert out == "CREWDESK_NOTIFY_URLS#1 (JSON) did not take it.\n"
    assert "Not every address took it." in err
    assert SECRET not in out + err


@pytest.mark.usefixtures("home")
def test_trying_without_an_address_says_what_is_missing(crewdesk: Crewdesk) -> None:
    status, _, err = crewdesk("doctor", "--notify")

    assert status == 2
    assert "There is nobody to tell" in err
