"""Keep an answer within its limit, and say so where something was left out."""

from __future__ import annotations

from collections.abc import Sequence

from crewdesk.domain.canonical import Json, JsonObject, canonical


def fit(answer: JsonObject, *, shorten: str, longest: int) -> JsonObject:
    """Drop entries from the end of the list `shorten` until the answer has at most `longest` characters.

    The first entry stays whatever its length. What was dropped is told under `left_out`.
    """
    entries = answer[shorten]
    if not isinstance(entries, list) or len(canonical(answer)) <= longest:
        return answer
    empty: JsonObject = {**answer, shorten: [], "left_out": _told(shorten, len(entries), len(entries))}
    kept = _how_many(entries, room=longest - len(canonical(empty)))
    return {**answer, shorten: entries[:kept], "left_out": _told(shorten, kept, len(entries))}


def shortened(text: str, most: int) -> str:
    """Cut a text at a word, with an ellipsis, where it has more than `most` characters."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return f"{(cut.rsplit(' ', 1)[0] if ' ' in cut[most // 2 :] else cut).rstrip(' ,;:')}…"


def _told(name: str, kept: int, total: int) -> str:
    return f"{name}: {kept} of {total} are shown, the answer would be too long with all."


def _how_many(entries: Sequence[Json], *, room: int) -> int:
    kept = 0
    for entry in entries:
        room -= len(canonical(entry)) + 1
        if room < 0 and kept:
            break
        kept += 1
    return kept
