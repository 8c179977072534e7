"""The page of a gate for tests: what a browser would send of it, and what is written down."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from httpx import Response

from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from support.web import Browser

INPUT = re.compile(r"<input\b([^>]*)>")


TEXTAREA = re.compile(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>\n(.*?)</textarea>', re.DOTALL)


def form_of(page: str) -> list[tuple[str, str]]:
    """What a browser would send of the page's form, without a button."""
    work = page.split('<form id="work"')[1].partition("</form>")[0]
    pairs: list[tuple[str, str]] = []
    for attributes in INPUT.findall(work):
        named = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        ticked = named.get("type") != "checkbox" or " checked" in attributes
        if ticked:
            pairs.append((html.unescape(named["name"]), html.unescape(named.get("value", ""))))
    return pairs + [(html.unescape(name), html.unescape(text)) for name, text in TEXTAREA.findall(work)]


def press(browser: Browser, gate: Gate, verb: str, changes: Mapping[str, str] | None = None) -> Response:
    """Press a button of the page that was looked at last, with some fields changed."""
    changed = dict(changes or {})
    pairs = [(name, changed.pop(name, value)) for name, value in form_of(browser.page)]
    data: dict[str, list[str]] = {}
    for name, value in [*pairs, *changed.items(), ("verb", verb)]:
        data.setdefault(name, []).append(value)
    answer = browser.client.post(f"/gates/{gate.id}", data=data)
    browser.page = answer.text or browser.page
    return answer


def look(browser: Browser, gate: Gate, more: str = "") -> str:
    assert browser.get(f"/gates/{gate.id}{more}").status_code == 200
    return browser.text


def now(desk: Desk, gate: Gate) -> Gate:
    with desk.store.reading() as records:
        found = records.gates.get(gate.id)
    assert found is not None
    return found


def shown(desk: Desk, gate: Gate) -> Artifact:
    current = now(desk, gate)
    with desk.store.reading() as records:
        return next(a for a in records.artifacts.of_run(gate.run) if a.task == gate.task and a.sha == current.sha)


def audit(desk: Desk, gate: Gate) -> list[AuditEntry]:
    with desk.store.reading() as records:
        return [entry for entry in records.audit.listed(run=gate.run) if entry.subject == gate.id]
