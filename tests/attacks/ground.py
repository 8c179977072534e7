"""A desk to be attacked: a post at its gate, a run that failed, people of every role; and all ways in there are."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from httpx import Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from crewdesk.desk.sign_in import make_token
from crewdesk.domain.actions import Action
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from crewdesk.store.tables import metadata
from crewdesk.web.site import Site
from support.gates import Clock, willing_model
from support.people import PlainPasswords, password_of, peopled_desk
from support.triggers import desk_at
from support.web import Browser, app_of, post_at_gate, site_of

SAFE = ("GET", "HEAD")
METHODS = (*SAFE, "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
ENDLESS = "/live/{topic}"
"""Goes on as long as one listens."""
CHANGING = frozenset({("sessions", "seen"), ("sessions", "expires"), ("tokens", "used")})
"""Columns that note that somebody was there."""


@dataclass(frozen=True)
class Way:
    """One method of one address."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


WAYS: list[Way] = []
"""All there are, the same at every site; OpenAPI takes a while to tell them."""


@dataclass(frozen=True)
class Deed:
    """A request that changes something, made by who may."""

    way: str
    form: Mapping[str, Any] = field(default_factory=dict[str, Any])
    json: Any = None
    where: Mapping[str, str] = field(default_factory=dict[str, str])
    """What stands in the address where it is not the usual."""


@dataclass(frozen=True)
class Ground:
    """The desk and what is there."""

    desk: Desk
    site: Site
    gate: Gate
    failed: str

    def browser(self, who: str = "") -> Browser:
        """A browser that is signed in, or not."""
        browser = Browser(self.site)
        return browser.come_in(who, password_of(who)) if who else browser

    def program(self, who: str) -> TestClient:
        """A program with a token of somebody."""
        client = Browser(self.site).client
        client.headers["authorization"] = f"Bearer {make_token(who, 'attack', office=self.desk.office)}"
        return client

    def filled(self, path: str, **where: str) -> str:
        """An address with what there is to name filled in."""
        known = {
            "gate": self.gate.id,
            "run": self.gate.run,
            "crew": "content",
            "task": self.gate.task,
            "version": "1",
            "key": "k1",
            "n": "0",
            "form": "csv",
            "topic": "desk",
            "path:path": "nowhere",
        }
        return re.sub(r"{(.+?)}", lambda found: (known | where)[found[1]], path)

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that is written down, but for when somebody was seen last."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        with self.desk.store.engine.connect() as connection:  # type: ignore[attr-defined]
            for table in metadata.sorted_tables:
                columns = [column for column in table.columns if (table.name, column.name) not in CHANGING]
                rows = connection.execute(table.select().with_only_columns(*columns))
                found[table.name] = sorted(tuple(map(str, row)) for row in rows)
        return found


def make_ground(folder: Path) -> Path:
    """Lay the desk out once; tests work on copies of it. Returns its home."""
    desk = peopled_desk(folder)
    _, failed = post_at_gate(desk), post_at_gate(desk, topic="another topic").run
    with desk.store.writing() as records:
        record = records.runs.get(failed)
        assert record is not None
        (shown,) = [a for a in records.artifacts.of_run(failed) if a.task == "optimise"]
        key = f"{failed}:site:optimise"
        records.outbox.put(
            Action(
                key, failed, "optimise", "site", shown.sha, "Post", "failed", record.created, attempts=1, error="Full."
            )
        )
        records.outbox.put(
            Action(
                f"{failed}:social:optimise", failed, "optimise", "social", shown.sha, "Post", "unsure", record.created
            )
        )
        records.runs.put(replace(record, status="failed", error="The site is full.", hint="Make room."))
    desk.store.close()  # type: ignore[attr-defined]
    return desk.settings.home


def ground_at(home: Path, folder: Path) -> Ground:
    """A desk of its own, like the one laid out."""
    own = shutil.copytree(home, folder / "own")
    desk = desk_at(own, clock=Clock(), model=lambda _: willing_model(), passwords=PlainPasswords())
    (gate,) = [gate.record for gate in desk.gates() if desk.run(gate.record.run).status == "waiting"]
    (failed,) = [run.id for run in desk.runs() if run.status == "failed"]
    return Ground(desk, site_of(desk), gate, failed)


def ways(site: Site) -> list[Way]:
    """Every address there is, with each of its methods."""
    if not WAYS:
        WAYS.extend(sorted(set(_walk(app_of(site))), key=str))
    return WAYS


