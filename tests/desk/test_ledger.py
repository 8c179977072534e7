"""The ledger of a run says what left for which host before it leaves, and names the personal data that went."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import fork_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.ledger import Caller, accounted, ledger_of
from crewdesk.desk.office import Office
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.gates import Approve, Edit
from crewdesk.domain.ledger import HostTotal, Left
from crewdesk.domain.models import ModelRequest
from crewdesk.domain.personal import Personal
from crewdesk.errors import DeliveryFailed, ModelUnavailable, NotFound, StoreUnavailable
from crewdesk.models.scripted import ScriptedModel
from crewdesk.ports.leaving import host_in, leaves
from crewdesk.ports.records import Records
from crewdesk.ports.tool import Tool
from crewdesk.store.database import Database
from support.gates import Clock, gated_house, gated_office, wait_at_gate
from support.houses import house, task
from support.offices import Shelf, begin, crew_engine, office

SPEC = gated_house(notify=False)
LEAD = {"first_name": "Zoë", "last_name": "Brandt", "name": "Zoë Brandt", "email": "zoe@kestrel.example.com"}


def tells(request: ModelRequest) -> None:
    """Be a model's client that sends a request away."""
    leaves("model", "https://models.example.com/v1", request.canonical_request())


def script(**changes: Any) -> ScriptedModel:
    model = ScriptedModel(**{"wait": tells, **changes})
    return model.always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review").always("it")


def left(where: Office, run: str) -> list[Left]:
    return list(ledger_of(run, where).left)


def made(where: Office, run: str) -> list[tuple[str, str, str]]:
    return [(one.agent, one.what, one.host) for one in left(where, run)]


def test_each_model_call_stands_there_with_who_made_it_and_its_size(tmp_path: Path) -> None:
    model = script()
    where = office(tmp_path, model)

    run = advance_run(begin(where, house({"a": task()})).id, office=where)

    assert run.status == "done"
    assert made(where, run.id) == [
        ("lead", "model", "models.example.com"),
        ("worker", "model", "models.example.com"),
        ("lead", "model", "models.example.com"),
    ]
    work = left(where, run.id)[1]
    (asked,) = [request for request in model.asked if request.purpose == "work"]
    assert (work.task, work.name, work.requests, work.clear, work.hidden) == ("a", "m", 1, (), ())
    assert len(str(asked.messages)) / 2 < work.size < len(str(asked.messages)) * 2


def test_a_model_that_stays_on_this_machine_tells_nothing(tmp_path: Path) -> None:
    where = office(tmp_path, script(wait=None))

    run = advance_run(begin(where, house({"a": task()})).id, office=where)

    assert ledger_of(run.id, where).left == ()
    assert ledger_of(run.id, where).hosts == ()


def test_tries_that_failed_are_among_it_and_so_is_whoever_was_asked_instead(tmp_path: Path) -> None:
    spec = house({"a": task()}).model_dump(mode="json")
    spec["models"]["models"] = {
        "m": {"model": "test/m", "attempts": 2, "fallback": "n"},
        "n": {"model": "test/n", "attempts": 1},
    }
    model = script().fail(ModelUnavailable("busy"), ModelUnavailable("busy"), for_="a", purpose="work")
    where = office(tmp_path, model)

    run = advance_run(begin(where, type(house({"a": task()})).model_validate(spec)).id, office=where)

    assert run.status == "done"
    assert [one.name for one in left(where, run.id) if one.agent == "worker"] == ["m", "m", "n"]


def test_a_run_that_is_taken_up_again_and_a_fork_add_nothing_for_what_was_answered(tmp_path: Path) -> None:
    where = office(tmp_path, script(), connectors={"shelf": Shelf()})
    gate = wait_at_gate(where, SPEC)
    before = left(where, gate.run)
    assert before

    assert advance_run(gate.run, office=where).status == "waiting"
    child = advance_run(
        fork_run(gate.run, SPEC, {}, profile=None, from_task=None, by="ada", office=where).id, office=where
    )

    assert left(where, gate.run) == before
    assert (child.status, left(where, child.id)) == ("waiting", [])


def test_what_cannot_be_written_down_does_not_leave(tmp_path: Path) -> None:
    asked: list[str] = []

    class Full:
        def __init__(self, store: Database) -> None:
            self._store = store

        def reading(self) -> Any:
            return self._store.reading()

        @contextmanager
        def writing(self, run: str = "") -> Generator[Records]:
            raise StoreUnavailable("The disk is full.")
            yield

    where = office(tmp_path, script(), store=Full(Database(f"sqlite:///{tmp_path}/desk.db")))

    def ask() -> None:
        with accounted(Caller("R1", "a", "worker", "m"), where):
            leaves("model", "models.example.com", "hello")
            asked.append("hello")

    with pytest.raises(StoreUnavailable, match="full"):
        ask()
    assert asked == []


def test_a_line_is_there_before_the_call_comes_back(tmp_path: Path) -> None:
    seen: list[list[Left]] = []
    where = office(tmp_path, script(wait=lambda request: (tells(request), seen.append(left(where, "R001")))))

    advance_run(begin(where, house({"a": task()})).id, office=where)

    assert [len(lines) for lines in seen] == [1, 2, 3]


def test_many_requests_of_one_call_are_one_line_with_their_sum(tmp_path: Path) -> None:
    where = office(tmp_path, script())
    run = begin(where, SPEC).id

    with accounted(Caller(run, "a", "worker", "read_change"), where):
        leaves("code", "https://api.example.com/pulls/1", "12345")
        leaves("code", "https://api.example.com/pulls/1/files", "123")
        leaves("page", "https://blog.example.com:8443/", "1")

    assert [(one.host, one.requests, one.size) for one in left(where, run)] == [
        ("api.example.com", 2, 8),
        ("blog.example.com", 1, 1),
    ]


