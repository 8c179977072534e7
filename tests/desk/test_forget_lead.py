"""Somebody who is forgotten stands in no table and no draft any more; what was approved is proved by its hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run, fork_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.forget_lead import PATIENCE, forget_lead, leads_at
from crewdesk.desk.inbox import dossier, find_gate
from crewdesk.desk.ledger import Caller, accounted
from crewdesk.desk.office import Office
from crewdesk.desk.take_back import Remain
from crewdesk.desk.turns import turn_at, writing_late
from crewdesk.desk.verify_audit import verify_audit
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import digest
from crewdesk.domain.claims import Holder
from crewdesk.domain.gates import Approve, Edit, Gate, Revise
from crewdesk.domain.people import People, Person
from crewdesk.domain.personal import Personal
from crewdesk.errors import ConfigurationError, DeliveryFailed, NotAllowed, NotFound, WrongUsage
from crewdesk.ports.leaving import leaves
from crewdesk.ports.tool import Tool
from crewdesk.store.database import Database
from crewdesk.store.tables import metadata
from crewdesk.store.tidy import scrub
from support.gates import Clock, gated_house, gated_office, status_of, willing_model
from support.offices import Shelf, begin, crew_engine, office

SPEC = gated_house(notify=False)
ZOE = {
    "first_name": "Zoë",
    "last_name": "Brandt",
    "name": "Zoë Brandt",
    "email": "zoe.brandt@kestrel.example.com",
    "phone": "+49 30 1234567",
    "address": "Lindenstr. 5, 10969 Berlin",
}
MAIL = "Dear Zoë Brandt, may I call you at +49 30 1234567 or write to zoe.brandt@kestrel.example.com?"
CANARIES = ("zoe.brandt@kestrel", "Brandt", "1234567", "Lindenstr")


class Drawer(Shelf):
    """A shelf that takes things back; `sent` ones are out of reach."""

    def __init__(self, *, sent: bool = False, away: bool = False) -> None:
        super().__init__()
        self.sent = sent
        self.away = away
        self.forgot: list[str] = []

    def forget(self, key: str) -> bool:
        if self.away:
            raise DeliveryFailed("The drawer is locked.", hint="Find the key.")
        self.forgot.append(key)
        self.delivered.pop(key, None)
        return not self.sent


@pytest.fixture(name="where")
def _where(tmp_path: Path) -> Office:
    return gated_office(tmp_path, Clock())


@pytest.fixture(name="anywhere")
def _anywhere(store_url: str) -> Office:
    return gated_office(Database(store_url), Clock())


def know(where: Office, run: str, lead: str = "L-1", values: Mapping[str, str] = ZOE) -> None:
    with where.store.writing() as records:
        records.personal.put(run, Personal(lead, values))


def at_gate(where: Office, lead: str = "L-1", values: Mapping[str, str] = ZOE, mail: str = MAIL) -> Gate:
    """A run about somebody, whose mail waits at the gate as a person left it."""
    run = advance_run(begin(where, SPEC, lead=lead).id, office=where)
    know(where, run.id, lead, values)
    gate = find_gate(run.id, where.store)[0]
    return decide_gate(gate.id, Edit({"text": mail}), by="ed", office=where)


def delivered(where: Office, **about: Any) -> str:
    gate = at_gate(where, **about)
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)
    assert advance_run(gate.run, office=where).status == "done"
    return gate.run


def rows(where: Office) -> dict[str, str]:
    """All that is written down, by table."""
    database = where.store
    assert isinstance(database, Database)
    with database.engine.connect() as connection:
        return {t.name: str([tuple(row) for row in connection.execute(t.select())]) for t in metadata.sorted_tables}


def standing(where: Office, *words: str) -> list[str]:
    return [name for name, found in rows(where).items() if any(word in found for word in words or CANARIES)]


def leads_of(where: Office, email: str) -> list[str]:
    with where.store.reading() as records:
        return list(records.erasure.subjects("email", email))


def be_seen(where: Office) -> None:
    """Let others know that the process of this test lives."""
    with where.store.writing() as records:
        records.claims.beat(Holder("test", "worker", "anvil", "", 15.0))


def audit(where: Office) -> list[AuditEntry]:
    with where.store.reading() as records:
        return list(records.audit.listed())


def test_somebody_who_is_forgotten_stands_in_no_table_any_more(anywhere: Office) -> None:
    run = delivered(anywhere)
    assert set(standing(anywhere)) >= {"personal", "artifacts"}

    forgotten = forget_lead("L-1", by="ada", office=anywhere)

    assert standing(anywhere) == []
    assert (forgotten.runs, forgotten.cancelled, forgotten.again) == ((run,), (), ())
    assert "Dear [[lead.name]], may I call you at [[lead.phone]]" in rows(anywhere)["artifacts"]
    assert scrub(anywhere.store)
    assert leads_of(anywhere, ZOE["email"]) == []


def test_what_was_approved_is_proved_by_its_hash_and_by_what_is_left_of_it(where: Office) -> None:
    run = delivered(where)
    approved = digest({"text": MAIL})

    forgotten = forget_lead("L-1", by="ada", office=where)

    (version,) = [a for a in dossier(run, where.store).artifacts if a.sha == approved]
    assert not version.intact
    assert dossier(run, where.store).gates[0].noted_sha == approved
    verdict = verify_audit(where.store)
    assert (verdict.troubles, verdict.forgotten, forgotten.versions) == ((), 2, 1)
    entries = [entry for entry in audit(where) if entry.what == "forgot"]
    assert [(e.who, e.run, e.subject, e.sha) for e in entries] == [("ada", run, "L-1", approved)]


def test_who_changes_what_is_left_is_found_out(where: Office) -> None:
    run = delivered(where)
    forget_lead("L-1", by="ada", office=where)
    with where.store.writing() as records:
        (version,) = [a for a in records.artifacts.of_run(run) if a.sha == digest({"text": MAIL})]
        records.artifacts.put(replace(version, body={"text": "Dear [[lead.name]], you owe us money."}))

    verdict = verify_audit(where.store)

    assert [trouble for trouble in verdict.troubles if "not what their hash says" in trouble] == list(verdict.troubles)
    assert len(verdict.troubles) == 2


def test_no_byte_of_them_stays_in_the_files_of_the_database(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/db/desk.db")
    where = gated_office(database, Clock())
    for number in range(5):
        gate = at_gate(where, mail=f"{MAIL} {'x' * 3000 * number}")
        revised = decide_gate(gate.id, Edit({"text": f"{MAIL} Or not."}), by="ed", office=where)
        if number % 2:
            decide_gate(revised.id, Approve(revised.sha), by="ed", office=where)
            advance_run(gate.run, office=where)
    assert any(word.encode() in data for word in CANARIES for data in files(tmp_path / "db"))

    forget_lead("L-1", by="ada", office=where)

    assert scrub(database)
    assert [word for word in CANARIES for data in files(tmp_path / "db") if word.encode() in data] == []


def files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir() if path.is_file()]


def test_unfinished_runs_about_them_are_called_off_and_their_gates_closed(where: Office) -> None:
    waiting = at_gate(where)
    decide_gate(waiting.id, Revise("Ask Zoë Brandt about her robots."), by="ed", office=where)
    assert advance_run(waiting.run, office=where).status == "waiting"
    unread = begin(where, SPEC, lead="L-1")

    forgotten = forget_lead("L-1", by="ada", office=where)

    assert set(forgotten.cancelled) == {waiting.run, unread.id} == set(forgotten.runs)
    assert {status_of(where, run) for run in forgotten.runs} == {"cancelled"}
    assert standing(where) == []
    with where.store.reading() as records:
        assert records.gates.count_open() == 0
        assert "Ask [[lead.name]]" in records.gates.listed(run=waiting.run)[0].words


def test_it_waits_until_whoever_works_on_such_a_run_has_stopped(where: Office) -> None:
    gate = at_gate(where)
    be_seen(where)
    looks: list[str] = []

    with turn_at(gate.run, where) as turn:

        def sleep(_: float) -> None:
            looks.append(str(status_of(where, gate.run)))
            with turn.store.writing() as records:  # the other one gives its turn back
                claim = records.claims.get(gate.run)
                assert claim is not None
                records.claims.put(replace(claim, holder=""))

        forget_lead("L-1", by="ada", office=replace(where, sleep=sleep))

    assert looks == ["cancelled"]
    assert standing(where) == []


def test_nothing_is_forgotten_while_somebody_goes_on_working_on_such_a_run(where: Office) -> None:
    gate = at_gate(where)
    be_seen(where)
    times = iter([0.0, PATIENCE / 2, PATIENCE + 1])

    with (
        turn_at(gate.run, where),
        pytest.raises(WrongUsage, match=f"Somebody still works on run {gate.run}"),
    ):
        forget_lead("L-1", by="ada", office=replace(where, timer=lambda: next(times)))

    assert "personal" in standing(where)
    forget_lead("L-1", by="ada", office=where)
    assert standing(where) == []


def test_an_answer_that_comes_too_late_is_not_kept(where: Office) -> None:
    gate = at_gate(where)
    with turn_at(gate.run, where) as turn:
        pass
    forget_lead("L-1", by="ada", office=where)

    with pytest.raises(Exception, match=gate.run), writing_late(turn):
        pass


def test_drafts_that_nobody_sent_are_taken_back(where: Office) -> None:
    drawer = Drawer()
    where = replace(where, connectors=lambda _: {"shelf": drawer})
    run = delivered(where)

    forgotten = forget_lead("L-1", by="ada", office=where)

    assert drawer.delivered == {}
    assert (forgotten.taken_back, forgotten.remains) == ((f"shelf://{run}:shelf:a",), ())


def test_a_mail_that_was_sent_is_named_among_what_remains(where: Office) -> None:
    where = replace(where, connectors=lambda _: {"shelf": Drawer(sent=True)})
    run = delivered(where)

    forgotten = forget_lead("L-1", by="ada", office=where)

    words = f"{run}:shelf:a was sent or moved away since; look where it is now"
    assert forgotten.remains == (Remain(f"shelf://{run}:shelf:a", words),)


def test_what_a_connector_cannot_take_back_is_named_too(where: Office) -> None:
    run = delivered(where)

    forgotten = forget_lead("L-1", by="ada", office=where)

    (remain,) = forgotten.remains
    assert remain.where == f"shelf://{run}:shelf:a"
    assert remain.what == f"what shelf was given as {run}:shelf:a; take it out there"


def test_a_draft_that_cannot_be_reached_is_deleted_by_doing_it_again(where: Office) -> None:
    drawer = Drawer(away=True)
    where = replace(where, connectors=lambda _: {"shelf": drawer})
    run = delivered(where)

    first = forget_lead("L-1", by="ada", office=where)
    drawer.away = False
    second = forget_lead("L-1", by="ada", office=where)

    assert first.again == (f"shelf://{run}:shelf:a could not be deleted: The drawer is locked. Find the key.",)
    assert standing(where) == []
    assert (second.again, second.versions, drawer.delivered) == ((), 0, {})


def test_a_connector_that_cannot_be_made_is_told_and_the_rest_is_forgotten(where: Office) -> None:
    run = delivered(where)

    def broken(_: object) -> Any:
        raise ConfigurationError("There is no password.")

    forgotten = forget_lead("L-1", by="ada", office=replace(where, connectors=broken))

    assert forgotten.again == (f"{run}:shelf:a was not looked for: There is no password.",)
    assert standing(where) == []


def test_doing_it_twice_changes_nothing_more(where: Office) -> None:
    delivered(where)
    forget_lead("L-1", by="ada", office=where)
    before = rows(where)

    again = forget_lead("L-1", by="ada", office=where)

    assert rows(where) | {"claims": ""} == before | {"claims": ""}
    assert again.versions == 0


def test_others_are_left_alone_even_those_of_the_same_name(where: Office) -> None:
    delivered(where)
    other = {**ZOE, "email": "zoe@heron.example.com", "phone": "+33 1 99999999", "address": "Rue 1, Paris"}
    kept = delivered(where, lead="L-2", values=other, mail="Dear Zoë Brandt of Heron")

    forgotten = forget_lead("L-1", by="ada", office=where)

    assert kept not in forgotten.runs
    assert {"text": "Dear Zoë Brandt of Heron"} in [a.body for a in dossier(kept, where.store).artifacts]
    assert any("personal" in remain.where and "forget that lead, too" in remain.what for remain in forgotten.remains)


def test_what_other_runs_and_the_log_say_of_them_is_told(where: Office) -> None:
    delivered(where)
    stray = begin(where, SPEC, topic="a letter to ZOE.BRANDT@kestrel.example.com")
    with where.store.writing() as records:
        records.audit.add(AuditEntry(where.now(), "ed", "reject", stray.id, "x", words="Zoë Brandt called."))

    forgotten = forget_lead("L-1", by="ada", office=where)

    told = {remain.where: remain.what for remain in forgotten.remains}
    assert told["database, runs.inputs"] == f"1 rows: {stray.id}"
    assert told["database, audit.words"] == f"1 rows: {stray.id}; the log is sealed, and stays as it is"


def test_the_hosts_that_were_told_in_clear_are_named(where: Office) -> None:
    run = delivered(where)
    with accounted(Caller(run, "a", "worker", "m"), where):
        leaves("model", "clear.example.com", "Zoë Brandt")
        leaves("model", "hidden.example.com", "[[lead.name]]")

    forgotten = forget_lead("L-1", by="ada", office=where)

    (host,) = [remain for remain in forgotten.remains if "example.com" in remain.where]
    assert host == Remain("clear.example.com", "was told name, and may keep logs; ask whoever runs it")


def test_a_lead_whose_name_in_the_crm_is_their_address_is_not_named_by_the_log(where: Office) -> None:
    at_gate(where, lead=ZOE["email"])
    with where.store.writing() as records:
        records.marks.put(f"once:crm/{ZOE['email']}", "R001", where.now())

    forget_lead(ZOE["email"], by="ada", office=where)

    assert standing(where) == []
    assert [entry.subject for entry in audit(where) if entry.what == "forgot"] == ["[[lead.email]]"]


def test_somebody_is_found_by_their_address_in_whatever_case(where: Office) -> None:
    at_gate(where)

    assert leads_at(" Zoe.Brandt@KESTREL.example.com ", where) == ["L-1"]
    with pytest.raises(NotFound, match="No run knows anybody"):
        leads_at("nobody@kestrel.example.com", where)


def test_a_lead_of_no_run_is_not_found(where: Office) -> None:
    begin(where, SPEC, topic="L-1", lead="L-11")

    with pytest.raises(NotFound, match="No run is about a lead 'L-1'"):
        forget_lead("L-1", by="ada", office=where)


@pytest.mark.parametrize("by", ["bo", "nobody"])
def test_where_there_are_people_only_an_admin_may(where: Office, by: str) -> None:
    people = People({"ada": Person("ada", "Ada", admin=True), "bo": Person("bo", "Bo", approves=("*",))})
    at_gate(where)
    where = replace(where, people=lambda: people)

    with pytest.raises(NotAllowed, match=f"Only an admin may do that, and {by!r} is none") as caught:
        forget_lead("L-1", by=by, office=where)

    assert caught.value.hint == "Admins are: ada."
    assert "personal" in standing(where)
    assert forget_lead("L-1", by="Ada", office=where).runs


def test_who_decided_and_what_things_are_called_stays(where: Office) -> None:
    """A lead may be called as somebody here is; that they approved something is theirs, not the lead's."""
    values = {"first_name": "ed", "last_name": "shelf", "name": "ed shelf", "email": "ed@shelf.example.com"}
    run = delivered(where, values=values, mail="Dear ed shelf")

    forget_lead("L-1", by="ada", office=where)

    kept = dossier(run, where.store)
    assert [approval.by for gate in kept.gates for approval in gate.approvals] == ["ed"]
    assert [(action.connector, action.status) for action in kept.actions] == [("shelf", "delivered")]
    assert verify_audit(where.store).troubles == ()


