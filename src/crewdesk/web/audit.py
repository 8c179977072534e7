"""The audit log: who did what, when, to which bytes; taken out of the house, and verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast, get_args
from urllib.parse import quote, urlencode

from starlette.responses import Response, StreamingResponse

from crewdesk.desk.read_audit import ExportForm, choose, export_audit
from crewdesk.desk.verify_audit import verify_audit
from crewdesk.domain.audit import AuditEntry
from crewdesk.errors import NotFound, WrongUsage
from crewdesk.ports.records import Records
from crewdesk.web.asking import Ask, TooOften
from crewdesk.web.pages import page, show
from crewdesk.web.places import given

PAGE = 50
"""Entries on one page."""
MEDIA: Mapping[ExportForm, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}
FILTERS = ("run", "who", "what", "since", "until")
SEAL = 64
"""Digits of a seal."""


@dataclass(frozen=True)
class Line:
    """An entry as the page shows it."""

    entry: AuditEntry
    run: str
    """Address of its run; empty where that was pruned, or it is about none."""
    subject: str
    """Address of what it is about; empty where there is no page about it."""


def show_audit(ask: Ask) -> Response:
    """List entries, the newest first."""
    wanted = _wanted(ask)
    chosen, before = choose(**wanted), _number(ask.query.get("before", ""))
    with ask.site.desk.store.reading() as records:
        found = records.audit.newest(PAGE + 1, before=before, chosen=chosen)
        lines = _lines(found[:PAGE], records)
        verbs, newest = records.audit.verbs(), records.audit.last()[0]
    filters = given(wanted)
    return show(
        ask,
        "audit.html",
        lines=lines,
        wanted=wanted,
        filtered=urlencode(filters),
        is_first=before is None,
        more=urlencode(filters | {"before": found[PAGE - 1].number}) if len(found) > PAGE else "",
        verbs=verbs,
        people=list(ask.site.desk.office.people().by_id),
        newest=newest,
    )


def show_verdict(ask: Ask) -> Response:
    """Verify the log, against a seal that was noted before where one is given."""
    noted = ask.query.get("head", "").strip().lower()
    if noted and (len(noted) != SEAL or set(noted) - set("0123456789abcdef")):
        raise WrongUsage("That is no seal.", hint="A seal has 64 digits, 0 to 9 and a to f.")
    if not ask.site.verifying.acquire(blocking=False):
        raise TooOften("The log is being verified for somebody else.", hint="Look again in a moment.")
    try:
        verdict = verify_audit(ask.site.desk.store, noted=noted)
    finally:
        ask.site.verifying.release()
    return show(ask, "audit_verify.html", verdict=verdict, noted=noted)


def export(ask: Ask) -> Response:
    """Send the log as a file, piece by piece."""
    form = ask.path["form"]
    if form not in get_args(ExportForm):
        raise NotFound("There is no such page.", hint="The log can be had as csv and as jsonl.")
    pieces = _gathered(export_audit(ask.site.desk.store, cast("ExportForm", form), choose(**_wanted(ask))))
    name = f"audit-{ask.site.desk.office.now()[:10]}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, media_type=MEDIA[cast("ExportForm", form)], headers=headers)


def _wanted(ask: Ask) -> dict[str, str]:
    wanted = {name: ask.query.get(name, "").strip() for name in FILTERS}
    return wanted | {"run": wanted["run"].upper()}


def _number(text: str) -> int | None:
    """Read where a page begins; what is no number of ours begins at the newest entry."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None  # noqa: PLR2004 - digits


def _lines(entries: Iterable[AuditEntry], records: Records) -> list[Line]:
    listed = list(entries)
    there = {run for run in {entry.run for entry in listed} if run and records.runs.status(run) is not None}
    return [Line(e, f"/runs/{quote(e.run)}" if e.run in there else "", _subject(e, there)) for e in listed]


def _subject(entry: AuditEntry, there: set[str]) -> str:
    if entry.run not in there:
        return ""
    if entry.subject.startswith(f"{entry.run}-"):
        return f"/gates/{quote(entry.subject, safe='')}"
    return f"/outbox?run={quote(entry.run)}" if entry.subject.startswith(f"{entry.run}:") else ""


def _gathered(pieces: Iterable[str], size: int = 64_000) -> Iterable[str]:
    """Put small pieces together: each that is sent costs a turn of the server."""
    gathered: list[str] = []
    length = 0
    for piece in pieces:
        gathered.append(piece)
        length += len(piece)
        if length >= size:
            yield "".join(gathered)
            gathered, length = [], 0
    yield "".join(gathered)


ROUTES = [
    page("/audit", get=show_audit),
    page("/audit/verify", get=show_verdict),
    page("/audit/export.{form}", get=export),
]
