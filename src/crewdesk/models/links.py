"""Links between posts: words of one that are in another's title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.models import text
from crewdesk.models.language import Language
from crewdesk.models.materials import as_object, as_text


def find_links(posts: Sequence[Json], body: str, own_slug: str, language: Language) -> list[JsonObject]:
    """Give `{anchor, slug}` for each other post of which at least two words of weight stand in the body's prose."""
    prose = [line for line in body.splitlines() if line and not line.startswith(("#", "*", ">", "|"))]
    found: list[JsonObject] = []
    for post in map(as_object, posts):
        slug, title = as_text(post.get("slug")), as_text(post.get("title"))
        anchor = _anchor(prose, title, language)
        if slug and slug != own_slug and anchor and all(anchor != link["anchor"] for link in found):
            found.append({"anchor": anchor, "slug": slug})
    return found


def _anchor(prose: Sequence[str], title: str, language: Language) -> str:
    """Find the longest run of a title's words, at least two of weight, that stands in the body."""
    spelt = text.words(title)
    for size in range(len(spelt), 1, -1):
        for start in range(len(spelt) - size + 1):
            run = spelt[start : start + size]
            hit = _hit(prose, run) if _is_weighty(run, language) else ""
            if hit:
                return hit
    return ""


def _is_weighty(run: Sequence[str], language: Language) -> bool:
    """Begin and end with words of weight, so that a link is no torn-off half of a phrase."""
    return bool(language.terms(run[0]) and language.terms(run[-1]))


def _hit(prose: Sequence[str], run: Sequence[str]) -> str:
    pattern = re.compile(rf"(?<!\w){'[ -]'.join(map(re.escape, run))}(?!\w)", re.IGNORECASE)
    return next((hit[0] for line in prose if (hit := pattern.search(line))), "")
