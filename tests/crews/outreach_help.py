"""Work of the outreach crew that is in order, to be spoilt one field at a time."""

from __future__ import annotations

from typing import cast

from crewdesk.crews.outreach.composers import compose_outreach
from crewdesk.crews.outreach.outputs import MailDraft, Outreach
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.facts import Facts
from crewdesk.domain.outreach.mail import Variant
from crewdesk.domain.passages import Passage
from crewdesk.domain.personal import Veil

RECORD = Passage(
    "crm-1", "The CRM's record", "CRM, L-1", "Company: Acme. Industry: logistics. Interest: code review.", "2026-11-20"
)
PAGE = Passage("page-1", "Acme — About", "https://acme.example/about", "Acme moves 40 parcels a minute in Lyon.")
OURS = Passage(
    "offer-1",
    "What we offer — Reviews",
    "outreach/offer-en.md:12",
    "Crewdesk drafts reviews of pull requests. Nothing is posted before a developer approves it.",
)
SIGNATURE = "---\ntitle: How our mails end\nname: Crewdesk\n---\n\nThe Crewdesk team\nhttps://crewdesk.example.com\n"
CLAIMS = "## Claims we do not make\n\n- That Crewdesk makes a model right. A gate finds what a person sees.\n"
PERSON = {"name": "Ada Byron", "first_name": "Ada", "last_name": "Byron", "email": "ada@acme.example"}
BODY = (
    "You asked us about “code review”.[^crm-1] Your website says that Acme moves 40 parcels a minute.[^page-1]\n\n"
    "Crewdesk drafts reviews of pull requests.[^offer-1]\n\nWould that help you?"
)
SAID = "They are interested in “code review”."


def facts(*, language: str = "en", **outputs: JsonObject) -> Facts:
    """What is known when the mail is composed."""
    sure: JsonObject = {"confidence": 1.0}
    lead: JsonObject = {
        "id": "L-1",
        "company": "Acme",
        "first_name": "[[lead.first_name]]",
        "last_name": "[[lead.last_name]]",
        "email": "[[lead.email]]",
        "language": language,
        "status": "new",
    }
    found: Json = [{"statement": SAID, "passages": ["crm-1"]}]
    return Facts(
        passages={one.id: one for one in (RECORD, PAGE, OURS)},
        outputs={
            "read": {**sure, "lead": lead},
            "screen": {
                **sure,
                "eligible": True,
                "language": language,
                "greeting": "Hello [[lead.first_name]],",
                "footer": "To hear no more from us, answer with no.",
                "unsubscribe": "mailto:no@crewdesk.example.com",
            },
            "company": {**sure, "summary": "", "facts": found},
            **outputs,
        },
        inputs={"signature": SIGNATURE, "house_claims": CLAIMS},
        veil=Veil(PERSON),
    )


def draft(*texts: str, subject: str = "Your enquiry: code review", language: str = "") -> MailDraft:
    variants = [Variant(subject=subject, text=text) for text in texts or (BODY,)]
    return MailDraft(variants=variants, confidence=0.6, language=language)


def mail(*texts: str, known: Facts | None = None, subject: str = "Your enquiry: code review") -> Outreach:
    """The mail that is composed of these words."""
    return cast("Outreach", compose_outreach(draft(*texts, subject=subject), known or facts()))


def edited(text: str, before: Outreach | None = None) -> Outreach:
    """The mail as a person left it."""
    return (before or mail()).model_copy(update={"text": text})
