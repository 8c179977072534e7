"""What a CRM is told, as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crewdesk.domain.outreach.mail import MailBody, Source, StopBody, plain

OURS = "Crewdesk"
"""Who wrote our notes; each begins so."""


def note_of(mail: MailBody, *, sent: bool) -> str:
    """Spell the analysis, each statement with where it comes from and of which day, and the mail as it was approved."""
    did = "Sent" if sent else "Drafted, not sent"
    sources = {source.id: source for source in mail.sources}
    parts = [f"{OURS}: first mail. {did}."]
    if mail.facts:
        facts = (f"- {fact.statement}{_from(fact.passages, sources)}" for fact in mail.facts)
        parts.append("\n".join(["What is known:", *facts]))
    if mail.needs:
        needs = (
            f"- {need.need} ({need.confidence:.0%}): {need.because}{_from(need.passages, sources)}"
            for need in mail.needs
        )
        parts.append("\n".join(["What they probably need:", *needs]))
    parts.append(f"Subject: {mail.subject}\n\n{plain(mail)}".rstrip())
    return "\n\n".join(parts)


def stop_note(stop: StopBody) -> str:
    """Say why nobody is written to."""
    return "\n".join([f"{OURS}: nobody is written to.", *(f"- {reason}" for reason in stop.reasons)])


def _from(ids: Sequence[str], sources: Mapping[str, Source]) -> str:
    found = [sources[id_] for id_ in ids if id_ in sources]
    named = dict.fromkeys(", ".join(filter(None, (one.title, _link(one), one.date))) for one in found)
    return f" [{'; '.join(named)}]" if named else ""


def _link(source: Source) -> str:
    return source.source if source.source.startswith(("https://", "http://")) else ""
