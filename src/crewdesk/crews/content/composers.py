"""Join accepted work by code, so that no model retypes it."""

from __future__ import annotations

import re
from typing import cast

from crewdesk.crews.content.outputs import Draft, Post, SeoPackage, Source
from crewdesk.crews.output import Output
from crewdesk.domain.evidence import passages_cited
from crewdesk.domain.facts import Facts


def compose_post(output: Output, facts: Facts) -> Output:
    """Join the SEO package with the accepted draft: the body byte for byte, its sources resolved in order."""
    package = cast("SeoPackage", output)
    draft = Draft.model_validate(facts.outputs["draft"])
    return Post(
        title=package.title,
        description=package.description,
        slug=package.slug,
        keywords=package.keywords,
        links=package.links,
        language=draft.language,
        body=draft.body,
        sources=[_source(id_, facts) for id_ in passages_cited(draft.body) if id_ in facts.passages],
        confidence=min(draft.confidence, package.confidence),
        open_questions=list(dict.fromkeys([*draft.open_questions, *package.open_questions])),
    )


def _source(id_: str, facts: Facts) -> Source:
    passage = facts.passages[id_]
    document = passage.title.split(" — ")[0]
    return Source(id=id_, title=document, location=re.sub(r":\d+$", "", passage.source))
