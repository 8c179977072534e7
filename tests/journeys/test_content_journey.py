"""The content crew end to end, offline, as its users meet it."""

from __future__ import annotations

import json
import re
import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_socket import SocketBlockedError, disable_socket

from crewdesk.domain.canonical import digest
from crewdesk.domain.evidence import passages_cited
from crewdesk.facade import Desk
from support.homes import ROOT, lay_out_small


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return Desk(lay_out_small(tmp_path / "home"))


def published(desk: Desk) -> list[Path]:
    return sorted((desk.settings.home / "site" / "posts").glob("*/post.json"))


def test_a_whole_crew_runs_with_every_socket_refused(desk: Desk) -> None:
    disable_socket(allow_unix_socket=True)  # asyncio talks to itself through one
    with pytest.raises(SocketBlockedError):
        socket.socket(socket.AF_INET)

    run = desk.start("content", topic="human gates")
    assert run.status == "waiting", run.error
    run.gates[0].approve(by="editor")
    run = desk.resume(run.id)

    assert run.status == "done", run.error


def test_what_is_published_is_what_the_editor_approved(desk: Desk) -> None:
    run = desk.start("content", topic="human gates")
    (gate,) = run.gates
    gate.edit({"title": "Where people decide"}, by="editor")
    approved = gate.record.sha
    gate.approve(by="editor")

    run = desk.resume(run.id)

    assert run.status == "done", run.error
    (post,) = [json.loads(path.read_text("utf-8")) for path in published(desk)]
    assert (post["sha"], digest(post["body"])) == (approved, approved)
    page = published(desk)[0].with_name("index.html").read_text("utf-8")
    assert "Where people decide" in page
    assert approved in page
    delivered = [entry.subject.split(":")[1] for entry in run.dossier().audit if entry.what == "delivered"]
    assert delivered == ["site", "social"]


def test_every_sentence_of_the_draft_names_a_passage_that_a_tool_returned(desk: Desk) -> None:
    run = desk.start("content", topic="human gates")

    card = run.gates[0].record.card
    draft = run.output("draft")
    assert draft is not None
    returned = {
        passage["id"]
        for effect in run.dossier().effects
        if effect.kind == "tool" and isinstance(effect.answer, dict)
        for passage in effect.answer.get("passages") or []  # type: ignore[union-attr]
    }
    assert set(passages_cited(str(draft["body"]))) <= returned
    evidence = card["evidence"]
    assert isinstance(evidence, dict)
    assert evidence["statements"] == evidence["sourced"]
    assert int(str(evidence["statements"])) > 15
    assert evidence["flagged"] == []


def test_the_topic_of_the_week_comes_from_the_feeds(desk: Desk) -> None:
    run = desk.start("content")

    choice = run.output("pick_topic")
    assert choice is not None
    assert "human gate" in str(choice["topic"]).lower()
    assert choice["passages"]


def test_without_sources_the_run_stops_at_a_gate_and_writes_no_post(tmp_path: Path) -> None:
    desk = Desk(lay_out_small(tmp_path / "home", sources=()))

    run = desk.start("content", topic="human gates")

    assert run.status == "waiting", run.error
    (gate,) = run.gates
    assert (gate.record.kind, gate.record.task) == ("doubt", "research")
    assert gate.artifact is not None
    assert "no sources" in str(gate.artifact.body).lower()
    assert [a.task for a in run.dossier().artifacts] == ["pick_topic", "research"]


def test_notes_make_a_second_version_that_differs(desk: Desk) -> None:
    run = desk.start("content", topic="human gates")
    first = run.output("draft")
    run.gates[0].revise("shorter", by="editor")

    run = desk.resume(run.id)

    assert run.status == "waiting", run.error
    second = run.output("draft")
    assert first is not None
    assert second is not None
    assert len(str(second["body"])) < len(str(first["body"]))
    assert run.gates[0].record.round == 1
    assert published(desk) == []


def test_a_rejected_post_is_not_published(desk: Desk) -> None:
    run = desk.start("content", topic="human gates")
    run.gates[0].reject("off brand", by="editor")

    run = desk.resume(run.id)

    assert (run.status, run.error) == ("rejected", "off brand")
    assert published(desk) == []


def test_share_drafts_keep_within_their_limits_and_give_the_address(desk: Desk) -> None:
    run = desk.start("content", topic="human gates")
    run.gates[0].approve(by="editor")
    run = desk.resume(run.id)

    drafts = run.output("share")
    assert drafts is not None
    texts = {d["network"]: d["text"] for d in drafts["drafts"]}  # type: ignore[index, union-attr, call-overload]
    limits = {"LinkedIn": 1300, "Mastodon": 500, "Bluesky": 300}
    assert texts.keys() == limits.keys()
    assert all(len(texts[name]) <= limit for name, limit in limits.items())  # type: ignore[arg-type]
    assert all("https://blog.example.com/posts/" in str(text) for text in texts.values())


@pytest.mark.parametrize(
    "topic", ["人类审批", "بوابات بشرية", "🙂🚀", "   ", "a" * 5000, "'; DROP TABLE runs; --", "{topic} {{x}}"]
)
def test_any_topic_ends_at_a_gate_or_with_one_clear_sentence(desk: Desk, topic: str) -> None:
    run = desk.start("content", topic=topic)

    assert run.status in ("waiting", "failed"), run.error
    assert re.fullmatch(r"[^\n]{0,600}", run.error), "more than a sentence"
    assert published(desk) == []


def test_a_fork_pays_only_for_what_changed(desk: Desk) -> None:
    parent = desk.start("content", topic="human gates")
    child = desk.resume(desk.fork(parent.id, networks="Mastodon 400").id)

    assert child.status == "waiting", child.error
    assert child.record.parent == parent.id
    before = {(e.key, e.n): e.started for e in parent.dossier().effects}
    paid = [e.purpose for e in child.dossier().effects if before.get((e.key, e.n)) != e.started]
    assert paid == ["plan"]

    anew = desk.resume(desk.fork(parent.id, from_task="draft").id)
    tasks = {e.task for e in anew.dossier().effects if before.get((e.key, e.n)) == e.started}
    assert tasks == {"", "pick_topic", "research"}


def test_a_fork_leaves_out_an_input_that_its_crew_no_longer_has(desk: Desk) -> None:
    parent = desk.prepare("content", topic="human gates").record
    with desk.store.writing() as records:
        records.runs.put(replace(parent, inputs={**parent.inputs, "of_old": "a value"}))

    child = desk.fork(parent.id)

    assert child.record.inputs == parent.inputs


def test_the_first_post_a_newcomer_sees_has_nothing_for_the_editor_to_mend(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(ROOT / "config", home / "config")
    shutil.copytree(ROOT / "knowledge", home / "knowledge")

    run = Desk(home).start("content")

    (gate,) = run.gates
    assert (gate.record.kind, gate.record.task) == ("flagged", "optimise")
    assert gate.record.card["problems"] == []
    assert gate.record.card["noticed"] == []
    assert gate.record.card["house"] == []
    assert gate.artifact is not None
    assert gate.artifact.doubts == ()
    assert gate.artifact.body["open_questions"] == []
    assert len(run.dossier().artifacts) == 4
