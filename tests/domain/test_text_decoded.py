"""A decoded text leads back to what was written, wherever one looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewdesk.domain.text.decoded import Decoded

PIECES = st.sampled_from(
    [
        "a",
        " ",
        "王",
        "&uuml;",
        "&amp;#252;",
        "&nothing;",
        "%C3%BC",
        "%25C3%25BC",
        "%",
        "\\u00fc",
        "\\\\n",
        "\\",
        "u\u0308",
        "\u200b",
        "\uff21",
        "\u0661",
        "\u1112\u1161\u11ab",
        "\\ud83d\\ude00",
        "\\ud83d",
        "&#x110000;",
        "&#0;",
    ]
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("M&uuml;ller", "Müller"),
        ("M&amp;amp;uuml;ller", "Müller"),
        ("M%C3%BCller%2Fx", "Müller/x"),
        ("M\\\\u00fcller", "Müller"),
        ("a\\nb", "a b"),
        ("\\ud83d\\ude00", "😀"),
        ("Mu\u0308ller", "Müller"),
        ("\uff21\u200bB\u00ad", "AB"),
        ("٠٣", "03"),
        ("100 % & more, AT&T; C:\\x", "100 % & more, AT&T; C:\\x"),
    ],
)
def test_a_text_is_read_as_it_is_meant(written: str, read: str) -> None:
    assert Decoded(written).text == read


@given(st.lists(PIECES, max_size=12))
def test_every_place_leads_back_and_places_stay_in_order(pieces: list[str]) -> None:
    written = "".join(pieces)
    decoded = Decoded(written)
    places = [decoded.written(at, at + 1) for at in range(len(decoded.text))]
    assert all(0 <= start < end <= len(written) for start, end in places)
    assert places == sorted(places)
    for (start, end), sign in zip(places, decoded.text, strict=True):
        assert sign in Decoded(written[start:end]).text
