"""Typed outputs of the content crew, in the order in which they come about."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from crewdesk.crews.output import Output


class Part(BaseModel):
    """A part of an output; unknown fields are refused here too."""

    model_config = ConfigDict(extra="forbid")


class TopicChoice(Output):
    """This week's topic and why it is worth a post now."""

    topic: str = Field(min_length=1, description="The topic in at most eight words.")
    angle: str = Field(description="The one question the post answers.")
    why_now: str = Field(description="What changed in the feeds, in one or two sentences.")
    passages: list[str] = Field(default_factory=list, description="Ids of the feed items this rests on.")


class Finding(Part):
    """One statement and the passages it rests on."""

    statement: str = Field(min_length=1, description="One fact, in a sentence that stands alone.")
    passages: list[str] = Field(min_length=1, description="Ids of the passages that say so.")


class Research(Output):
    """What the sources say about the topic."""

    topic: str = Field(description="The topic as it was researched.")
    summary: str = Field(description="What the sources say together, in at most five sentences.")
    findings: list[Finding] = Field(default_factory=list[Finding], description="The facts a post can be built on.")


class Draft(Output):
    """A post in the house's voice. A factual sentence ends with its sources, as in `… twice.[^gates-3]`."""

    title: str = Field(min_length=1, description="A working title.")
    language: str = Field(default="en", description="Language of the post as a BCP 47 tag.")
    body: str = Field(
        min_length=1,
        description="The post in Markdown, without the title. After each factual sentence the ids of its "
        "passages as footnotes: [^id].",
    )


class Link(Part):
    """A link to another post of ours."""

    anchor: str = Field(min_length=1, description="Words of the body that become the link.")
    slug: str = Field(min_length=1, description="Slug of the post it leads to.")


class SeoPackage(Output):
    """What a search engine and a person scanning results see of the post."""

    title: str = Field(min_length=1, max_length=70, description="Title, best under 60 characters.")
    description: str = Field(min_length=1, max_length=160, description="Meta description, 50 to 160 characters.")
    slug: str = Field(
        pattern=r"^[^\s/?#]+$", max_length=80, description="Last part of the address, words-with-hyphens."
    )
    keywords: list[str] = Field(min_length=1, max_length=10, description="What people search for, best first.")
    links: list[Link] = Field(default_factory=list[Link], description="Links to other posts of ours, if any fit.")


class Source(Part):
    """A source as the post names it."""

    id: str
    title: str
    location: str = Field(description="An address or a path a reader can follow.")


class Post(Output):
    """The post as it ships: the draft's body and the SEO package, joined by code."""

    title: str = Field(min_length=1, max_length=120)
    description: str = Field(min_length=1, max_length=160)
    slug: str = Field(pattern=r"^[^\s/?#]+$", max_length=80)
    keywords: list[str] = Field(default_factory=list)
    language: str = "en"
    body: str = Field(min_length=1)
    links: list[Link] = Field(default_factory=list[Link])
    sources: list[Source] = Field(default_factory=list[Source], description="Sources in the order of their footnotes.")


class Publication(Output):
    """The publisher's last look before the outbox takes over."""

    address: str = Field(description="Where the post will appear, as the preview said.")
    ready: bool = Field(description="Whether nothing speaks against publishing.")
    checks: list[str] = Field(default_factory=list, description="What was checked, one line each.")


class SocialDraft(Part):
    """One draft for one network."""

    network: str = Field(min_length=1, description="Name of the network as the task lists it.")
    text: str = Field(min_length=1, description="The draft, within the network's length limit, with the address.")


class SocialDrafts(Output):
    """One draft for each social network."""

    drafts: list[SocialDraft] = Field(min_length=1)
