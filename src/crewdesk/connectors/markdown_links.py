"""Links from a post to other posts: the first time its text says the anchor's words, they become a link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from crewdesk.connectors.languages import UNSPACED
from crewdesk.connectors.site_posts import Link

AddressOf = Callable[[str], str | None]
"""From a slug to an address; None where there is no such post."""


def links_plugin(md: MarkdownIt) -> None:
    """Teach a parser our links; they and the addresses come from the environment, see `link_settings`."""
    md.core.ruler.push("post_links", _link_posts)


def link_settings(links: Sequence[Link], address_of: AddressOf) -> dict[str, object]:
    """Make the environment of one rendering: the links whose post is there."""
    found = [(_pattern(link.anchor), address_of(link.slug)) for link in links if link.anchor.strip()]
    return {"post_links": [(pattern, address) for pattern, address in found if address]}


def _pattern(anchor: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in anchor.split())
    if UNSPACED.search(anchor):
        return re.compile(words)
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _link_posts(state: StateCore) -> None:
    if not state.env["post_links"]:
        return
    running = list(_running_text(state.tokens))
    for token in running:
        token.children = _joined(token.children or [])
    for pattern, address in state.env["post_links"]:
        _link_first(running, pattern, address)


def _running_text(tokens: Sequence[Token]) -> Iterable[Token]:
    """Pass over headings and the list of sources."""
    ended = next((at for at, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    before = ["", *(token.type for token in tokens)]
    for token, previous in zip(tokens[:ended], before, strict=False):
        if token.type == "inline" and previous != "heading_open":
            yield token


def _joined(children: Sequence[Token]) -> list[Token]:
    """Join text over line breaks that only the source has, so that an anchor may run over one."""
    joined: list[Token] = []
    for child in children:
        text = "\n" if child.type == "softbreak" else child.content
        if child.type not in {"text", "softbreak"}:
            joined.append(child)
        elif joined and joined[-1].type == "text":
            joined[-1] = _text(joined[-1].content + text)
        else:
            joined.append(_text(text))
    return joined


def _link_first(running: Sequence[Token], pattern: re.Pattern[str], address: str) -> None:
    for token in running:
        children = token.children or []
        for at, match in _matches(children, pattern):
            before, after = match.string[: match.start()], match.string[match.end() :]
            link = Token("link_open", "a", 1, attrs={"href": address})
            linked = [_text(before), link, _text(match[0]), Token("link_close", "a", -1), _text(after)]
            token.children = [*children[:at], *linked, *children[at + 1 :]]
            return


def _matches(children: Sequence[Token], pattern: re.Pattern[str]) -> Iterable[tuple[int, re.Match[str]]]:
    inside = 0
    for at, child in enumerate(children):
        inside += (child.type == "link_open") - (child.type == "link_close")
        match = pattern.search(child.content) if child.type == "text" and not inside else None
        if match:
            yield at, match


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
