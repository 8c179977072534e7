"""In and out: a session is new, well kept, ends when it should; guessing is slow; nobody is led astray."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from httpx import Response

from crewdesk.desk.sign_in import IDLE, session_of
from crewdesk.facade import Desk
from crewdesk.web.site import Site
from support.gates import Clock
from support.people import password_of, peopled_desk
from support.web import Browser, site_of

OTHER_PLACE = "198.51.100.7"


@pytest.fixture(name="known")
def _known(tmp_path: Path, clock: Clock) -> Desk:
    """A desk that knows its people."""
    return peopled_desk(tmp_path, clock)


@pytest.fixture(name="door")
def _door(known: Desk) -> Iterator[Browser]:
    """A browser before the door of that desk."""
    browser = Browser(site_of(known))
    with browser.client:
        yield browser


def tries(browser: Browser, name: str = "ada", password: str = "", **more: str) -> Response:
    return browser.client.post("/sign-in", data={"name": name, "password": password or password_of(name)} | more)


def cookie_of(answer: Response) -> tuple[str, str, dict[str, str]]:
    """Name, value and what else is said of the cookie that an answer sets."""
    jar = SimpleCookie(answer.headers["set-cookie"])
    ((name, morsel),) = jar.items()
    return name, morsel.value, {key: str(value) for key, value in morsel.items() if value}


def person_of(secret: str, desk: Desk) -> str | None:
    found = session_of(secret, office=desk.office)
    return None if found is None else found[0].person


def test_whoever_comes_to_a_page_is_led_to_the_door_and_back_again(door: Browser) -> None:
    asked = door.get("/audit?who=ada")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=%2Faudit%3Fwho%3Dada")

    door.get(asked.headers["location"])
    answer = tries(door, next="/audit?who=ada")

    assert 'name="next" value="/audit?who=ada"' in door.page
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit?who=ada")
    assert door.get("/").status_code == 200


def test_the_cookie_of_a_visit_is_out_of_reach_of_scripts_and_other_sites(door: Browser) -> None:
    name, secret, said = cookie_of(tries(door))

    assert name == "crewdesk"
    assert len(secret) >= 43
    assert said == {"path": "/", "httponly": "True", "samesite": "lax"}


def test_over_https_it_is_for_this_host_alone_and_never_sent_in_clear(known: Desk) -> None:
    browser = Browser(site_of(known, public="https://desk.example.com"), host="desk.example.com")

    name, _, said = cookie_of(tries(browser))

    assert name == "__Host-crewdesk"
    assert said == {"path": "/", "httponly": "True", "samesite": "lax", "secure": "True"}
    assert browser.get("/").status_code == 200
    assert "max-age=" in browser.client.get("/").headers["strict-transport-security"]


def test_a_cookie_that_somebody_else_planted_never_becomes_a_visit(door: Browser, known: Desk) -> None:
    planted = "a-secret-that-an-attacker-knows-as-well-0123456"
    door.client.cookies.set("crewdesk", planted)

    _, secret, _ = cookie_of(tries(door))

    assert secret != planted
    assert person_of(planted, known) is None
    assert person_of(secret, known) == "ada"


def test_coming_in_again_ends_the_visit_one_came_with(door: Browser, known: Desk) -> None:
    _, first, _ = cookie_of(tries(door, "bo"))

    _, second, _ = cookie_of(tries(door, "ada"))

    assert (person_of(first, known), person_of(second, known)) == (None, "ada")


def test_a_failed_try_leaves_the_visit_one_has(door: Browser, known: Desk) -> None:
    _, secret, _ = cookie_of(tries(door, "bo"))

    tries(door, "ada", "wrong")

    assert person_of(secret, known) == "bo"


def test_who_signs_out_is_out_and_the_cookie_is_gone(door: Browser, known: Desk) -> None:
    _, secret, _ = cookie_of(tries(door))
    door.get("/")

    answer = door.post("/sign-out")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert person_of(secret, known) is None
    assert "crewdesk" not in door.client.cookies
    door.client.cookies.set("crewdesk", secret)
    assert door.get("/").status_code == 303


def test_looking_at_the_way_out_signs_nobody_out(door: Browser, known: Desk) -> None:
    _, secret, _ = cookie_of(tries(door))

    assert door.get("/sign-out").status_code == 404
    assert person_of(secret, known) == "ada"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n//evil.example",
        " //evil.example",
        "/x\r\nSet-Cookie: crewdesk=planted",
        "javascript:alert(1)",
        "//[",
        "http://[::1",
        "evil.example",
        "/sign-out",
        "",
    ],
)
def test_whoever_comes_in_stays_at_this_desk(door: Browser, address: str) -> None:
    answer = tries(door, next=address)
    shown = door.get("/sign-in", params={"next": address})

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers.get_list("set-cookie") == [answer.headers["set-cookie"]]
    assert 'name="next" value="/"' in shown.text


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_nobody_is_signed_in_by_a_page_of_somebody_else(door: Browser, headers: dict[str, str]) -> None:
    form = {"name": "ada", "password": password_of("ada")}

    answer = door.client.post("/sign-in", data=form, headers=headers)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "came from a page of somebody else" in answer.text


def test_after_five_failures_even_the_right_password_waits(door: Browser) -> None:
    failed = [tries(door, "ada", "wrong").status_code for _ in range(5)]

    answer = tries(door)

    assert failed == [403] * 5
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Too many tries" in answer.text
    assert "set-cookie" not in answer.headers


def test_others_and_oneself_from_elsewhere_need_not_wait(known: Desk) -> None:
    same = site_of(known)
    attacker, owner = Browser(same, place="203.0.113.9"), Browser(same, place=OTHER_PLACE)
    for _ in range(6):
        tries(attacker, "ada", "wrong")

    assert tries(attacker, "ada").status_code == 429
    assert tries(attacker, "bo").status_code == 303
    assert tries(owner, "ada").status_code == 303


def test_the_door_shows_nothing_of_what_was_typed_but_the_name(door: Browser) -> None:
    answer = tries(door, '"><script>alert(1)</script>', "s3cret-typed-by-mistake")

    assert answer.status_code == 403
    assert "s3cret-typed-by-mistake" not in answer.text
    assert "<script>alert" not in answer.text


def test_a_visit_that_is_over_is_led_to_the_door(door: Browser, clock: Clock) -> None:
    tries(door)
    clock.forward(seconds=IDLE.total_seconds())

    assert door.get("/").headers["location"] == "/sign-in?next=%2F"


def test_what_somebody_does_after_their_visit_is_over_is_not_done_and_said_so(door: Browser, clock: Clock) -> None:
    tries(door)
    door.get("/people")
    clock.forward(seconds=IDLE.total_seconds())

    answer = door.post("/people/tokens", {"label": "late"})

    assert answer.status_code == 401
    assert "You are signed out" in answer.text


def test_a_broken_file_of_people_stands_in_the_log_of_the_desk(
    door: Browser, known: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    tries(door)
    (known.settings.config / "people.yaml").write_text("people:\n  ada: {nmae: Ada}\n", "utf-8")

    assert door.get("/").status_code == 503

    assert "people.yaml:2: unknown key 'nmae'" in caplog.text


def test_who_is_signed_out_over_a_form_comes_back_to_its_page(door: Browser) -> None:
    came = f"{door.client.base_url}/outbox?run=7KQ2&status=failed"

    answer = door.client.post("/outbox", data={}, headers={"referer": came})

    assert answer.status_code == 401
    assert '<a href="/sign-in?next=/outbox%3Frun%3D7KQ2%26status%3Dfailed">Sign in</a>' in answer.text


def test_who_is_taken_out_of_people_yaml_is_out_at_the_next_click(door: Browser, known: Desk) -> None:
    tries(door, "bo")
    assert door.get("/").status_code == 200
    file = known.settings.config / "people.yaml"

    file.write_text(file.read_text("utf-8").replace("  bo: {name: Bo, approves: [content]}\n", ""), "utf-8")

    assert door.get("/").status_code == 303


def test_where_nobody_is_known_a_name_is_enough_and_marked(site: Site) -> None:
    browser = Browser(site)

    assert "takes you at your word" in browser.client.get("/sign-in").text.replace("\n", " ")
    browser.come_in("Ada")
    browser.get("/")

    assert "Ada not authenticated" in browser.text


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "x\x1b[2J"])
def test_nobody_comes_in_without_a_name(site: Site, name: str) -> None:
    answer = Browser(site).client.post("/sign-in", data={"name": name})

    assert (answer.status_code, "Say who you are" in answer.text) == (422, True)


def test_when_the_first_person_is_added_typed_visits_are_over(web: Desk, site: Site) -> None:
    browser = Browser(site).come_in("Ada")
    assert browser.get("/").status_code == 200

    (web.settings.config / "people.yaml").write_text("people:\n  ada: {name: Ada, admin: true}\n", "utf-8")

    assert browser.get("/").status_code == 303
    assert 'name="password"' in browser.client.get("/sign-in").text


def test_a_desk_whose_people_are_gone_lets_nobody_in_and_says_why(door: Browser, known: Desk) -> None:
    tries(door)
    (known.settings.config / "people.yaml").unlink()

    pages = [door.get(path) for path in ("/", "/sign-in", "/people", "/live/desk")]
    sent = [door.client.post("/sign-in", data={"name": "Mallory"}), door.client.get("/api/v1/me")]

    assert [answer.status_code for answer in [*pages, *sent]] == [503] * 6
    assert "names nobody any more, so nobody gets in" in pages[0].text
    assert all("set-cookie" not in answer.headers for answer in sent)
