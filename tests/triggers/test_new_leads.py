"""A lead that is new in a CRM starts one run, however often it changes and whoever else hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from crewdesk.configuration.triggers import load_triggers
from crewdesk.domain.outreach.lead import Changed, Lead
from crewdesk.domain.trigger_specs import ChangesSpec, TriggersSpec
from crewdesk.errors import CrewdeskError
from crewdesk.facade import Desk
from crewdesk.triggers.changes import look_at_changes
from crewdesk.triggers.fire import fire
from crewdesk.triggers.rounds import Rounds
from crewdesk.triggers.webhooks import Webhooks
from support.gates import Clock
from support.homes import lay_out_small
from support.hooks import HUBSPOT_EVENT, SECRET, from_hubspot
from support.triggers import desk_at, runs_of, spec_of, topics

NEW = {"kind": "changes", "crew": "content", "connector": "crm", "inputs": {"topic": "{lead}"}, "once": "out-{lead}"}
HOOK = {
    "kind": "webhook",
    "crew": "content",
    "path": "/crm",
    "signature": "hubspot",
    "secret_env": "HOOK_SECRET",
    "inputs": {"topic": "{objectId}"},
    "once": "out-{objectId}",
    "occasions": "new",
}


class Crm:
    """A CRM with a clock of its own, in minutes of an afternoon; leads appear and change as one says."""

    def __init__(self) -> None:
        self.leads: dict[str, Lead] = {}
        self.broken: set[str] = set()
        self.away = False
        self.looked_up: list[str] = []

    def put(self, lead: str, minute: int, **values: Any) -> None:
        """Enter a lead or change it, at a minute after one o'clock."""
        at = f"2026-11-22T13:{minute:02}:00.000Z"
        known = self.leads.get(lead, Lead(id=lead, created=at))
        self.leads[lead] = known.model_copy(update={"changed": at, **values})

    def lead(self, name: str) -> Lead:
        self.looked_up.append(name)
        if name in self.broken:
            raise ValueError(f"Lead {name} cannot be read.")
        return self.leads[name]

    def changed(self, since: str) -> Sequence[Changed]:
        if self.away:
            raise ValueError("The CRM is away.")
        found = [Changed(lead=one.id, at=one.changed) for one in self.leads.values()]
        later = [change for change in found if change.at.replace("Z", "+00:00") > since]
        return sorted(later, key=lambda change: change.at)

    def alike(self, lead: Lead) -> Sequence[Lead]:
        return ()


@pytest.fixture(name="crm")
def _crm() -> Crm:
    return Crm()


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock("2026-11-22T14:00:00.000+00:00")


@pytest.fixture(name="desk")
def _desk(home: Path, clock: Clock, crm: Crm) -> Desk:
    return desk_at(home, clock=clock, connectors=lambda _: {"crm": crm})


def look(desk: Desk, **changes: Any) -> list[str]:
    return list(look_at_changes(desk, "new", spec_of(NEW, **changes)))


def test_a_lead_that_is_new_starts_a_run_once(home: Path, crm: Crm, clock: Clock, store_url: str) -> None:
    desk = desk_at(home, store_url, clock=clock, connectors=lambda _: {"crm": crm})
    crm.put("L-1", 1)
    assert "already are left alone" in look(desk)[0]

    crm.put("L-2", 2)
    crm.put("L-3", 3)

    assert len(look(desk)) == 2
    assert topics(desk) == ["L-2", "L-3"]
    assert look(desk) == []


def test_what_changes_is_no_newer_whether_people_change_it_or_the_desk(desk: Desk, crm: Crm) -> None:
    crm.put("old", 1)
    look(desk)
    crm.put("new", 2)
    look(desk)

    crm.put("old", 3, status="called")
    crm.put("new", 4, status="drafted")

    assert look(desk) == []
    assert topics(desk) == ["new"]


def test_at_first_all_are_new_where_it_says_so_most_at_each_look(desk: Desk, crm: Crm) -> None:
    for minute in range(25):
        crm.put(f"L-{minute}", minute)

    looks = [len(look(desk, at_first="start", most=10)) for _ in range(4)]

    assert looks == [10, 10, 5, 0]
    assert topics(desk) == [f"L-{minute}" for minute in range(25)]


def test_into_an_empty_crm_the_first_lead_is_new(desk: Desk, crm: Crm) -> None:
    look(desk)

    crm.put("L-1", 30)

    assert len(look(desk)) == 1


@pytest.mark.parametrize("clock", [Clock("2026-11-22T13:00:00+00:00"), Clock("2026-11-22T20:00:00+00:00")])
def test_the_clock_of_the_crm_counts(desk: Desk, crm: Crm) -> None:
    crm.put("L-1", 10)
    look(desk)
    crm.put("L-2", 20)
    crm.put("L-3", 30)

    look(desk)
    crm.put("L-4", 21)  # written at that time, and seen late

    assert (topics(desk), len(look(desk))) == (["L-2", "L-3"], 1)
    assert topics(desk) == ["L-2", "L-3", "L-4"]


def test_what_was_done_with_is_not_looked_up_again(desk: Desk, crm: Crm) -> None:
    look(desk)
    crm.put("L-1", 10)
    crm.put("L-2", 11, source="fair")
    look(desk, only={"source": "web form"})
    crm.looked_up.clear()

    look(desk, only={"source": "web form"})

    assert (crm.looked_up, topics(desk)) == ([], [])


