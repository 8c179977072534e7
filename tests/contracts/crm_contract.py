"""What every CRM must hold: leads as they are, each write once by its key, and a state only as it may be set.

A CRM's own test inherits `CrmContract`, gives a `crm`, and says how its people enter a lead and see its files.
`FaultyCrm` fails at a chosen call, before or after the CRM did it: as a process that dies, or as a lost answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import ClassVar, TypeVar

import pytest

from crewdesk.connectors.crm.connector import CrmConnector
from crewdesk.connectors.crm.crm import Crm
from crewdesk.connectors.crm.settings import Statuses
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.outreach.lead import Changed, Lead
from crewdesk.errors import DeliveryFailed, DeliveryRefused

T = TypeVar("T")
KEY = "7K_Q2:record:crm"
BRAUER = Lead(
    id="L-1",
    company="Brauer Werkzeuge GmbH",
    first_name="Jördis",
    last_name="Brauer",
    email="j_brauer@brauer.example",
    phone="+49 30 1234567",
    language="de",
    website="https://brauer.example",
    interest="Asked how reviews can be shorter.",
)
HOSTILE = "<b>Ignore all</b> \u202e\u05d0\u05d1 \u200f\u0645\u0631\u062d\u0628\u0627 日本 'quotes\" %s _ \\ " * 200


class Crash(BaseException):
    """The process dies here."""


class FaultyCrm:
    """A CRM that fails at one call, before or after it did what it was asked."""

    def __init__(self, crm: Crm, failing: int, error: type[BaseException], *, after: bool) -> None:
        self._crm = crm
        self._failing = failing
        self._error = error
        self._after = after
        self.calls = 0

    def _do(self, call: Callable[[], T]) -> T:
        self.calls += 1
        fails = self.calls - 1 == self._failing
        if fails and not self._after:
            raise self._error("before")
        answer = call()
        if fails:
            raise self._error("after")
        return answer

    def lead(self, name: str) -> Lead:
        return self._do(lambda: self._crm.lead(name))

    def changed(self, since: str) -> Sequence[Changed]:
        return self._do(lambda: self._crm.changed(since))

    def alike(self, lead: Lead) -> Sequence[Lead]:
        return self._do(lambda: self._crm.alike(lead))

    def address(self, lead: str) -> str:
        return self._crm.address(lead)

    def noted(self, lead: str, key: str) -> bool:
        return self._do(lambda: self._crm.noted(lead, key))

    def note(self, lead: str, key: str, text: str) -> None:
        self._do(lambda: self._crm.note(lead, key, text))

    def attach(self, lead: str, key: str, name: str, data: bytes) -> None:
        self._do(lambda: self._crm.attach(lead, key, name, data))

    def set_status(self, lead: str, status: str) -> None:
        self._do(lambda: self._crm.set_status(lead, status))


def mail(lead: str, status: str, **changes: object) -> JsonObject:
    """The body of an approved mail."""
    body: JsonObject = {
        "title": "Brauer Werkzeuge GmbH",
        "lead": lead,
        "company": "Brauer Werkzeuge GmbH",
        "to": "j_brauer@brauer.example",
        "to_name": "Jördis Brauer",
        "language": "de",
        "subject": "Kürzere Reviews",
        "text": "Guten Tag Jördis Brauer,\n\nwas hilft Ihnen?\n\nAda",
        "status": status,
    }
    return body | changes  # pyright: ignore[reportReturnType]


def delivery(body: JsonObject, *, sent: bool | None = False, schema: str = "Outreach", key: str = KEY) -> Delivery:
    """A delivery after the mail's, which was sent, drafted, or (None) is not known of."""
    sender = "Ada Byron <ada@example.com>"
    mailed = Receipt("file:///x.eml", {"key": "7K_Q2:record:mail", "sent": sent, "sender": sender})
    return Delivery(key, schema, digest(body), body, {} if sent is None else {"mail": mailed})


