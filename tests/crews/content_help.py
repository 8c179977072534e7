"""Outputs of the content crew that are in order, to be spoilt one field at a time."""

from __future__ import annotations

from crewdesk.crews.content.outputs import Draft, Finding, Post, Research, SeoPackage, SocialDraft, SocialDrafts
from crewdesk.domain.facts import Facts
from crewdesk.domain.passages import Passage

STATEMENT = "A gate waits for days until a named person decides about the work in front of it.[^gates-1]"
BODY = f"{STATEMENT}\n\n## What waiting costs\n\n" + " ".join([STATEMENT] * 8)
PASSAGE = Passage(
    id="gates-1",
    title="Gates — Waiting",
    source="content/gates.md:12",
    text="A gate waits for days until a named person decides about the work in front of it.",
)
NETWORKS = "LinkedIn 1300, Mastodon: 500; X (280)"


def facts(**more: str) -> Facts:
    return Facts(
        passages={PASSAGE.id: PASSAGE},
        outputs={"draft": draft().model_dump(mode="json")},
        inputs={"networks": NETWORKS, "topic": "", **more},
    )


def draft(body: str = BODY, **more: str) -> Draft:
    return Draft(title="Gates that wait", body=body, confidence=0.8, open_questions=["Which gates?"], **more)


def package(**more: object) -> SeoPackage:
    return SeoPackage.model_validate(
        {
            "title": "Gates that wait for a person",
            "description": "A gate waits for days until a named person decides about the work.",
            "slug": "gates-that-wait",
            "keywords": ["gate", "named person"],
            "confidence": 0.6,
            "open_questions": ["Which gates?", "Whose slug?"],
            **more,
        }
    )


def post(**more: object) -> Post:
    return Post.model_validate({**package().model_dump(), "body": BODY, "language": "en", **more})


def research(*ids: str) -> Research:
    return Research(
        topic="Gates",
        summary="They wait.",
        findings=[Finding(statement="Gates wait.", passages=list(ids))],
        confidence=0.9,
    )


def shares(**texts: str) -> SocialDrafts:
    return SocialDrafts(drafts=[SocialDraft(network=name, text=text) for name, text in texts.items()], confidence=0.9)