def test_a_lead_that_is_not_wanted_may_be_once_it_changes(desk: Desk, crm: Crm) -> None:
    look(desk)
    crm.put("L-1", 10)
    look(desk, only={"status": ["ready", "asked"]})

    crm.put("L-1", 12, status="ready")
    look(desk, only={"status": ["ready", "asked"]})

    assert topics(desk) == ["L-1"]


def test_a_lead_that_cannot_be_read_keeps_no_other_from_starting_and_is_tried_again(desk: Desk, crm: Crm) -> None:
    look(desk)
    for n in (1, 2, 3):
        crm.put(f"L-{n}", 10 * n)
    crm.broken = {"L-2"}
    with pytest.raises(CrewdeskError, match=r"1 leads start no run: Lead L-2 cannot be read\."):
        look(desk)
    assert topics(desk) == ["L-1", "L-3"]

    crm.broken = set()

    assert len(look(desk)) == 1
    assert topics(desk) == ["L-1", "L-3", "L-2"]


def test_a_crm_that_is_away_is_told_and_nothing_is_lost(desk: Desk, crm: Crm) -> None:
    look(desk)
    crm.put("L-1", 10)
    crm.away = True
    with pytest.raises(CrewdeskError, match="The CRM is away"):
        look(desk)

    crm.away = False

    assert len(look(desk)) == 1


def test_a_change_in_the_future_hides_none_before_it(desk: Desk, crm: Crm) -> None:
    look(desk)
    crm.leads["L-1"] = Lead(id="L-1", created="2126-01-01T00:00:00Z", changed="2126-01-01T00:00:00Z")
    look(desk)

    crm.put("L-2", 59)

    assert len(look(desk)) == 1


def test_in_another_crm_a_first_look_is_taken(home: Path, crm: Crm, clock: Clock) -> None:
    desk = desk_at(home, clock=clock, connectors=lambda _: {"crm": crm, "other": crm})
    look(desk)
    crm.put("L-1", 10)

    assert "already are left alone" in look(desk, connector="other")[0]


@pytest.mark.parametrize("first", ["webhook", "changes"])
def test_what_a_webhook_started_changes_do_not_and_the_other_way_round(desk: Desk, crm: Crm, first: str) -> None:
    def posted(mark: str) -> bool:
        return fire(desk, "hook", spec_of(HOOK), {"objectId": 7}, occasion=mark).new

    look(desk)
    crm.put("7", 10)
    if first == "webhook":
        new = [posted("a"), bool(look(desk)), posted("b")]
    else:
        new = [bool(look(desk)), posted("a"), posted("b")]

    assert (new, topics(desk)) == ([True, False, False], ["7"])


def test_a_connector_that_knows_no_leads_is_told(home: Path, clock: Clock) -> None:
    desk = desk_at(home, clock=clock, connectors=lambda _: {"crm": object()})

    with pytest.raises(CrewdeskError, match="The connector 'crm' knows no leads"):
        look(desk)


def test_a_worker_looks_as_often_as_it_should(home: Path, desk: Desk, crm: Crm, clock: Clock) -> None:
    (home / "config" / "triggers.yaml").write_text(
        "triggers:\n  new:\n    kind: changes\n    crew: content\n    connector: crm\n    every: 5m\n"
        '    inputs: {topic: "{lead}"}\n',
        encoding="utf-8",
    )
    rounds = Rounds(desk, beside=lambda work: work())
    assert "left alone" in rounds.polls()[0]
    crm.put("L-1", 10)

    clock.forward(minutes=4, seconds=59)
    early = rounds.polls()
    clock.forward(seconds=1)
    (line,) = rounds.polls()

    assert early == []
    assert "put in line by trigger new: L-1" in line


def test_the_samples_as_they_ship_start_one_run_for_a_lead_that_hubspot_and_the_look_both_tell_of(
    tmp_path: Path, crm: Crm
) -> None:
    home = lay_out_small(tmp_path / "home", sources=())
    shipped = load_triggers(home / "config").triggers
    live = {name: shipped[name].model_copy(update={"paused": False}) for name in ("new leads", "hubspot leads")}
    desk = desk_at(home, clock=Clock(), connectors=lambda _: {"crm": crm})
    desk.settings = replace(desk.settings, environment={"HUBSPOT_CLIENT_SECRET": SECRET})
    hooks = Webhooks(desk, TriggersSpec(triggers=live), say=print)
    looks = cast("ChangesSpec", live["new leads"])
    list(look_at_changes(desk, "new leads", looks))
    for n in (123, 124):
        crm.put(str(n), n - 100)

    events = [HUBSPOT_EVENT, HUBSPOT_EVENT | {"objectId": 9, "subscriptionType": "deal.creation"}]
    posted = hooks.take(from_hubspot(events))
    looked = list(look_at_changes(desk, "new leads", looks))
    again = hooks.take(from_hubspot([HUBSPOT_EVENT | {"objectId": 124, "eventId": 101}]))

    assert (posted.status, len(looked), again.status) == (202, 1, 200)
    assert [run.inputs["lead"] for run in runs_of(desk)] == ["123", "124"]
