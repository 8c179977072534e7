"""Checks in code on the outreach crew's outputs; each knows its schemas and leaves all others alone.

They run on what an author wrote, who gets their sentences as notes; and at the gate on what a person edited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import wraps

from crewdesk.crews.flags import noticed
from crewdesk.crews.house import Voice, count_words, front_matter, house_notes, words_to_avoid
from crewdesk.crews.output import Output
from crewdesk.crews.outreach.evidence import evidence_of, known_of, language_of, sender_of, words_of
from crewdesk.crews.outreach.frame import LINK, host_of
from crewdesk.crews.outreach.outputs import Facts as FactsFound
from crewdesk.crews.outreach.outputs import Needs, Outreach
from crewdesk.domain.evidence import Claim, check_evidence
from crewdesk.domain.facts import Facts
from crewdesk.domain.outreach.footnotes import take_out
from crewdesk.domain.text.figure_index import FigureIndex, missing
from crewdesk.domain.text.folding import content, words
from crewdesk.domain.text.languages import SCRIPTS, STOPWORDS, is_written_in, primary

SHOWN = 60
"""Characters that mail programs show of a subject."""
MOST = 170
"""Words of a first mail, greeting and signature left out; the task asks for 150."""
OURS = re.compile(r"^(?:outreach|house)/")
"""How sources of our own begin: files under knowledge/."""
_SAID = 6
"""Sentences of one kind that are named."""
_NAMED = 0.5
"""Share of a reason's words of meaning that a fact must have, to be the fact it names."""
_FORBIDDEN = 0.8
_NOT_CLAIMED = re.compile(r"^## Claims we do not make\s*$(?P<list>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_LEFT = re.compile(
    r"\[\[[^\]\n]{1,80}\]\]|\{\{[^}\n]{1,80}\}\}|\{[A-Za-z][^{}\n]{0,40}\}|\[(?!\^)[A-Za-zÀ-ÿ][^\]\n]{0,40}\](?!\()|\[\^[^\]\n]{0,80}\]?"
)
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>\n]{0,500}|!--[^>]{0,500})>|!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
_TRACKS = re.compile(
    r"[?&#;](?:utm_\w+|mc_[ce]id|fbclid|gclid|msclkid|_hs\w+|hsa_\w+|trk\w*|track\w*|ref|cid|eid|mkt_tok|sid)=",
    re.IGNORECASE,
)


def facts_rest_on_passages(output: Output, facts: Facts) -> list[str]:
    """Check that every fact names passages that a tool really returned in this run, and that they say so."""
    if not isinstance(output, FactsFound):
        return []
    return _resting([(fact.statement, fact.passages) for fact in output.facts], facts)


def needs_rest_on_facts(output: Output, facts: Facts) -> list[str]:
    """Check that every need names a fact that was found, and passages that say so."""
    if not isinstance(output, Needs):
        return []
    found = known_of(facts)
    loose = [need.because for need in output.needs if not any(_says(fact.statement, need.because) for fact in found)]
    problems = [f"Nobody found this, though a need rests on it; name a fact as it was found: {_told(loose)}."]
    return [*(problems if loose else []), *_resting([(need.because, need.passages) for need in output.needs], facts)]


def _each_way(check: Callable[[Outreach, Facts], list[str]]) -> Callable[[Output, Facts], list[str]]:
    """Run a check on the mail, and on the other way to write it, which a person may take over."""

    @wraps(check)
    def checked(output: Output, facts: Facts) -> list[str]:
        if not isinstance(output, Outreach):
            return []
        other = output.other
        turned = None if other is None else output.model_copy(update={"subject": other.subject, "text": other.text})
        more = [] if turned is None else check(turned, facts)
        return [*check(output, facts), *(f"In the other variant: {problem}" for problem in more)]

    return checked


@_each_way
def mail_fits(output: Outreach, facts: Facts) -> list[str]:
    """Check lengths and language."""
    body = words_of(output, facts)
    length, subject = count_words(body), len(output.subject)
    problems = {
        "The subject is empty.": not _says_something(output.subject),
        f"The subject has {subject} characters; mail programs show {SHOWN}.": subject > SHOWN,
        "The subject is more than one line.": len(output.subject.splitlines()) > 1,
        "The mail says nothing.": not _says_something(body),
        f"The mail has {length} words; a first mail has 150 at most.": length > MOST,
        f"The mail should be written in the language {output.language!r}.": not _is_in(body, output.language),
    }
    return [problem for problem, is_so in problems.items() if is_so]


@_each_way
def mail_is_sourced(output: Outreach, facts: Facts) -> list[str]:
    """Check that every sentence that states a fact rests on a passage that has its figures and names."""
    said = FigureIndex()
    said.add(output.text, language=output.language)
    bare = missing(output.subject, [said], language=output.language)
    flagged = [f"The subject gives figures that the mail does not: {', '.join(bare)}."] if bare else []
    flagged += noticed(evidence_of(output, facts))
    more = [f"{len(flagged) - _SAID} more like these."] if len(flagged) > _SAID else []
    asked = ["Give each its passages as they are, ask instead of stating, or take it out."] if flagged else []
    return [*flagged[:_SAID], *more, *asked]


