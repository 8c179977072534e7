"""What a CRM is told, as plain text."""

from __future__ import annotations

from crewdesk.domain.outreach.mail import MailBody, StopBody, plain


def note_of(mail: MailBody, *, sent: bool) -> str:
    """Spell the analysis, and the mail as it was approved."""
    did = "Sent" if sent else "Drafted, not sent"
    parts = [f"Crewdesk: first mail. {did}."]
    if mail.facts:
        parts.append("\n".join(["What is known:", *(f"- {fact.statement}" for fact in mail.facts)]))
    if mail.needs:
        needs = (f"- {need.need} ({need.confidence:.0%}): {need.because}" for need in mail.needs)
        parts.append("\n".join(["What they probably need:", *needs]))
    parts.append(f"Subject: {mail.subject}\n\n{plain(mail)}".rstrip())
    return "\n\n".join(parts)


def stop_note(stop: StopBody) -> str:
    """Say why nobody is written to."""
    return "\n".join(["Crewdesk: nobody is written to.", *(f"- {reason}" for reason in stop.reasons)])
