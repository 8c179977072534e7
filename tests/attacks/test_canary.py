"""The canary: who a lead is stands nowhere but in one table, at the gate, and where an agent is allowed it.

The crew runs on a model across a real wire; the model knows the lead by itself and says so wherever it can. The names
stand in the CRM's notes and on the company's page, too.
"""

from __future__ import annotations

import html
import json
import logging
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.lead import Lead
from crewdesk.facade import Desk
from crewdesk.handles import Run
from crewdesk.models.chat_messages import ChatRequest, Fault, Reply
from crewdesk.models.server import ChatServer, Exchange
from support.answering import Respond, as_offline
from support.command_line import command_line
from support.homes import lay_out_small, use_server
from support.leads import crm_of

MAY_HOLD = {"personal", "artifacts", "gates"}
"""Tables with values: the one for them, the work that people approve, and what they are shown at the gate."""


class Canary(NamedTuple):
    """A person, and what would give them away."""

    lead: dict[str, str]
    signs: tuple[str, ...]
    digits: str
    mentions: str
    """How others speak of them."""


GERMAN = Canary(
    {
        "first_name": "Jürgen",
        "last_name": "Wolkenstein-Zwirn",
        "email": "J.Wolkenstein@kanarien.example",
        "phone": "+49 (0)351 / 987 65-01",
        "address": "Kanarienweg 17, 01067 Dresden",
        "company": "Wolkenstein Werkzeuge GmbH",
        "country": "DE",
        "language": "de",
    },
    ("jürgen", "juergen", "zwirn", "j.wolkenstein@", "kanarienweg 17"),
    "3519876501",
    "Herr Wolkenstein-Zwirn, JÜRGEN (0351 9876501, mailto:j.wolkenstein%40kanarien.example), Kanarienweg\u00a017",
)
CHINESE = Canary(
    {
        "first_name": "若汐",
        "last_name": "欧阳",
        "email": "ruoxi@jinsique.example",
        "phone": "+86 138 7654 3210",
        "address": "上海市金丝雀路17号",
        "company": "Jinsique Tools Ltd",
        "country": "CN",
        "language": "en",
    },
    ("若汐", "欧阳", "ruoxi@", "金丝雀路"),
    "13876543210",
    "我们和欧阳若汐女士谈过；欧阳女士的电话是138-7654-3210，地址：上海市金丝雀路17号，RUOXI@JINSIQUE.EXAMPLE",
)


def given_away(canary: Canary, text: str) -> list[str]:
    """Name what of somebody stands in a text, however it is escaped; this shares no code with what hides it."""
    read = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    read = " ".join(unquote(html.unescape(read)).casefold().split())
    found = [sign for sign in canary.signs if sign in read]
    return found + [canary.digits] * (canary.digits in re.sub(r"[\s()/.\-]", "", read))


def talkative(canary: Canary, answer: Respond) -> Respond:
    """Answer as asked, and speak of the person in briefs, facts and what is looked up."""

    def respond(request: ChatRequest) -> Reply | Fault:
        if "search_offer" in request.tools and all(message.get("role") != "tool" for message in request.messages):
            return Reply(tools=(("search_offer", json.dumps({"query": f"tools for {canary.mentions}"})),))
        reply = answer(request)
        if isinstance(reply, Fault) or reply.tools:
            return reply
        body: JsonObject = json.loads(reply.text)
        if "summary" in body:
            body["summary"] = f"We know {canary.mentions}."
        if "briefs" in body:
            body["briefs"] = [{"task": "needs", "agent": "needs_analyst", "brief": f"Think of {canary.mentions}."}]
        if body.get("verdict") == "accept":
            body["notes"] = f"{canary.mentions} will like it."
        return Reply(json.dumps(body))

    return respond


