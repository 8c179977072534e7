"""A form counts only from our own page, for the visit it was made for, as the kind of message that forms are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from ground import ONES_OWN, Ground, deeds, ways

FORM = "application/x-www-form-urlencoded"


def forms(ground: Ground) -> list[tuple[str, Mapping[str, Any]]]:
    """Every form of a page that bo may send, with what it would do."""
    own = {
        "POST /sign-out": {},
        "POST /people/password": {"old": "bo has a long password", "new": "x" * 20, "again": "x" * 20},
        "POST /people/tokens": {"label": "mine"},
        "POST /people/sign-out": {"person": "bo"},
    }
    return [(ground.filled(d.way.split(" ")[1], **d.where), d.form) for d in deeds(ground) if d.json is None] + [
        (way.split(" ")[1], form) for way, form in own.items()
    ]


def test_every_form_of_a_page_is_tried(ground: Ground) -> None:
    pages = {str(way) for way in ways(ground.site) if way.method == "POST" and not way.path.startswith("/api/")}
    tried = {f"POST {address}" for address, _ in forms(ground)}

    assert len(pages) >= 8
    for way in pages - {"POST /sign-in", "POST /people/tokens/take-back", "POST /gates/{gate}/check"}:
        assert ground.filled(way) in tried or ground.filled(way, run=ground.failed) in tried
    assert "POST /sign-in" in ONES_OWN  # which has its own test: tests/web/test_doors.py


def test_without_the_token_of_this_very_visit_nothing_is_done(ground: Ground) -> None:
    bo, other = ground.browser("bo"), ground.browser("bo")
    before = ground.everything()

    for given in ("", "x", "0" * 64, "\u00e4", other.token):
        for address, form in forms(ground):
            in_form = bo.client.post(address, data={**form, "form_token": given})
            in_header = bo.client.post(address, data={**form, "x": "y"}, headers=[(b"x-form-token", given.encode())])
            for answer in (in_form, in_header):
                assert answer.status_code == 403, address
                assert "belongs to another visit" in answer.text

    assert ground.everything() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8321.evil.example"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:8321", "sec-fetch-site": "cross-site"},
    ],
    ids=str,
)
def test_from_a_page_of_somebody_else_nothing_is_done_even_with_the_token(
    ground: Ground, headers: dict[str, str]
) -> None:
    bo = ground.browser("bo")
    token, before = bo.token, ground.everything()

    for address, form in forms(ground):
        answer = bo.client.post(address, data={**form, "form_token": token}, headers=headers)
        assert answer.status_code == 403, address
        assert "came from a page of somebody else" in answer.text

    assert ground.everything() == before


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
def test_what_is_sent_as_something_else_than_a_form_is_none(ground: Ground, kind: str) -> None:
    bo = ground.browser("bo")
    token, before = bo.token, ground.everything()

    for address, form in forms(ground):
        body = urlencode({**form, "form_token": token}).encode()
        answer = bo.client.post(address, content=body, headers={"content-type": kind})
        assert answer.status_code == 422, address
        assert "This is no form that a page of the desk has sent" in answer.text

    assert ground.everything() == before


def test_the_form_of_our_own_page_is_taken(ground: Ground) -> None:
    bo = ground.browser("bo")
    headers = {"origin": "http://127.0.0.1:8321", "sec-fetch-site": "same-origin"}

    answer = bo.post("/people/tokens", {"label": "mine"}, headers=headers)

    assert answer.status_code == 200


def test_the_api_knows_nobody_by_their_cookie(ground: Ground) -> None:
    ada = ground.browser("ada")
    token, before = ada.token, ground.everything()

    for way in ways(ground.site):
        if way.path.startswith("/api/v1/") and not way.path.endswith("openapi.json"):
            headers = {"x-form-token": token, "origin": "http://127.0.0.1:8321"}
            answer = ada.client.request(way.method, ground.filled(way.path), headers=headers)
            assert answer.status_code == 401, way

    assert ground.everything() == before


def test_no_browser_is_told_that_other_sites_may_ask(ground: Ground) -> None:
    client = ground.browser("ada").client
    headers = {
        "origin": "https://evil.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-crewdesk-name,content-type,x-form-token",
    }

    for path in {way.path for way in ways(ground.site)}:
        answer = client.options(ground.filled(path), headers=headers)
        assert not [name for name in answer.headers if name.startswith("access-control-")], path
        assert answer.status_code >= 400, path
