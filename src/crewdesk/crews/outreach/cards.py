"""What a person is told about the outreach crew's work: one line on each output, and what speaks against a mail.

Headlines are read in lists, logs and notices, so nothing in them is personal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crewdesk.crews.house import count_words, house_notes, read_voice
from crewdesk.crews.outreach.evidence import evidence_of, words_of
from crewdesk.crews.outreach.outputs import Outreach
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.evidence import counted
from crewdesk.domain.facts import Facts
from crewdesk.domain.text.languages import primary


def headline(schema: str, body: JsonObject) -> str | None:
    """Say in one line what an output holds; None for one that is not the outreach crew's."""
    say = _HEADLINES.get(schema)
    return None if say is None else " · ".join(part for part in say(body) if part)


def mail_card(body: JsonObject, facts: Facts, *, voice: str) -> JsonObject:
    """Say what a mail rests on, what speaks against it, and how long it is."""
    mail = Outreach.model_validate(body)
    evidence, text = evidence_of(mail, facts), words_of(mail, facts)
    said = counted(evidence.statements, "statement")
    sourced = f"{said} sourced" if evidence.sourced == evidence.statements else f"{evidence.sourced} of {said} sourced"
    needs = counted(len(mail.needs), "need") if mail.needs else "no need found"
    return {
        "headline": " · ".join([counted(count_words(text), "word"), sourced, needs]),
        "noticed": list[Json](mail_noticed(mail, facts)),
        "evidence": evidence.to_json(),
        "house": list[Json](house_notes(text, read_voice(voice), language=mail.language)),
    }


def mail_noticed(mail: Outreach, facts: Facts) -> list[str]:
    """Say what the screening warned of, and why a mail says little; what is wrong in it the guardrails say."""
    screening = facts.outputs.get("screen", {})
    asked = str(screening.get("language") or mail.language)
    found = {
        f"The lead's language is {asked!r}; this mail is written in {mail.language!r}.": primary(asked)
        != primary(mail.language),
        "Nothing is known of them but the address, so the mail says little.": not mail.facts,
        "Nothing that is known of them names something we offer, so the mail says little.": bool(mail.facts)
        and not mail.needs,
    }
    return [*warned(facts), *(sentence for sentence, is_so in found.items() if is_so)]


def warned(facts: Facts) -> list[str]:
    """Say what the screening warned of."""
    return _texts(facts.outputs.get("screen", {}), "warnings")


def _read(body: JsonObject) -> list[str]:
    return [f"{counted(len(_texts(body, 'passages')), 'passage')} from the CRM"]


def _screened(body: JsonObject) -> list[str]:
    reasons, warnings = _texts(body, "reasons"), _texts(body, "warnings")
    may = f"may be written to, in {body.get('language')!r}"
    return [
        may if body.get("eligible") else f"not to be written to: {counted(len(reasons), 'reason')}",
        f"{counted(len(_texts(body, 'checked')), 'check')}",
        counted(len(warnings), "warning") if warnings else "",
    ]


def _facts(body: JsonObject) -> list[str]:
    found = len(_texts(body, "facts"))
    return [counted(found, "fact") if found else "nothing found"]


def _needs(body: JsonObject) -> list[str]:
    found = len(_texts(body, "needs"))
    return [counted(found, "need") if found else "no need found"]


def _texts(body: JsonObject, name: str) -> list[str]:
    value = body.get(name)
    return [str(one) for one in value] if isinstance(value, list) else []


_HEADLINES: Mapping[str, Callable[[JsonObject], list[str]]] = {
    "LeadRead": _read,
    "Screening": _screened,
    "Stop": lambda body: [f"nobody is written to: {counted(len(_texts(body, 'reasons')), 'reason')}"],
    "Facts": _facts,
    "Needs": _needs,
    "Recording": lambda body: ["a mail and a note in the CRM", *_texts(body, "notes")[:1]],
}
