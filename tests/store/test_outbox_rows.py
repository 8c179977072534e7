"""The outbox comes a page at a time, with what is known of each action's run."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.domain.actions import Action, Receipt
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.runs import RunRecord
from crewdesk.store.database import Database

AT = "2026-11-22T10:00:0"
ACTION = Action("R1:site:a", "R1", "out", "site", "s1", "Text", "delivered", f"{AT}0", receipt=Receipt("here", {}))
RUN = RunRecord("R1", "content", "offline", {}, {}, "failed", f"{AT}0", f"{AT}0", hint="Look there.")


def filled(url: str) -> Database:
    store = Database(url)
    with store.writing() as records:
        records.runs.put(RUN)
        records.outbox.put(ACTION)
        records.outbox.put(replace(ACTION, key="R1:mail:a", connector="mail", status="failed", created=f"{AT}1"))
        records.outbox.put(replace(ACTION, key="R2:mail:a", run="R2", connector="mail", created=f"{AT}1"))
    return store


def test_the_newest_comes_first_a_page_at_a_time(store_url: str) -> None:
    with filled(store_url).reading() as records:
        first = records.outbox.lines(limit=2)
        last = first[-1].action
        second = records.outbox.lines(limit=2, before=(last.created, last.key))

    assert [line.action.key for line in (*first, *second)] == ["R2:mail:a", "R1:mail:a", "R1:site:a"]


def test_a_line_knows_its_run_and_what_to_do_there(store_url: str) -> None:
    with filled(store_url).reading() as records:
        lines = {line.action.key: line for line in records.outbox.lines(limit=9)}

    line = lines["R1:site:a"]
    assert (line.action, line.crew, line.run_status, line.hint) == (ACTION, "content", "failed", "Look there.")
    gone = lines["R2:mail:a"]
    assert (gone.crew, gone.run_status, gone.hint) == ("", None, "")


def test_actions_are_chosen_by_status_connector_and_run(store_url: str) -> None:
    with filled(store_url).reading() as records:
        lines = records.outbox.lines
        assert [line.action.key for line in lines(limit=9, status="failed")] == ["R1:mail:a"]
        assert [line.action.key for line in lines(limit=9, connector="mail")] == ["R2:mail:a", "R1:mail:a"]
        assert [line.action.key for line in lines(limit=9, connector="mail", run="R2")] == ["R2:mail:a"]
        assert records.outbox.connectors() == ["mail", "site"]


def test_versions_are_found_by_run_and_hash_however_many(store_url: str) -> None:
    store = Database(store_url)
    bodies: list[JsonObject] = [{"text": str(n)} for n in range(450)]
    versions = [Artifact("R1", "a", n + 1, "Text", "w", body, digest(body), f"{AT}0") for n, body in enumerate(bodies)]
    with store.writing() as records:
        for version in versions:
            records.artifacts.put(version)
        records.artifacts.put(replace(versions[0], run="R2"))

    with store.reading() as records:
        found = records.artifacts.of_hashes([("R1", v.sha) for v in versions])
        assert found == versions
        assert records.artifacts.of_hashes([("R3", versions[0].sha)]) == []
        assert records.artifacts.of_hashes([("R2", versions[1].sha), ("R1", versions[0].sha)]) == [versions[0]]
        assert records.artifacts.of_hashes([]) == []