def test_a_tool_that_fetches_says_so(tmp_path: Path) -> None:
    def look() -> str:
        leaves("page", "https://news.example.com/feed", "https://news.example.com/feed")
        raise ValueError("There is no feed.")

    tool = Tool("look", "Looks.", {"type": "object", "properties": {}}, look)
    model = script(wait=None).call_tool("look", for_="a").say("done", for_="a")
    where = office(tmp_path, model, engine=crew_engine({"look": tool}))
    worker = {"role": "W", "goal": "g", "backstory": "b", "tools": ["look"]}
    spec = house({"a": task()}, agents={"worker": worker}, tools={"look": {"kind": "look"}})

    run = advance_run(begin(where, spec).id, office=where)

    assert run.status == "done", run.error
    (line,) = left(where, run.id)
    assert (line.what, line.host, line.name, line.agent, line.task) == (
        "page",
        "news.example.com",
        "look",
        "worker",
        "a",
    )


def test_personal_data_are_named_as_they_went(tmp_path: Path) -> None:
    where = office(tmp_path, script())
    run = begin(where, SPEC).id
    with where.store.writing() as records:
        records.personal.put(run, Personal("L-1", LEAD))

    with accounted(Caller(run, "a", "worker", "m"), where):
        leaves("model", "one.example.com", {"messages": ["Write to [[lead.first_name]], at ZOE@kestrel.example.com"]})
        leaves("model", "two.example.com", "Nobody is named.")
        leaves("model", "two.example.com", "Zoë is.")

    assert [(one.host, one.clear, one.hidden) for one in left(where, run)] == [
        ("one.example.com", ("email",), ("first_name",)),
        ("two.example.com", ("first_name",), ()),
    ]
    assert ledger_of(run, where).hosts == (
        HostTotal("one.example.com", 1, left(where, run)[0].size, ("email",), ("first_name",)),
        HostTotal("two.example.com", 1, len("Nobody is named.Zoë is.".encode()), ("first_name",), ()),
    )


class Posting(Shelf):
    """A shelf at an address."""

    def __init__(self, tell: Callable[[Delivery], None], location: str = "", **more: Any) -> None:
        super().__init__(**more)
        self._tell = tell
        self._location = location

    def deliver(self, delivery: Delivery) -> Receipt:
        self._tell(delivery)
        receipt = super().deliver(delivery)
        return Receipt(self._location or receipt.location, {})


def delivered_to(shelf: Shelf, folder: Path) -> tuple[Office, str]:
    """Let a mail that names somebody be approved and delivered, or fail."""
    where = gated_office(folder, Clock(), shelf=shelf)
    gate = wait_at_gate(where, SPEC)
    with where.store.writing() as records:
        records.personal.put(gate.run, Personal("L-1", LEAD))
    edited = decide_gate(gate.id, Edit({"text": "Dear Zoë Brandt"}), by="ed", office=where)
    decide_gate(gate.id, Approve(edited.sha), by="ed", office=where)
    advance_run(gate.run, office=where)
    return where, gate.run


def test_a_delivery_stands_there_with_all_that_its_body_names(tmp_path: Path) -> None:
    shelf = Posting(lambda delivery: leaves("crm", "https://crm.example.com/notes", {"note": delivery.sha}))

    where, run = delivered_to(shelf, tmp_path)

    (line,) = left(where, run)
    assert (line.what, line.name, line.host, line.agent, line.clear) == (
        "delivery",
        "shelf",
        "crm.example.com",
        "",
        ("name",),
    )


def test_a_delivery_that_failed_stands_there_too(tmp_path: Path) -> None:
    def refused(_: Delivery) -> None:
        leaves("crm", "https://crm.example.com/notes", "note")
        raise DeliveryFailed("It is away.")

    where, run = delivered_to(Posting(refused), tmp_path)

    assert [(one.what, one.host) for one in left(where, run)] == [("delivery", "crm.example.com")]


@pytest.mark.parametrize(
    ("location", "host"),
    [("https://crm.example.com/leads/1", "crm.example.com"), ("file:///here/mail.eml", ""), ("a drawer", "")],
)
def test_a_connector_that_tells_nothing_is_told_by_where_its_delivery_arrived(
    tmp_path: Path, location: str, host: str
) -> None:
    where, run = delivered_to(Posting(lambda _: None, location), tmp_path)

    (line,) = left(where, run)
    assert (line.what, line.host, line.clear) == ("delivery", host, ("name",))
    assert line.size > len("Dear Zoë Brandt")


def test_what_leaves_in_nobodys_name_is_written_nowhere(tmp_path: Path) -> None:
    where = office(tmp_path, script())
    run = begin(where, SPEC).id

    with accounted(Caller(run, "a", "worker", "m"), where):
        pass
    leaves("page", "https://news.example.com/feed")

    assert left(where, run) == []


def test_a_run_there_is_not_has_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no run 'NONE'"):
        ledger_of("NONE", office(tmp_path, script()))


@pytest.mark.parametrize(
    ("where", "host"),
    [
        ("https://ada:secret@host.example.com:8443/path?q=1", "host.example.com"),
        ("http://[::1]:8000/v1", "::1"),
        ("imap.example.com", "imap.example.com"),
        ("file:///somewhere", ""),
        ("http://[broken/", "http://[broken/"),
        ("", ""),
    ],
)
def test_of_an_address_only_the_host_is_kept(where: str, host: str) -> None:
    assert host_in(where) == host
