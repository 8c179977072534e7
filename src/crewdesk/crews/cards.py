"""What a person at a gate is told about an output: a headline, the evidence, the house's notes."""

from __future__ import annotations

from crewdesk.crews.house import house_notes, read_voice
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.evidence import Evidence, check_evidence
from crewdesk.domain.facts import Facts

OWN_NAMES = ("Crewdesk", "CrewAI")
"""Names that need no source: our own, and what we stand on."""


def card(schema: str, body: JsonObject, facts: Facts, *, voice: str = "") -> JsonObject:
    """Say what a person should know of an output; see ports/checks.py for what it always holds."""
    text = body.get("body")
    if not isinstance(text, str):
        return {"headline": headline(schema, body, None), "noticed": []}
    language = str(body.get("language") or "en")
    evidence = check_evidence(text, facts.passages, language=language, vocabulary=OWN_NAMES)
    return {
        "headline": headline(schema, body, evidence),
        "noticed": list[Json](noticed(evidence)),
        "evidence": evidence.to_json(),
        "house": list[Json](house_notes(text, read_voice(voice), language=language)),
    }


def noticed(evidence: Evidence) -> list[str]:
    """Say in sentences what the evidence check flagged, with the line it stands on."""
    return [
        f"Line {claim.line}: {', '.join(f'{flag.kind} {flag.text}'.strip() for flag in claim.flags)}"
        f" in “{claim.sentence}”"
        for claim in evidence.unsupported
    ]


def headline(schema: str, body: JsonObject, evidence: Evidence | None) -> str:
    """Say in one line what an output holds."""
    if schema == "Research":
        return _research(body)
    if evidence is not None and schema == "Draft":
        words = len(str(body["body"]).split())
        return f"{words} words, {evidence.sourced} of {evidence.statements} statements sourced"
    if schema in ("SeoPackage", "Post"):
        return f"title {len(str(body['title']))}, description {len(str(body['description']))} characters"
    named = body.get("topic") or body.get("address")
    drafts = _list(body.get("drafts"))
    return str(named) if named else f"{len(drafts)} drafts" if drafts else schema


def _research(body: JsonObject) -> str:
    findings = [f for f in _list(body.get("findings")) if isinstance(f, dict)]
    passages = {str(id_) for finding in findings for id_ in _list(finding.get("passages"))}
    return f"{len(findings)} findings from {len(passages)} passages" if findings else "no sources"


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
