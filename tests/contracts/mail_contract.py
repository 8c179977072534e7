"""What every connector that drafts mails in a mailbox must hold, on whatever server.

A server's own test inherits `DraftContract` and says how to reach a mailbox and look into it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from typing import Any

import pytest

from crewdesk.connectors.mail.imap import ImapConnector
from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import digest
from crewdesk.domain.outreach.mail import MailBody, plain
from crewdesk.errors import DeliveryRefused
from support.mails import BODY, KEY, imap, mail


class DraftContract:
    """Inherit, and say where the mailbox is."""

    def settings(self) -> dict[str, Any]:
        """How to reach the mailbox of this test: its port, and what else is not usual."""
        raise NotImplementedError

    def messages(self, folder: str) -> Sequence[tuple[bytes, set[str]]]:
        """What lies in a folder that nobody deleted: the bytes, and the flags without \\Recent."""
        raise NotImplementedError

    def move(self, source: str, target: str) -> None:
        """Move everything in a folder, as a person does."""
        raise NotImplementedError

    def connector(self, **settings: Any) -> ImapConnector:
        return imap(**(self.settings() | settings))

    def test_a_draft_is_read_as_it_was_approved_and_is_marked_as_one(self) -> None:
        receipt = self.connector().deliver(mail())

        ((data, flags),) = self.messages("Drafts")
        message = message_from_bytes(data, policy=policy.default)
        text = message.get_body(("plain",))
        assert text is not None
        assert text.get_content().replace("\r\n", "\n") == plain(MailBody.model_validate(BODY))
        assert flags == {"\\Draft", "\\Seen"}
        assert (message["Subject"], message["To"].addresses[0].addr_spec) == ("Über Ihre Pipeline", BODY["to"])
        assert message["Message-ID"] == receipt.details["message_id"]
        assert receipt.details["sent"] is False
        assert (receipt.details["key"], receipt.details["sha"]) == (KEY, digest(BODY))
        assert re.fullmatch(r"imap://.+@127\.0\.0\.1:\d+/Drafts;UIDVALIDITY=\d+/;UID=\d+", receipt.location)

    def test_a_second_delivery_with_one_key_leaves_one_draft_and_gives_the_first_receipt(self) -> None:
        first = self.connector().deliver(mail())

        assert self.connector().deliver(mail()) == first
        assert self.connector().find(mail()) == first
        assert len(self.messages("Drafts")) == 1

    def test_a_key_that_was_never_delivered_is_not_found(self) -> None:
        self.connector().deliver(mail(key="7KQ2:mail:writes"))

        assert self.connector().find(mail()) is None
        assert self.connector().find(mail(key="7KQ2:mail:writes", lead="L-2")) is None

    def test_two_deliveries_of_one_key_at_the_same_moment_leave_one_draft(self) -> None:
        with ThreadPoolExecutor(4) as threads:
            receipts = list(threads.map(lambda _: self.connector().deliver(mail()), range(4)))

        assert len(self.messages("Drafts")) == 1
        assert len({receipt.location for receipt in [*receipts[:1], self.connector().deliver(mail())]}) == 1

    @pytest.mark.parametrize(("folder", "sent"), [("Sent", True), ("Trash", False)])
    def test_a_draft_that_a_person_sent_or_threw_away_is_not_made_again(self, folder: str, sent: bool) -> None:  # noqa: FBT001
        self.connector().deliver(mail())
        self.move("Drafts", folder)

        found = self.connector().deliver(mail())

        assert found == self.connector().find(mail())
        assert (found.details["folder"], found.details["sent"]) == (folder, sent)
        assert not self.messages("Drafts")

    def test_a_draft_is_taken_back_and_no_other(self) -> None:
        self.connector().deliver(mail())
        self.connector().deliver(mail(key="7KQ2:mail:write2"))

        assert self.connector().forget(KEY)
        assert self.connector().forget(KEY)

        assert self.connector().find(mail()) is None
        assert len(self.messages("Drafts")) == 1

    def test_a_mail_that_was_sent_is_not_taken_back(self) -> None:
        self.connector().deliver(mail())
        self.move("Drafts", "Sent")

        assert not self.connector().forget(KEY)
        assert len(self.messages("Sent")) == 1

    def test_bytes_that_nobody_approved_are_refused(self) -> None:
        with pytest.raises(DeliveryRefused, match="not what was approved"):
            self.connector().deliver(Delivery(KEY, "Outreach", "0" * 64, BODY))

        assert not self.messages("Drafts")
