"""Every answer says what a browser may do with it, and requests that were meant for another host are refused."""

from __future__ import annotations

import pytest

from crewdesk.desk.sign_in import make_token
from crewdesk.domain.hosts import is_loopback
from crewdesk.facade import Desk
from crewdesk.web.site import Site
from support.people import peopled_desk
from support.web import Browser, site_of

EVIL = "evil.example"


@pytest.fixture(name="known", scope="module")
def _known(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk that knows its people; tests only look at it."""
    return peopled_desk(tmp_path_factory.mktemp("known"))


def status(site: Site, host: str) -> int:
    return Browser(site).client.get("/sign-in", headers={"host": host}).status_code


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/nowhere", "/static/desk.css", "/static/none", "/api/v1/me", "/live/desk"]
)
def test_no_page_may_be_framed_sniffed_or_run_what_is_not_ours(browser: Browser, path: str) -> None:
    if path == "/live/desk":
        browser.client.cookies.clear()  # else it goes on for ever
    headers = browser.get(path).headers

    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/", "/sign-in", "/people", "/api/v1/me"])
def test_no_page_is_kept_by_browsers_or_proxies(browser: Browser, path: str) -> None:
    assert browser.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8321", "localhost:8321", "localhost", "[::1]:8321", "127.0.0.2", "LOCALHOST"]
)
def test_on_loopback_a_desk_that_knows_nobody_answers_to_its_own_names(site: Site, host: str) -> None:
    assert status(site, host) == 200


@pytest.mark.parametrize(
    "host",
    [
        EVIL,
        f"{EVIL}:8321",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        f"127.0.0.1@{EVIL}",
        f"{EVIL}#127.0.0.1",
        "192.0.2.1",
        "",
        "[",
        "[::1",
        "[]",
        "localhost:x",
        "a b",
        "\xff",
        "0.0.0.0",  # noqa: S104 - an attacker's
    ],
)
def test_a_name_of_somebody_else_that_leads_to_loopback_is_refused(site: Site, host: str) -> None:
    answer = Browser(site).client.get("/sign-in", headers=[(b"host", host.encode("latin-1"))])

    assert answer.status_code == 421
    assert "not known by that name" in answer.text


@pytest.mark.parametrize("path", ["/", "/sign-in", "/api/v1/runs", "/live/desk", "/static/desk.css", "/metrics"])
def test_no_part_of_it_answers_to_such_a_name(site: Site, path: str) -> None:
    assert Browser(site).client.get(path, headers={"host": EVIL}).status_code == 421


def test_a_desk_that_knows_its_people_answers_to_any_name_until_it_is_told_its_own(known: Desk) -> None:
    assert status(site_of(known), "desk.lan:8321") == 200

    told = site_of(known, public="https://desk.example.com")
    assert [status(told, host) for host in ("desk.example.com", "127.0.0.1:8321", EVIL)] == [200, 200, 421]


@pytest.mark.parametrize(
    ("public", "host", "origin", "expected"),
    [
        (None, "desk.lan:8321", "http://desk.lan:8321", True),
        (None, "desk.lan:8321", "http://desk.lan", False),
        (None, "desk.lan:8321", "http://desk.lan:8321.evil.example", False),
        (None, "desk.lan:8321", "null", False),
        (None, "desk.lan:8321", "http://[", False),
        (None, "desk.lan:8321", "", False),
        ("https://desk.example.com", "127.0.0.1:8321", "https://desk.example.com", True),
        ("https://desk.example.com", "127.0.0.1:8321", "https://evil.example", False),
    ],
)
def test_a_form_comes_from_a_page_of_ours_also_behind_a_proxy(
    known: Desk, public: str | None, host: str, origin: str, *, expected: bool
) -> None:
    client = Browser(site_of(known, public=public)).client

    answer = client.post("/sign-in", data={"name": "x"}, headers={"host": host, "origin": origin})

    assert ("came from a page of somebody else" not in answer.text) is expected


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_loopback_is_what_only_this_machine_reaches(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "", "localhost.evil.example"])  # noqa: S104
def test_every_other_address_may_be_reached_by_others(host: str) -> None:
    assert not is_loopback(host)


def test_a_monitor_behind_the_proxy_scrapes_under_an_inner_name_and_with_a_token(known: Desk) -> None:
    client = Browser(site_of(known, public="https://desk.example.com")).client
    inner = {"host": "desk.internal:8321"}
    token = make_token("cy", "prometheus", office=known.office)

    assert client.get("/metrics", headers=inner).status_code == 401
    assert client.get("/metrics", headers=inner | {"authorization": f"Bearer {token}"}).status_code == 200
    assert client.get("/", headers=inner).status_code == 421
