"""Join accepted work into the mail by code, so that no model retypes an address or a fact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from crewdesk.crews.output import Output
from crewdesk.crews.outreach.evidence import known_of
from crewdesk.crews.outreach.frame import SUBJECT, Frame, differ, read_sender
from crewdesk.crews.outreach.habits import put_right
from crewdesk.crews.outreach.outputs import LeadRead, MailDraft, Needs, Outreach, Screening
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.facts import Facts
from crewdesk.domain.outreach.mail import Fact, Need, Source
from crewdesk.domain.text.languages import is_tag, primary


def compose_outreach(output: Output, facts: Facts) -> Output:
    """Join the writer's words with the lead, what was found, and what the law wants; personal data are put back."""
    draft = cast("MailDraft", output)
    lead = LeadRead.model_validate(facts.outputs["read"]).lead
    screening = Screening.model_validate(facts.outputs["screen"])
    needs = Needs.model_validate(facts.outputs["needs"]).needs if "needs" in facts.outputs else []
    known = known_of(facts)
    language = draft.language if is_tag(draft.language) else screening.language
    own_greeting = primary(language) != primary(screening.language)
    frame = Frame(
        greeting="" if own_greeting else screening.greeting.strip(),
        signature=read_sender(facts.inputs.get("signature", "")).signature,
        footer=screening.footer,
    )
    written = (put_right(one, facts.passages) for one in draft.variants)
    (mail, statements), *others = (frame.around(one, language=language) for one in written)
    others = [(one, said) for one, said in others if differ(one.text, mail.text)]
    stated = _each_once([*statements, *(fact for _, said in others for fact in said)])
    composed = Outreach(
        title=lead.company or lead.id,
        lead=lead.id,
        company=lead.company,
        to=lead.email,
        to_name=lead.name,
        language=language,
        subject=mail.subject,
        text=mail.text,
        footer=screening.footer,
        unsubscribe=screening.unsubscribe,
        other=others[0][0] if others else None,
        needs=needs,
        facts=known,
        sources=_sources([*stated, *known, *needs], facts),
        statements=stated,
        status=lead.status,
        confidence=draft.confidence,
        open_questions=draft.open_questions,
    )
    shown = cast("JsonObject", facts.veil.show(composed.model_dump(mode="json")))
    return Outreach.model_validate({**shown, "subject": str(shown["subject"])[:SUBJECT]})


def _each_once(statements: Sequence[Fact]) -> list[Fact]:
    return list({one.statement: one for one in reversed(statements)}.values())[::-1]


def _sources(resting: Sequence[Fact | Need], facts: Facts) -> list[Source]:
    """Give the passages that something rests on, in the order in which they are first named."""
    named = dict.fromkeys(id_ for one in resting for id_ in one.passages)
    found = (facts.passages[id_] for id_ in named if id_ in facts.passages)
    return [Source(id=p.id, title=p.title, source=p.source, text=p.text, date=p.date) for p in found]
