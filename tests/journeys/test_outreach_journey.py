"""The outreach crew end to end without a model, as its users meet it: from a lead to a mail and a CRM that knows."""

from __future__ import annotations

import email
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.mail import MailBody, plain
from crewdesk.facade import Desk
from crewdesk.handles import OpenGate, Run
from crewdesk.models.scripted import ScriptedModel
from crewdesk.ports.model import Model
from support.homes import lay_out_small
from support.leads import DATA, LEADS, crm_of


class House:
    """A home with one lead in its CRM."""

    def __init__(self, home: Path, lead: str, *, model: Model | None = None, **changes: Any) -> None:
        lay_out_small(home, sources=())
        self.home = home
        self.lead = lead
        self.crm = crm_of(home)
        self.crm.put(LEADS[lead].model_copy(update=changes))
        self.desk = Desk(home, model=model)

    def started(self) -> Run:
        run = self.desk.start("outreach", lead=self.lead)
        assert run.status == "waiting", run.error
        return run

    def mails(self) -> list[Path]:
        return sorted((self.home / "outbox").rglob("*.eml"))

    def noted(self) -> list[str]:
        return [note.text for note in self.crm.lead(self.lead).notes]


def body_of(gate: OpenGate) -> JsonObject:
    assert gate.artifact is not None
    return gate.artifact.body


def test_what_a_sales_person_approved_lies_in_the_drafts_and_the_crm_knows(tmp_path: Path) -> None:
    house = House(tmp_path, "L-en")
    run = house.started()
    (gate,) = run.gates
    assert house.mails() == []
    assert house.noted() == []

    text = str(body_of(gate)["text"]).replace("Kind regards", "Call me whenever you like.\n\nKind regards")
    gate.edit({"subject": "Code review by agents", "text": text}, by="sam")
    gate.approve(by="sam")
    run = house.desk.resume(run.id)

    assert run.status == "done", run.error
    approved = MailBody.model_validate(run.output("write"))
    (path,) = house.mails()
    message = cast("EmailMessage", email.message_from_bytes(path.read_bytes(), policy=default))
    part = message.get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", "\n") == plain(approved)
    assert approved.text == text
    assert (message["Subject"], message["To"]) == (
        "Code review by agents",
        "Ada Byron <ada.byron@harbour-lines.example>",
    )
    (note,) = house.noted()
    assert plain(approved).rstrip() in note
    assert "They are interested in “code review by agents”. [The CRM's record" in note
    assert house.crm.lead("L-en").status == "drafted"  # contacted only once a mail was sent


def test_nothing_is_delivered_or_paid_twice_when_a_run_goes_on_again(tmp_path: Path) -> None:
    house = House(tmp_path, "L-de")
    run = house.started()
    run.gates[0].approve(by="sam")
    house.desk.resume(run.id)
    before = (house.mails()[0].read_bytes(), house.noted(), len(run.dossier().effects))

    assert Desk(house.home).resume(run.id).status == "done"

    assert len(house.mails()) == 1
    assert (house.mails()[0].read_bytes(), house.noted(), len(run.dossier().effects)) == before


def test_nobody_is_written_to_who_must_not_be_and_no_model_is_asked(tmp_path: Path) -> None:
    house = House(tmp_path, "L-en", unsubscribed=True)
    run = house.started()
    (gate,) = run.gates

    assert [effect.name for effect in run.dossier().effects if effect.kind == "model"] == []
    assert (gate.record.task, gate.record.card["headline"]) == ("stop", "nobody is written to: 1 reason")
    gate.approve(by="sam")
    run = house.desk.resume(run.id)

    assert run.status == "done", run.error
    assert house.mails() == []
    (note,) = house.noted()
    assert note.startswith("Crewdesk: nobody is written to.\n- ")
    assert house.crm.lead("L-en").status == "stopped"


def test_notes_change_the_mail_and_a_rejection_leaves_no_trace_outside(tmp_path: Path) -> None:
    house = House(tmp_path, "L-en")
    run = house.started()
    first = str(body_of(run.gates[0])["text"])

    run.gates[0].revise("Shorter, please.", by="sam")
    run = house.desk.resume(run.id)
    second = body_of(run.gates[0])
    assert len(str(second["text"])) < len(first)
    assert "Taken: shorter." in str(second["open_questions"])

    run.gates[0].reject("Wrong person.", by="sam")
    run = house.desk.resume(run.id)
    assert run.status == "rejected"
    assert (house.mails(), house.noted(), house.crm.lead("L-en").status) == ([], [], "new")


