"""What each sentence of a mail rests on, whoever wrote it: its author, or a person at the gate."""

from __future__ import annotations

import re
from dataclasses import replace

from crewdesk.crews.outreach.frame import Sender, greets, read_sender
from crewdesk.crews.outreach.outputs import Facts as FactsFound
from crewdesk.domain.evidence import Evidence, check_evidence
from crewdesk.domain.facts import Facts
from crewdesk.domain.outreach.footnotes import put_back
from crewdesk.domain.outreach.mail import Fact, MailBody
from crewdesk.domain.passages import Passage
from crewdesk.domain.text.folding import words
from crewdesk.domain.text.languages import is_written_in

_COURTESY = re.compile(
    r"(?:(?:i|we)(?:['’](?:d|ll)| can| could| would| will)? (?:(?:be )?(?:happy|glad) to |gladly |like to )?"
    r"(?:show|send|tell|talk|explain|call|answer|hear|know|learn)|happy to|glad to|if (?:you|this|that|it|not)"
    r"|thank|(?:vielen )?dank|merci|gracias"
    r"|(?:ich|wir) (?:zeige|sende|schicke|erkläre|würde|freue|melde)\w*|gern|falls|wenn|sollte"
    r"|(?:je|nous) (?:peux|pouvons|serai\w*|serions|vous montr\w*)|si|puedo|podemos|con gusto|le mostramos)(?!\w)",
    re.IGNORECASE,
)
"""How a sentence begins that offers something or asks; it states nothing, unless it has figures."""


def evidence_of(mail: MailBody, facts: Facts) -> Evidence:
    """Check the mail as it stands, without greeting and signature, against the passages its sentences name."""
    body = put_back(words_of(mail, facts), mail.statements, language=mail.language)
    passages = {id_: _shown(passage, facts) for id_, passage in facts.passages.items()}
    names = (sender_of(facts).name, "CrewAI", mail.company, mail.to_name)
    found = check_evidence(body, passages, language=mail.language, vocabulary=[name for name in names if name])
    stated = (claim for claim in found.claims if claim.passages or not _is_courtesy(claim.sentence, mail.company))
    return Evidence(tuple(stated))


def words_of(mail: MailBody, facts: Facts) -> str:
    """Give the text without greeting and signature; its lines keep their numbers."""
    greeting = str(facts.veil.show(facts.outputs.get("screen", {}).get("greeting") or "")).strip()
    signature = sender_of(facts).signature
    text = mail.text.rstrip().removesuffix(signature) if signature else mail.text
    first, line, rest = text.partition("\n")
    return f"{line}{rest}" if first.strip() == greeting or greets(first) else text


def known_of(facts: Facts) -> list[Fact]:
    """List what was found out about the lead's company."""
    found = [FactsFound.model_validate(facts.outputs[task]) for task in ("company", "news") if task in facts.outputs]
    return [fact for one in found for fact in one.facts]


def sender_of(facts: Facts) -> Sender:
    """Say who writes."""
    return read_sender(facts.inputs.get("signature", ""))


def language_of(text: str, *tags: str) -> str:
    """Say in which of these languages a text is written; the first where nothing tells."""
    return next((tag for tag in tags if is_written_in(words(text), tag)), tags[0])


def _is_courtesy(sentence: str, company: str) -> bool:
    """Say whether a sentence states nothing; digits of the company's own name are no figures."""
    own = sentence.replace(company, "") if company else sentence
    return bool(_COURTESY.match(sentence)) and not any(sign.isdigit() for sign in own)


def _shown(passage: Passage, facts: Facts) -> Passage:
    """Put personal data back, as they stand in the mail."""
    title, text = facts.veil.show(passage.title), facts.veil.show(passage.text)
    return replace(passage, title=str(title), text=str(text))
