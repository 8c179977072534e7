"""A post of the site: what its record says, in the shape that pages are made from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from crewdesk.connectors.languages import LANGUAGE_TAG
from crewdesk.connectors.records import Kept
from crewdesk.connectors.slugs import safe_slug
from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import DeliveryFailed, DeliveryRefused

# Characters that XML has no spelling for would break the feed; no reader misses them.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _plain(text: str) -> str:
    return _NO_XML.sub("", text)


def _language_or_none(tag: str) -> str:
    return tag if LANGUAGE_TAG.fullmatch(tag) else ""


Text = Annotated[str, AfterValidator(_plain)]


class Part(BaseModel):
    """A part of a post's body; fields that pages do not need are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Link(Part):
    """Words of the body that lead to another post."""

    anchor: Text
    slug: str


class Source(Part):
    """A source that footnotes name by its id."""

    id: str
    title: Text = ""
    location: Text = ""


class PostBody(Part):
    """What pages need of an approved post."""

    title: Text = Field(min_length=1)
    description: Text = ""
    slug: Annotated[str, AfterValidator(safe_slug)]
    keywords: list[Text] = Field(default_factory=list[str])
    language: Annotated[str, AfterValidator(_language_or_none)] = ""
    """Empty where the tag is none; the site's language then holds."""
    body: Text = Field(min_length=1)
    links: list[Link] = Field(default_factory=list[Link])
    sources: list[Source] = Field(default_factory=list[Source])


@dataclass(frozen=True)
class PublishedPost:
    """A post as its record has it."""

    key: str
    sha: str
    delivered: datetime
    body: PostBody
    path: str = field(default="", repr=False)
    """Its folder under the site's, percent-encoded, as addresses have it."""


def parse_body(body: JsonObject) -> PostBody:
    """Parse an approved post; raises `DeliveryRefused` where it is none, or its slug cannot be an address."""
    try:
        return PostBody.model_validate(body)
    except ValidationError as wrong:
        places = ", ".join(sorted({".".join(str(part) for part in detail["loc"]) for detail in wrong.errors()}))
        raise DeliveryRefused(
            f"This is no post that the site can carry: look at {places}.",
            hint="Edit the post, or send its task back with notes.",
        ) from wrong


def post_path(slug: str) -> str:
    """Say where a post stands under the site, percent-encoded and without slashes at the ends."""
    return f"posts/{quote(slug, safe='~')}"


def read_post(kept: Kept) -> PublishedPost:
    """Make a post of its record; raises `DeliveryFailed` where the record stands in another post's folder."""
    try:
        body = parse_body(dict(kept.record.body))
    except DeliveryRefused as error:
        raise DeliveryFailed(f"{kept.path} holds no post: {error.message}", hint=error.hint) from error
    if unicodedata.normalize("NFC", kept.path.parent.name) != unicodedata.normalize("NFC", body.slug):
        raise DeliveryFailed(
            f"{kept.path} belongs in a folder called {body.slug!r}.",
            hint="Give the folder its name back; pages are made from what stands in it.",
        )
    record = kept.record
    return PublishedPost(record.key, record.sha, record.delivered, body, post_path(body.slug))