def told(gate: OpenGate) -> str:
    """Spell what the gate asks about, to be read and compared."""
    mail, card = MailBody.model_validate(body_of(gate)), gate.record.card
    lines = [f"Subject: {mail.subject}", f"Language: {mail.language}", "", plain(mail)]
    if mail.other is not None:
        lines += [f"Or: {mail.other.subject}", "", mail.other.text, ""]
    lines += [str(card["headline"]), *(f"- {one.need} ({one.confidence:.0%}): {one.because}" for one in mail.needs)]
    for name in ("noticed", "problems"):
        lines += [f"{name}: {sentence}" for sentence in cast("list[str]", card[name])]
    return "\n".join(line.rstrip() for line in "\n".join(lines).split("\n")) + "\n"


@pytest.mark.parametrize("lead", LEADS)
def test_mails_to_four_people_read_as_they_did(tmp_path: Path, lead: str) -> None:
    """Read the stored mail before you change it: it is what somebody gets."""
    (gate,) = House(tmp_path, lead).started().gates

    assert told(gate) == (DATA / f"{lead}.txt").read_text("utf-8")


def test_a_model_is_held_to_what_was_found(tmp_path: Path) -> None:
    """What it makes up comes back to it with the reason, and what it then writes is framed by code."""
    asked = "They are interested in “code review by agents”."
    mail = (
        "Hello [[lead.first_name]],\n\nYou asked us about “code review by agents”.[^crm-1] {claim}\n\n"
        "Would that help you?\n\nThe Crewdesk team"
    )
    model = ScriptedModel().always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review")
    facts: list[Json] = [{"statement": asked, "passages": ["crm-1"]}]
    model.say({"summary": "", "facts": facts, "confidence": 0.9}, for_="company", purpose="work")
    model.say({"summary": "", "facts": [], "confidence": 0.5}, for_="news", purpose="work")
    need: JsonObject = {"need": "Reviews", "because": asked, "passages": ["crm-1"], "confidence": 0.7}
    model.say({"needs": [need], "confidence": 0.7}, for_="needs", purpose="work")
    for claim in ("You lose 30 % of every week to reviews.", "How do you review today?"):
        draft: JsonObject = {
            "variants": [{"subject": "Code review", "text": mail.format(claim=claim)}],
            "confidence": 0.8,
        }
        model.say(draft, for_="write", purpose="work")

    house = House(tmp_path, "L-en", model=model)
    (gate,) = house.started().gates

    asked_again = str(model.asked_for("write", "work")[-1].messages)
    assert "30 % of every week to reviews.”: no source is named" in asked_again
    body = MailBody.model_validate(body_of(gate))
    assert body.text == (
        "Hello Ada Byron,\n\nYou asked us about “code review by agents”. How do you review today?\n\n"
        "Would that help you?\n\nThe Crewdesk team\nhttps://crewdesk.example.com"
    )
    assert gate.record.card["problems"] == []


def delivered(house: House) -> Run:
    """A run whose mail was approved as it was written."""
    run = house.started()
    run.gates[0].approve(by="sam")
    run = house.desk.resume(run.id)
    assert run.status == "done", run.error
    return run


def test_a_fork_writes_to_nobody_who_unsubscribed_since(tmp_path: Path) -> None:
    house = House(tmp_path, "L-en")
    run = delivered(house)
    house.crm.put(house.crm.lead("L-en").model_copy(update={"unsubscribed": True, "status": "new"}))

    fork = house.desk.resume(house.desk.fork(run.id).id)

    assert [gate.record.task for gate in fork.gates] == ["stop"]


def test_whoever_unsubscribed_while_a_fork_waited_is_not_written_to(tmp_path: Path) -> None:
    """Its mail is the parent's, byte for byte; that the parent might deliver it says nothing of the fork."""
    house = House(tmp_path, "L-en")
    before = house.crm.lead("L-en")
    run = delivered(house)
    house.crm.remove("L-en")  # as it was, without the note and the state
    house.crm.put(before)
    fork = house.desk.resume(house.desk.fork(run.id).id)
    house.crm.put(before.model_copy(update={"unsubscribed": True}))

    fork.gates[0].approve(by="sam")
    fork = house.desk.resume(fork.id)

    assert (fork.status, len(house.mails())) == ("failed", 1)
    assert "unsubscribed meanwhile" in str(fork.error)
