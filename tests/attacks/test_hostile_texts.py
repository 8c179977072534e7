"""Whatever stands in a draft, a source, an input, a name or an error, no page runs it or leads astray by it."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from ground import ENDLESS, Ground, ground_at, ways

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.sign_in import make_token
from crewdesk.domain.effects import Effect
from crewdesk.domain.gates import Revise
from support.web import post_at_gate, revised

PWN = (
    "PWN\"'--></textarea></title></style></script><script>alert(1)</script><img src=x onerror=alert(2)>"
    "<svg onload=alert(3)><a href=javascript:alert(4)>x</a><form action=https://evil.example><base href=//evil>"
    "{{7*7}}<meta http-equiv=refresh content=0> [x](javascript:alert(5)) ![x](https://evil.example/x.png)"
)
OURS = "/static/"
LINKS = ("href", "src", "action", "formaction", "hx-get", "hx-post", "data", "srcdoc", "poster", "xlink:href")
NEVER = {"iframe", "object", "embed", "base", "frame", "applet", "style"}


class Dangers(HTMLParser):
    """Finds what would run, load or lead away."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        given = {name: value or "" for name, value in attrs}
        if tag in NEVER or (tag == "script" and not given.get("src", "").startswith(OURS)):
            self.found.append(f"<{tag} {given}>")
        if tag == "meta" and "http-equiv" in given:
            self.found.append(f"<meta {given}>")
        for name, value in given.items():
            plain = "".join(value.split()).lower()
            is_bad_link = name in LINKS and plain.startswith(("javascript:", "vbscript:", "data:text", "//"))
            is_sent_away = name in ("action", "formaction", "src") and "://" in plain
            if name.startswith("on") or name in ("style", "srcdoc") or is_bad_link or is_sent_away:
                self.found.append(f"<{tag} {name}={value!r}>")


def dangers(html: str) -> list[str]:
    parser = Dangers()
    parser.feed(html)
    parser.close()
    assert parser.tags
    return parser.found


@pytest.fixture(name="hostile", scope="module")
def _hostile(laid_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """A desk on which everything that people, models, sources and files can name is hostile."""
    ground = ground_at(laid_out, tmp_path_factory.mktemp("hostile"))
    desk = ground.desk
    people = f"people:\n  ada: {{name: {json.dumps(PWN)}, admin: true}}\n  bo: {{name: Bo, approves: [content]}}\n"
    (desk.settings.config / "people.yaml").write_text(people, "utf-8")
    more = {
        "title": PWN[:60],
        "body": f"A gate that times out expires, and never approves.[^gates-1] {PWN}\n\n## {PWN}\n\n{PWN}\n",
        "keywords": [PWN, "gates"],
        "links": [],
        "open_questions": [PWN],
        "sources": [{"id": "gates-1", "title": PWN, "location": PWN}],
    }
    first = post_at_gate(desk, by=PWN, topic=PWN, more=more)
    bad = Effect(
        run=first.run,
        key="bad",
        n=0,
        kind="tool",
        name=PWN,
        task="research",
        agent=PWN,
        purpose=PWN,
        request={"query": PWN, PWN: [PWN]},
        started=desk.office.now(),
        outcome="failed",
        error=PWN,
        milliseconds=1,
    )
    with desk.store.writing() as records:
        records.journal.put(bad)
        records.journal.put(replace(bad, key="passages", outcome="answered", answer={"passages": [passage()]}))
        failed = records.runs.get(ground.failed)
        assert failed is not None
        records.runs.put(replace(failed, error=PWN, hint=PWN))
        action = next(one for one in records.outbox.listed(run=ground.failed) if one.status == "failed")
        records.outbox.put(replace(action, error=PWN))
    decide_gate(first.id, Revise(PWN), by="bo", office=desk.office)
    gate = revised(desk, first, **{**more, "description": PWN[:150]})
    make_token("ada", PWN, office=desk.office)
    return replace(ground, gate=gate)


def passage() -> dict[str, str]:
    return {"id": "gates-1", "title": PWN, "source": "javascript:alert(1)", "text": PWN}


def test_no_page_runs_loads_or_leads_to_what_is_hostile(hostile: Ground) -> None:
    browser = hostile.browser("ada")
    with_it = 0

    for path in sorted({way.path for way in ways(hostile.site) if way.method == "GET"} - {ENDLESS}):
        for where in ({}, {"run": hostile.failed}, {"key": "bad"}, {"key": "passages"}, {"version": "2"}):
            answer = browser.get(hostile.filled(path, **where))
            if "text/html" in answer.headers["content-type"]:
                assert dangers(answer.text) == [], path
                with_it += "PWN" in answer.text
            assert "49<" not in answer.text or "{{7*7}}" in answer.text

    assert with_it >= 12


ADDRESSES = """
    /?crew= /?kind= /audit?who= /runs?crew= /runs?status= /sign-in?next= /outbox?run= /outbox?connector= /figures?crew=
    / /runs/ /gates/ /crews/
"""


@pytest.mark.parametrize("address", ADDRESSES.split())
def test_nothing_of_an_address_is_run(hostile: Ground, address: str) -> None:
    browser = hostile.browser("ada")

    for payload in (PWN, "javascript:alert(1)", "//evil.example/", "'\"><script>alert(1)</script>"):
        path, _, name = address.rstrip("=").partition("?")
        answer = browser.get(path, params={name: payload}) if name else browser.get(path + quote(payload, safe=""))
        assert answer.status_code < 500
        assert dangers(answer.text) == [], payload


def test_what_was_typed_comes_back_as_text(hostile: Ground) -> None:
    browser = hostile.browser("ada")
    gate = f"/gates/{hostile.gate.id}"
    names = ("verb", "notes", "reason", "to", "words", "f/title", "f/body", "f/slug", "sentence/0", "why/0")
    typed = dict.fromkeys(names, PWN) | {"sha": PWN}

    for address in (gate, f"{gate}/check", "/people/tokens", f"/runs/{hostile.failed}", "/outbox"):
        for verb in (PWN, "save", "check", "waive:0", "approve", "delegate", "revise"):
            answer = browser.post(address, typed | {"verb": verb, "label": "", "key": PWN})
            assert answer.status_code < 500, (address, verb)
            if answer.status_code != 303:
                assert dangers(answer.text) == [] if "<html" in answer.text else "<script" not in answer.text


def test_the_name_at_the_door_comes_back_as_text(hostile: Ground) -> None:
    answer = hostile.browser().client.post("/sign-in", data={"name": PWN, "password": "x", "next": PWN})

    assert answer.status_code == 403
    assert dangers(answer.text) == []


def test_json_and_csv_are_never_taken_for_a_page(hostile: Ground) -> None:
    browser, program = hostile.browser("ada"), hostile.program("ada")

    for client, path in ((browser.client, "/audit/export.csv"), (browser.client, "/audit/export.jsonl")):
        answer = client.get(path)
        assert "html" not in answer.headers["content-type"], path
        assert answer.headers["x-content-type-options"] == "nosniff"
    answer = program.get(f"/api/v1/gates/{hostile.gate.id}")
    assert "PWN" in answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"
