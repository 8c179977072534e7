"""What a person at a gate is told about an output: a headline, the evidence, the house's notes."""

from __future__ import annotations

from crewdesk.crews.flags import noticed
from crewdesk.crews.house import count_words, house_notes, read_voice
from crewdesk.crews.outreach import cards as about_outreach
from crewdesk.crews.review import cards as about_reviews
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.evidence import Evidence, check_evidence, counted
from crewdesk.domain.facts import Facts
from crewdesk.domain.text.sentences import sentences

OWN_NAMES = ("Crewdesk", "CrewAI")
"""Names that need no source: our own, and what we stand on."""


def card(schema: str, body: JsonObject, facts: Facts, *, voice: str = "") -> JsonObject:
    """Say what a person should know of an output; see ports/checks.py for what it always holds.

    Names in the topic that a person asked for need no source; names in a title do, for an agent wrote it.
    """
    if schema == "Outreach":
        return about_outreach.mail_card(body, facts, voice=voice)
    text = body.get("body")
    if not isinstance(text, str):
        found = about_reviews.noticed(body, facts) if schema == "Review" else []
        found = about_outreach.warned(facts) if schema == "Stop" else found
        return {"headline": headline(schema, body, None), "noticed": list[Json](found)}
    language = str(body.get("language") or "en")
    vocabulary = (*OWN_NAMES, facts.inputs.get("topic", ""))
    evidence = check_evidence(text, facts.passages, language=language, vocabulary=vocabulary)
    return {
        "headline": headline(schema, body, evidence),
        "noticed": list[Json](noticed(evidence)),
        "evidence": evidence.to_json(),
        "house": list[Json](house_notes(text, read_voice(voice), language=language)),
        "reading": reading(text, language=language),
    }


def reading(text: str, *, language: str) -> JsonObject:
    """Count words and sentences, and the words of the longest sentence; headings and code are left out."""
    lengths = [count_words(one.text) for one in sentences(text, language=language) if one.kind != "heading"]
    return {"words": sum(lengths), "sentences": len(lengths), "longest": max(lengths, default=0)}


def headline(schema: str, body: JsonObject, evidence: Evidence | None) -> str:
    """Say in one line what an output holds."""
    for crew in (about_reviews, about_outreach):
        if (told := crew.headline(schema, body)) is not None:
            return told
    if schema == "Research":
        return _research(body)
    if evidence is not None and schema == "Draft":
        words = count_words(str(body["body"]))
        return f"{words} words, {evidence.sourced} of {evidence.statements} statements sourced"
    if schema in ("SeoPackage", "Post"):
        return f"title {len(str(body['title']))}, description {len(str(body['description']))} characters"
    named = body.get("topic") or body.get("address")
    drafts = _list(body.get("drafts"))
    return str(named) if named else counted(len(drafts), "draft") if drafts else schema


def _research(body: JsonObject) -> str:
    findings = [f for f in _list(body.get("findings")) if isinstance(f, dict)]
    passages = {str(id_) for finding in findings for id_ in _list(finding.get("passages"))}
    if not findings:
        return "no sources"
    return f"{counted(len(findings), 'finding')} from {counted(len(passages), 'passage')}"


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
