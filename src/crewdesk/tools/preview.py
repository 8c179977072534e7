"""Where a post would appear, and whether that address is free."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.errors import DeliveryError
from crewdesk.tools.materials import Materials
from crewdesk.tools.published import named_connector, published_posts
from crewdesk.tools.settings import Settings

Slug = Annotated[str, Field(description="Last part of the address; empty for the approved post's own.")]


class PreviewSettings(Settings):
    """Settings of `kind: preview`."""

    connector: str = Field(description="Name in connectors.yaml of the site.")
    task: str = Field(default="optimise", description="Task whose accepted output is the post.")


def preview_publication(slug: Slug = "", *, settings: PreviewSettings, materials: Materials) -> JsonObject:
    """Say where the post will appear and whether that address is free, without touching anything.

    `free` is null where the site cannot tell; `taken_by` is the title of the post that stands there.
    """
    post = materials.work(settings.task)
    wanted = slug.strip() or str((post or {}).get("slug", ""))
    if not wanted:
        raise ValueError(f"There is no post by {settings.task!r} yet; give the slug you want to look at.")
    try:
        address = named_connector(settings.connector, materials).address(_body(wanted, post))
    except DeliveryError as error:
        raise ValueError(f"{error.message} {error.hint}".strip()) from error
    posts = published_posts(settings.connector, materials)
    there = next((one for one in posts or [] if one.get("slug") == wanted), None)
    answer: dict[str, Json] = {"address": address, "slug": wanted, "free": None if posts is None else there is None}
    if there is not None:
        answer["taken_by"] = there.get("title")
    if post is not None and post.get("slug") != wanted:
        answer["problems"] = [f"The approved post has another slug: {post.get('slug')!r}."]
    return answer


def _body(slug: str, post: JsonObject | None) -> JsonObject:
    """Take the post with this slug; a site that wants a whole post for an address gets one of that name."""
    return {**(post or {"title": slug, "description": slug, "body": slug}), "slug": slug}