def _walk(app: Any, prefix: str = "") -> Iterator[Way]:
    if isinstance(app, FastAPI):
        for path, methods in app.openapi()["paths"].items():
            yield from (Way(method.upper(), prefix + path) for method in methods)
        yield Way("GET", f"{prefix}{app.openapi_url}")
        return
    inner = app if hasattr(app, "routes") else getattr(app, "_app", None)
    for route in getattr(inner, "routes", ()):
        if isinstance(route, Mount):
            yield from _walk(route.app, prefix + route.path)
        elif isinstance(route, Route) and not route.path.startswith("/hooks/"):
            yield from (Way(method, prefix + route.path) for method in route.methods or ())


def deeds(ground: Ground) -> list[Deed]:
    """What people of the content crew may do, by every address that changes anything."""
    sha, failed = ground.gate.sha, {"run": ground.failed}
    flagged = "Of those, 17 expired within a day."
    page, api = "POST /gates/{gate}", "POST /api/v1"
    return [
        Deed(page, {"verb": "approve", "sha": sha}),
        Deed(page, {"verb": "revise", "sha": sha, "notes": "shorter"}),
        Deed(page, {"verb": "reject", "sha": sha, "reason": "no"}),
        Deed(page, {"verb": "save", "sha": sha, "f/title": "Mine"}),
        Deed(page, {"verb": "waive:0", "sha": sha, "sentence/0": flagged, "why/0": "I counted"}),
        Deed(page, {"verb": "delegate", "sha": sha, "to": "ada"}),
        Deed("POST /runs/{run}", {"verb": "cancel"}),
        Deed("POST /runs/{run}", {"verb": "retry"}, where=failed),
        Deed("POST /runs/{run}", {"verb": "resume"}, where=failed),
        Deed("POST /runs/{run}/fork", {}),
        Deed("POST /crews/{crew}/start", {"input/topic": "mine"}),
        Deed("POST /outbox", {"key": f"{ground.failed}:site:optimise"}),
        Deed("POST /outbox", {"key": f"{ground.failed}:social:optimise", "found": "arrived"}),
        Deed("POST /outbox", {"key": f"{ground.failed}:social:optimise", "found": "lost"}),
        Deed(f"{api}/gates/{{gate}}/decisions", json={"verb": "approve", "sha": sha}),
        Deed(f"{api}/gates/{{gate}}/decisions", json={"verb": "revise", "notes": "shorter"}),
        Deed(f"{api}/gates/{{gate}}/decisions", json={"verb": "reject", "reason": "no"}),
        Deed(f"{api}/gates/{{gate}}/decisions", json={"verb": "edit", "base": sha, "changes": {"title": "Mine"}}),
        Deed(f"{api}/gates/{{gate}}/decisions", json={"verb": "waive", "sentence": flagged, "why": "I counted"}),
        Deed(f"{api}/gates/{{gate}}/delegate", json={"to": "ada"}),
        Deed(f"{api}/runs", json={"crew": "content", "inputs": {"topic": "mine"}}),
        Deed(f"{api}/runs/{{run}}/cancel", json={}),
        Deed(f"{api}/runs/{{run}}/retry", json={}, where=failed),
        Deed(f"{api}/runs/{{run}}/resume", json={}, where=failed),
        Deed(f"{api}/runs/{{run}}/fork", json={}),
    ]


ONES_OWN = frozenset(
    {
        "POST /sign-in",
        "POST /sign-out",
        "POST /people/password",
        "POST /people/tokens",
        "POST /people/tokens/take-back",
        "POST /people/sign-out",
    }
)
"""What everybody may do, about themselves; see tests/web."""
HARMLESS = frozenset({"POST /gates/{gate}/check"})
"""Only tells what the checks make of a text."""


def do(ground: Ground, deed: Deed, who: str) -> Response:
    """Let somebody do it: at a page with its form and their own token, or with a token of the API; or nobody."""
    method, _, path = deed.way.partition(" ")
    address = ground.filled(path, **deed.where)
    if deed.json is not None:
        client = ground.program(who) if who else Browser(ground.site).client
        return client.request(method, address, json=deed.json)
    browser = ground.browser(who)
    if not who:
        return browser.client.request(method, address, data=dict(deed.form) | {"form_token": "x"})
    browser.get("/people")
    return browser.post(address, deed.form)
