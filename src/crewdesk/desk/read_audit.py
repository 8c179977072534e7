"""Read the audit log from its first entry to its last, however long it is, and take it out of the house."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from crewdesk.domain.audit import EVERYTHING, SEALED, AuditEntry, Chosen
from crewdesk.errors import StoreError, WrongUsage
from crewdesk.ports.records import Records
from crewdesk.ports.store import Store

BATCH = 1000
"""Entries held in memory at once, and read in one transaction: nobody need wait for a slow reader."""
EXPORTED = (*SEALED, "seal")

ExportForm = Literal["csv", "jsonl"]
"""A table for people, or lines of JSON that can be verified."""

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""With these a cell begins that a spreadsheet takes for a formula and acts on."""


def choose(*, run: str = "", who: str = "", what: str = "", since: str = "", until: str = "") -> Chosen:
    """Say which entries are wanted; days and moments are UTC, and the day `until` is within.

    Raises `WrongUsage` for what is neither a day nor a moment.
    """
    return Chosen(run, who, what, since and _moment(since), until and _moment(until, after=True))


def read_audit(
    store: Store, chosen: Chosen = EVERYTHING, *, weigh: Callable[[Sequence[AuditEntry], Records], None] | None = None
) -> Iterator[AuditEntry]:
    """Yield the entries chosen, the oldest first; `weigh` is shown each batch in the transaction it was read in."""
    after = 0
    while True:
        with store.reading() as records:
            batch = records.audit.following(after, limit=BATCH, chosen=chosen)
            if weigh is not None:
                weigh(batch, records)
        if not batch:
            return
        yield from batch
        after = batch[-1].number


def export_audit(store: Store, form: ExportForm, chosen: Chosen = EVERYTHING) -> Iterator[str]:
    """Yield the entries chosen as text, piece by piece.

    As a table, cells that a spreadsheet would take for formulas begin with an apostrophe, so a table cannot be
    verified. Lines of JSON can, if nothing is left out.
    """
    if form == "csv":
        yield _row(EXPORTED)
    for entry in read_audit(store, chosen):
        values = [getattr(entry, name) for name in EXPORTED]
        if form == "csv":
            yield _row([_harmless(value) for value in values])
        else:
            yield json.dumps(dict(zip(EXPORTED, values, strict=True)), ensure_ascii=False) + "\n"


def read_export(lines: Iterable[str]) -> Iterator[AuditEntry]:
    """Yield the entries of an export as lines of JSON; raises `StoreError` at the first line that is none."""
    for number, line in enumerate(lines, 1):
        try:
            given: dict[str, object] = dict(json.loads(line, object_pairs_hook=_once))
        except (ValueError, TypeError, RecursionError):
            given = {}
        texts: dict[str, Any] = {name: value for name, value in given.items() if isinstance(value, str)}
        if set(given) != set(EXPORTED) or len(texts) != len(given):
            raise StoreError(
                f"Line {number} is no entry of the audit log, as JSON with {', '.join(EXPORTED)}.",
                hint="Export it again: crewdesk audit export --format jsonl",
            )
        yield AuditEntry(**texts)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that comes twice: readers differ about which one counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name comes twice"
        raise ValueError(message)
    return found


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("\t", "\r", "\n")) or cell.lstrip().startswith(FORMULA) else cell


def _moment(text: str, *, after: bool = False) -> str:
    """Spell a day or a moment as the log does, so that both compare as texts; `after` a day is the next one."""
    try:
        if len(text) == len("2026-11-22"):
            return (date.fromisoformat(text) + timedelta(days=after)).isoformat()
        moment = datetime.fromisoformat(text)
        known = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return known.isoformat(timespec="milliseconds")
    except (ValueError, OverflowError):
        raise WrongUsage(f"{text!r} is no day.", hint="Write it as in 2026-11-22, or 2026-11-22T10:00.") from None
