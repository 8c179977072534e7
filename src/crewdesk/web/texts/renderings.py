"""A typed output as it will ship: a post as the site renders it, drafts as cards, anything else field by field.

HTML comes from the site's own renderer and is sanitised there; everything else is text, for a template to escape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import nh3
from pydantic import ValidationError

from crewdesk.connectors.languages import LANGUAGE_TAG, direction, reading_minutes, words_for
from crewdesk.connectors.mail.markup import html_of as html_of_mail
from crewdesk.connectors.markdown import Rendered, render_markdown
from crewdesk.connectors.site_posts import Link, PostBody, Source
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.evidence import passages_cited
from crewdesk.domain.outreach.letter import Letter
from crewdesk.domain.passages import Passage
from crewdesk.domain.text.visible import visible
from crewdesk.web.texts.changes import spelled
from crewdesk.web.texts.fields import AUTHORS_OWN, label_of, objects
from crewdesk.web.texts.marks import Marked, mark

MARKDOWN = ("body", "text", "markdown")
"""Fields whose texts are Markdown, where they are not one of many."""
CODE = ("diff", "code", "patch", "replacement", "suggestion", "output")
"""Fields whose texts are code."""
LONG_CODE = 12
"""Lines, from which on code is folded."""
LONG_TEXT = 3_000
"""Characters, from which on a text is."""
MANY = 12
"""Parts of one kind, from which on they are."""
STOPPED = ("company", "reasons")
"""What is shown of a work that says that nobody is written to."""
DEEPEST = 6


@dataclass(frozen=True)
class Part:
    """One field: its `html`, or else its `parts`, or else its `items`, or else its `text`."""

    label: str
    text: str = ""
    html: str = ""
    items: tuple[str, ...] = ()
    parts: tuple[tuple[Part, ...], ...] = ()
    """One group of parts for each object."""
    is_code: bool = False

    @property
    def folded(self) -> str:
        """How much there is of it, where it is too long to be shown at once."""
        lines = self.text.count("\n") + 1
        if self.is_code and lines > LONG_CODE:
            return f"{lines:,} lines"
        if len(self.text) > LONG_TEXT:
            return f"{len(self.text):,} characters"
        several = len(self.parts) or len(self.items)
        return f"{several:,} of them" if several > MANY else ""


@dataclass(frozen=True)
class Rendering:
    """What a person looks at before they decide."""

    parts: tuple[Part, ...]
    title: str = ""
    lede: str = ""
    minutes: str = ""
    html: str = ""
    language: str = ""
    direction: str = "ltr"
    headers: tuple[tuple[str, str], ...] = ()
    """Of a mail, as its reader sees them."""
    plain: str = ""
    """The same as plain text, where it leaves in both ways."""


@dataclass(frozen=True)
class Around:
    """What a rendering needs to know besides the output."""

    passages: Mapping[str, Passage]
    address_of: Callable[[str], str | None] = lambda _: None
    """Where another post is, by its slug."""
    sentences: Sequence[Marked] = ()
    """What to mark."""
    letter: Letter | None = None
    """The mail that a connector would make of the output."""


def render(schema: str, body: JsonObject, around: Around) -> Rendering:
    """Render a typed output; whatever it holds, this raises nothing."""
    text = body.get("body")
    if schema in ("Post", "Draft") and isinstance(text, str):
        return _post(body, text, around)
    if schema == "Outreach" and isinstance(body.get("text"), str):
        return _mail(body, around)
    told = {name: value for name, value in body.items() if name in STOPPED} if schema == "Stop" else body
    return Rendering(tuple(_parts(told, around, 0)))


def html_of(text: str) -> str:
    """Render Markdown of a few paragraphs; pictures from elsewhere are their descriptions."""
    return mark(_markdown(text, "en", [], [], Around({})).html, ())


def _post(body: JsonObject, text: str, around: Around) -> Rendering:
    language = str(body.get("language") or "en")
    links = [Link(anchor=str(one.get("anchor")), slug=str(one.get("slug"))) for one in objects(body.get("links"))]
    rendered = _markdown(text, language, _sources(body, text, around), links, around)
    shown = ("title", "description", "body", "sources", "language", *AUTHORS_OWN)
    rest = {name: value for name, value in body.items() if name not in shown and value != []}
    return Rendering(
        tuple(_parts(rest, around, 0)),
        title=str(body.get("title") or ""),
        lede=str(body.get("description") or ""),
        minutes=words_for(language).minutes.format(n=reading_minutes(rendered.text)),
        html=mark(rendered.html, around.sentences),
        language=language,
        direction=direction(language),
    )


def _mail(body: JsonObject, around: Around) -> Rendering:
    """Show a mail as the connector makes it; where none does, as it stands."""
    own = {name: str(body.get(name) or "") for name in ("to", "to_name", "subject", "text", "footer", "language")}
    footer = f"\n\n-- \n{own['footer'].strip()}" if own["footer"].strip() else ""
    html, plain = html_of_mail(own["text"] + footer, subject="", language=""), f"{own['text']}{footer}\n"
    headers = (("To", f"{own['to_name']} <{own['to']}>".strip()), ("Subject", own["subject"]))
    if around.letter is not None:
        html, plain, headers = around.letter.html, around.letter.text, around.letter.headers
    shown = ("title", "subject", "text", "to", "to_name", "language", "footer", "unsubscribe")
    rest: JsonObject = {name: value for name, value in body.items() if name not in (*shown, *AUTHORS_OWN) and value}
    return Rendering(
        tuple(_parts(rest, around, 0)),
        html=_sealed(mark(visible(_cleaned(html)), around.sentences), has_footer=bool(footer)),
        language=own["language"] if LANGUAGE_TAG.fullmatch(own["language"]) else "",
        direction=direction(own["language"] or "en"),
        headers=tuple((name, visible(value)) for name, value in headers),
        plain=visible(plain),
    )


def _cleaned(page: str) -> str:
    """Take what a mail program shows of a page, and nothing else."""
    body = page.partition("<body>")[2] or page
    return nh3.clean(body, tags={"p", "br", "a"}, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})


def _sealed(html: str, *, has_footer: bool) -> str:
    """Set the footer apart, which no edit changes."""
    before, line, footer = html.rpartition("<p>--") if has_footer else (html, "", "")
    return f'{before}<div class="fixed">{line}{footer}</div>' if line else html


def _markdown(text: str, language: str, sources: list[Source], links: list[Link], around: Around) -> Rendered:
    try:
        post = PostBody(title="-", slug="preview", body=text, language=language, links=links, sources=sources)
    except ValidationError:  # an empty text
        return Rendered("", "")
    return render_markdown(post, words=words_for(language), address_of=around.address_of)


def _sources(body: JsonObject, text: str, around: Around) -> list[Source]:
    """Take the sources that a post names; a draft names passages, which its post will name as sources."""
    named = [
        Source(id=str(one.get("id")), title=str(one.get("title", "")), location=str(one.get("location", "")))
        for one in objects(body.get("sources"))
    ]
    if "sources" in body:
        return named
    found = (around.passages.get(id_) for id_ in passages_cited(text))
    return [Source(id=one.id, title=one.title, location=one.source) for one in found if one is not None]


def _parts(body: JsonObject, around: Around, depth: int) -> Iterator[Part]:
    for name, value in body.items():
        if depth or name not in AUTHORS_OWN:
            yield _part(name, value, around, depth)


def _part(name: str, value: Json, around: Around, depth: int) -> Part:
    label = label_of(name)
    values: list[Json] = value if isinstance(value, list) else [value]
    inner = objects(values)
    if inner and len(inner) == len(values) and depth < DEEPEST:
        return Part(label, parts=tuple(tuple(_parts(one, around, depth + 1)) for one in inner))
    match value:
        case str() if name in MARKDOWN and depth == 0:
            return Part(label, html=mark(_markdown(value, "en", _sources({}, value, around), [], around).html, ()))
        case list():
            return Part(label, items=tuple(spelled(item) for item in value))
        case bool():
            return Part(label, "yes" if value else "no")
        case str() if name in CODE:
            return Part(label, visible(value), is_code=True)
        case _:
            return Part(label, spelled(value))
