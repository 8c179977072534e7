"""Every page, in both themes and at the width of a phone: axe finds nothing, and nothing is cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from crewdesk.desk.sign_in import set_password
from crewdesk.facade import Desk
from crewdesk.web.routes import PAGES
from support.browser import DeskServer, Visits, fits, serving
from support.homes import lay_out_small

ROUTES = sorted({route.path for part in PAGES for route in part.ROUTES if "GET" in (route.methods or ())})
NO_PAGES = {"/audit/export.{form}", "/gates/{gate}/news", "/runs/{run}/now", "/waiting"}
"""Addresses that answer with files, or with a part of a page that is open."""
PASSWORD = "the gate stays shut at night"  # noqa: S105 - of a test
PEOPLE = """
people:
  ada: {name: Ada Byron, admin: true}
  bo: {name: Bo, approves: [content]}
  cy: {name: Cy}
"""


@dataclass(frozen=True)
class Staffed:
    """A desk with people; runs of it are done, sent back, rejected, failed and wait."""

    server: DeskServer
    names: dict[str, str]
    more: tuple[str, ...]


@pytest.fixture(name="staffed", scope="module")
def _staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staffed]:
    home = lay_out_small(tmp_path_factory.mktemp("staffed") / "home")
    (home / "config" / "people.yaml").write_text(PEOPLE, "utf-8")
    desk = Desk(home)
    for person in ("ada", "bo"):
        set_password(person, PASSWORD, by="test", office=desk.office)
    started = [desk.start("content", topic=topic) for topic in ("gates", "journal", "people", "runs")]
    done, again, no, waits = [run.id for run in started]
    gates = {run.id: run.gates[0].record.id for run in started}
    desk.gate(gates[done]).approve(by="ada")
    desk.gate(gates[again]).revise("Shorter, please.", by="bo")
    desk.gate(gates[no]).reject("Off brand.", by="bo")
    for run in (done, again, no):
        desk.resume(run)
    later = desk.enqueue("content", topic="later").id
    names = {"run": done, "gate": gates[waits], "crew": "content", "task": "optimise", "version": "1"}
    others = [f"/gates/{gates[run]}" for run in (done, no)] + [f"/runs/{run}" for run in (waits, no, later)]
    with serving(home, "--no-worker") as server:
        yield Staffed(
            server, names | _effect(desk, done), (*others, "/nowhere", "/audit?what=approve", "/?kind=budget")
        )


def _effect(desk: Desk, run: str) -> dict[str, str]:
    with desk.store.reading() as records:
        first = records.journal.of_run(run)[0]
    return {"key": first.key, "n": str(first.n)}


def addresses(staffed: Staffed) -> list[str]:
    """Every page there is: those of the routes, and more in other states. A route with a new name in it fails here."""
    pages = [path for path in ROUTES if path not in NO_PAGES]
    assert len(pages) > 12
    return [re.sub(r"{(\w+)(:\w+)?}", lambda name: staffed.names[name[1]], path) for path in pages] + [*staffed.more]


def place(address: str) -> str:
    return re.sub(r"\W+", "-", address).strip("-")[:40] or "inbox"


def violations(page: Page) -> list[str]:
    """What axe has against a page, by all of its rules that are no experiments."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{page.url} {v['id']}: {v['help']} {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(staffed: Staffed, visits: Visits, theme: str) -> None:
    visits.expect_trouble("answer: 404 GET .*/nowhere")
    page = visits.visit(staffed.server.url, color_scheme=theme)
    found = violations(page)
    visits.sign_in(page, "ada", PASSWORD)

    for address in addresses(staffed):
        page.goto(staffed.server.url + address)
        visits.shoot(page, place(address), whole=False)
        page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        found += violations(page)

    assert found == []


def test_nothing_is_wider_than_a_phone(staffed: Staffed, visits: Visits) -> None:
    visits.expect_trouble("answer: 404 GET .*/nowhere")
    page = visits.visit(staffed.server.url, phone=True)
    visits.sign_in(page, "ada", PASSWORD)
    wide: list[str] = []

    for address in addresses(staffed):
        page.goto(staffed.server.url + address)
        wide += [] if fits(page) else [address]
        visits.shoot(page, place(address))

    assert wide == []


def test_the_keys_are_shown_in_a_dialog_that_axe_has_nothing_against(staffed: Staffed, visits: Visits) -> None:
    page = visits.visit(staffed.server.url)
    visits.sign_in(page, "bo", PASSWORD)

    page.keyboard.press("?")

    assert page.get_by_role("dialog", name="Keys").is_visible()
    assert violations(page) == []