class CrmContract:
    """Inherit, give a fixture `crm`, and say the rest."""

    statuses: ClassVar[Statuses] = Statuses()
    """How the CRM spells what became of a lead; none of the states may be a new lead's."""
    person_sets: ClassVar[str]
    """A state that no delivery sets, and that may be set from that of a new lead."""

    def add(self, crm: Crm, lead: Lead) -> str:
        """Enter a lead as people do, and say what the CRM calls it."""
        raise NotImplementedError

    def files(self, crm: Crm, lead: str) -> Mapping[str, bytes]:
        """What is attached to a lead, by names that differ."""
        raise NotImplementedError

    def connector(self, crm: Crm) -> CrmConnector:
        return CrmConnector("crm", crm, statuses=self.statuses)

    def added(self, crm: Crm) -> Lead:
        return crm.lead(self.add(crm, BRAUER))

    def ours(self, crm: Crm, lead: str) -> list[str]:
        return [note.text for note in crm.lead(lead).notes if note.author == "Crewdesk"]

    def test_a_lead_is_read_as_it_was_entered(self, crm: Crm) -> None:
        lead = self.added(crm)

        fields = ("company", "first_name", "last_name", "email", "language", "website", "interest")
        assert {field: getattr(lead, field) for field in fields} == {field: getattr(BRAUER, field) for field in fields}
        assert lead.phone.replace(" ", "") == "+49301234567"
        assert lead.created
        assert lead.changed
        assert "://" in lead.address_in_crm
        assert not any((lead.do_not_contact, lead.unsubscribed, lead.customer, lead.closed))

    @pytest.mark.parametrize("name", ["987654321", "", "x' or 1=1", "%", "\u202e"])
    def test_a_lead_that_is_not_there_is_told_by_its_name(self, crm: Crm, name: str) -> None:
        self.added(crm)

        for ask in (
            lambda: crm.lead(name),
            lambda: crm.note(name, KEY, "text"),
            lambda: crm.attach(name, KEY, "a.eml", b"x"),
            lambda: crm.set_status(name, self.person_sets),
        ):
            with pytest.raises(DeliveryRefused, match="has no lead"):
                ask()

    def test_a_note_is_written_once_for_each_key_and_read_as_it_was_written(self, crm: Crm) -> None:
        lead = self.added(crm).id

        for key, text in ((KEY, "First.\n\nTwo lines — é."), (KEY, "again"), ("another:key", HOSTILE.strip())):
            crm.note(lead, key, text)

        assert self.ours(crm, lead) == ["First.\n\nTwo lines — é.", HOSTILE.strip()]

    def test_a_note_is_found_by_its_very_key_on_its_very_lead(self, crm: Crm) -> None:
        lead, other = self.added(crm).id, self.added(crm).id
        crm.note(lead, KEY, "Noted.")

        assert crm.noted(lead, KEY)
        assert not any(crm.noted(lead, key) for key in ("7KxQ2:record:crm", "%", KEY[:-1], KEY[1:], KEY.lower(), ""))
        assert not crm.noted(other, KEY)

    def test_a_file_is_attached_once_for_each_key_byte_for_byte(self, crm: Crm) -> None:
        lead, data = self.added(crm).id, bytes(range(256)) * 20

        for key, name in ((KEY, "one.eml"), (KEY, "one.eml"), ("another:key", "two.eml")):
            crm.attach(lead, key, name, data)

        assert self.files(crm, lead) == {"one.eml": data, "two.eml": data}

    def test_a_state_is_set_and_setting_it_again_is_no_matter(self, crm: Crm) -> None:
        lead = self.added(crm).id

        for _ in range(2):
            crm.set_status(lead, self.statuses.contacted)

        assert crm.lead(lead).status == self.statuses.contacted

    def test_what_is_new_since_a_moment_is_listed_the_oldest_first_in_any_zone(self, crm: Crm) -> None:
        before, first, second = (self.added(crm) for _ in range(3))
        east = before.changed.replace("+00:00", "-05:00")

        found = [one.lead for one in crm.changed(before.changed)]

        assert [name for name in found if name in {before.id, first.id, second.id}] == [first.id, second.id]
        assert {first.id, second.id} <= {one.lead for one in crm.changed("")}
        assert not {first.id, second.id} & {one.lead for one in crm.changed(east)}
        with pytest.raises(DeliveryRefused, match="is no moment"):
            crm.changed("yesterday")

    def test_what_we_write_makes_no_changed_lead(self, crm: Crm) -> None:
        lead = self.added(crm)

        crm.note(lead.id, KEY, "Noted.")
        crm.attach(lead.id, KEY, "a.eml", b"x")
        crm.set_status(lead.id, self.statuses.contacted)

        assert lead.id not in {one.lead for one in crm.changed(lead.changed)}

    def test_others_with_the_address_are_alike_in_any_case_and_nobody_else(self, crm: Crm) -> None:
        lead = self.added(crm)
        same = self.add(crm, BRAUER.model_copy(update={"id": "L-2", "email": "J_Brauer@Brauer.Example"}))
        one_sign_else = self.add(
            crm, BRAUER.model_copy(update={"id": "L-3", "email": "jxbrauer@brauer.example", "last_name": "Baum"})
        )

        found = {one.id for one in crm.alike(lead)}

        assert same in found
        assert not {lead.id, one_sign_else} & found

    def test_others_with_the_name_at_the_company_are_alike(self, crm: Crm) -> None:
        lead = self.added(crm)
        elsewhere = {"email": "jb@mail.example"}
        same = self.add(crm, BRAUER.model_copy(update={"id": "L-2", "company": "BRAUER Werkzeuge GmbH"} | elsewhere))
        other = self.add(crm, BRAUER.model_copy(update={"id": "L-3", "company": "Brauer Bier"} | elsewhere))

        found = {one.id for one in crm.alike(lead)}

        assert same in found
        assert other not in found
        assert crm.alike(Lead(id="nobody")) == []

    @pytest.mark.parametrize(("sent", "outcome"), [(True, "contacted"), (False, "drafted"), (None, "drafted")])
    def test_a_lead_is_contacted_only_where_a_mail_was_sent(
        self,
        crm: Crm,
        sent: bool | None,  # noqa: FBT001
        outcome: str,
    ) -> None:
        lead = self.added(crm)
        expected = getattr(self.statuses, outcome) or lead.status

        receipt = self.connector(crm).deliver(delivery(mail(lead.id, lead.status), sent=sent))

        assert crm.lead(lead.id).status == expected
        [note] = self.ours(crm, lead.id)
        assert ("Sent" in note, "not sent" in note) == ((True, False) if sent else (False, True))
        assert "was hilft Ihnen?" in note
        assert receipt.details == {"sha": digest(mail(lead.id, lead.status)), "key": KEY}
        assert "://" in receipt.location

    def test_the_mail_is_attached_as_it_went_out(self, crm: Crm) -> None:
        lead = self.added(crm)

        self.connector(crm).deliver(delivery(mail(lead.id, lead.status)))

        [data] = self.files(crm, lead.id).values()
        assert b"From: " in data
        assert b"ada@example.com" in data

    def test_a_stop_is_noted_with_its_reasons(self, crm: Crm) -> None:
        lead = self.added(crm)
        body: JsonObject = {
            "title": "Brauer",
            "lead": lead.id,
            "reasons": ["They unsubscribed."],
            "status": lead.status,
        }

        self.connector(crm).deliver(delivery(body, schema="Stop", sent=None))

        assert crm.lead(lead.id).status == self.statuses.stopped
        [note] = self.ours(crm, lead.id)
        assert "They unsubscribed." in note
        assert self.files(crm, lead.id) == {}

    def test_a_state_that_a_person_set_meanwhile_stays_and_the_note_says_so(self, crm: Crm) -> None:
        lead = self.added(crm)
        crm.set_status(lead.id, self.person_sets)

        self.connector(crm).deliver(delivery(mail(lead.id, lead.status), sent=True))

        assert crm.lead(lead.id).status == self.person_sets
        [note] = self.ours(crm, lead.id)
        assert f"The state stays {self.person_sets!r}" in note

    def test_a_second_delivery_changes_nothing_and_is_found_by_its_receipt(self, crm: Crm) -> None:
        lead = self.added(crm)
        one = delivery(mail(lead.id, lead.status), sent=True)

        assert self.connector(crm).find(one) is None
        receipt = self.connector(crm).deliver(one)
        crm.set_status(lead.id, lead.status)

        assert self.connector(crm).deliver(one) == receipt
        assert self.connector(crm).find(one) == receipt
        assert crm.lead(lead.id).status == lead.status
        assert len(self.ours(crm, lead.id)) == 1

    @pytest.mark.parametrize(("error", "after"), [(Crash, False), (DeliveryFailed, True)], ids=["death", "lost answer"])
    def test_whatever_is_lost_at_any_call_there_is_one_note_one_file_and_the_state(
        self,
        crm: Crm,
        error: type[BaseException],
        after: bool,  # noqa: FBT001
    ) -> None:
        step = 0
        while True:
            lead = self.added(crm)
            one = delivery(mail(lead.id, lead.status), sent=True)
            faulty = FaultyCrm(crm, step, error, after=after)
            try:
                self.connector(faulty).deliver(one)
            except error:
                found = self.connector(crm).find(one)
                assert (found is not None) == bool(self.ours(crm, lead.id))
                assert found is None or crm.lead(lead.id).status == self.statuses.contacted
                self.connector(crm).deliver(one)
            else:
                break

            assert crm.lead(lead.id).status == self.statuses.contacted
            [note] = self.ours(crm, lead.id)
            assert "The state stays" not in note
            assert len(self.files(crm, lead.id)) == 1
            step += 1

        assert step >= 5

    def test_two_that_deliver_one_key_at_once_leave_one_note_and_one_file(self, crm: Crm) -> None:
        lead = self.added(crm)
        one = delivery(mail(lead.id, lead.status), sent=True)

        with ThreadPoolExecutor(2) as threads:
            receipts = list(threads.map(lambda _: self.connector(crm).deliver(one), range(2)))

        assert receipts[0] == receipts[1]
        assert len(self.ours(crm, lead.id)) == 1
        assert len(self.files(crm, lead.id)) == 1

    def test_what_nobody_approved_writes_nothing(self, crm: Crm) -> None:
        lead = self.added(crm)
        good = delivery(mail(lead.id, lead.status))

        for wrong in (
            replace(good, sha="0" * 64),
            replace(good, key=" "),
            replace(good, schema="Draft"),
            replace(good, body=good.body | {"extra": "more"}),
            delivery({"lead": lead.id}),
            delivery({"lead": lead.id, "title": "x", "reasons": []}, schema="Stop"),
        ):
            with pytest.raises(DeliveryRefused):
                self.connector(crm).deliver(wrong)

        assert crm.lead(lead.id).status == lead.status
        assert self.ours(crm, lead.id) == []
        assert self.files(crm, lead.id) == {}

    def test_hostile_words_are_kept_as_words(self, crm: Crm) -> None:
        lead = self.added(crm)

        self.connector(crm).deliver(
            delivery(mail(lead.id, lead.status, text=HOSTILE.strip() + "\0x", needs=[]), sent=None)
        )

        [note] = self.ours(crm, lead.id)
        assert HOSTILE.strip() in note
