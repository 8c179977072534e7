"""Leads as they can be worked with: what a stranger typed into a form is text, in one line, of sensible length."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from crewdesk.domain.outreach.lead import Lead, Note
from crewdesk.domain.text.visible import without_unseen
from crewdesk.tools.answers import shortened
from crewdesk.tools.feeds import plain

MOST_NOTES = 20
_LONGEST_NOTE = 1_500
_LONGEST = 12_000
"""Characters that are looked at at all."""
_FOOTNOTE = re.compile(r"(?<!\[)\[+\^(?:[^\[\]]*\])?")
"""What would stand for a source in a text of ours, closed or not; taken out first, as it may hide in the next."""
_PLACEHOLDER = re.compile(r"(?<!\[)\[{2,}(?=\s*lead\.)")
"""What would stand for personal data."""
_NO_ADDRESS = re.compile(r"[\s<>\"'\[\]{}|\\^`]")
_PARAGRAPH = re.compile(r"\n\s*\n|</(?:p|div|li|tr|h\d)>|<br\s*/?>", re.IGNORECASE)


def cleaned(text: str) -> str:
    """Give the text of what may be markup, in one line, without signs that nobody sees."""
    told = without_unseen(plain(without_unseen(text[:_LONGEST])))
    return " ".join(_unforged(told).split())


def in_paragraphs(text: str) -> str:
    """Clean a text paragraph by paragraph."""
    return "\n".join(filter(None, (cleaned(part) for part in _PARAGRAPH.split(text[:_LONGEST]))))


def clean_lead(lead: Lead) -> tuple[Lead, list[str]]:
    """Clean every field; say in sentences what was cut or left out for its length."""
    told: list[str] = []
    fields: dict[str, object] = {"email": _spelling(lead.email, 320), "website": _website(lead.website)}
    for limits, fit in ((_CUT, shortened), (_LEFT_OUT, _all_or_nothing)):
        for name, most in limits.items():
            whole = cleaned(getattr(lead, name))
            fields[name] = fit(whole, most)
            if len(whole) > most:
                told.append(_told(name, whole, str(fields[name])))
    notes = tuple(_note(note) for note in lead.notes[-MOST_NOTES:])
    if len(notes) < len(lead.notes):
        told.append(f"The CRM holds {len(lead.notes)} notes; the {MOST_NOTES} newest were read.")
    return lead.model_copy(update=fields | {"notes": notes}), told


def _unforged(text: str) -> str:
    return _PLACEHOLDER.sub("[", _FOOTNOTE.sub("", text))


def _note(note: Note) -> Note:
    return Note(date=note.date, author=cleaned(note.author), text=shortened(in_paragraphs(note.text), _LONGEST_NOTE))


def _spelling(text: str, most: int) -> str:
    """Keep to the signs that were meant, for fields that code reads."""
    return " ".join(_unforged(without_unseen(text[:_LONGEST])).split())[:most]


def _website(text: str) -> str:
    address = _spelling(text, 500)
    return "" if _NO_ADDRESS.search(address) else address


def _all_or_nothing(text: str, most: int) -> str:
    return text if len(text) <= most else ""


def _told(name: str, whole: str, kept: str) -> str:
    what = f"The CRM's {name.replace('_', ' ')} has {len(whole):,} characters"
    return f"{what} and was cut to {len(kept):,}." if kept else f"{what} and was left out."


_CUT: Mapping[str, int] = MappingProxyType(
    {
        "company": 120,
        "job_title": 120,
        "industry": 120,
        "employees": 60,
        "country": 60,
        "language": 35,
        "interest": 1_000,
        "source": 200,
        "basis": 200,
        "closed": 200,
    }
)
_LEFT_OUT: Mapping[str, int] = MappingProxyType({"first_name": 80, "last_name": 80, "phone": 60, "address": 400})
"""Half a name is nobody's: longer ones are left out."""