def test_a_fork_of_a_run_about_them_asks_anew_what_told_of_them(tmp_path: Path) -> None:
    asked: list[str] = []

    def look() -> dict[str, Any]:
        asked.append("look")
        return {"lead": {"name": "Zoë Brandt"}}

    def personal(answer: Any) -> Personal:
        return Personal("L-1", {"name": answer["lead"]["name"]})

    tool = Tool("look", "Looks.", {"type": "object", "properties": {}}, look, personal=personal)
    spec = SPEC.model_dump(mode="json")
    spec["tools"] = {"tools": {"look": {"kind": "look"}}}
    spec["agents"]["worker"]["tools"] = ["look"]
    spec = type(SPEC).model_validate(spec)
    model = willing_model()
    for _ in range(2):
        model.call_tool("look", for_="a", purpose="work").say("To [[lead.name]]", for_="a", purpose="work")
    where = office(tmp_path, model, engine=crew_engine({"look": tool}), connectors={"shelf": Shelf()})
    gate = wait_at_gate_of(where, begin(where, spec, lead="L-1").id)

    def fork() -> str:
        child = fork_run(gate.run, spec, {"lead": "L-1"}, profile=None, from_task=None, by="ada", office=where)
        assert advance_run(child.id, office=where).status == "waiting"
        cancel_run(child.id, by="ada", office=where)
        return child.id

    fork()
    assert asked == ["look"]
    forget_lead("L-1", by="ada", office=where)
    assert standing(where, "Brandt") == []

    fork()
    assert asked == ["look", "look"]
    assert standing(where, "Brandt") == ["personal"]


def wait_at_gate_of(where: Office, run: str) -> Gate:
    assert advance_run(run, office=where).status == "waiting"
    return find_gate(run, where.store)[0]
