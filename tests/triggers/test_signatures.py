"""Who sent a message is known for sure, or the message is refused; a second time is recognised by what was signed."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewdesk.errors import NotProven
from crewdesk.triggers.signatures import Message, Signature, Terms, occasion, prove
from support.gates import START
from support.hooks import HOST, HUBSPOT_EVENT, NOW, PULL_REQUEST, SECRET, from_github, from_hubspot, from_us, message

TERMS = Terms(SECRET, "5m", START)
SENDERS: dict[Signature, Any] = {"github": from_github, "hubspot": from_hubspot, "hmac": from_us}


def reason(kind: Signature, sent: Message, terms: Terms = TERMS) -> str:
    with pytest.raises(NotProven) as refused:
        prove(kind, sent, terms)
    return refused.value.message


# --- the examples that senders publish ---


def test_the_example_of_githubs_documentation_is_accepted() -> None:
    signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    sent = message("/github", b"Hello, World!", ("x-hub-signature-256", signature))

    assert len(prove("github", sent, TERMS)) == 64


def test_the_example_of_hubspots_own_library_is_accepted() -> None:
    sent = message(
        "/hubspot",
        b"{'example_field':'example_value'}",
        ("x-hubspot-signature-v3", "HPW73RUtKmcYoEDADG0s6MmGFWUzWJKAW07r8RDgcQw="),
        ("x-hubspot-request-timestamp", "15000000"),
        uri="https://www.example.com/webhook_uri",
    )

    proved = prove("hubspot", sent, Terms("yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy", "5m", "1970-01-01T04:10:00+00:00"))

    assert len(proved) == 64


def test_our_own_example_is_accepted() -> None:
    # printf '%s' '1795341600.{"topic":"gates"}' | openssl dgst -sha256 -hmac "It's a Secret to Everybody"
    signature = "sha256=576777b55c26d920751750a62b1a321e433666663906220fdbb946e7c1b13470"

    sent = message(
        "/own", b'{"topic":"gates"}', ("x-crewdesk-timestamp", str(NOW)), ("x-crewdesk-signature", signature)
    )

    assert len(prove("hmac", sent, TERMS)) == 64


# --- what is refused ---


@pytest.mark.parametrize("kind", SENDERS)
def test_another_secret_proves_nothing(kind: Signature) -> None:
    sent = SENDERS[kind](PULL_REQUEST)

    assert "is not the one" in reason(kind, sent, Terms("another secret", "5m", START))


@pytest.mark.parametrize("kind", SENDERS)
def test_the_signature_of_one_message_does_not_fit_another(kind: Signature) -> None:
    sent = dataclasses.replace(SENDERS[kind](PULL_REQUEST), body=SENDERS[kind]({"action": "closed"}).body)

    assert "is not the one" in reason(kind, sent)


@pytest.mark.parametrize("kind", SENDERS)
def test_each_header_must_be_there_and_once(kind: Signature) -> None:
    sent = SENDERS[kind](PULL_REQUEST)

    for i, (name, value) in enumerate(sent.headers):
        left = sent.headers[:i] + sent.headers[i + 1 :]
        assert reason(kind, dataclasses.replace(sent, headers=left)) == f"{name} is missing."
        twice = (*sent.headers, (name, value))
        assert reason(kind, dataclasses.replace(sent, headers=twice)) == f"{name} is there 2 times."


@pytest.mark.parametrize("given", ["", "sha256=", "sha256=é", "757107", "sha1=757107", "\udcff", "sha256=" + "0" * 64])
@pytest.mark.parametrize("kind", SENDERS)
def test_anything_else_for_a_signature_is_refused(kind: Signature, given: str) -> None:
    sent = SENDERS[kind](PULL_REQUEST)
    name = next(header for header, _ in sent.headers if "signature" in header)
    changed = tuple((header, given if header == name else value) for header, value in sent.headers)

    assert "is not the one" in reason(kind, dataclasses.replace(sent, headers=changed))


@pytest.mark.parametrize(("kind", "unit"), [("hubspot", 1000), ("hmac", 1)])
def test_a_message_is_taken_for_five_minutes_by_either_clock(kind: Signature, unit: int) -> None:
    for seconds in (-300, 0, 300):
        assert prove(kind, SENDERS[kind](PULL_REQUEST, at=(NOW + seconds) * unit), TERMS)

    assert "301 s old" in reason(kind, SENDERS[kind](PULL_REQUEST, at=(NOW - 301) * unit))
    assert "301 s ahead" in reason(kind, SENDERS[kind](PULL_REQUEST, at=(NOW + 301) * unit))


@pytest.mark.parametrize("at", ["", "now", "1e9", "-1", "1.5", "١٧٩", " 1795341600", "9" * 16, "NaN"])
@pytest.mark.parametrize("kind", ["hubspot", "hmac"])
def test_a_time_is_a_number_and_nothing_else(kind: Signature, at: str) -> None:
    assert "is no time" in reason(kind, SENDERS[kind](PULL_REQUEST, at=at))


@pytest.mark.parametrize("key", ["{", '["a"]', "a b", "a/b", "k" * 201, "ä"])
def test_a_key_that_could_be_taken_for_the_body_is_refused(key: str) -> None:
    assert "idempotency-key may have" in reason("hmac", from_us(PULL_REQUEST, key=key))


def test_nobody_can_move_the_border_between_key_and_body() -> None:
    sent = from_us({"a": 1}, key="k1")
    without = dataclasses.replace(sent, headers=sent.headers[:2])
    other = dataclasses.replace(sent, headers=(*sent.headers[:2], ("idempotency-key", "k2")))

    assert "is not the one" in reason("hmac", without)
    assert "is not the one" in reason("hmac", other)


# --- addresses ---


def test_hubspot_signs_its_address_partly_decoded() -> None:
    sent = f"{HOST}/hooks/hubspot?a=%3A%2f%3F%40%21%24%27%28%29%2A%2C%3B&b=%20%26%3D%C3%A9"
    signed = f"{HOST}/hooks/hubspot?a=:/?@!$'()*,;&b=%20%26%3D%C3%A9"

    assert prove("hubspot", from_hubspot(PULL_REQUEST, uri=sent, signed=signed), TERMS)


@pytest.mark.parametrize(
    "uri", ["http://desk.example.com/hooks/hubspot", f"{HOST}/hooks/other", f"{HOST}/hooks/hubspot?a"]
)
def test_hubspots_signature_holds_for_one_address_only(uri: str) -> None:
    sent = dataclasses.replace(from_hubspot(PULL_REQUEST), uri=uri)

    assert "is not the one" in reason("hubspot", sent)


# --- once more ---


def test_github_tells_messages_apart_by_their_body_alone() -> None:
    first = prove("github", from_github(PULL_REQUEST, ("x-github-delivery", "one")), TERMS)

    assert prove("github", from_github(PULL_REQUEST, ("x-github-delivery", "two")), TERMS) == first
    assert prove("github", from_github({**PULL_REQUEST, "action": "closed"}), TERMS) != first


def test_our_messages_are_told_apart_by_time_and_body_or_by_their_key() -> None:
    def told(**more: Any) -> str:
        return prove("hmac", from_us(PULL_REQUEST, **more), TERMS)

    assert told() == told()
    assert told(at=NOW + 1) != told()
    assert told(key="k1", at=NOW + 1) == told(key="k1") != told(key="k2")


def test_hubspots_events_are_known_again_in_another_message() -> None:
    again = {**HUBSPOT_EVENT, "attemptNumber": 1}
    other = {**HUBSPOT_EVENT, "eventId": 101}

    first = occasion("hubspot", "message 1", 0, 1, HUBSPOT_EVENT)

    assert occasion("hubspot", "message 2", 5, 9, again) == first
    assert occasion("hubspot", "message 1", 0, 1, other) != first


def test_the_parts_of_a_list_are_told_apart_by_their_place() -> None:
    assert [occasion("hmac", "it", i, 2, {}) for i in range(2)] == ["it-1", "it-2"]
    assert occasion("hmac", "it", 0, 1, {}) == "it"


# --- whatever is changed ---


@given(kind=st.sampled_from(sorted(SENDERS)), place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_no_changed_byte_is_ever_accepted(kind: Signature, place: float, flip: int) -> None:
    sent = SENDERS[kind](PULL_REQUEST, **({"key": "k1"} if kind == "hmac" else {}))
    parts = [sent.body, *(value.encode("latin-1") for _, value in sent.headers)]
    at = int(place * sum(map(len, parts)))
    for i, part in enumerate(parts):
        if at < len(part):
            parts[i] = part[:at] + bytes([part[at] ^ flip]) + part[at + 1 :]
            break
        at -= len(part)
    headers = tuple((name, v.decode("latin-1")) for (name, _), v in zip(sent.headers, parts[1:], strict=True))

    with pytest.raises(NotProven):
        prove(kind, dataclasses.replace(sent, body=parts[0], headers=headers), TERMS)


@given(kind=st.sampled_from(sorted(SENDERS)), body=st.binary(max_size=200), secret=st.text(min_size=1, max_size=40))
def test_any_body_under_any_other_secret_is_refused(kind: Signature, body: bytes, secret: str) -> None:
    sent = SENDERS[kind](body)
    secret = secret.encode("utf-8", "replace").decode() + "x"

    with pytest.raises(NotProven):
        prove(kind, sent, dataclasses.replace(TERMS, secret=secret))
