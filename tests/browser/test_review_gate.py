"""A developer prunes a review of a real repository and posts it: by keyboard, on a phone, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import Gate
from support.browser import PATIENCE, DeskServer, Visits, fits, serving
from support.homes import lay_out_small
from support.repositories import changed

AT_WORK = PATIENCE * 1000
"""Milliseconds."""
BEFORE = "def pay(card, amount):\n    return card.take(amount)\n"
AFTER = """import os
import re

def pay(card, amount):
    try:
        return card.take(amount)
    except:
        pass

def refund(card, amount={}):
    receipt = card.give(amount)
"""


@pytest.fixture(name="shop", scope="module")
def _shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose branch feature has several things that ruff holds against it."""
    return changed(tmp_path_factory.mktemp("shop") / "shop", {"pay.py": BEFORE}, {"pay.py": AFTER}).folder


@pytest.fixture(name="own", scope="module")
def _own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk of this file's own, so that what was posted is easily found."""
    with serving(lay_out_small(tmp_path_factory.mktemp("reviews") / "home")) as server:
        yield server


def review_gate(server: DeskServer, shop: Path) -> Gate:
    """Let the crew review the branch; returns where it waits."""
    run = server.desk.enqueue("review", repo=str(shop), base="main", head="feature")
    return server.gate_of(run.id)


def approved(server: DeskServer, gate: Gate) -> JsonObject:
    """The version whose hash was approved."""
    with server.desk.store.reading() as records:
        decided = records.gates.get(gate.id)
        assert decided is not None
        assert decided.noted_sha != ""
        (version,) = [a for a in records.artifacts.of_run(gate.run) if a.sha == decided.noted_sha]
        (action,) = records.outbox.listed(run=gate.run)
    assert (action.sha, action.status) == (decided.noted_sha, "delivered")
    return version.body


def titles(body: JsonObject) -> list[str]:
    """The findings of a review, as cards spell them: code in them is marked by how it looks."""
    findings = body["findings"]
    assert isinstance(findings, list)
    return [str(one["title"]).replace("`", "") for one in findings if isinstance(one, dict)]


def written(server: DeskServer, gate: Gate) -> str:
    """The review.md of a run, from its first finding on."""
    (path,) = [one for one in server.home.glob("reviews/**/review.md") if gate.run.lower() in str(one).lower()]
    return path.read_text("utf-8").partition("\n## ")[2]


def about(page: Page) -> list[str]:
    """What the cards say, from top to bottom."""
    return page.locator(".findings .about").all_inner_texts()


def posted(page: Page) -> None:
    """Wait until the page says that it was delivered."""
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    expect(page.get_by_text("delivered once").first).to_be_visible(timeout=AT_WORK)


def test_findings_are_left_out_by_keyboard_and_exactly_the_others_are_written(
    own: DeskServer, shop: Path, visits: Visits
) -> None:
    gate = review_gate(own, shop)
    page = visits.come_in(f"{own.url}/gates/{gate.id}")
    keys, boxes = page.keyboard, page.locator('[data-list="findings"]')
    there = about(page)
    assert len(there) >= 4
    expect(page.locator("#posts")).to_have_text(f"Post {len(there)} of {len(there)}")

    keys.press("j")
    expect(boxes.first).to_be_focused()
    keys.press("x")
    expect(boxes.first).not_to_be_checked()
    keys.press("j")
    keys.press("Space")
    expect(boxes.nth(1)).not_to_be_checked()
    keys.press("k")
    keys.press("x")
    expect(boxes.first).to_be_checked()
    expect(page.locator("#posts")).to_have_text(f"Post {len(there) - 1} of {len(there)}")
    visits.shoot(page, "pruned", whole=False)
    keys.press("e")
    title = page.get_by_label("Title", exact=True).nth(1)
    expect(title).to_be_focused()
    title.fill("Mended by hand")
    keys.press("Escape")
    expect(boxes.first).to_be_focused()
    page.wait_for_timeout(500)  # a key that decides must come alone
    keys.press("a")
    posted(page)
    visits.shoot(page, "posted")

    body = approved(own, gate)
    assert titles(body) == ["Mended by hand", *there[2:]]
    text = written(own, gate)
    assert "Mended by hand" in text
    assert there[0] not in text
    assert there[1] not in text


def test_many_are_left_out_at_once_and_stay_so_over_a_reload(own: DeskServer, shop: Path, visits: Visits) -> None:
    page = visits.come_in(f"{own.url}/gates/{review_gate(own, shop).id}", color_scheme="dark")
    number = len(about(page))
    tools, posts = page.get_by_role("group", name="Keep"), page.locator("#posts")

    tools.get_by_role("button", name="None").click()
    expect(posts).to_have_text(f"Post the summary, none of {number}")
    tools.get_by_role("button", name=re.compile("^from ruff")).click()
    expect(posts).not_to_have_text(re.compile("none"))
    tools.get_by_role("button", name="All").click()
    expect(posts).to_have_text(f"Post {number} of {number}")
    page.locator('[data-list="findings"]').nth(1).uncheck()
    page.get_by_text("Edit title and summary").click()
    page.get_by_label("Summary", exact=True).fill(f"Look at this: {about(page)[1]}.")
    expect(page.locator("#check")).to_contain_text("which is left out")
    page.reload()

    expect(page.get_by_text("What you left out or typed before is here again")).to_be_visible()
    expect(posts).to_have_text(f"Post {number - 1} of {number}")
    visits.shoot(page, "restored")
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []


def test_a_phone_prunes_a_review(own: DeskServer, shop: Path, visits: Visits) -> None:
    gate = review_gate(own, shop)
    page = visits.come_in(f"{own.url}/gates/{gate.id}", phone=True)
    there = about(page)
    assert fits(page)

    page.locator('[data-list="findings"]').first.tap()
    visits.shoot(page, "pruned", whole=False)
    post = page.get_by_role("button", name=re.compile(f"^Post {len(there) - 1} of {len(there)}"))
    expect(post).to_be_in_viewport()
    post.tap()
    posted(page)

    assert titles(approved(own, gate)) == there[1:]
    assert fits(page)


def test_javascript_is_not_needed_to_prune(own: DeskServer, shop: Path, visits: Visits) -> None:
    gate = review_gate(own, shop)
    page = visits.come_in(f"{own.url}/gates/{gate.id}", java_script_enabled=False)
    there = about(page)

    page.locator('[data-list="findings"]').nth(2).uncheck()
    visits.shoot(page, "pruned")
    page.get_by_role("button", name=re.compile("^Approve what is kept")).click()
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()

    assert own.finished(gate.run) == "done"
    assert titles(approved(own, gate)) == [*there[:2], *there[3:]]
    assert there[2] not in written(own, gate)
