"""Posts of ours, so that a new one can link to them and does not repeat them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.tools.answers import fit
from crewdesk.tools.materials import Materials
from crewdesk.tools.published import published_posts
from crewdesk.tools.settings import Settings
from crewdesk.tools.stop_words import stop_words
from crewdesk.tools.words import keys

About = Annotated[str, Field(description="Only posts that share a word with this; empty for all of them.")]


class PostsSettings(Settings):
    """Settings of `kind: posts`."""

    connector: str = Field(description="Name in connectors.yaml of the site.")


def our_posts(about: About = "", *, settings: PostsSettings, materials: Materials) -> JsonObject:
    """List the posts that are on our site already, with title, slug, description and keywords.

    With `about`, only related ones, most related first; else newest first.
    """
    posts = published_posts(settings.connector, materials)
    if posts is None:
        return {"posts": [], "found": 0, "published": None, "problems": ["This site cannot list its posts."]}
    related = _related(posts, about) if about.strip() else posts
    answer: JsonObject = {"posts": list[Json](related), "found": len(related), "published": len(posts)}
    return fit(answer, shorten="posts", longest=settings.longest)


def _related(posts: list[JsonObject], about: str) -> list[JsonObject]:
    meant = keys(about, stop=stop_words("en"))
    shared = [len(meant & keys(_text(post), stop=frozenset())) for post in posts]
    order = sorted(range(len(posts)), key=lambda at: -shared[at])
    return [posts[at] for at in order if shared[at]]


def _text(post: JsonObject) -> str:
    return " ; ".join(str(post.get(name, "")) for name in ("title", "description", "keywords"))
