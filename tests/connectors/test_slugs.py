"""A slug is one plain path segment, or it is refused."""

from __future__ import annotations

import pytest

from crewdesk.connectors.slugs import safe_slug
from crewdesk.errors import DeliveryRefused


@pytest.mark.parametrize(
    "slug",
    ["where-people-belong", "版本-2", "أين-مكان-الإنسان", "été_2025~a", "rocket-🚀", "a" * 80, "版" * 80, "v1.2"],
)
def test_a_slug_in_any_script_is_taken_as_it_is(slug: str) -> None:
    assert safe_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    [
        *("", ".", "..", "...", "../../x", "/etc", "a/b", "a\\b", "..\\x", ".hidden", "dot.", "C:x"),
        *("a b", "a\tb", "a\nb", "a\x00b", "a\x7fb", "a\u00a0b", "a\u2028b", "a\u202eb", "\ud800"),
        *("a?b", "a#b", "a%2fb", "a&b", "a*b", 'a"b', "a<b>", "a|b", "a" * 81, "🚀" * 61),
    ],
)
def test_anything_that_is_more_or_less_than_one_segment_is_refused_with_the_reason(slug: str) -> None:
    with pytest.raises(DeliveryRefused, match=r"cannot be an address: it .+\.$") as refused:
        safe_slug(slug)

    assert "Edit the post" in refused.value.hint
