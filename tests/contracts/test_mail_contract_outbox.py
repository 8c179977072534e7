"""Mails as files hold what every connector must hold."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

from connector_contract import NOON, ConnectorContract

from crewdesk.connectors.mail.outbox import OutboxConnector
from crewdesk.domain.outreach.mail import MailBody, plain
from crewdesk.domain.specs import ConnectorSpec


class TestMailOutbox(ConnectorContract):
    spec = ConnectorSpec(kind="mail/outbox", settings={"folder": "outbox", "sender": "Ada Byron <ada@example.com>"})
    schema = "Outreach"
    body = {  # noqa: RUF012 - read only, and the base class says so
        "title": "Acme",
        "lead": "L-1",
        "company": "Acme",
        "to": "jane@acme.example.org",
        "to_name": "Jane Müller",
        "language": "de",
        "subject": "Where people belong in a pipeline",
        "text": "Hallo Jane Müller,\n\nschön, dass Sie geschrieben haben.\n\nAda",
    }
    record = "7KQ2.publish.site.json"
    files = {  # noqa: RUF012 - read only, and the base class says so
        "outbox/7KQ2.publish.site.eml",
        "outbox/7KQ2.publish.site.json",
    }

    def test_any_mail_program_reads_the_file_as_it_was_approved(self, tmp_path: Path) -> None:
        self.whole(tmp_path)

        message = message_from_bytes((tmp_path / "outbox/7KQ2.publish.site.eml").read_bytes(), policy=policy.default)
        text = message.get_body(("plain",))
        assert text is not None
        assert text.get_content().replace("\r\n", "\n") == plain(MailBody.model_validate(self.body))
        assert message["Date"].datetime == NOON

    def test_the_receipt_says_that_nothing_was_sent_and_who_writes(self, tmp_path: Path) -> None:
        receipt, _ = self.whole(tmp_path)

        assert receipt.details["sent"] is False
        assert receipt.details["sender"] == "Ada Byron <ada@example.com>"

    def test_a_mail_that_a_person_edited_or_moved_away_is_not_written_again(self, tmp_path: Path) -> None:
        receipt, _ = self.whole(tmp_path)
        mail = tmp_path / "outbox/7KQ2.publish.site.eml"
        mail.write_bytes(b"edited")

        assert self.connector(tmp_path).deliver(self.delivery()) == receipt
        assert mail.read_bytes() == b"edited"
        mail.unlink()
        assert self.connector(tmp_path).find(self.delivery()) == receipt
        assert not mail.exists()

    def test_a_gate_is_shown_what_would_be_written(self, tmp_path: Path) -> None:
        connector = self.connector(tmp_path)

        assert isinstance(connector, OutboxConnector)
        letter = connector.letter(self.body)
        assert letter.text == plain(MailBody.model_validate(self.body))
        assert not letter.sends
