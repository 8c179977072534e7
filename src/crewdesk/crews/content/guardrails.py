"""Checks in code on the content crew's outputs; each knows its schemas and leaves all others alone."""

from __future__ import annotations

import re
import unicodedata

from crewdesk.crews.content.outputs import Draft, Post, Research, SeoPackage, SocialDrafts
from crewdesk.crews.output import Output
from crewdesk.domain.evidence import Claim, check_evidence, passages_cited
from crewdesk.domain.facts import Facts

TITLE_LIMIT = 60
"""Characters that a page of search results shows of a title."""
DESCRIPTION_LEAST = 50
FEWEST_WORDS = 120
MENTIONED = 10
"""How many sentences one problem names at most."""


def passages_exist(output: Output, facts: Facts) -> list[str]:
    """Check that every finding names passages that a tool really returned in this run."""
    if not isinstance(output, Research):
        return []
    unknown = {id_ for finding in output.findings for id_ in finding.passages if id_ not in facts.passages}
    return [f"No tool returned these passages: {', '.join(sorted(unknown))}."] if unknown else []


def has_body(output: Output, facts: Facts) -> list[str]:
    """Check that a draft says something beyond its headings."""
    del facts
    if not isinstance(output, (Draft, Post)):
        return []
    text = re.sub(r"\[\^[^\]]*\]|^#.*$", "", output.body, flags=re.MULTILINE)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    words = len(text.split()) + wide // 2
    return [f"The text has {words} words; a post needs {FEWEST_WORDS} at least."] if words < FEWEST_WORDS else []


def footnotes_exist(output: Output, facts: Facts) -> list[str]:
    """Check that every footnote leads to a passage that a tool really returned in this run."""
    if not isinstance(output, (Draft, Post)):
        return []
    unknown = [id_ for id_ in passages_cited(output.body) if id_ not in facts.passages]
    return [f"No tool returned these passages: {', '.join(unknown[:MENTIONED])}."] if unknown else []


def every_fact_sourced(output: Output, facts: Facts) -> list[str]:
    """Check that every factual sentence names a passage."""
    if not isinstance(output, (Draft, Post)):
        return []
    evidence = check_evidence(output.body, facts.passages, language=output.language)
    bare = [claim for claim in evidence.claims if any(flag.kind == "no source" for flag in claim.flags)]
    return [f"{len(bare)} sentences name no source: {'; '.join(map(_short, bare[:MENTIONED]))}"] if bare else []


def search_result_fits(output: Output, facts: Facts) -> list[str]:
    """Check that the package looks as it should among search results, and that its keywords are in the text."""
    if not isinstance(output, (SeoPackage, Post)):
        return []
    problems: list[str] = []
    if len(output.title) > TITLE_LIMIT:
        problems.append(f"The title has {len(output.title)} characters; results show {TITLE_LIMIT}.")
    if len(output.description) < DESCRIPTION_LEAST:
        least = f"say {DESCRIPTION_LEAST} to 160"
        problems.append(f"The meta description has {len(output.description)} characters; {least}.")
    text = _folded(_body(output, facts) + output.title)
    absent = [word for word in output.keywords if not all(part in text for part in _folded(word).split())]
    if absent and text:
        problems.append(f"These keywords are not in the text: {', '.join(absent)}.")
    return problems


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
    return {name.strip(): int(limit) for name, limit in re.findall(r"([^,\d]+?)\s*(\d+)", text)}


def _body(output: SeoPackage | Post, facts: Facts) -> str:
    return output.body if isinstance(output, Post) else str(facts.outputs.get("draft", {}).get("body", ""))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _short(claim: Claim) -> str:
    return f"line {claim.line}, “{claim.sentence[:80]}”"
