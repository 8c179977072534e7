"""The whole crew through litellm, over real HTTP, against a server that answers as the offline model would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crewdesk.domain.canonical import JsonObject
from crewdesk.facade import Desk
from crewdesk.models.chat_messages import ChatRequest, Fault, Reply
from crewdesk.models.server import ChatServer
from support.answering import as_offline
from support.homes import lay_out_small, use_server
from support.repositories import changed

KEY = "sk-canary-0123456789abcdef"


def journey(home: Path) -> Desk:
    desk = Desk(home)
    run = desk.start("content", topic="human gates")
    assert run.status == "waiting", f"{run.error} {run.record.hint}"
    run.gates[0].approve(by="editor")
    run = desk.resume(run.id)
    assert run.status == "done", f"{run.error} {run.record.hint}"
    return desk


def post(home: Path) -> JsonObject:
    (path,) = (home / "site" / "posts").glob("*/post.json")
    return json.loads(path.read_text("utf-8"))["body"]


@pytest.mark.parametrize("stream", [False, True])
def test_the_same_post_comes_out_over_http(tmp_path: Path, *, stream: bool) -> None:
    offline = lay_out_small(tmp_path / "offline")
    journey(offline)
    home = lay_out_small(tmp_path / "home")

    with ChatServer(as_offline(home)) as server:
        use_server(home, server.base_url, stream=stream)
        desk = journey(home)

    assert post(home) == post(offline)
    run = desk.runs()[0].dossier()
    calls = [e for e in run.effects if e.kind == "model"]
    assert len(server.exchanges) == len(calls)
    assert all(e.usage.prompt_tokens and e.usage.completion_tokens for e in calls)
    assert {x.authorization for x in server.exchanges} == {f"Bearer {KEY}"}


def test_faults_on_the_way_are_retried_and_nothing_is_paid_twice(tmp_path: Path) -> None:
    home = lay_out_small(tmp_path / "home")
    answer, seen = as_offline(home), list[int]()

    def respond(request: ChatRequest) -> Reply | Fault:
        seen.append(1)
        faults: dict[int, Fault] = {
            2: Fault("error", status=429, retry_after="0"),
            4: Fault("error", status=503, retry_after="0"),
            6: Fault("disconnect"),
            9: Fault("malformed"),
        }
        return faults.get(len(seen)) or answer(request)

    with ChatServer(respond) as server:
        use_server(home, server.base_url)
        desk = journey(home)

    effects = [e for e in desk.runs()[0].dossier().effects if e.kind == "model"]
    assert sum(e.attempts for e in effects) == len(server.exchanges) == len(effects) + 4


def test_a_server_that_stays_down_stops_the_run_and_resume_goes_on(tmp_path: Path) -> None:
    home = lay_out_small(tmp_path / "home")
    with ChatServer(as_offline(home)) as server:
        use_server(home, server.base_url, attempts=1)
        address = server.base_url
    stopped = Desk(home).start("content", topic="human gates")

    assert stopped.status == "failed"
    assert "Traceback" not in stopped.error
    assert KEY not in stopped.error + stopped.record.hint
    assert address.split("/")[2] in stopped.error or "it" in stopped.error

    with ChatServer(as_offline(home)) as server:
        use_server(home, server.base_url, attempts=1)
        desk = Desk(home)
        run = desk.resume(desk.prepare_retry(stopped.id).id)
        assert run.status == "waiting", run.error


def test_no_key_is_ever_at_rest(tmp_path: Path) -> None:
    home = lay_out_small(tmp_path / "home")
    with (home / "knowledge" / "content" / "where-people-belong.md").open("a") as file:
        file.write(f"\n## Human gates and keys\n\nA human gate in an agent pipeline once showed {KEY} to everybody.\n")

    with ChatServer(as_offline(home)) as server:
        use_server(home, server.base_url)
        journey(home)

    at_rest = [p for p in home.rglob("*") if p.is_file() and p.name != ".env" and "knowledge" not in p.parts]
    assert len(at_rest) > 10
    assert [str(p) for p in at_rest if KEY.encode() in p.read_bytes()] == []
    assert all(KEY not in json.dumps(x.request.body) for x in server.exchanges)


def test_a_missing_key_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    home = lay_out_small(tmp_path / "home")
    use_server(home, "http://127.0.0.1:9/v1")
    (home / ".env").unlink()

    run = Desk(home).start("content", topic="human gates")

    assert run.status == "failed"
    assert "TEST_SERVER_API_KEY" in run.error
    assert ".env" in run.record.hint


def test_a_review_comes_out_over_http_as_it_does_here(tmp_path: Path) -> None:
    before = {"app.py": "def half(n: int) -> int:\n    return n // 2\n"}
    after = {"app.py": "def half(n: int, seen: list[int] = []) -> int:\n    seen.append(n)\n    return n // 2\n"}
    repo = changed(tmp_path / "app", before, after)
    home = lay_out_small(tmp_path / "home")
    here = Desk(home).start("review", repo=str(repo.folder), base="main", head="feature")
    with ChatServer(as_offline(home, "review")) as server:
        use_server(home, server.base_url)
        there = Desk(home).start("review", repo=str(repo.folder), base="main", head="feature")

    assert there.status == "waiting", there.error
    assert there.gates[0].record.sha == here.gates[0].record.sha
    asked = {str(x.request.body.get("tools")) for x in server.exchanges}
    assert any("draft_tests" in tools for tools in asked), "tools go over the wire"
