"""Who may not decide or change anything cannot, by any address and any method there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from ground import (
    ENDLESS,
    HARMLESS,
    METHODS,
    ONES_OWN,
    SAFE,
    Deed,
    Ground,
    deeds,
    do,
    ground_at,
    ways,
)

STRANGERS = ("", "cy", "di")
"""Nobody; somebody who only looks; somebody who decides about another crew."""


def test_every_address_that_changes_something_is_among_the_deeds(ground: Ground) -> None:
    changing = {str(way) for way in ways(ground.site) if way.method not in SAFE}

    assert len(changing) >= 15
    assert changing == {deed.way for deed in deeds(ground)} | ONES_OWN | HARMLESS


def test_who_may_does_change_something_by_each(laid_out: Path, tmp_path: Path) -> None:
    for n, deed in enumerate(deeds(ground_at(laid_out, tmp_path / "deeds"))):
        ground = ground_at(laid_out, tmp_path / str(n))
        before = without_comings(ground.everything())

        answer = do(ground, deed, "bo")

        assert answer.status_code < 400, (deed, answer.text)
        assert without_comings(ground.everything()) != before, deed


def without_comings(everything: dict[str, list[tuple[str, ...]]]) -> dict[str, list[tuple[str, ...]]]:
    """All but what notes that somebody came, or made the token that a test gives them."""
    audit = [row for row in everything["audit"] if "token" not in row]
    return {name: rows for name, rows in everything.items() if name not in ("sessions", "tokens")} | {"audit": audit}


@pytest.mark.parametrize("who", STRANGERS)
def test_who_may_not_changes_nothing_by_any(ground: Ground, who: str) -> None:
    before = without_comings(ground.everything())

    for deed in deeds(ground):
        answer = do(ground, deed, who)

        assert answer.status_code == (403 if who else 401), (deed, answer.text)
        assert without_comings(ground.everything()) == before, deed


@pytest.mark.parametrize("who", ["", "cy"])
def test_no_method_of_any_address_changes_anything_for_who_only_looks(ground: Ground, who: str) -> None:
    browser = ground.browser(who)
    token = browser.token if who else "x"
    program = ground.program(who) if who else browser.client
    form = {"form_token": token, "verb": "approve", "sha": ground.gate.sha, "notes": "n", "reason": "r", "to": "cy"}
    before = ground.everything()

    for path in sorted({way.path for way in ways(ground.site)} - {ENDLESS}):
        for method in METHODS:
            if f"{method} {path}" in ONES_OWN:
                continue
            client = program if path.startswith("/api/") else browser.client
            answer = client.request(method, ground.filled(path), data=form)
            assert answer.status_code < 500, (method, path)

    assert ground.everything() == before


def test_looking_decides_nothing_not_even_for_an_admin(ground: Ground) -> None:
    browser, program = ground.browser("ada"), ground.program("ada")
    query = {"verb": "approve", "sha": ground.gate.sha, "form_token": browser.token, "name": "ada", "label": "x"}
    looked, before = 0, ground.everything()

    for way in ways(ground.site):
        if way.method in SAFE and way.path != ENDLESS:
            client = program if way.path.startswith("/api/") else browser.client
            for params in ({}, query):
                answer = client.request(way.method, ground.filled(way.path), params=params)
                assert answer.status_code < 500, way
                looked += answer.status_code == 200

    assert looked >= 40
    assert ground.everything() == before


def test_a_method_hidden_in_a_header_or_a_field_is_not_heard(ground: Ground) -> None:
    browser = ground.browser("ada")
    before = ground.everything()
    headers = {"x-http-method-override": "POST", "x-method-override": "POST", "hx-request": "true"}

    browser.client.get(f"/gates/{ground.gate.id}", headers=headers, params={"_method": "POST", "verb": "approve"})

    assert ground.everything() == before


def test_who_one_is_never_comes_from_a_field_or_a_header(ground: Ground) -> None:
    cy = ground.browser("cy")
    cy.get("/people")
    claims = {"by": "ada", "name": "ada", "user": "ada", "visitor": "ada", "as": "ada", "proof": "login"}
    headers = {
        "x-crewdesk-name": "ada",
        "x-forwarded-user": "ada",
        "remote-user": "ada",
        "authorization": "Basic YWRhOg==",
    }
    before = ground.everything()

    for deed in deeds(ground):
        if deed.json is None:
            address = ground.filled(deed.way.split(" ")[1], **deed.where)
            assert cy.post(address, dict(deed.form) | claims, headers=headers, params=claims).status_code == 403
        else:
            api = do(ground, Deed(deed.way, json=deed.json, where=deed.where), "")
            assert api.status_code == 401

    assert ground.everything() == before


def test_a_made_up_cookie_or_token_is_nobody(ground: Ground) -> None:
    client = ground.browser().client

    for secret in ("", "x", "crewdesk_", "0" * 64, "' OR 1=1 --", "%00", "../../x", "a" * 5000, "Bearer x"):
        assert client.get("/", headers={"cookie": f"crewdesk={secret}"}).status_code == 303
        assert client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"}).status_code == 401


def test_what_is_in_the_database_of_sessions_and_tokens_lets_nobody_in(ground: Ground) -> None:
    ground.browser("ada")
    ground.program("ada")
    with ground.desk.store.reading() as records:
        kept = [session.id for session in records.access.sessions()] + [t.id for t in records.access.tokens()]
    client = ground.browser().client

    assert len(kept) == 2
    for secret in kept:
        assert client.get("/", headers={"cookie": f"crewdesk={secret}"}).status_code == 303
        assert client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"}).status_code == 401
