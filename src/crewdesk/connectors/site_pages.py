"""Every page of the site from its posts: the same posts give the same bytes, whenever and wherever."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crewdesk.connectors.languages import date_words, direction, reading_minutes, words_for
from crewdesk.connectors.markdown import render_markdown
from crewdesk.connectors.settings import SiteSettings
from crewdesk.connectors.site_posts import PublishedPost, post_path
from crewdesk.domain.canonical import JsonObject

TEMPLATES = Path(__file__).parent / "templates"
FEED_POSTS = 20


def render_site(settings: SiteSettings, posts: Sequence[PublishedPost]) -> dict[str, bytes]:
    """Render all files of the site by their path under its folder; `posts` are newest first."""
    slugs = {post.body.slug for post in posts}
    templates = _Templates(settings)
    pages = {f"posts/{post.body.slug}/index.html": _post_page(templates, settings, post, slugs) for post in posts}
    feed = [_feed_item(settings, post, slugs) for post in posts[:FEED_POSTS]]
    listed = [_listed(settings, post) for post in posts]
    pages |= {
        "index.html": templates.fill("index.html", posts=listed, words=words_for(settings.language)),
        "feed.xml": templates.fill("feed.xml", items=feed),
        "sitemap.xml": templates.fill("sitemap.xml", posts=listed),
        "style.css": (TEMPLATES / "style.css").read_text(encoding="utf-8"),
    }
    return {path: text.encode() for path, text in pages.items()}


class _Templates:
    """Our templates, each filled with the site's settings and what the page needs."""

    def __init__(self, settings: SiteSettings) -> None:
        self._always = {"site": settings, "direction": direction}
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def fill(self, name: str, **values: object) -> str:
        return self._environment.get_template(name).render(**self._always, **values)


def _language(settings: SiteSettings, post: PublishedPost) -> str:
    return post.body.language or settings.language


def _neighbour(slugs: set[str], own: str, spell: Callable[[str], str]) -> Callable[[str], str | None]:
    return lambda slug: spell(slug) if slug in slugs and slug != own else None


def _post_page(templates: _Templates, settings: SiteSettings, post: PublishedPost, slugs: set[str]) -> str:
    language = _language(settings, post)
    words = words_for(language)
    # A browser that opens a file does not know that a folder means its index.html, so links name it.
    address_of = _neighbour(slugs, post.body.slug, lambda slug: f"../{quote(slug, safe='~')}/index.html")
    rendered = render_markdown(post.body, words=words, address_of=address_of)
    return templates.fill(
        "post.html",
        post=_listed(settings, post),
        keywords=post.body.keywords,
        sha=post.sha,
        minutes=words.minutes.format(n=reading_minutes(rendered.text)),
        words=words,
        html=rendered.html,
        facts=_structured_data(settings, post),
    )


def _listed(settings: SiteSettings, post: PublishedPost) -> dict[str, str]:
    language = _language(settings, post)
    return {
        "title": post.body.title,
        "description": post.body.description,
        "language": language,
        "href": f"{post.path}/index.html",
        "url": _url(settings, post),
        "date": post.delivered.isoformat().replace("+00:00", "Z"),
        "day": date_words(post.delivered, language),
    }


def _url(settings: SiteSettings, post: PublishedPost) -> str:
    return f"{settings.base_url}/{post.path}/"


def _feed_item(settings: SiteSettings, post: PublishedPost, slugs: set[str]) -> dict[str, object]:
    address_of = _neighbour(slugs, post.body.slug, lambda slug: f"{settings.base_url}/{post_path(slug)}/")
    words = words_for(_language(settings, post))
    rendered = render_markdown(post.body, words=words, address_of=address_of, base=_url(settings, post))
    return {
        "post": post.body,
        "url": _url(settings, post),
        "date": format_datetime(post.delivered, usegmt=False),
        "html": rendered.html,
    }


def _structured_data(settings: SiteSettings, post: PublishedPost) -> JsonObject:
    return {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": post.body.title,
        "description": post.body.description,
        "datePublished": post.delivered.isoformat(),
        "inLanguage": _language(settings, post),
        "keywords": ", ".join(post.body.keywords),
        "mainEntityOfPage": _url(settings, post),
        "url": _url(settings, post),
        "publisher": {"@type": "Organization", "name": settings.title, "url": f"{settings.base_url}/"},
        "author": {"@type": "Organization", "name": settings.title, "url": f"{settings.base_url}/"},
    }
