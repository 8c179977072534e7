"""/metrics, as Prometheus reads it: counts from the database at each scrape, and how long answers took."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from threading import Lock

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crewdesk.desk.roll_call import living_workers
from crewdesk.errors import CrewdeskError
from crewdesk.ports.counts import Calls
from crewdesk.web.api.door import identify, refusal
from crewdesk.web.site import Site

KEPT = 30.0
"""Seconds that the sums of all calls are kept, for they are made from every call there is."""
SLOWEST = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds that answers are sorted by."""
NOWHERE = "(none)"
"""The route of an address that there is not; its spelling is whatever somebody sends."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ENDLESS = "/live/{topic}"
CALLS: Mapping[str, str] = {
    "calls": "Finished calls of models and tools",
    "failed": "Of these, those that failed",
    "tokens": "Tokens of models, of those answers whose tokens were counted",
    "uncounted": "Answers of models whose tokens nobody counted",
    "usd": "Cost of models in USD, of those answers whose price is known",
    "unpriced": "Answers of models whose price nobody knows",
}
"""What is told of calls, by the field that counts it."""


class Metrics:
    """What is measured in this process, and what the database counts."""

    def __init__(self, site: Site) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_House(site))
        self.seconds = Histogram(
            "crewdesk_http_seconds",
            "How long answers took, to their last byte; live ones, which go on for hours, are left out",
            ("method", "route", "status"),
            buckets=SLOWEST,
            registry=self._registry,
        )

    def text(self) -> bytes:
        """Return all of it as Prometheus reads it; raises `StoreError` where the database is away."""
        return generate_latest(self._registry)


def metrics_route(metrics: Metrics, site: Site) -> Route:
    """Make /metrics: open where the desk knows nobody, which is on its own machine only; else for a token."""

    def answer(request: Request) -> Response:
        try:
            if not site.takes_names:
                identify(request, site)
            return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)
        except CrewdeskError as error:
            return refusal(error)

    async def endpoint(request: Request) -> Response:
        """Answer one request."""
        return await run_in_threadpool(answer, request)

    return Route("/metrics", endpoint)


class Timed:
    """Measures how long answers take, by route and not by address, so that there are never many of them."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        status, begun = 500, time.perf_counter()

        async def heard(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, heard)
        finally:
            route = _template(scope)
            if scope["type"] == "http" and route != ENDLESS:
                method = scope["method"] if scope["method"] in METHODS else "other"
                self._metrics.seconds.labels(method, route, status).observe(time.perf_counter() - begun)


class _House(Collector):
    """Asks the database at each scrape."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._summing = Lock()
        self._sums: tuple[float, Sequence[Calls]] | None = None

    def describe(self) -> list[GaugeMetricFamily]:
        """Say nothing of it before it is asked for: the database may be away when the desk is opened."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count; these are gauges, for what is pruned is counted no more."""
        office = self._site.desk.office
        now = office.now()
        with office.store.reading() as records:
            runs = {(crew, status): count for crew, status, count in records.counts.runs()}
            gates, actions = records.counts.open_gates(now), records.counts.actions()
            heard = [holder.silence for holder in records.claims.holders() if holder.kind == "worker"]
        yield _gauge("runs", "Runs that are kept", ("crew", "status"), runs)
        yield _gauge("gates_open", "Gates that wait for people", ("crew",), {(g.crew,): g.waiting for g in gates})
        yield _gauge("gates_overdue", "Of these, those overdue", ("crew",), {(g.crew,): g.overdue for g in gates})
        ages = {(g.crew,): _seconds(g.oldest, now) for g in gates}
        yield _gauge("gates_oldest_seconds", "For how long the oldest open gate has waited", ("crew",), ages)
        yield _gauge("outbox", "Actions", ("status",), {(status,): count for status, count in actions})
        yield from _of_calls(self._calls())
        yield _gauge("workers", "Workers that are heard of", (), {(): len(living_workers(office))})
        last = {(): min(heard)} if heard else {}
        yield _gauge("workers_heard_seconds", "Since any worker was heard of last", (), last)
        yield _gauge("live_listeners", "Open pages that listen", (), {(): self._site.live.listeners})

    def _calls(self) -> Sequence[Calls]:
        """Sum the calls up, or say the sums of a moment ago; those who ask at once wait for one sum."""
        office = self._site.desk.office
        with self._summing:
            if self._sums is None or office.timer() - self._sums[0] >= KEPT:
                with office.store.reading() as records:
                    calls = records.counts.calls()
                self._sums = office.timer(), calls
            return self._sums[1]


def _of_calls(calls: Sequence[Calls]) -> Iterator[GaugeMetricFamily]:
    for field, words in CALLS.items():
        told = [row for row in calls if row.kind == "model" or field in ("calls", "failed")]
        sums = {(row.crew, row.kind): getattr(row, field) for row in told}
        yield _gauge(f"calls_{field}" if field != "calls" else field, words, ("crew", "kind"), sums)


def _gauge(name: str, words: str, labels: Sequence[str], values: Mapping[tuple[str, ...], float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"crewdesk_{name}", words, labels=labels)
    for label, value in sorted(values.items()):
        family.add_metric(label, value)
    return family


def _template(scope: Scope) -> str:
    """Name the route that answered."""
    route, mounted = scope.get("route"), scope.get("root_path", "")
    if isinstance(route, Mount):
        return mounted or NOWHERE
    return mounted + getattr(route, "path", NOWHERE)


def _seconds(since: str, now: str) -> float:
    return max((datetime.fromisoformat(now) - datetime.fromisoformat(since)).total_seconds(), 0.0)
