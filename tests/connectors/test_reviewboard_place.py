"""What Review Board answers that it should not is told in a sentence; the rest is in tests/servers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from reviews_to_post import review, review_delivery

from crewdesk.connectors.files import Disk
from crewdesk.connectors.forge.reviewboard import ReviewBoardPlace
from crewdesk.connectors.settings import ReviewBoardSettings
from crewdesk.errors import DeliveryFailed, DeliveryRefused

URL = "https://reviews.example.com"
SESSION = {"session": {"links": {"user": {"title": "crew"}}}}


def place(answer: Callable[[httpx.Request], httpx.Response], folder: Path = Path()) -> ReviewBoardPlace:
    settings = ReviewBoardSettings(url=URL, token_env="RB")  # noqa: S106 - a name
    key = {"RB": "rbp_secret"}.get
    return ReviewBoardPlace(
        "forge", settings, folder=folder, key=key, disk=Disk(), transport=httpx.MockTransport(answer)
    )


def nobody(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


@pytest.mark.parametrize(
    ("target", "known"),
    [
        (f"{URL}/r/7/", True),
        (f"{URL}/r/7/diff/2/#index_header", True),
        (f"{URL}/r/7", True),
        (f"{URL}/r/x/", False),
        (f"{URL}/r/7x", False),
        (f"{URL}.evil.example/r/7/", False),
        ("local:/src/shop#feature", False),
    ],
)
def test_an_address_is_its_own_or_not(target: str, known: bool) -> None:  # noqa: FBT001
    assert place(nobody).knows(target) is known


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (nobody, "cannot be reached"),
        (lambda _: httpx.Response(200, text="<html>"), "does not speak as Review Board does"),
        (lambda _: httpx.Response(200, json=[]), "does not speak as Review Board does"),
        (lambda _: httpx.Response(502, text="bad"), "has trouble of its own: status 502"),
        (lambda _: httpx.Response(429, json={"err": {"msg": "slow\x1b down"}}), "It says: slow⟦U\\+001B⟧ down"),
        (lambda _: httpx.Response(401, json={"err": {"msg": "no"}}), "does not take our token"),
    ],
)
def test_whatever_goes_wrong_is_one_sentence_without_the_token(
    answer: Callable[[httpx.Request], httpx.Response], sentence: str
) -> None:
    said = review(target=f"{URL}/r/7/", head_name="diff 1")

    with pytest.raises(DeliveryFailed, match=sentence) as told:
        place(answer).find(review_delivery(said), said)
    with pytest.raises(ValueError, match=sentence):
        place(answer).pull(said.target)

    assert "rbp_secret" not in str(told.value) + told.value.hint


def test_who_is_nobody_there_posts_nothing() -> None:
    said = review(target=f"{URL}/r/7/", head_name="diff 1")
    answer = httpx.Response(200, json={"session": {"authenticated": False, "links": {}}})

    with pytest.raises(DeliveryFailed, match="Nobody is known to Review Board here") as told:
        place(lambda _: answer).find(review_delivery(said), said)

    assert "RB" in told.value.hint


def test_a_review_that_names_no_diff_is_refused() -> None:
    said = review(target=f"{URL}/r/7/", head_name="feature")

    with pytest.raises(DeliveryRefused, match="'feature' names no diff"):
        place(lambda _: httpx.Response(200, json=SESSION)).find(review_delivery(said), said)
