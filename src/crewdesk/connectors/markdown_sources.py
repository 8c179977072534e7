"""Footnotes of a post: `[^id]` in its text, a numbered list of sources at its end, linked both ways.

The footnote plugin numbers and lists them. Ours is what it lacks: definitions that come from the post's
sources instead of its text, one number for all passages of one place, nothing visible for an id without a source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from crewdesk.connectors.languages import Words, direction
from crewdesk.connectors.site_posts import Source

_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)


def sources_plugin(md: MarkdownIt) -> None:
    """Teach a parser our footnotes; `footnote_settings` makes the environment it needs."""
    footnote_plugin(md, inline=False)
    md.disable("footnote_ref")
    md.inline.ruler.before("link", "source_ref", _mention)
    md.core.ruler.before("footnote_tail", "source_definitions", _define)
    md.add_render_rule("footnote_ref", _render_ref)
    md.add_render_rule("footnote_block_open", _render_open)
    md.add_render_rule("footnote_block_close", _render_close)
    md.add_render_rule("footnote_open", _render_item)
    md.add_render_rule("footnote_anchor", _render_back)


def footnote_settings(sources: Sequence[Source], words: Words) -> dict[str, Any]:
    """Make the environment of one rendering."""
    first_at: dict[str, Source] = {}
    places = {source.id: first_at.setdefault(source.location or source.id, source) for source in sources}
    return {"sources": places, "words": words, "footnotes": {"refs": {}, "list": {}}}


def _mention(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's own signature
    match = _REFERENCE.match(state.src, state.pos, state.posMax)
    # When the parser only looks ahead for the end of a link, it would take our brackets for a link in a link.
    if match is None or silent:
        return False
    _push_mention(state, match[1])
    state.pos = match.end()
    return True


def _push_mention(state: StateInline, label: str) -> None:
    sources: Mapping[str, Source] = state.env["sources"]
    notes = state.env["footnotes"]
    label = sources[label].id if label in sources else label
    if label not in sources and f":{label}" not in notes["refs"]:
        return
    number = notes["refs"].get(f":{label}", -1)
    if number < 0:
        number = notes["refs"][f":{label}"] = len(notes["list"])
        notes["list"][number] = {"label": label, "count": 0}
    if _just_mentioned(state, number):
        return
    token = state.push("footnote_ref", "", 0)
    nth = notes["list"][number]["count"]
    token.meta = {"id": number, "subId": nth, "label": label, "in_link": state.linkLevel > 0}
    notes["list"][number]["count"] += 1


def _just_mentioned(state: StateInline, number: int) -> bool:
    if state.pending.strip() or not state.tokens:
        return False
    last = state.tokens[-1]
    return last.type == "footnote_ref" and last.meta["id"] == number


def _define(state: StateCore) -> None:
    for note in state.env["footnotes"]["list"].values():
        source = state.env["sources"].get(note["label"])
        if source is not None:
            state.tokens.extend(_definition(source))


def _definition(source: Source) -> list[Token]:
    inline = Token("inline", "", 0, children=_entry(source), content=source.title, level=2)
    opening = Token("footnote_reference_open", "", 1, meta={"label": source.id})
    paragraph = [Token("paragraph_open", "p", 1), inline, Token("paragraph_close", "p", -1)]
    return [opening, *paragraph, Token("footnote_reference_close", "", -1)]


def _entry(source: Source) -> list[Token]:
    title = _title(source.title or source.location or source.id)
    if _WEB.fullmatch(source.location):
        opening = Token("link_open", "a", 1, attrs={"href": source.location})
        return [opening, *title, Token("link_close", "a", -1)]
    if not source.location or not source.title:
        return title
    place = Token("code_inline", "code", 0, content=source.location)
    return [*title, Token("text", "", 0, content=" "), place]


def _title(title: str) -> list[Token]:
    """Keep a title's own direction from turning what stands beside it."""
    return [Token("bdi_open", "bdi", 1), Token("text", "", 0, content=title), Token("bdi_close", "bdi", -1)]


# The parser calls these as methods of its renderer: (renderer, tokens, index, options, environment).


def _reference_id(token: Token) -> str:
    number, nth = token.meta["id"] + 1, token.meta["subId"]
    return f"ref-{number}-{nth + 1}" if nth else f"ref-{number}"


def _render_ref(_self: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    token = tokens[index]
    number = token.meta["id"] + 1
    if token.meta["in_link"]:  # HTML has no link in a link
        return f'<sup class="ref" id="{_reference_id(token)}">{number}</sup>'
    link = f'<a href="#source-{number}" id="{_reference_id(token)}" role="doc-noteref">{number}</a>'
    return f'<sup class="ref">{link}</sup>'


def _render_open(_self: object, _tokens: object, _index: int, _options: object, env: Mapping[str, Words]) -> str:
    words = env["words"]
    heading = f'<h2 id="post-sources" lang="{words.language}" dir="{direction(words.language)}">{words.sources}</h2>'
    return f'<section class="sources" role="doc-endnotes" aria-labelledby="post-sources">\n{heading}\n<ol>\n'


def _render_close(_self: object, _tokens: object, _index: int, _options: object, _env: object) -> str:
    return "</ol>\n</section>\n"


def _render_item(_self: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    return f'<li id="source-{tokens[index].meta["id"] + 1}">'


def _render_back(_self: object, tokens: Sequence[Token], index: int, _options: object, env: Mapping[str, Words]) -> str:
    token = tokens[index]
    nth = token.meta["subId"] + 1
    # The second character keeps phones from showing the arrow as a coloured picture.
    arrow = "\u21a9\ufe0e" + (f"<sup>{nth}</sup>" if nth > 1 else "")
    label = escapeHtml(env["words"].back)
    return f' <a href="#{_reference_id(token)}" class="back" role="doc-backlink" aria-label="{label}">{arrow}</a>'
