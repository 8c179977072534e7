"""The audit log is one chain, whoever writes at once, and wherever it goes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert

from crewdesk.domain.actions import Action
from crewdesk.domain.audit import EVERYTHING, AuditEntry, Chosen, follow
from crewdesk.store import tables
from crewdesk.store.audit import AuditRows
from crewdesk.store.backup import back_up
from crewdesk.store.database import Database
from crewdesk.store.move import move
from support.old import make_old

AT = "2026-11-22T10:00:00.000+00:00"


def entry(run: str = "R1", what: str = "edit", who: str = "ada", at: str = AT, **more: str) -> AuditEntry:
    return AuditEntry(at, who, what, run, f"{run}-1", **more)  # type: ignore[arg-type]


def write(store: Database, *entries: AuditEntry, run: str = "") -> None:
    with store.writing(run) as records:
        for each in entries:
            records.audit.add(each)


def log(store: Database) -> list[AuditEntry]:
    with store.reading() as records:
        return list(records.audit.listed())


def test_many_who_write_at_once_make_one_chain(store_url: str) -> None:
    stores = [Database(store_url), Database(store_url)]
    start = threading.Barrier(6)

    def work(n: int) -> None:
        start.wait()
        for turn in range(12):
            run = f"R{n}" if turn % 4 else ""  # of one run, or of all
            write(stores[n % 2], entry(f"R{n}", words=f"{turn} a"), entry(f"R{n}", words=f"{turn} b"), run=run)

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(work, n) for n in range(6)]:
            done.result()

    found = log(stores[0])
    chain = follow(found)
    assert (chain.entries, chain.broken) == (144, None)
    for n in range(6):
        own = [e.words for e in found if e.run == f"R{n}"]
        assert own == [f"{turn} {letter}" for turn in range(12) for letter in "ab"]


def test_what_is_rolled_back_leaves_no_gap(store_url: str) -> None:
    store = Database(store_url)
    write(store, entry("R1"))

    def write_and_break_off() -> None:
        with store.writing() as records:
            records.audit.add(entry("R2"))
            raise KeyError

    with pytest.raises(KeyError):
        write_and_break_off()
    write(store, entry("R3"))

    assert [e.run for e in log(store)] == ["R1", "R3"]
    assert follow(log(store)).broken is None


def test_what_breaks_off_between_seal_and_commit_leaves_no_gap(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, seal = Database(store_url), AuditRows.seal
    write(store, entry("R1"))

    def break_off(rows: AuditRows) -> None:
        seal(rows)
        raise KeyboardInterrupt

    monkeypatch.setattr(AuditRows, "seal", break_off)
    with pytest.raises(KeyboardInterrupt):
        write(store, entry("R2"))
    monkeypatch.undo()
    write(store, entry("R3"))

    assert [e.run for e in log(store)] == ["R1", "R3"]
    assert follow(log(store)).broken is None


def test_an_entry_is_seen_in_its_own_transaction_before_it_is_sealed(store_url: str) -> None:
    store = Database(store_url)

    with store.writing() as records:
        records.audit.add(entry("R1"))
        assert [e.run for e in records.audit.listed(run="R1")] == ["R1"]
        assert records.audit.last() == (0, "")
    with store.reading() as records:
        number, seal = records.audit.last()

    assert (number, seal) == (1, log(store)[0].seal)


@pytest.mark.parametrize("to", ["sqlite", "postgres"])
def test_a_log_that_is_moved_is_the_same_chain_and_goes_on(
    store_url: str, to: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source = Database(store_url)
    write(source, *(entry(f"R{n}", words="zero \0, half \ud800, Ünïcode 日本語 🎈") for n in range(230)))
    head = log(source)[-1].seal
    url = f"sqlite:///{tmp_path}/new/desk.db"
    if to == "postgres":
        url = request.getfixturevalue("postgres").make_database(f"audit_{abs(hash(store_url)) % 10**9}")
    target = Database(url)

    move(source, target, alive=lambda _: [], at=AT)
    write(target, entry("R999"))

    chain = follow(log(target), noted=head)
    assert (chain.entries, chain.broken) == (231, None)
    assert chain.noted is not None
    assert chain.noted.number == 230


def test_a_copy_holds_the_same_chain(tmp_path: Path) -> None:
    store = Database(f"sqlite:///{tmp_path}/desk.db")
    write(store, entry("R1"), entry("R2"))

    back_up(store, tmp_path / "copy.db", environment={})

    copied = log(Database(f"sqlite:///{tmp_path}/copy.db"))
    assert [e.seal for e in copied] == [e.seal for e in log(store)]


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_the_entries_of_an_old_database_are_sealed_in_their_order(store_url: str, revision: str) -> None:
    zero = "a \0 byte" if store_url.startswith("sqlite") else "a byte"
    names = ("at", "who", "what", "run", "subject", "sha", "words")
    rows: list[dict[str, Any]] = [
        dict(zip(names, (AT, "ada", "edit", f"R{n}", "x", "", zero), strict=True)) for n in range(2_100)
    ]
    make_old(store_url, revision, {"audit": rows})

    store = Database(store_url)
    write(store, entry("new"))

    found = log(store)
    assert [e.run for e in found] == [*(f"R{n}" for n in range(2_100)), "new"]
    assert follow(found).broken is None
    assert "\0" not in found[0].words


def test_what_an_earlier_crewdesk_goes_on_writing_is_sealed_with_the_next_entry(store_url: str) -> None:
    """A worker that nobody ended yet knows of no seals."""
    store = Database(store_url)
    write(store, entry("R1"))
    plain = {"at": AT, "who": "crewdesk", "what": "opened", "subject": "x", "sha": "", "words": "", "proof": ""}
    with store.engine.begin() as connection:
        connection.execute(insert(tables.audit), [plain | {"run": run, "seal": ""} for run in ("OLD1", "OLD2")])
    assert follow(log(store)).place == 2

    write(store, entry("R2"))

    assert [e.run for e in log(store)] == ["R1", "OLD1", "OLD2", "R2"]
    assert follow(log(store)).broken is None


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        (Chosen(), [0, 1, 2, 3]),
        (Chosen(run="R2"), [2, 3]),
        (Chosen(who="bo"), [1, 3]),
        (Chosen(what="approve", run="R2"), [3]),
        (Chosen(since="2026-11-23"), [1, 2, 3]),
        (Chosen(since="2026-11-23", until="2026-11-25"), [1, 2]),
        (Chosen(who="ADA"), []),
    ],
)
def test_entries_are_chosen_by_what_is_wanted(store_url: str, chosen: Chosen, wanted: list[int]) -> None:
    store = Database(store_url)
    days = [f"2026-11-{22 + n}T10:00:00.000+00:00" for n in range(4)]
    write(
        store,
        entry("R1", at=days[0]),
        entry("R1", who="bo", at=days[1]),
        entry("R2", at=days[2]),
        entry("R2", who="bo", what="approve", at=days[3]),
    )

    with store.reading() as records:
        oldest = records.audit.following(0, limit=10, chosen=chosen)
        newest = records.audit.newest(10, chosen=chosen)

    assert [e.number - 1 for e in oldest] == wanted
    assert list(newest) == list(oldest)[::-1]


def test_entries_come_a_page_at_a_time_in_both_directions(store_url: str) -> None:
    store = Database(store_url)
    write(store, *(entry(f"R{n}") for n in range(5)))

    with store.reading() as records:
        first = records.audit.newest(2)
        second = records.audit.newest(2, before=first[-1].number)
        after = records.audit.following(second[-1].number, limit=2)

    assert [e.run for e in (*first, *second)] == ["R4", "R3", "R2", "R1"]
    assert [e.run for e in after] == ["R2", "R3"]


def test_all_verbs_are_named_once(store_url: str) -> None:
    store = Database(store_url)
    write(store, *(entry(what=what) for what in ("started", "approve", "started", "taken over", "Reject")))

    with store.reading() as records:
        assert set(records.audit.verbs()) == {"started", "approve", "taken over", "Reject"}
        assert len(records.audit.verbs()) == 4


def test_no_look_at_log_or_outbox_goes_through_all_of_it(tmp_path: Path) -> None:
    """SQLite says how it goes about what is really asked."""
    store = Database(f"sqlite:///{tmp_path}/desk.db")
    asked: list[tuple[str, Any]] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    with store.reading() as records:
        for chosen in (EVERYTHING, Chosen(run="x"), Chosen(who="x"), Chosen(what="x")):
            records.audit.newest(50, before=9, chosen=chosen)
        records.audit.following(7, limit=50)
        records.audit.last()
        records.audit.released(["x"])
        records.audit.unapproved(9)
        records.audit.unnamed(9)
        records.outbox.lines(limit=50, before=("x", "y"))
        records.outbox.lines(limit=50, status="failed")
        records.outbox.lines(limit=50, connector="x")
        records.artifacts.of_hashes([("x", "y"), ("z", "y")])
        records.gates.approved(["x"])
    looks = [look for look in asked if look[0].startswith("SELECT")]

    with store.engine.connect() as connection:
        plans = {sql: list(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)) for sql, given in looks}

    scans = [(sql, row[-1]) for sql, plan in plans.items() for row in plan if row[-1].startswith("SCAN")]
    assert len(plans) >= 14
    assert scans == [(sql, "SCAN audit") for sql, _ in scans if "ORDER BY audit.position DESC" in sql]  # from its end


def test_deliveries_nobody_approved_are_found_and_those_by_a_rule_or_an_approval_are_not(store_url: str) -> None:
    store = Database(store_url)
    write(
        store,
        entry("R1", "approve", sha="s1"),
        entry("R1", "delivered", sha="s1"),
        entry("R1", "delivered", sha="s2"),
        entry("R2", "delivered", sha="s1"),
        entry("R3", "delivered", "rule of Ada", sha="s3"),
    )

    with store.reading() as records:
        assert [(e.run, e.sha) for e in records.audit.unapproved(9)] == [("R1", "s2"), ("R2", "s1")]
        assert len(records.audit.unapproved(1)) == 1


def test_delivered_actions_that_the_log_does_not_name_are_found(store_url: str) -> None:
    store = Database(store_url)
    with store.writing() as records:
        for key, sha in (("R1:site:a", "s1"), ("R1:site:b", "s2"), ("R1:site:c", "s3")):
            records.outbox.put(Action(key, "R1", "out", "site", sha, "Text", "delivered", AT))
        records.outbox.put(Action("R1:site:d", "R1", "out", "site", "s4", "Text", "proposed", AT))
        records.audit.add(AuditEntry(AT, "ada", "delivered", "R1", "R1:site:a", "s1"))
        records.audit.add(AuditEntry(AT, "ada", "delivered", "R1", "R1:site:b", "other bytes"))

    with store.reading() as records:
        assert records.audit.unnamed(9) == ["R1:site:b", "R1:site:c"]