@contextmanager
def page_about(canary: Canary) -> Iterator[str]:
    """Serve a company's page that names the person, and give its address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = f"The managing director is {canary.mentions}, who builds machine tools for schools and workshops."
            body = f"<html lang=en><title>About</title><h1>About us</h1><p>{html.escape(text)}</p></html>".encode()
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


class Watched(NamedTuple):
    """A run that came to its gate, was sent back there with words about the person, was approved, and is done."""

    run: Run
    exchanges: list[Exchange]
    home: Path

    def tables_with(self, canary: Canary) -> set[str]:
        tables = [name for (name,) in self._rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name for name in tables if given_away(canary, str(self._rows(f'SELECT * FROM "{name}"')))}  # noqa: S608

    def tasks_with(self, canary: Canary) -> set[str]:
        return {task for task, body in self._rows("SELECT task, body FROM artifacts") if given_away(canary, body)}

    def _rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.home / ".crewdesk" / "desk.db")) as database:
            return database.execute(query).fetchall()


def carried_out(home: Path, canary: Canary, *, allows: dict[str, str] | None = None) -> Watched:
    """Run the crew about this person, with fields that agents are allowed."""
    lay_out_small(home, sources=())
    agents = home / "config" / "crews" / "outreach" / "agents.yaml"
    for agent, fields in (allows or {}).items():
        text = agents.read_text("utf-8")
        agents.write_text(text.replace(f"\n{agent}:\n", f"\n{agent}:\n  allows: [{fields}]\n"), "utf-8")
    tools = home / "config" / "tools.yaml"
    tools.write_text(tools.read_text("utf-8").replace("pages: 3\n", "pages: 3\n      allow_private: true\n"), "utf-8")
    note: dict[str, Any] = {"date": "2026-11-20", "text": f"Spoke with {canary.mentions}. Asked for an offer."}
    with page_about(canary) as website, ChatServer(talkative(canary, as_offline(home, "outreach"))) as server:
        lead = {"website": website, "notes": [note], "basis": "request", "interest": "gates in pipelines"}
        crm_of(home).put(Lead.model_validate({"id": "L-1", **canary.lead, **lead}))
        use_server(home, server.base_url)
        desk = Desk(home)
        run = desk.start("outreach", lead="L-1")
        assert run.status == "waiting", f"{run.error} {run.record.hint}"
        assert run.gates[0].record.task == "write", run.gates[0].record.card
        run.gates[0].revise(f"Shorter. {canary.mentions} reads little.", by="sam")
        run = desk.resume(run.id)
        assert run.status == "waiting", f"{run.error} {run.record.hint}"
        run.gates[0].approve(by="sam")
        run = desk.resume(run.id)
        assert run.status == "done", run.error
        return Watched(run, server.exchanges, home)


def said(exchange: Exchange) -> str:
    return json.dumps(exchange.request.body, ensure_ascii=False)


@pytest.mark.parametrize("canary", [GERMAN, CHINESE], ids=["german", "chinese"])
def test_who_a_lead_is_stands_nowhere_but_at_the_gate_and_in_the_one_table(
    canary: Canary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    watched = carried_out(tmp_path, canary)
    run = watched.run

    assert watched.exchanges, "models were asked"
    assert [found for x in watched.exchanges if (found := given_away(canary, said(x)))] == []
    assert any("[[lead." in said(x) for x in watched.exchanges), "they were told of somebody"
    assert any("machine tools for schools" in said(x) for x in watched.exchanges), "the page was read"
    assert given_away(canary, caplog.text) == []

    assert {"personal", "artifacts"} <= watched.tables_with(canary) <= MAY_HOLD
    assert watched.tasks_with(canary) == {"write"}
    (mail,) = (tmp_path / "outbox").rglob("*.eml")
    assert canary.lead["email"].casefold() in mail.read_text("utf-8").casefold(), "it does reach them"

    monkeypatch.setenv("CREWDESK_HOME", str(tmp_path))
    crewdesk = command_line(capsys)
    printed = [capsys.readouterr()]
    commands = [("trace", run.id), ("trace", run.id, "--full"), ("runs",), ("runs", run.id), ("outbox",), ("audit",)]
    shown = [str(crewdesk(*words)) for words in commands]
    assert [given_away(canary, text) for text in (*shown, str(printed))] == [[]] * 7


def test_a_field_that_one_agent_is_allowed_reaches_that_agent_and_nobody_else(tmp_path: Path) -> None:
    watched = carried_out(tmp_path, GERMAN, allows={"mail_writer": "first_name"})

    others = GERMAN._replace(signs=tuple(sign for sign in GERMAN.signs if sign not in ("jürgen", "juergen")))
    assert [found for x in watched.exchanges if (found := given_away(others, said(x)))] == []
    told = [x for x in watched.exchanges if "Jürgen" in said(x)]
    assert told, "the one that may know was told"
    assert all("You are Mail writer." in said(x) for x in told)
    assert watched.tables_with(GERMAN) <= MAY_HOLD
    shown = {(e.agent, str(e.request.get("shown"))) for e in watched.run.dossier().effects if "shown" in e.request}  # type: ignore[union-attr, operator]
    assert shown == {("mail_writer", "['first_name']")}


@pytest.mark.parametrize("canary", [GERMAN, CHINESE], ids=["german", "chinese"])
def test_the_canary_sings(canary: Canary) -> None:
    told = [canary.mentions, json.dumps(canary.mentions), html.escape(canary.mentions), *canary.lead.values()]
    assert all(given_away(canary, text) for text in told[:3])
    assert sum(bool(given_away(canary, text)) for text in told) >= 3 + 4
