"""A desk for tests of the web: the shipped crew, a post that waits at a gate, a client that talks to the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from httpx import Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crewdesk.desk.signals import Parked
from crewdesk.desk.start_run import start_run
from crewdesk.desk.work import Work
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.effects import Effect, Usage
from crewdesk.domain.gates import Gate
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.trigger_specs import TriggersSpec
from crewdesk.facade import Desk
from crewdesk.triggers.webhooks import Webhooks
from crewdesk.web.app import make_app
from crewdesk.web.live import Live, look_at
from crewdesk.web.site import Site
from support.gates import Clock, willing_model
from support.triggers import desk_at, trigger_home

HOST = "127.0.0.1:8321"
PASSAGE: dict[str, Any] = {
    "id": "gates-1",
    "title": "Gates fail closed",
    "source": "content/gates-fail-closed.md:7",
    "text": "A gate that times out expires; it never approves. In 2025 we measured 41 gates, and 3 of them expired.",
}
BODY = """A gate that times out expires, and never approves.[^gates-1]

## What we measured

In 2025 we measured 41 gates.[^gates-1] Of those, 17 expired within a day.[^gates-1]
"""
POST: JsonObject = {
    "title": "Gates fail closed",
    "description": "What happens at a gate when nobody comes: it expires, and nothing is approved by that, ever.",
    "slug": "gates-fail-closed",
    "keywords": ["gates", "expire"],
    "language": "en",
    "body": BODY,
    "links": [],
    "sources": [{"id": "gates-1", "title": "Gates fail closed", "location": "content/gates-fail-closed.md"}],
    "confidence": 0.8,
    "open_questions": [],
}
"""A post with two statements that hold and one, of the 17, that its source does not say."""


def web_desk(folder: Path, clock: Clock | None = None, *, people: str = "", url: str = "", **changes: Any) -> Desk:
    """A desk on the shipped crew in a folder; `people` is the text of people.yaml."""
    home = trigger_home(folder)
    if people:
        (home / "config" / "people.yaml").write_text(people, "utf-8")
    return desk_at(home, url, clock or Clock(), model=lambda _: willing_model(), **changes)


def post_at_gate(desk: Desk, *, by: str = "ed", more: Mapping[str, Any] | None = None, topic: str = "gates") -> Gate:
    """Take a run of the content crew to its editor's gate without a model: what it would have written is given."""
    record = begin_content(desk, by=by, topic=topic)
    work = Work(record, desk.office)
    draft = propose(work, "draft", "Draft", {"title": "A draft", "language": "en", "body": BODY})
    work.accept(draft)
    post = propose(work, "optimise", "Post", {**POST, **(more or {})})
    return hold(desk, work, post)


def begin_content(desk: Desk, *, by: str = "ed", topic: str = "gates") -> RunRecord:
    """Write a run of the content crew down, with one search that found one passage, and one model call."""
    house = desk.house("content")
    inputs = {"topic": topic, "language": "en", "house_voice": "", "networks": "Mastodon 500"}
    record = start_run("content", house, inputs, profile="offline", by=by, office=desk.office)
    found = Effect(
        run=record.id,
        key="k1",
        n=0,
        kind="tool",
        name="search_knowledge",
        task="research",
        agent="researcher",
        purpose="",
        request={"query": topic},
        started=desk.office.now(),
        outcome="answered",
        answer={"passages": [PASSAGE]},
        milliseconds=40,
    )
    asked = replace(
        found,
        key="k2",
        kind="model",
        name="extractive",
        purpose="work",
        request={"messages": [{"role": "user", "content": "Write about gates."}]},
        answer={"text": "Gates fail closed.", "tool_calls": []},
        milliseconds=900,
        usage=Usage(1200, 300, 0.0123),
    )
    with desk.store.writing() as records:
        records.journal.put(found)
        records.journal.put(asked)
    return record


def propose(work: Work, task: str, schema: str, body: JsonObject, occasion: str = "") -> Artifact:
    """Write down what an agent would have produced."""
    complete = work._office.checks.normalise(schema, {"confidence": 0.8, "open_questions": []} | body)
    return work.propose(task, schema=schema, author="writer", body=complete, occasion=occasion, doubts=[])


def hold(desk: Desk, work: Work, artifact: Artifact, turn: int = 0) -> Gate:
    """Open the gate and let the run wait there."""
    try:
        work.hold(artifact.task, "flagged", turn, artifact=artifact, reason="The task is flagged for a person.")
    except Parked as parked:
        with desk.store.writing() as records:
            record = records.runs.get(work.run.id)
            assert record is not None
            records.runs.put(replace(record, status="waiting", updated=desk.office.now()))
            gate = records.gates.get(parked.gate)
            assert gate is not None
            return gate
    raise AssertionError("the gate was decided already")


def revised(desk: Desk, gate: Gate, **changes: Any) -> Gate:
    """Do what a worker does after notes: a second version, and the gate once more."""
    with desk.store.reading() as records:
        record = records.runs.get(gate.run)
    assert record is not None
    work = Work(record, desk.office)
    return hold(desk, work, propose(work, gate.task, "Post", POST | changes, occasion=gate.id), turn=gate.round + 1)


def site_of(desk: Desk, **changes: Any) -> Site:
    """What `serve` makes pages from."""
    return Site(desk, Live(look_at(desk.store), seconds=0.05), **changes)


@lru_cache(maxsize=1)
def app_of(site: Site) -> Starlette:
    """The one application that everybody who comes to a site talks to; it takes a while to make."""
    hooks = Webhooks(site.desk, TriggersSpec(), say=lambda _: None)
    return make_app(hooks, site.desk.store, site=site, public=site.public)


class Browser:
    """A client that keeps cookies, and fills in forms as a page gave them."""

    def __init__(self, site: Site, *, host: str = HOST, place: str = "192.0.2.1") -> None:
        scheme = "https" if site.secure else "http"
        address = f"{scheme}://{host}"
        self.client = TestClient(app_of(site), base_url=address, follow_redirects=False, client=(place, 50000))
        self.page = ""

    def come_in(self, name: str = "Ada", password: str = "") -> Browser:
        """Sign in, or say a name."""
        answer = self.client.post("/sign-in", data={"name": name, "password": password, "next": "/"})
        assert answer.status_code == 303, answer.text
        return self

    def get(self, path: str, **more: Any) -> Response:
        """Look at a page; what it says is kept in `page`."""
        answer = self.client.get(path, **more)
        self.page = answer.text
        return answer

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> Response:
        """Send a form with the token of the page that was looked at last."""
        return self.client.post(path, data={"form_token": self.token} | dict(data or {}), **more)

    @property
    def token(self) -> str:
        """The form token of the page that was looked at last; of the inbox where there was none."""
        found = re.search(r'data-token="(\w+)"', self.page or self.client.get("/").text)
        assert found is not None
        return found[1]

    @property
    def text(self) -> str:
        """The page without its tags, and with single spaces."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.page))


@contextmanager
def browsing(site: Site, name: str = "Ada", password: str = "") -> Iterator[Browser]:
    """A browser that is signed in."""
    browser = Browser(site)
    with browser.client:
        yield browser.come_in(name, password)
