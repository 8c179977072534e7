"""/metrics says what Prometheus wants to know, to whom it concerns, and never more of it than there are routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from crewdesk.desk.sign_in import make_token
from crewdesk.domain.actions import Action
from crewdesk.domain.claims import Holder
from crewdesk.domain.effects import Effect, Usage
from crewdesk.domain.gates import Gate
from crewdesk.errors import StoreUnavailable
from crewdesk.facade import Desk
from crewdesk.web.metrics import KEPT
from crewdesk.web.site import Site
from support.gates import Clock
from support.web import Browser, post_at_gate, site_of, web_desk


@pytest.fixture(name="client")
def _client(site: Site) -> Iterator[TestClient]:
    with Browser(site).client as client:
        yield client


def scraped(client: TestClient, **more: str) -> dict[str, dict[tuple[str, ...], float]]:
    """What Prometheus reads: samples by name and the values of their labels."""
    answer = client.get("/metrics", headers=more)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/plain")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        found.setdefault(family.name, {})
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_runs_gates_and_the_outbox_are_counted(client: TestClient, web: Desk, waiting: Gate, clock: Clock) -> None:
    second = post_at_gate(web, topic="doors")
    with web.store.writing() as records:
        records.gates.put(replace(second, due=web.office.now()))
        records.outbox.put(Action("k", second.run, "publish", "site", "", "Post", "failed", web.office.now()))
    clock.forward(hours=2)

    said = scraped(client)

    assert said["crewdesk_runs"] == {("content", "waiting"): 2}
    assert said["crewdesk_gates_open"] == {("content",): 2}
    assert said["crewdesk_gates_overdue"] == {("content",): 1}
    assert said["crewdesk_gates_oldest_seconds"] == {("content",): 7200}
    assert said["crewdesk_outbox"] == {("failed",): 1}
    assert said["crewdesk_live_listeners"] == {(): 0}


def test_a_price_that_nobody_knows_is_counted_apart_and_not_as_nothing(
    client: TestClient, web: Desk, waiting: Gate
) -> None:
    with web.store.writing() as records:
        asked = next(e for e in records.journal.of_run(waiting.run) if e.kind == "model")
        records.journal.put(replace(asked, key="k3", usage=Usage(None, None, None)))

    said = scraped(client)

    assert said["crewdesk_calls"] == {("content", "model"): 2, ("content", "tool"): 1}
    assert said["crewdesk_calls_usd"] == {("content", "model"): 0.0123}
    assert said["crewdesk_calls_unpriced"] == {("content", "model"): 1}
    assert said["crewdesk_calls_tokens"] == {("content", "model"): 1500}
    assert said["crewdesk_calls_uncounted"] == {("content", "model"): 1}


def test_the_calls_are_summed_up_again_only_after_a_while(client: TestClient, web: Desk, waiting: Gate) -> None:
    times = [0.0]
    web.office = replace(web.office, timer=lambda: times[0])
    before = scraped(client)["crewdesk_calls"]
    with web.store.writing() as records:
        asked = next(e for e in records.journal.of_run(waiting.run) if e.kind == "model")
        records.journal.put(replace(asked, key="k3"))

    soon = scraped(client)["crewdesk_calls"]
    times[0] = KEPT
    later = scraped(client)["crewdesk_calls"]

    assert soon == before == {("content", "model"): 1, ("content", "tool"): 1}
    assert later == {("content", "model"): 2, ("content", "tool"): 1}


def test_what_was_reused_is_not_counted_as_spent(client: TestClient, web: Desk, waiting: Gate) -> None:
    with web.store.writing() as records:
        asked: Effect = next(e for e in records.journal.of_run(waiting.run) if e.kind == "model")
        records.journal.put(replace(asked, key="k3", source="reused"))

    assert scraped(client)["crewdesk_calls_usd"] == {("content", "model"): 0.0123}


def test_workers_are_counted_and_when_they_were_heard_of(client: TestClient, web: Desk) -> None:
    before = scraped(client)
    with web.store.writing() as records:
        records.claims.beat(Holder("w", "worker", "far away", "/none", 30.0))
        records.claims.beat(Holder("d", "desk", "far away", "/none", 30.0))

    after = scraped(client)

    assert (before["crewdesk_workers"], before["crewdesk_workers_heard_seconds"]) == ({(): 0}, {})
    assert after["crewdesk_workers"] == {(): 1}
    assert 0 <= after["crewdesk_workers_heard_seconds"][()] < 30


def test_answers_are_timed_by_route_and_not_by_address(client: TestClient, waiting: Gate) -> None:
    for path in (f"/gates/{waiting.id}", "/gates/NONE-1", "/api/v1/runs/A", "/api/v1/runs/B", "/api/v1/none"):
        client.get(path, headers={"X-Crewdesk-Name": "ada"})
    client.get("/static/none.css")
    client.get("/health")
    client.request("BREW", "/any/thing")
    client.get("/odd%0Apath")

    counted = scraped(client)["crewdesk_http_seconds_count"]

    assert counted == {
        ("GET", "/gates/{gate}", "303"): 2,
        ("GET", "/api/v1/runs/{run}", "404"): 2,
        ("GET", "/api/v1", "404"): 1,
        ("GET", "/static", "404"): 1,
        ("GET", "/health", "200"): 1,
        ("other", "/{path:path}", "405"): 1,
        ("GET", "(none)", "400"): 1,
    }


def test_where_the_desk_knows_people_a_token_is_needed(tmp_path: Path) -> None:
    desk = web_desk(tmp_path / "closed", Clock(), people="people:\n  cy: {name: Cy}\n")
    token = make_token("cy", "prometheus", office=desk.office)
    with Browser(site_of(desk)).client as client:
        refused = client.get("/metrics")
        wrong = client.get("/metrics", headers={"Authorization": "Bearer wrong"})
        said = scraped(client, Authorization=f"Bearer {token}")

    assert (refused.status_code, wrong.status_code) == (401, 401)
    assert "crewdesk_runs" in said


def test_a_database_that_is_away_is_told_and_not_counted_as_empty(
    client: TestClient, web: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise StoreUnavailable("The database is locked.")

    monkeypatch.setattr(web.store, "reading", away)

    answer = client.get("/metrics")

    assert (answer.status_code, answer.json()["error"]) == (503, "The database is locked.")


def test_nothing_is_measured_for_a_server_without_pages(web: Desk) -> None:
    from crewdesk.domain.trigger_specs import TriggersSpec
    from crewdesk.triggers.webhooks import Webhooks
    from crewdesk.web.app import make_app

    app = make_app(Webhooks(web, TriggersSpec(), say=lambda _: None), web.store)

    assert TestClient(app).get("/metrics").status_code == 404
