"""The list of runs says of each what it is about, how far it is, who had a hand in it, and what it cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crewdesk.desk.change_run import cancel_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.domain.effects import Usage
from crewdesk.domain.gates import Approve, Gate
from crewdesk.facade import Desk
from support.gates import Clock
from support.people import password_of, peopled_desk
from support.web import Browser, begin_content, browsing, post_at_gate, site_of


def rows(browser: Browser) -> str:
    """The list alone."""
    return browser.page.split('id="runs"')[1]


def test_a_run_is_listed_with_its_title_its_cost_and_where_it_waits(browser: Browser, waiting: Gate) -> None:
    browser.get("/runs")

    assert "Gates fail closed" in browser.text
    assert "started by ed" in browser.text
    assert "cost $0.01" in browser.text
    assert f'href="/gates/{waiting.id}"' in browser.page


def test_before_there_is_a_title_it_is_called_by_what_was_asked_for(browser: Browser, web: Desk) -> None:
    begin_content(web, topic="how gates expire")

    browser.get("/runs")

    assert "how gates expire" in browser.text


def test_a_cost_that_nobody_knows_is_unknown(browser: Browser, web: Desk, waiting: Gate) -> None:
    with web.store.writing() as records:
        asked = records.journal.of_run(waiting.run)[1]
        records.journal.put(replace(asked, usage=Usage(100, 10, None)))

    browser.get("/runs")

    assert "cost unknown" in browser.text


def test_it_says_who_decided(browser: Browser, web: Desk, waiting: Gate) -> None:
    decide_gate(waiting.id, Approve(waiting.sha), by="bo", office=web.office)

    browser.get("/runs")

    assert "decided by bo" in browser.text


def test_what_is_over_took_as_long_as_it_took(browser: Browser, web: Desk, waiting: Gate, clock: Clock) -> None:
    clock.forward(minutes=7)
    cancel_run(waiting.run, by="ed", office=web.office)
    clock.forward(hours=2)

    browser.get("/runs")

    assert "· 7 min" in browser.text
    assert "so far" not in browser.text


def test_a_run_that_nobody_works_on_any_more_is_left_off(browser: Browser, web: Desk) -> None:
    begin_content(web)

    browser.get("/runs")

    assert "left off" in browser.text
    assert "Nothing is lost" in browser.text


def test_it_comes_in_pages_and_none_is_left_out(browser: Browser, web: Desk, clock: Clock) -> None:
    runs = []
    for n in range(23):
        clock.forward(seconds=n % 2)  # every other one in the same moment as the one before
        runs.append(begin_content(web).id)

    browser.get("/runs")
    first = [run for run in runs if f'"/runs/{run}"' in browser.page]
    more = browser.page.split('class="button" href="/runs?')[-1].split('"')[0].replace("&amp;", "&")
    browser.get(f"/runs?{more}")
    second = [run for run in runs if f'"/runs/{run}"' in browser.page]

    assert (len(first), len(second)) == (20, 3)
    assert set(first) | set(second) == set(runs)


def test_a_filter_shows_what_fits_and_is_kept_when_the_list_refreshes(browser: Browser, web: Desk) -> None:
    waiting, begun = post_at_gate(web), begin_content(web)

    browser.get("/runs?crew=content&status=waiting")

    assert f'"/runs/{waiting.run}"' in rows(browser)
    assert f'"/runs/{begun.id}"' not in rows(browser)
    assert 'hx-get="/runs?crew=content&amp;status=waiting"' in browser.page


def test_a_filter_nothing_fits_leads_back_to_all(browser: Browser, waiting: Gate) -> None:
    browser.get("/runs?crew=nobody&status=done&before=x")

    assert "No run fits this filter." in browser.text


def test_a_fork_names_its_parent(browser: Browser, web: Desk, waiting: Gate) -> None:
    web.fork_with(waiting.run, {}, by="ed")

    browser.get("/runs")

    assert f'forked from <a href="/runs/{waiting.run}">' in browser.page


def test_text_from_outside_is_text(browser: Browser, web: Desk) -> None:
    begin_content(web, topic="<script>alert(1)</script>", by="<img src=x onerror=alert(1)>")

    browser.get("/runs")

    assert "&lt;script&gt;alert(1)" in browser.page
    assert "<script>alert" not in browser.page
    assert "<img" not in browser.page


def test_who_may_only_look_is_not_asked_to_start_anything(tmp_path: Path) -> None:
    site = site_of(peopled_desk(tmp_path))

    with browsing(site, "cy", password_of("cy")) as cy, browsing(site, "di", password_of("di")) as di:
        cy.get("/runs")
        di.get("/runs")

    assert "/start" not in cy.page
    assert "/crews/weekly/start" in di.page
    assert "/crews/content/start" not in di.page
