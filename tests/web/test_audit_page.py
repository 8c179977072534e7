"""Everybody who may look sees who did what, can take it along, and can have it verified."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from crewdesk.desk.read_audit import read_export
from crewdesk.desk.verify_audit import verify_entries
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from crewdesk.store.database import Database
from crewdesk.web import audit
from crewdesk.web.site import Site
from support.web import Browser

AT = "2026-11-{day:02}T10:00:00.000+00:00"


def add(web: Desk, *entries: AuditEntry) -> None:
    with web.store.writing() as records:
        for entry in entries:
            records.audit.add(entry)


def entry(day: int = 22, who: str = "ada", what: str = "edit", run: str = "GONE", **more: str) -> AuditEntry:
    return AuditEntry(AT.format(day=day), who, what, run, f"{run}-1", **more)  # type: ignore[arg-type]


def words(browser: Browser) -> list[str]:
    """The words of the entries that the page lists."""
    return re.findall(r'<td class="words">(.*?)</td>', browser.page)


def tamper(web: Desk, statement: str) -> None:
    assert isinstance(web.store, Database)
    with web.store.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("path", ["/audit", "/audit/verify", "/audit/export.csv", "/audit/export.jsonl"])
def test_nobody_sees_it_without_saying_who_they_are(site: Site, path: str) -> None:
    with Browser(site).client as client:
        assert client.get(path).status_code == 303


def test_an_empty_log_says_what_to_do(browser: Browser) -> None:
    browser.get("/audit")

    assert "Nothing was done yet." in browser.text


def test_entries_name_who_what_and_which_bytes_and_lead_to_run_and_gate(browser: Browser, waiting: Gate) -> None:
    browser.get("/audit")

    assert f'<a href="/runs/{waiting.run}">' in browser.page
    assert f'<a href="/gates/{waiting.id}">' in browser.page
    assert waiting.sha in browser.page
    assert "opened" in browser.text
    assert "not authenticated</span></td>" in browser.page


@pytest.mark.parametrize(("proof", "badge"), [("login", "good"), ("token", "good"), ("typed", "warn")])
def test_how_a_name_was_come_by_is_shown(browser: Browser, web: Desk, proof: str, badge: str) -> None:
    add(web, entry(proof=proof))

    browser.get("/audit")

    assert (
        f'<span class="badge {badge}">{"not authenticated" if proof == "typed" else proof}</span></td>' in browser.page
    )


def test_a_pruned_run_is_named_and_leads_nowhere(browser: Browser, web: Desk) -> None:
    add(web, entry(run="GONE"))

    browser.get("/audit")

    assert "GONE-1" in browser.page
    assert "/runs/GONE" not in browser.page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("run=R1", ["a", "b"]),
        ("run=r1", ["a", "b"]),
        ("who=bo", ["b", "c"]),
        ("what=approve", ["c"]),
        ("since=2026-11-23", ["b", "c"]),
        ("until=2026-11-23", ["a", "b"]),
        ("since=2026-11-23&until=2026-11-23", ["b"]),
        ("who=+bo+&run=R1", ["b"]),
        ("who=eve", []),
    ],
)
def test_it_is_filtered(browser: Browser, web: Desk, query: str, found: list[str]) -> None:
    add(
        web,
        entry(22, run="R1", words="a"),
        entry(23, "bo", run="R1", words="b"),
        entry(24, "bo", "approve", run="R2", words="c"),
    )

    browser.get(f"/audit?{query}")

    assert words(browser) == found[::-1]
    exported = browser.client.get(f"/audit/export.jsonl?{query}").text
    assert [e.words for e in read_export(io.StringIO(exported, newline="\n"))] == found


def test_a_day_that_is_none_is_told(browser: Browser) -> None:
    answer = browser.get("/audit?since=2026-02-31")

    assert (answer.status_code, "is no day" in browser.text) == (422, True)


def test_it_comes_in_pages_the_newest_first_and_keeps_its_filter(browser: Browser, web: Desk) -> None:
    add(web, *(entry(words=f"n{n}", who="bo & co") for n in range(120)))
    seen: list[str] = []
    address = "/audit?who=bo+%26+co"

    for _ in range(3):
        browser.get(address)
        seen += words(browser)
        more = re.search(r'href="(/audit\?[^"]*before=\d+)"', browser.page)
        address = more[1].replace("&amp;", "&") if more else ""

    assert seen == [f"n{n}" for n in range(119, -1, -1)]
    assert address == ""


@pytest.mark.parametrize("before", ["x", "-1", "1" * 40, "²"])
def test_a_place_that_is_none_is_the_beginning(browser: Browser, web: Desk, before: str) -> None:
    add(web, entry(words="here"))

    assert browser.get(f"/audit?before={before}").status_code == 200
    assert words(browser) == ["here"]


def test_nothing_that_was_said_runs(browser: Browser, web: Desk) -> None:
    nasty = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    add(web, AuditEntry(nasty, nasty, nasty, nasty, f"{nasty}-1", nasty, nasty))

    browser.get("/audit")
    shown = browser.page
    browser.get(f"/audit?run={nasty}&who={nasty}&what={nasty}")

    assert all("<script>alert" not in page and "<img" not in page for page in (shown, browser.page))


def test_a_whole_export_can_be_verified(browser: Browser, web: Desk, waiting: Gate) -> None:
    add(web, entry(words="line\u2028two\nthree"))

    answer = browser.client.get("/audit/export.jsonl")

    assert answer.headers["content-type"] == "application/x-ndjson; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-2026-11-22.jsonl"'
    verdict = verify_entries(read_export(io.StringIO(answer.text, newline="\n")))
    assert (verdict.holds, verdict.chain.entries) == (True, 3)


def test_a_table_has_no_formulas(browser: Browser, web: Desk) -> None:
    add(web, entry(who="=cmd", words="-1"))

    answer = browser.client.get("/audit/export.csv")

    (row,) = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (row["who"], row["words"]) == ("'=cmd", "'-1")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_long_export_leaves_in_pieces(web: Desk) -> None:
    pieces = list(audit._gathered((str(n) for n in range(40_000)), size=1000))

    assert "".join(pieces) == "".join(map(str, range(40_000)))
    assert max(map(len, pieces)) < 1010


def test_an_export_in_another_form_is_not_there(browser: Browser) -> None:
    assert browser.get("/audit/export.xlsx").status_code == 404


def test_a_log_that_holds_is_told_so_with_its_head(browser: Browser, web: Desk, waiting: Gate) -> None:
    with web.store.reading() as records:
        head = records.audit.last()[1]

    browser.get("/audit/verify")
    assert "Yes. 2 entries, and every one fits the one before" in browser.text
    assert head in browser.page

    browser.get(f"/audit/verify?head={head.upper()}")
    assert "The seal that was noted is that of entry 2" in browser.text


def test_a_log_that_was_changed_names_the_entry_and_leads_there(browser: Browser, web: Desk, waiting: Gate) -> None:
    tamper(web, "UPDATE audit SET who = '<b>eve</b>' WHERE position = 1")

    browser.get("/audit/verify")

    assert "No. Something was changed" in browser.text
    assert "&lt;b&gt;eve&lt;/b&gt;, started" in browser.page
    assert 'href="/audit?before=2"' in browser.page


def test_a_seal_that_is_not_in_the_log_and_one_that_is_none_are_told(browser: Browser, waiting: Gate) -> None:
    browser.get(f"/audit/verify?head={'1' * 64}")
    assert "the log was cut off, or sealed anew since" in browser.text

    assert browser.get("/audit/verify?head=ada").status_code == 422


def test_looking_changes_nothing(browser: Browser, web: Desk, tmp_path: Path, waiting: Gate) -> None:
    with web.store.reading() as records:
        before = records.audit.last()

    for path in ("/audit", "/audit/verify", "/audit/export.csv", "/outbox"):
        browser.get(path)

    with web.store.reading() as records:
        assert records.audit.last() == before


def test_the_log_is_verified_once_at_a_time(browser: Browser, site: Site) -> None:
    with site.verifying:
        assert browser.get("/audit/verify").status_code == 429

    assert browser.get("/audit/verify").status_code == 200
