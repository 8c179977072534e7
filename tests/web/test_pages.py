"""Whatever goes wrong is a page that says so and leads on, and nothing it says is for a terminal."""

from __future__ import annotations

import logging

import pytest
from starlette.testclient import TestClient

from crewdesk.errors import NotAllowed, StoreUnavailable
from crewdesk.facade import Desk
from crewdesk.web.pages import UNEXPECTED, hint_of
from support.web import HOST, Browser


def broken() -> list[str]:
    message = "a mistake of ours"
    raise RuntimeError(message)


@pytest.fixture(name="mistaken")
def _mistaken(browser: Browser, web: Desk, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A browser at a desk that makes a mistake when it is asked for its crews."""
    monkeypatch.setattr(web, "crews", broken)
    return browser


def test_a_mistake_of_ours_is_a_page_that_says_so_and_the_trace_is_logged(
    mistaken: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    answer = mistaken.get("/runs")

    assert answer.status_code == 500
    assert UNEXPECTED in mistaken.text
    assert 'href="/runs">Look again' in mistaken.page
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.exc_info is not None
    assert record.getMessage() == "GET /runs failed"


def test_a_mistake_of_ours_is_a_problem_of_the_api(mistaken: Browser) -> None:
    client = TestClient(mistaken.client.app, base_url=f"http://{HOST}", raise_server_exceptions=False)

    answer = client.get("/api/v1/desk", headers={"X-Crewdesk-Name": "Ada"})

    assert answer.status_code == 500
    assert answer.json()["error"] == UNEXPECTED


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        (f"http://{HOST}/outbox?run=7KQ2", "/outbox?run=7KQ2"),
        (f"http://{HOST}//evil.example/", "/evil.example/"),
        ("https://evil.example/outbox", "/"),
        ("http://[broken", "/"),
        ("", "/"),
    ],
)
def test_after_a_form_that_failed_one_looks_again_at_the_page_it_was_on(
    browser: Browser, came_from: str, leads_to: str
) -> None:
    browser.page = browser.post("/runs/NONE", {"verb": "cancel"}, headers={"referer": came_from}).text

    assert f'href="{leads_to}">Look again' in browser.page


def test_no_page_sends_anybody_to_a_terminal_for_what_cannot_be(browser: Browser) -> None:
    browser.get("/runs/NONE")

    assert "There is no run &#39;NONE&#39;." in browser.page
    assert "crewdesk runs" not in browser.page


def test_who_looks_after_the_desk_is_still_told_the_command() -> None:
    assert hint_of(StoreUnavailable("It is away.", hint="See: crewdesk doctor")) == "See: crewdesk doctor"
    assert hint_of(NotAllowed("No.", hint="Ask Ada.")) == "Ask Ada."
