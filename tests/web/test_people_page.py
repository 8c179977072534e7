"""Everybody sees who may decide what; each keeps their own password and tokens, an admin looks after all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crewdesk.desk.sign_in import make_token, owner_of_token, session_of
from crewdesk.facade import Desk
from crewdesk.web.site import Site
from support.gates import Clock
from support.people import password_of, peopled_desk
from support.web import Browser, browsing, site_of

NEW = "another long password"


@pytest.fixture(name="known")
def _known(tmp_path: Path, clock: Clock) -> Desk:
    return peopled_desk(tmp_path, clock)


@pytest.fixture(name="known_site")
def _known_site(known: Desk) -> Site:
    return site_of(known)


@pytest.fixture(name="ada")
def _ada(known_site: Site) -> Iterator[Browser]:
    """A browser of the admin, at the page."""
    with browsing(known_site, "ada", password_of("ada")) as browser:
        browser.get("/people")
        yield browser


@pytest.fixture(name="bo")
def _bo(known_site: Site) -> Iterator[Browser]:
    """A browser of somebody who decides about one crew, at the page."""
    with browsing(known_site, "bo", password_of("bo")) as browser:
        browser.get("/people")
        yield browser


def token_ids(desk: Desk, whose: str) -> list[str]:
    with desk.store.reading() as records:
        return [token.id for token in records.access.tokens(whose)]


def test_everybody_sees_who_there_is_and_who_may_decide_about_which_crew(bo: Browser) -> None:
    assert "Ada Byron ada admin everything" in bo.text
    assert "Bo you bo start and decide: content" in bo.text
    assert "Cy cy look" in bo.text
    assert "content Ada Byron, Bo outreach Ada Byron review Ada Byron weekly Ada Byron, Di" in bo.text
    assert "config/people.yaml" in bo.text


def test_only_an_admin_sees_who_has_a_password_and_was_here(ada: Browser, bo: Browser) -> None:
    assert "Here last" in ada.text
    assert "Here last" not in bo.text
    assert "Sign Cy out everywhere" not in bo.page


def test_a_desk_that_knows_nobody_says_how_to_add_people(browser: Browser) -> None:
    browser.get("/people")

    assert "crewdesk people add NAME" in browser.text
    assert 'name="old"' not in browser.page


def test_a_changed_password_ends_other_visits_and_this_one_goes_on_under_a_new_secret(
    bo: Browser, known: Desk, known_site: Site
) -> None:
    before = bo.client.cookies["crewdesk"]
    with browsing(known_site, "bo", password_of("bo")) as other:
        answer = bo.post("/people/password", {"old": password_of("bo"), "new": NEW, "again": NEW})

        assert (answer.status_code, answer.headers["location"]) == (303, "/people?changed#own")
        assert other.get("/").status_code == 303
    after = bo.client.cookies["crewdesk"]
    assert after != before
    assert session_of(before, office=known.office) is None
    bo.get("/people?changed")
    assert "Your password is changed" in bo.text
    assert "httponly" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, 403, "The old password is wrong"),
        ({"new": NEW, "again": NEW}, 403, "The old password is wrong"),
        ({"old": "bo has a long password", "new": NEW, "again": "other"}, 422, "The two new passwords differ"),
        ({"old": "bo has a long password", "new": "short", "again": "short"}, 422, "12 characters at least"),
    ],
)
def test_what_is_wrong_with_a_password_is_said_at_the_form_and_nothing_changes(
    bo: Browser, known_site: Site, form: dict[str, str], status: int, words: str
) -> None:
    answer = bo.post("/people/password", form)

    assert (answer.status_code, words in answer.text) == (status, True)
    assert 'name="old"' in answer.text
    assert NEW not in answer.text
    with browsing(known_site, "bo", password_of("bo")):
        assert bo.get("/").status_code == 200


def test_who_found_an_open_browser_cannot_guess_the_password_there(bo: Browser) -> None:
    for _ in range(5):
        assert bo.post("/people/password", {"old": "guess", "new": NEW, "again": NEW}).status_code == 403

    answer = bo.post("/people/password", {"old": password_of("bo"), "new": NEW, "again": NEW})

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_the_password_of_somebody_else_is_out_of_reach(bo: Browser, known_site: Site) -> None:
    form = {"old": password_of("bo"), "new": NEW, "again": NEW, "person": "ada", "name": "ada", "username": "ada"}

    bo.post("/people/password", form)

    with browsing(known_site, "ada", password_of("ada")):
        pass


def test_a_new_token_is_shown_once_and_works(bo: Browser, known: Desk) -> None:
    answer = bo.post("/people/tokens", {"label": "the build"})

    found = re.search(r"crewdesk_[\w-]{43}", answer.text)
    assert found is not None
    owner = owner_of_token(found[0], office=known.office)
    assert owner is not None
    assert owner.id == "bo"
    assert answer.headers["cache-control"] == "no-store"
    bo.get("/people")
    assert found[0] not in bo.page
    assert "the build" in bo.text


def test_a_token_needs_to_be_for_something(bo: Browser, known: Desk) -> None:
    answer = bo.post("/people/tokens", {"label": "  "})

    assert (answer.status_code, "Say what the token is for" in answer.text) == (422, True)
    assert token_ids(known, "bo") == []


def test_ones_own_token_is_taken_back_and_nobody_elses(bo: Browser, known: Desk) -> None:
    for whose in ("bo", "ada"):
        make_token(whose, "x", office=known.office)
    (mine,), (theirs,) = token_ids(known, "bo"), token_ids(known, "ada")

    assert bo.post("/people/tokens/take-back", {"token": theirs}).status_code == 404
    assert bo.post("/people/tokens/take-back", {"token": mine}).status_code == 303

    assert (token_ids(known, "bo"), token_ids(known, "ada")) == ([], [theirs])


def test_an_admin_takes_tokens_of_others_back_and_signs_them_out(ada: Browser, bo: Browser, known: Desk) -> None:
    make_token("bo", "old script", office=known.office)
    ada.get("/people")
    assert "Tokens of others Bo old script" in ada.text

    ada.post("/people/tokens/take-back", {"token": token_ids(known, "bo")[0]})
    ada.post("/people/sign-out", {"person": "bo"})

    assert token_ids(known, "bo") == []
    assert bo.get("/").status_code == 303
    assert ada.get("/").status_code == 200


def test_nobody_but_an_admin_signs_others_out(ada: Browser, bo: Browser) -> None:
    assert bo.post("/people/sign-out", {"person": "ada"}).status_code == 403
    assert ada.get("/").status_code == 200

    assert bo.post("/people/sign-out", {"person": "bo"}).status_code == 303
    assert bo.get("/").status_code == 303


def test_looking_at_the_addresses_of_forms_changes_nothing(ada: Browser, known: Desk) -> None:
    make_token("ada", "x", office=known.office)

    for path in ("password", "tokens", "tokens/take-back", "sign-out"):
        assert ada.get(f"/people/{path}").status_code == 404

    assert len(token_ids(known, "ada")) == 1
