"""A seal binds an entry to all before it: whatever is changed shows, but for an end that is cut off."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewdesk.domain.audit import SEALED, AuditEntry, follow, keepable, seal


def sealed(*entries: AuditEntry) -> list[AuditEntry]:
    """Seal entries one after the other."""
    chain: list[AuditEntry] = []
    for number, entry in enumerate(entries, 1):
        before = chain[-1].seal if chain else ""
        chain.append(replace(entry, seal=seal(entry, before), number=number))
    return chain


def entry(n: int) -> AuditEntry:
    return AuditEntry(f"2026-11-22T10:00:{n:02}", "ada", "edit", f"R{n}", f"R{n}-1", f"sha {n}", "words", "login")


LOG = sealed(*(entry(n) for n in range(6)))


def test_a_log_as_it_was_sealed_holds() -> None:
    chain = follow(LOG)

    assert (chain.entries, chain.head, chain.broken) == (6, LOG[-1].seal, None)


def test_an_empty_log_holds_and_has_no_head() -> None:
    assert (follow([]).entries, follow([]).head, follow([]).broken) == (0, "", None)


def test_everything_an_entry_says_is_sealed() -> None:
    assert set(SEALED) | {"seal", "number"} == {part.name for part in fields(AuditEntry)}


@pytest.mark.parametrize("name", [*SEALED, "seal"])
@pytest.mark.parametrize("place", [0, 3, 5])
def test_a_change_of_any_part_of_any_entry_shows_there(name: str, place: int) -> None:
    changed = [replace(e, **{name: getattr(e, name) + "x"}) if n == place else e for n, e in enumerate(LOG)]

    chain = follow(changed)

    assert (chain.place, chain.broken) == (place + 1, changed[place])


def test_words_that_move_from_one_part_to_the_next_show() -> None:
    moved = [replace(LOG[0], who="ad", what="aedit"), *LOG[1:]]

    assert follow(moved).place == 1


def test_an_entry_that_is_left_out_shows_at_the_next() -> None:
    assert follow([*LOG[:2], *LOG[3:]]).broken == LOG[3]
    assert follow(LOG[1:]).broken == LOG[1]


def test_two_entries_that_changed_places_show_at_the_first() -> None:
    assert follow([*LOG[:2], LOG[3], LOG[2], *LOG[4:]]).place == 3


def test_an_entry_that_was_put_in_shows_even_if_it_is_sealed_with_the_one_before() -> None:
    forged = entry(9)
    forged = replace(forged, seal=seal(forged, LOG[2].seal))

    assert follow([*LOG[:3], forged, *LOG[3:]]).broken == LOG[3]
    assert follow([*LOG[:3], LOG[0], *LOG[3:]]).broken == LOG[0]


def test_a_change_that_is_sealed_anew_shows_at_the_next_entry() -> None:
    changed = replace(LOG[2], who="eve")
    changed = replace(changed, seal=seal(changed, LOG[1].seal))

    assert follow([*LOG[:2], changed, *LOG[3:]]).place == 4


def test_an_entry_without_a_seal_does_not_fit() -> None:
    assert follow([*LOG, entry(7)]).place == 7


def test_an_end_that_is_cut_off_shows_only_against_a_seal_that_was_noted() -> None:
    cut = LOG[:4]

    assert follow(cut).broken is None
    assert follow(cut, noted=LOG[5].seal).noted is None
    assert follow(cut, noted=LOG[3].seal).noted == LOG[3]


def test_a_log_that_was_written_anew_shows_only_against_a_seal_that_was_noted() -> None:
    anew = sealed(*(replace(e, who="eve") for e in LOG))

    assert follow(anew).broken is None
    assert follow(anew, noted=LOG[2].seal).noted is None


def test_a_noted_seal_behind_a_break_proves_nothing() -> None:
    chain = follow([LOG[0], replace(LOG[1], who="eve"), *LOG[2:]], noted=LOG[4].seal)

    assert (chain.place, chain.noted) == (2, None)


def test_whether_any_seal_is_noted_is_not_mistaken_for_an_entry_without_one() -> None:
    assert follow([entry(0)], noted="").noted is None


@given(st.text(), st.text())
def test_an_entry_is_kept_as_any_database_can_keep_it(who: str, words: str) -> None:
    kept = keepable(AuditEntry("now", who, "edit", "R", "x", words=words))

    assert "\0" not in kept.who + kept.words
    (kept.who + kept.words).encode()
    assert keepable(kept) == kept


def test_what_no_database_can_keep_is_marked() -> None:
    kept = keepable(AuditEntry("now", "a\0da", "edit", "R", "x", words="half \ud83d of a sign"))

    assert (kept.who, kept.words) == ("a\ufffdda", "half \ufffd of a sign")
