"""Join accepted work into the mail by code, so that no model retypes an address or a fact."""

from __future__ import annotations

import re
from typing import cast

from crewdesk.crews.output import Output
from crewdesk.crews.outreach.outputs import Facts as FactsFound
from crewdesk.crews.outreach.outputs import LeadRead, MailDraft, Needs, Outreach, Screening
from crewdesk.domain.facts import Facts
from crewdesk.domain.outreach.mail import Source, Variant

_MARK = re.compile(r"\s*\[\^[\w.-]+\]")


def compose_outreach(output: Output, facts: Facts) -> Output:
    """Join the writer's words with the lead, what was found, and what the law wants; personal data are put back."""
    draft = cast("MailDraft", output)
    lead = LeadRead.model_validate(facts.outputs["read"]).lead
    screening = Screening.model_validate(facts.outputs["screen"])
    found = [FactsFound.model_validate(facts.outputs[task]) for task in ("company", "news") if task in facts.outputs]
    needs = Needs.model_validate(facts.outputs["needs"]).needs if "needs" in facts.outputs else []
    variants = [_plain(one) for one in draft.variants]
    signature = facts.inputs.get("signature", "")
    mail = Outreach(
        title=lead.company or lead.id,
        lead=lead.id,
        company=lead.company,
        to=lead.email,
        to_name=lead.name,
        language=screening.language,
        subject=variants[0].subject,
        text=f"{variants[0].text}\n\n{signature.strip()}".strip(),
        footer=screening.footer,
        unsubscribe=screening.unsubscribe,
        other=variants[1] if len(variants) > 1 else None,
        needs=needs,
        facts=[fact for one in found for fact in one.facts],
        sources=[Source(**passage.to_json()) for passage in facts.passages.values()],  # pyright: ignore[reportArgumentType]
        status=lead.status,
        confidence=draft.confidence,
        open_questions=draft.open_questions,
    )
    return Outreach.model_validate(facts.veil.show(mail.model_dump(mode="json")))


def _plain(variant: Variant) -> Variant:
    return Variant(subject=variant.subject.strip(), text=_MARK.sub("", variant.text).strip())
