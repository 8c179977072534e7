"""What YAML may name: typed outputs, guardrails and composers. To add one: a function or model, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crewdesk.crews.content import guardrails, outputs
from crewdesk.crews.content.composers import compose_post
from crewdesk.crews.output import Output
from crewdesk.crews.outreach import guardrails as outreach_guardrails
from crewdesk.crews.outreach import outputs as outreach
from crewdesk.crews.outreach.composers import compose_outreach
from crewdesk.crews.review import guardrails as review_guardrails
from crewdesk.crews.review import outputs as review
from crewdesk.crews.review.composers import compose_review
from crewdesk.domain.facts import Facts

Guardrail = Callable[[Output, Facts], list[str]]
"""Says what the author should mend, a sentence each; nothing when all is well or the schema is not its own."""


@dataclass(frozen=True)
class Composer:
    """Code that joins an answer with its context."""

    schema: type[Output]
    """What it makes."""
    compose: Callable[[Output, Facts], Output]


OUTPUTS: Mapping[str, type[Output]] = {
    schema.__name__: schema
    for schema in (
        outputs.TopicChoice,
        outputs.Research,
        outputs.Draft,
        outputs.SeoPackage,
        outputs.Post,
        outputs.Publication,
        outputs.SocialDrafts,
        review.ChangeRead,
        review.Scan,
        review.Analysis,
        review.DraftedTests,
        review.Trials,
        review.Proposals,
        review.Checked,
        review.Summary,
        review.Review,
        outreach.LeadRead,
        outreach.Screening,
        outreach.Stop,
        outreach.Facts,
        outreach.Needs,
        outreach.MailDraft,
        outreach.Outreach,
        outreach.Recording,
    )
}

GUARDRAILS: Mapping[str, Guardrail] = {
    "passages_exist": guardrails.passages_exist,
    "has_body": guardrails.has_body,
    "footnotes_exist": guardrails.footnotes_exist,
    "every_fact_sourced": guardrails.every_fact_sourced,
    "search_result_fits": guardrails.search_result_fits,
    "links_exist": guardrails.links_exist,
    "within_limits": guardrails.within_limits,
    "findings_rest_on_code": review_guardrails.findings_rest_on_code,
    "says_what_is_so": review_guardrails.says_what_is_so,
    "stands_on_the_change": review_guardrails.stands_on_the_change,
    "facts_rest_on_passages": outreach_guardrails.facts_rest_on_passages,
    "needs_rest_on_facts": outreach_guardrails.needs_rest_on_facts,
    "mail_fits": outreach_guardrails.mail_fits,
    "mail_is_sourced": outreach_guardrails.mail_is_sourced,
    "claims_are_ours": outreach_guardrails.claims_are_ours,
    "no_tracking": outreach_guardrails.no_tracking,
    "placeholders_known": outreach_guardrails.placeholders_known,
}

COMPOSERS: Mapping[str, Composer] = {
    "post": Composer(outputs.Post, compose_post),
    "review": Composer(review.Review, compose_review),
    "outreach": Composer(outreach.Outreach, compose_outreach),
}
