"""Checks in code on the content crew's outputs; each knows its schemas and leaves all others alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from crewdesk.crews.content.outputs import Draft, Post, Research, SeoPackage, SocialDrafts
from crewdesk.crews.output import Output
from crewdesk.domain.evidence import Claim, check_evidence, passages_cited
from crewdesk.domain.facts import Facts
from crewdesk.domain.text.figure_index import FigureIndex, missing
from crewdesk.domain.text.sentences import sentences

TITLE_LIMIT = 60
"""Characters that a page of search results shows of a title."""
DESCRIPTION_LEAST = 50
FEWEST_WORDS = 120
MENTIONED = 10
"""How many sentences one problem names at most."""
SHOWN = 80
"""Characters of a sentence that a problem repeats."""


def passages_exist(output: Output, facts: Facts) -> list[str]:
    """Check that every finding names passages that a tool really returned in this run."""
    if not isinstance(output, Research):
        return []
    return _unknown(dict.fromkeys(id_ for finding in output.findings for id_ in finding.passages), facts)


def has_body(output: Output, facts: Facts) -> list[str]:
    """Check that a draft says something beyond its headings, and leaves its title to the page."""
    del facts
    if not isinstance(output, (Draft, Post)):
        return []
    text = re.sub(r"\[\^[^\]]*\]|^#.*$", "", output.body, flags=re.MULTILINE)
    words = len(text.split()) + (_width(text) - len(text)) // 2
    problems = [f"The text has {words} words; a post needs {FEWEST_WORDS} at least."] if words < FEWEST_WORDS else []
    if output.body.lstrip().startswith("# "):
        problems.append(
            "The text begins with a title; the page sets the title itself, so begin with the first paragraph."
        )
    return problems


def footnotes_exist(output: Output, facts: Facts) -> list[str]:
    """Check that every footnote leads to a passage that a tool really returned in this run."""
    if not isinstance(output, (Draft, Post)):
        return []
    return _unknown(passages_cited(output.body), facts)


def every_fact_sourced(output: Output, facts: Facts) -> list[str]:
    """Check that every factual sentence names a passage."""
    if not isinstance(output, (Draft, Post)):
        return []
    evidence = check_evidence(output.body, facts.passages, language=output.language)
    bare = [claim for claim in evidence.claims if any(flag.kind == "no source" for flag in claim.flags)]
    listed = "; ".join(map(_short, bare[:MENTIONED]))
    count = "1 sentence names" if len(bare) == 1 else f"{len(bare)} sentences name"
    return [f"{count} no source; give each its footnote or take it out: {listed}."] if bare else []


def search_result_fits(output: Output, facts: Facts) -> list[str]:
    """Check that the package looks as it should among search results, and promises nothing the text does not say."""
    if not isinstance(output, (SeoPackage, Post)):
        return []
    text = _body(output, facts)
    return [*_lengths(output), *_slug(output.slug), *_absent(output, text), *_promises(output, text)]


def _lengths(output: SeoPackage | Post) -> list[str]:
    """Measure as results pages do: a Chinese or Japanese character is as wide as two others."""
    title, description = _width(output.title), _width(output.description)
    problems: list[str] = []
    if title > TITLE_LIMIT:
        problems.append(f"The title has {title} characters; results show {TITLE_LIMIT}.")
    if description < DESCRIPTION_LEAST:
        problems.append(f"The meta description has {description} characters; say {DESCRIPTION_LEAST} to 160.")
    return problems


def _slug(slug: str) -> list[str]:
    """Letters and digits of any script, with single hyphens between: safe as a folder's name, too."""
    plain = all(sign == "-" or unicodedata.category(sign)[0] in "LMN" for sign in slug)
    if plain and slug == slug.lower() and all(slug.split("-")):
        return []
    return [f"The slug {slug!r} should be words in small letters with single hyphens between."]


def _absent(output: SeoPackage | Post, text: str) -> list[str]:
    """Find keywords of which a word is missing from the text."""
    whole = _folded(f"{text} {output.title}")
    absent = [word for word in output.keywords if not all(part in whole for part in _folded(word).split())]
    return [f"These keywords are not in the text: {', '.join(absent)}."] if absent and text else []


def _promises(output: SeoPackage | Post, text: str) -> list[str]:
    """Figures of the title and the description must stand in the text, where they have their sources."""
    language = output.language if isinstance(output, Post) else "en"
    said = FigureIndex()
    for sentence in sentences(text, language=language):
        said.add(sentence.text, language=language)
    absent = missing(f"{output.title}. {output.description}", [said], language=language) if text else []
    return [f"The title or description gives figures that the text does not: {', '.join(absent)}."] if absent else []


def links_exist(output: Output, facts: Facts) -> list[str]:
    """Check that the words that become links stand in the text."""
    if not isinstance(output, (SeoPackage, Post)):
        return []
    body = _body(output, facts)
    absent = [link.anchor for link in output.links if link.anchor not in body]
    return [f"These words for links are not in the text: {', '.join(absent)}."] if absent else []


def within_limits(output: Output, facts: Facts) -> list[str]:
    """Check that each network gets one draft within its limit, with an address; characters are code points."""
    if not isinstance(output, SocialDrafts):
        return []
    limits = network_limits(facts.inputs.get("networks", ""))
    found = [draft.network.casefold() for draft in output.drafts]
    problems = [f"{name} needs one draft; there are {found.count(name.casefold())}." for name in limits
                if found.count(name.casefold()) != 1]  # fmt: skip
    by_name = {name.casefold(): limit for name, limit in limits.items()}
    for draft in output.drafts:
        limit, length = by_name.get(draft.network.casefold()), len(unicodedata.normalize("NFC", draft.text))
        if limit is None:
            problems.append(f"Nobody asked for a draft for {draft.network}.")
        elif length > limit:
            problems.append(f"The draft for {draft.network} has {length} characters; {limit} fit.")
        if "://" not in draft.text:
            problems.append(f"The draft for {draft.network} does not give the post's address.")
    return problems


def network_limits(text: str) -> dict[str, int]:
    """Read `LinkedIn 1300, Mastodon 500` as limits by network."""
    found = (re.fullmatch(r"\s*(.*?)[\s:=(]*(\d+)\D*", part, re.DOTALL) for part in re.split(r"[,;\n]", text))
    return {match[1]: int(match[2]) for match in found if match and match[1]}


def _body(output: SeoPackage | Post, facts: Facts) -> str:
    return output.body if isinstance(output, Post) else str(facts.outputs.get("draft", {}).get("body", ""))


def _unknown(ids: Iterable[str], facts: Facts) -> list[str]:
    unknown = [id_ for id_ in ids if id_ not in facts.passages]
    listed = ", ".join(_with_hint(id_, facts) for id_ in unknown[:MENTIONED])
    return [f"No tool returned these passages: {listed}."] if unknown else []


def _with_hint(id_: str, facts: Facts) -> str:
    close = get_close_matches(id_, list(facts.passages), n=1, cutoff=0.8)
    return f"{id_} (did you mean {close[0]}?)" if close else id_


def _width(text: str) -> int:
    return len(text) + sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _short(claim: Claim) -> str:
    return f"line {claim.line}, “{claim.shown(SHOWN)}”"