@_each_way
def claims_are_ours(output: Outreach, facts: Facts) -> list[str]:
    """Check that sentences about us rest on what we say of ourselves, and claim nothing that we do not claim."""
    claims = evidence_of(output, facts).claims
    bare = [one for one in claims if _is_about_us(one, facts) and not any(_is_ours(id_, facts) for id_ in one.passages)]
    front, listed = front_matter(facts.inputs.get("house_claims", ""))
    refused = _not_claimed(listed)
    never = words_to_avoid(front.get("never"))
    promised = house_notes(words_of(output, facts), Voice(never), language=output.language)
    said = [
        one for one in claims for words_ in refused if len(words_ & _meaning(one.sentence)) >= _FORBIDDEN * len(words_)
    ]
    return [
        *([f"Name a passage of ours for what is said of us: {_told(one.sentence for one in bare)}."] if bare else []),
        *([f"We do not claim this: {_told(one.sentence for one in said)}."] if said else []),
        *(f"What knowledge/house/claims.md never says: {one}." for one in promised),
    ]


@_each_way
def no_tracking(output: Outreach, facts: Facts) -> list[str]:
    """Check that the mail is plain text, follows nobody, and leads nowhere but to us or to where its sources stand.

    What a stranger's passage says is no place of ours: only where it stands counts.
    """
    words_ = f"{output.subject}\n{output.text}"
    places = [one.source for one in output.sources]
    ours = [one.text for one in output.sources if OURS.match(one.source)]
    known = sender_of(facts).hosts | {host_of(link) for text in (*ours, *places) for link in LINK.findall(text)}
    mails = {output.to, *_MAIL.findall("\n".join([sender_of(facts).signature, output.footer, *ours]))}
    found = {
        "These links follow the reader; give the plain address": [
            link
            for link in LINK.findall(words_)
            if _TRACKS.search(link) or (link not in places and _names(link, facts))
        ],
        "These links lead neither to us nor to a source": [
            # Browsers end a host at a backslash, and nobody else does.
            link
            for link in LINK.findall(words_)
            if "\\" in link or not _is_within(host_of(link), known)
        ],
        "These addresses are neither ours nor the reader's": [
            mail
            for mail in _MAIL.findall(words_)
            if mail not in mails and not _is_within(mail.partition("@")[2], known)
        ],
    }
    return [
        *(["The mail holds HTML or an image; write plain text."] if _TAG.search(output.text) else []),
        *(f"{problem}: {', '.join(dict.fromkeys(those))}." for problem, those in found.items() if those),
    ]


@_each_way
def placeholders_known(output: Outreach, facts: Facts) -> list[str]:
    """Check that no placeholder and no footnote is left over."""
    del facts
    left = list(dict.fromkeys(_LEFT.findall(f"{output.subject}\n{output.text}")))
    return (
        [f"This stands for something that nobody filled in; write without it: {', '.join(left[:_SAID])}."]
        if left
        else []
    )


def _resting(statements: list[tuple[str, tuple[str, ...]]], facts: Facts) -> list[str]:
    """Check statements one by one, each in its own language."""
    tags = (_lead_language(facts), "en")
    problems: list[str] = []
    for text, ids in statements:
        language = language_of(text, *tags)
        marked = take_out(text.strip(), language=language)[0] + "".join(f"[^{id_}]" for id_ in ids)
        problems += noticed(check_evidence(marked, facts.passages, language=language))
    return [problem.removeprefix("Line 1, ") for problem in dict.fromkeys(problems)][:_SAID]


def _says(fact: str, because: str) -> bool:
    wanted = _meaning(because)
    return fact.strip() == because.strip() or (bool(wanted) and len(wanted & _meaning(fact)) >= _NAMED * len(wanted))


def _meaning(text: str) -> set[str]:
    return content(text, stopwords=STOPWORDS["en"])


def _lead_language(facts: Facts) -> str:
    return str(facts.outputs.get("screen", {}).get("language") or "en")


def _is_in(text: str, language: str) -> bool:
    script = SCRIPTS.get(primary(language))
    return bool(script.search(text)) if script else is_written_in(words(text), language) is not False


def _is_about_us(claim: Claim, facts: Facts) -> bool:
    name = sender_of(facts).name
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", claim.sentence, re.IGNORECASE) is not None


def _is_ours(id_: str, facts: Facts) -> bool:
    return id_ in facts.passages and OURS.match(facts.passages[id_].source) is not None


def _not_claimed(claims: str) -> list[set[str]]:
    """Read what claims.md says that we do not claim: the words of each line's first sentence."""
    found = _NOT_CLAIMED.search(claims)
    lines = re.findall(r"^- ([^.\n]+)", found["list"], re.MULTILINE) if found else []
    return [meant for line in lines if len(meant := _meaning(line)) > 1]


def _is_within(host: str, known: Iterable[str]) -> bool:
    return any(host == other or host.endswith(f".{other}") for other in known if other)


def _names(link: str, facts: Facts) -> bool:
    """Say whether a link tells behind its host who follows it."""
    told = link.partition("://")[2].partition("/")[2] or link.partition("?")[2]
    return bool(facts.veil.placeholders(facts.veil.hide(told)))


def _says_something(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _told(sentences: Iterable[str]) -> str:
    return "; ".join(f"“{one[:120]}”" for one in list(dict.fromkeys(sentences))[:_SAID])
