"""The outbox shows what left the house with its receipts; who may work on a crew can try again what failed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.sign_in import set_password
from crewdesk.domain.actions import Action, Receipt
from crewdesk.domain.gates import Approve, Gate
from crewdesk.facade import Desk
from crewdesk.web.outbox import is_followable
from support.gates import Clock
from support.web import Browser, browsing, post_at_gate, site_of, web_desk

PEOPLE = """
people:
  ada: {name: Ada Byron, admin: true}
  bo: {name: Bo, approves: [content]}
  cy: {name: Cy}
"""
PASSWORD = "correct horse battery"  # noqa: S105 - of a test
PLACE = "https://example.com/posts/gates"


def put(web: Desk, gate: Gate, connector: str = "site", **more: Any) -> Action:
    """An action with the post of this gate."""
    key = f"{gate.run}:{connector}:{gate.task}"
    action = Action(key, gate.run, "publish", connector, gate.sha, "Post", "delivered", gate.opened, attempts=1)
    action = replace(action, **more)
    with web.store.writing() as records:
        records.outbox.put(action)
    return action


def failed(web: Desk, gate: Gate) -> Action:
    """An action that failed, and its run with it."""
    with web.store.writing() as records:
        run = records.runs.get(gate.run)
        assert run is not None
        records.runs.put(replace(run, status="failed", error="It failed.", hint="Look at the server."))
    return put(web, gate, "mail", status="failed", attempts=3, error="The server said no.")


def keys(browser: Browser) -> list[str]:
    return [key.replace("-", ":") for key in re.findall(r'<details id="sha-([^"]+)"', browser.page)]


def test_an_empty_outbox_says_where_to_look(browser: Browser) -> None:
    browser.get("/outbox")

    assert "Nothing has left the house, and nothing is about to." in browser.text


def test_a_delivery_shows_what_it_carried_where_it_is_and_who_released_it(
    browser: Browser, web: Desk, waiting: Gate
) -> None:
    decide_gate(waiting.id, Approve(waiting.sha), by="bo", office=web.office)
    put(web, waiting, receipt=Receipt(PLACE, {}))

    browser.get("/outbox")

    assert f'<a href="/runs/{waiting.run}/artifacts/optimise/1">Gates fail closed</a>' in browser.page
    assert f'<a href="{PLACE}" rel="noopener noreferrer">' in browser.page
    assert f'bo (not authenticated) <span class="soft">at <a href="/gates/{waiting.id}">' in browser.page
    assert waiting.sha in browser.page
    assert "delivered" in browser.text


def test_what_nobody_released_so_far_says_so(browser: Browser, web: Desk, waiting: Gate) -> None:
    put(web, waiting, status="proposed")

    browser.get("/outbox")

    assert "nobody so far" in browser.text


@pytest.mark.parametrize("location", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//evil", "x:1"])
def test_only_the_web_is_linked(browser: Browser, web: Desk, waiting: Gate, location: str) -> None:
    put(web, waiting, receipt=Receipt(location, {}))

    browser.get("/outbox")

    assert f"<code>{location}</code>" in browser.page
    assert f'href="{location}"' not in browser.page


@pytest.mark.parametrize(
    ("location", "followable"),
    [
        ("https://a.example/b", True),
        ("HTTP://a", True),
        ("https:", False),
        (" javascript:x", False),
        ("https://[", False),
    ],
)
def test_a_place_is_followable_only_if_it_is_a_whole_address(location: str, followable: bool) -> None:  # noqa: FBT001
    assert is_followable(location) is followable


def test_it_is_filtered_and_what_is_no_status_is_none(browser: Browser, web: Desk, waiting: Gate) -> None:
    put(web, waiting, "site")
    put(web, waiting, "mail", status="failed", error="no")

    for query, found in {
        "status=failed": ["mail"],
        "status=delivered": ["site"],
        "status=nonsense": ["site", "mail"],
        "connector=mail": ["mail"],
        "connector=none": [],
        f"run={waiting.run}": ["site", "mail"],
        f"run={waiting.run.lower()}": ["site", "mail"],
        "run=NONE": [],
    }.items():
        browser.get(f"/outbox?{query}")
        assert [key.split(":")[1] for key in keys(browser)] == found


def test_it_comes_in_pages(browser: Browser, web: Desk, waiting: Gate) -> None:
    for n in range(70):
        put(web, waiting, f"c&{n:02}")

    browser.get("/outbox?status=delivered")
    first = keys(browser)
    more = re.search(r'href="(/outbox\?[^"]*before=[^"]*)"', browser.page)
    assert more is not None
    browser.get(more[1].replace("&amp;", "&"))

    assert (len(first), len(keys(browser))) == (50, 20)
    assert len({*first, *keys(browser)}) == 70


def test_a_failure_says_why_and_what_to_do_and_can_be_tried_again(browser: Browser, web: Desk, waiting: Gate) -> None:
    action = failed(web, waiting)
    browser.get("/outbox")
    assert "The server said no. Look at the server." in browser.text
    assert "3 attempts" in browser.text

    answer = browser.post("/outbox", {"key": action.key})

    assert answer.status_code == 303
    with web.store.reading() as records:
        assert records.runs.status(waiting.run) == "queued"
        last = records.audit.listed()[-1]
    assert (last.who, last.what, last.subject, last.proof) == ("Ada", "retried", action.key, "typed")
    browser.get("/outbox")
    assert "It is tried again: its run is queued." in browser.text
    assert browser.post("/outbox", {"key": action.key}).status_code == 422


def test_who_tries_again_stays_where_they_were_and_is_told(browser: Browser, web: Desk, waiting: Gate) -> None:
    action = failed(web, waiting)
    browser.get("/outbox?status=failed&connector=mail")
    form = re.search(r'<form method="post" action="([^"]+)">', browser.page)
    assert form is not None

    answer = browser.post(form[1].replace("&amp;", "&"), {"key": action.key})
    browser.get(answer.headers["location"])

    assert answer.headers["location"].startswith("/outbox?status=failed&connector=mail&again=")
    assert "Gates fail closed to mail: it is tried again as soon as a worker takes its run." in browser.text
    browser.get("/outbox?again=nothing")
    assert "it is tried again" not in browser.text


def test_nothing_is_tried_again_by_a_get_or_without_the_forms_token(browser: Browser, web: Desk, waiting: Gate) -> None:
    action = failed(web, waiting)

    browser.get(f"/outbox?key={action.key}")
    assert browser.client.post("/outbox", data={"key": action.key}).status_code == 403

    with web.store.reading() as records:
        assert records.runs.status(waiting.run) == "failed"


@pytest.mark.parametrize(("found", "status"), [("arrived", "delivered"), ("lost", "failed")])
def test_who_looked_says_what_became_of_a_delivery_that_is_unsure(
    browser: Browser, web: Desk, waiting: Gate, found: str, status: str
) -> None:
    action = failed(web, waiting)
    put(web, waiting, "mail", status="unsure", error="The server did not say.")
    browser.get("/outbox")
    assert "The server did not say. Nobody but a person can find out whether it arrived." in browser.text
    assert re.findall(r'name="found" value="(\w+)"', browser.page) == ["arrived", "lost"]

    answer = browser.post("/outbox", {"key": action.key, "found": found})

    assert answer.status_code == 303
    with web.store.reading() as records:
        assert records.runs.status(waiting.run) == "queued"
        settled = records.outbox.get(action.key)
    assert settled is not None
    assert settled.status == status
    assert browser.post("/outbox", {"key": action.key, "found": found}).status_code == 422


def test_an_action_that_is_not_there_is_told(browser: Browser) -> None:
    assert browser.post("/outbox", {"key": "nothing"}).status_code == 404


def test_an_artifact_that_is_not_kept_is_told(browser: Browser, web: Desk, waiting: Gate) -> None:
    put(web, waiting, sha="other")

    browser.get("/outbox")

    assert "not kept" in browser.text


@pytest.mark.parametrize(("name", "may"), [("ada", True), ("bo", True), ("cy", False)])
def test_only_who_may_work_on_the_crew_can_try_again(tmp_path: Path, clock: Clock, name: str, *, may: bool) -> None:
    web = web_desk(tmp_path, clock, people=PEOPLE)
    gate = post_at_gate(web)
    action = failed(web, gate)
    set_password(name, PASSWORD, by="ada", office=web.office)

    with browsing(site_of(web), name, PASSWORD) as browser:
        browser.get("/outbox")
        assert ("Try again</button>" in browser.page) is may
        answer = browser.post("/outbox", {"key": action.key})

    assert answer.status_code == (303 if may else 403)
    with web.store.reading() as records:
        assert records.runs.status(gate.run) == ("queued" if may else "failed")


def test_nothing_that_the_outside_said_runs(browser: Browser, web: Desk, waiting: Gate) -> None:
    nasty = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    put(web, waiting, nasty, status="failed", error=nasty, receipt=Receipt(f"https://x/{nasty}", {}))

    browser.get("/outbox")

    assert "<script>alert" not in browser.page
    assert "<img" not in browser.page
