"""The page of a run's ledger says what left for which host; programs read the same."""

from __future__ import annotations

from pathlib import Path

from crewdesk.domain.ledger import Left
from crewdesk.facade import Desk
from support.web import Browser, begin_content, site_of, web_desk

HOSTILE = "<script>alert(1)</script>.example.com"


def tell(desk: Desk, run: str, host: str) -> None:
    with desk.store.writing() as records:
        left = Left(run, desk.office.now(), "draft", "writer", "model", "m", host, 1, 4200, ("first_name",), ("email",))
        records.ledger.add(left)


def looking(desk: Desk) -> Browser:
    return Browser(site_of(desk)).come_in()


def test_hosts_sums_and_personal_data_stand_there_as_text(tmp_path: Path) -> None:
    desk = web_desk(tmp_path)
    run = begin_content(desk).id
    for host in ("api.example.com", "api.example.com", HOSTILE, ""):
        tell(desk, run, host)
    browser = looking(desk)

    browser.get(f"/runs/{run}/ledger")

    assert "api.example.com" in browser.text
    assert "8,400" in browser.text
    assert "first name" in browser.text
    assert "this machine" in browser.text
    assert "<script>alert(1)" not in browser.get(f"/runs/{run}/ledger").text
    assert f'href="/runs/{run}/ledger"' in browser.get(f"/runs/{run}").text


def test_where_nothing_left_it_says_so(tmp_path: Path) -> None:
    desk = web_desk(tmp_path)
    run = begin_content(desk).id
    browser = looking(desk)

    assert browser.get(f"/runs/{run}/ledger").status_code == 200
    assert "Nothing left this machine." in browser.text
    assert browser.get("/runs/NONE/ledger").status_code == 404


def test_programs_read_the_same(tmp_path: Path) -> None:
    desk = web_desk(tmp_path)
    run = begin_content(desk).id
    tell(desk, run, "api.example.com")
    program = Browser(site_of(desk)).client

    answer = program.get(f"/api/v1/runs/{run}/ledger", headers={"X-Crewdesk-Name": "ada"}).json()

    assert answer["hosts"] == [
        {"host": "api.example.com", "calls": 1, "size": 4200, "clear": ["first_name"], "hidden": ["email"]}
    ]
    assert answer["left"][0]["agent"] == "writer"
