"""A post's Markdown as HTML that is safe to publish: no scripts, no styles, no addresses but the web's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin

from crewdesk.connectors.languages import Words
from crewdesk.connectors.markdown_links import AddressOf, link_settings, links_plugin
from crewdesk.connectors.markdown_sources import footnote_settings, sources_plugin
from crewdesk.connectors.site_posts import PostBody

_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br"),
    *("em", "strong", "a", "bdi", "img", "sup", "section", "div", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "id", "rel", "role", "aria-label"},
    "h2": {"id", "lang", "dir"},
    **{heading: {"id"} for heading in ("h3", "h4", "h5", "h6")},
    "img": {"src", "alt", "title", "loading", "referrerpolicy"},
    "li": {"id"},
    "ol": {"start"},
    "section": {"role", "aria-labelledby"},
    "sup": {"id"},
}
_CLASSES = {
    "a": {"back"},
    "div": {"table"},
    "section": {"sources"},
    "sup": {"ref"},
    "td": {"center", "right"},
    "th": {"center", "right"},
}
_SCHEMES = {"http", "https", "mailto"}


@dataclass(frozen=True)
class Rendered:
    """A post's text as HTML, and as plain words to count."""

    html: str
    text: str


def render_markdown(post: PostBody, *, words: Words, address_of: AddressOf, base: str = "") -> Rendered:
    """Render a post's body with its links and the list of its sources, sanitised.

    `address_of` says where another post is, or None; `base` makes every address absolute, as a feed needs it.
    """
    parser = _parser()
    env: dict[str, Any] = footnote_settings(post.sources, words) | link_settings(post.links, address_of)
    tokens = parser.parse(post.body, env)
    html: str = parser.renderer.render(tokens, parser.options, env)
    return Rendered(html=sanitised(html, base=base), text=_plain_text(tokens))


def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False}).enable("table")
    md.use(sources_plugin)
    md.use(anchors_plugin, min_level=1, max_level=6, slug_func=_heading_id)
    md.use(links_plugin)
    md.core.ruler.push("tidy", _tidy)
    md.add_render_rule("table_open", _render_table_open)
    md.add_render_rule("table_close", _render_table_close)
    return md


def sanitised(html: str, *, base: str = "") -> str:
    """Keep what a post may hold and drop the rest; `base` makes every address absolute."""

    def absolute(_tag: str, attribute: str, value: str) -> str:
        return urljoin(base, value) if attribute in {"href", "src"} else value

    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        attribute_filter=absolute if base else None,
        link_rel=None,
    )


def _heading_id(title: str) -> str:
    """Make an id that no other element of a page has: those have other first words."""
    return "h-" + re.sub(r"\W+", "-", title.lower()).strip("-")


def _tidy(state: StateCore) -> None:
    """Fit the text into a page: one h1 is the page's own, no styles, images from the web only."""
    levels = [int(token.tag[1]) for token in state.tokens if token.type == "heading_open"]
    shift = 1 if 1 in levels else 0
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
        if token.type in {"th_open", "td_open"}:
            _align_by_class(token)
        token.children = [_tidy_inline(child) for child in token.children] if token.children else token.children


def _align_by_class(cell: Token) -> None:
    style = str(cell.attrs.pop("style", ""))
    side = style.removeprefix("text-align:")
    if side in {"center", "right"}:
        cell.attrSet("class", side)


def _tidy_inline(token: Token) -> Token:
    if token.type == "link_open" and str(token.attrs.get("href", "")).lower().startswith(("http:", "https:")):
        token.attrSet("rel", "noopener")
    if token.type == "image":
        return _tidy_image(token)
    return token


def _tidy_image(token: Token) -> Token:
    if not str(token.attrs.get("src", "")).lower().startswith("https://"):
        return Token("text", "", 0, content=token.content)
    token.attrSet("loading", "lazy")
    token.attrSet("referrerpolicy", "no-referrer")
    return token


def _render_table_open(*_: object) -> str:
    return '<div class="table"><table>\n'


def _render_table_close(*_: object) -> str:
    return "</table></div>\n"


def _plain_text(tokens: Sequence[Token]) -> str:
    own = takewhile(lambda token: token.type != "footnote_block_open", tokens)
    texts = [token.content for token in own if token.type in {"inline", "fence", "code_block"}]
    return "\n".join(re.sub(r"\[\^[^\]\s]+\]", "", text) for text in texts)
