"""What may have left is not delivered again before a person said what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import prepare_resume
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.deliver_action import deliver_action
from crewdesk.desk.deliver_again import deliver_again
from crewdesk.desk.inbox import dossier, find_gate
from crewdesk.desk.office import Office
from crewdesk.desk.settle_delivery import settle_delivery
from crewdesk.domain.actions import Action, Delivery, Receipt
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import Approve
from crewdesk.errors import DeliveryFailed, DeliveryUnsure, NotFound, WrongUsage
from crewdesk.models.scripted import ScriptedModel
from support.houses import house, task
from support.offices import begin, office


class Crash(BaseException):
    """The process dies here."""


@dataclass
class Post:
    """A way out that cannot be asked what it delivered. `ends` says how its calls end, the last one for ever."""

    ends: list[BaseException | None]
    before: bool = False
    """Whether they end before anything may have left."""
    sent: int = 0
    known: Receipt | None = None

    calls: list[str] = field(default_factory=list[str])

    def address(self, body: JsonObject) -> str:
        return "post://"

    def find(self, delivery: Delivery) -> Receipt | None:
        self.calls.append("find")
        return self.known

    def deliver(self, delivery: Delivery) -> Receipt:
        self.calls.append("deliver")
        end = self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]
        if self.before and end is not None:
            raise end
        delivery.leaving()
        self.sent += not isinstance(end, DeliveryFailed)
        if end is not None:
            raise end
        return Receipt("post://1", {"sha": delivery.sha, "key": delivery.key})


def at_work(tmp_path: Path, post: Post) -> Office:
    model = ScriptedModel().always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review")
    model.always("the text", for_="a", purpose="work").always("out", for_="out", purpose="work")
    return office(tmp_path, model, connectors={"post": post})


def approved(where: Office) -> str:
    spec = house(
        {"a": task(human_input=True), "out": task(context=["a"], delivers={"post": "a"})},
        connectors={"post": {"kind": "post"}},
    )
    run = advance_run(begin(where, spec).id, office=where).id
    gate, _ = find_gate(run, where.store)
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)
    return run


def again(where: Office, run: str) -> str:
    prepare_resume(run, office=where)
    return advance_run(run, office=where).status


def action(where: Office, run: str) -> Action:
    with where.store.reading() as records:
        (found,) = records.outbox.listed(run=run)
    return found


def test_an_answer_that_was_lost_ends_the_run_and_nothing_is_sent_by_trying_again(tmp_path: Path) -> None:
    post = Post([DeliveryUnsure("It said nothing.")])
    where = at_work(tmp_path, post)
    run = approved(where)

    ended = advance_run(run, office=where)

    assert (ended.status, ended.error) == ("failed", "It said nothing.")
    assert ended.hint.startswith(f"Look whether it arrived, then say so: crewdesk settle {run}:post:a --arrived")
    assert action(where, run).status == "unsure"
    assert [again(where, run), again(where, run)] == ["failed", "failed"]
    assert post.sent == 1
    assert action(where, run).error == "It said nothing."


def test_a_crash_while_it_may_have_left_is_not_made_up_for_by_another(tmp_path: Path) -> None:
    post = Post([Crash()])
    where = at_work(tmp_path, post)
    run = approved(where)
    with pytest.raises(Crash):
        advance_run(run, office=where)

    ended = advance_run(run, office=where)

    assert ended.status == "failed"
    assert "was cut off while" in ended.error
    assert post.sent == 1


def test_a_crash_before_it_may_have_left_is_made_up_for(tmp_path: Path) -> None:
    post = Post([Crash(), None], before=True)
    where = at_work(tmp_path, post)
    run = approved(where)
    with pytest.raises(Crash):
        advance_run(run, office=where)

    assert advance_run(run, office=where).status == "done"
    assert post.sent == 1


def test_a_refusal_after_it_may_have_left_says_that_it_did_not(tmp_path: Path) -> None:
    post = Post([DeliveryFailed("Mailbox full."), None])
    where = at_work(tmp_path, post)
    run = approved(where)

    assert advance_run(run, office=where).status == "failed"
    assert action(where, run).status == "failed"
    assert again(where, run) == "done"
    assert post.sent == 1


def test_proof_that_is_found_later_settles_it(tmp_path: Path) -> None:
    post = Post([DeliveryUnsure("It said nothing.")])
    where = at_work(tmp_path, post)
    run = approved(where)
    advance_run(run, office=where)
    post.known = Receipt("post://copy", {})

    assert again(where, run) == "done"
    assert action(where, run).receipt == post.known
    assert post.calls == ["deliver", "find"]


def test_a_person_who_saw_that_it_arrived_says_so_and_the_run_goes_on(tmp_path: Path) -> None:
    post = Post([DeliveryUnsure("It said nothing.")])
    where = at_work(tmp_path, post)
    run = approved(where)
    advance_run(run, office=where)

    settle_delivery(f"{run}:post:a", arrived=True, by="ada", office=where)

    assert advance_run(run, office=where).status == "done"
    assert post.sent == 1
    receipt = action(where, run).receipt
    assert receipt is not None
    assert (receipt.details["sent"], receipt.details["told_by"]) == (True, "ada")
    assert ("ada", "delivered") in [(entry.who, entry.what) for entry in dossier(run, where.store).audit]


def test_a_person_who_saw_that_it_is_lost_says_so_and_it_is_sent_again(tmp_path: Path) -> None:
    post = Post([DeliveryUnsure("It said nothing."), None])
    where = at_work(tmp_path, post)
    run = approved(where)
    advance_run(run, office=where)

    settle_delivery(f"{run}:post:a", arrived=False, by="ada", office=where)

    assert advance_run(run, office=where).status == "done"
    assert post.calls == ["deliver", "find", "deliver"]


def test_who_comes_second_does_not_send_and_loses_no_receipt(tmp_path: Path) -> None:
    first, second = Post([None]), Post([None])
    where = at_work(tmp_path, second)
    run = approved(where)
    key = f"{run}:post:a"
    plainly = second.deliver

    def deliver(delivery: Delivery) -> Receipt:
        deliver_action(key, connectors={"post": first}, office=where)
        return plainly(delivery)

    second.deliver = deliver  # pyright: ignore[reportAttributeAccessIssue]
    ended = advance_run(run, office=where)

    assert (first.sent, second.sent) == (1, 0)
    assert ended.error == f"Somebody else is having {key} delivered."
    assert action(where, run).status == "delivered"
    assert again(where, run) == "done"


def test_only_what_is_unsure_can_be_settled_and_only_what_failed_tried_again(tmp_path: Path) -> None:
    post = Post([DeliveryUnsure("It said nothing.")])
    where = at_work(tmp_path, post)
    run = approved(where)
    with pytest.raises(NotFound):
        settle_delivery(f"{run}:post:a", arrived=True, by="ada", office=where)
    advance_run(run, office=where)

    with pytest.raises(WrongUsage, match="is unsure and its run failed"):
        deliver_again(f"{run}:post:a", by="ada", office=where)
    settle_delivery(f"{run}:post:a", arrived=True, by="ada", office=where)
    with pytest.raises(WrongUsage, match="is delivered and its run queued"):
        settle_delivery(f"{run}:post:a", arrived=False, by="ada", office=where)
