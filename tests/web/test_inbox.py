"""The inbox shows what waits, the oldest first, to those who are signed in."""

from __future__ import annotations

import re

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.domain.gates import Approve, Gate
from crewdesk.facade import Desk
from crewdesk.web.site import Site
from support.web import Browser, post_at_gate


def test_nobody_sees_it_without_saying_who_they_are(site: Site, waiting: Gate) -> None:
    with Browser(site).client as client:
        answer = client.get("/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F")


def test_it_lists_what_waits_with_its_title(browser: Browser, waiting: Gate) -> None:
    browser.get("/")

    assert f"/gates/{waiting.id}" in browser.page
    assert "Gates fail closed" in browser.text


def test_what_is_decided_is_gone(browser: Browser, web: Desk, waiting: Gate) -> None:
    decide_gate(waiting.id, Approve(waiting.sha), by="bo", office=web.office)

    browser.get("/")

    assert "Nothing waits" in browser.text


def test_it_comes_in_pages(browser: Browser, web: Desk) -> None:
    gates = [post_at_gate(web, topic=f"topic {n}") for n in range(22)]

    browser.get("/")
    first = [gate.id for gate in gates if f'"/gates/{gate.id}"' in browser.page]
    more = browser.page.split('href="/?')[-1].split('"')[0].replace("&amp;", "&")
    browser.get(f"/?{more}")
    second = [gate.id for gate in gates if f'"/gates/{gate.id}"' in browser.page]

    assert len(first) == 20
    assert len(second) == 2
    assert not set(first) & set(second)


def test_a_later_page_stays_where_it_is_when_something_changes(browser: Browser, web: Desk) -> None:
    for n in range(22):
        post_at_gate(web, topic=f"topic {n}")
    browser.get("/?crew=content")
    more = browser.page.split('class="button" href="/?')[-1].split('"')[0]

    browser.get(f"/?{more.replace('&amp;', '&')}")

    assert "after=" in more
    assert f'<section id="gates" hx-get="/?{more}"' in browser.page


def test_the_count_of_what_waits_can_appear_on_a_page_that_had_none(browser: Browser, web: Desk) -> None:
    browser.get("/runs")
    before = re.search(r"<span[^>]*id=\"waiting\"[^>]*>.*?</span>", browser.page)
    post_at_gate(web)
    browser.get("/waiting", headers={"HX-Request": "true"})

    assert before is not None
    assert 'hx-get="/waiting"' in before[0]
    assert " hidden>" in before[0]
    assert browser.page.strip() == before[0].replace(" hidden></", ">1</")
