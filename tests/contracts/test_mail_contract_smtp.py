"""Mails are sent as they were approved, over connections that nobody listens to, by whom a named person let."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest

from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import digest
from crewdesk.domain.outreach.mail import MailBody, plain
from crewdesk.domain.specs import RuleSpec
from crewdesk.errors import ConfigurationError, DeliveryFailed, DeliveryRefused
from support.certificates import Certificates
from support.imap_server import ImapServer
from support.mails import BODY, KEY, NOON, mail, smtp
from support.smtp_server import SmtpServer


@pytest.fixture(name="server")
def _server() -> Iterator[SmtpServer]:
    with SmtpServer().running() as server:
        yield server


@pytest.fixture(name="certificates", scope="module")
def _certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("tls") / "certificates")


def test_a_mail_arrives_as_it_was_approved(server: SmtpServer) -> None:
    receipt = smtp(server.port, user="ada").deliver(mail())

    (taken,) = server.taken
    message = message_from_bytes(taken.data, policy=policy.default)
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == plain(MailBody.model_validate(BODY))
    assert (taken.sender, taken.recipients) == ("ada@example.com", [BODY["to"]])
    assert message["Message-ID"] == receipt.details["message_id"]
    assert message["Date"].datetime == NOON


def test_the_receipt_says_that_it_was_sent_and_by_whose_policy_and_not_to_whom(server: SmtpServer) -> None:
    receipt = smtp(server.port).deliver(mail())

    assert receipt.location == f"smtp://127.0.0.1:{server.port}"
    assert receipt.details | {"message_id": ""} == {
        "key": KEY,
        "sha": digest(BODY),
        "sent": True,
        "sender": "Ada Byron <ada@example.com>",
        "message_id": "",
        "policy": "Ada Byron: leads ask us to write",
        "answer": "250 2.0.0 Ok: queued for [address] as 4F2",
    }


def test_it_is_told_that_a_mail_may_be_out_before_it_may_be_and_not_after(server: SmtpServer) -> None:
    counts: list[int] = []
    server.when_taken = lambda: counts.append(-1)
    delivery = mail()
    leaving = Delivery(delivery.key, "Outreach", delivery.sha, BODY, leaving=lambda: counts.append(len(server.taken)))

    smtp(server.port).deliver(leaving)

    assert counts == [0, -1]


def test_where_nobody_lets_it_leave_nothing_does(server: SmtpServer) -> None:
    def no() -> None:
        raise DeliveryRefused("called off")

    delivery = Delivery(KEY, "Outreach", digest(BODY), BODY, leaving=no)

    with pytest.raises(DeliveryRefused, match="called off"):
        smtp(server.port).deliver(delivery)

    assert not server.taken


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_mail_travels_encrypted_to_a_server_that_the_house_trusts(certificates: Certificates, tls: str) -> None:
    options: dict[str, Any] = {"tls" if tls == "tls" else "tls_context": certificates.context()}
    with SmtpServer().running(**options) as server:
        smtp(server.port, tls=tls, user="ada", ca_file=str(certificates.authority)).deliver(mail())

    assert len(server.taken) == 1


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_server_that_nobody_vouches_for_is_told_nothing(certificates: Certificates, tls: str) -> None:
    options: dict[str, Any] = {"tls" if tls == "tls" else "tls_context": certificates.context()}
    with SmtpServer().running(**options) as server, pytest.raises(DeliveryFailed, match=r"does not trust 127"):
        smtp(server.port, tls=tls, user="ada").deliver(mail())

    assert not server.taken


def test_a_server_that_stopped_offering_encryption_is_told_nothing(server: SmtpServer) -> None:
    with pytest.raises(DeliveryFailed, match="STARTTLS"):
        smtp(server.port, tls="starttls", user="ada").deliver(mail())

    assert not server.taken


@pytest.mark.parametrize("host", ["smtp.example.com", "192.0.2.1"])
def test_nothing_goes_to_another_machine_in_clear(host: str) -> None:
    with pytest.raises(ConfigurationError, match="in clear; write tls or starttls"):
        smtp(25, host=host)


def test_without_a_named_persons_policy_nothing_is_sent() -> None:
    with pytest.raises(ConfigurationError, match="the setting 'sends' is missing"):
        smtp(25, sends=None)
    with pytest.raises(ConfigurationError, match=r"sends\.by"):
        smtp(25, sends={"by": "", "because": "x"})


def test_no_standing_rule_lets_mails_be_sent() -> None:
    with pytest.raises(ConfigurationError, match="no rule may approve for"):
        smtp(25, rule=RuleSpec(by="Ada", because="always"))


def test_bytes_that_nobody_approved_are_refused(server: SmtpServer) -> None:
    with pytest.raises(DeliveryRefused, match="not what was approved"):
        smtp(server.port).deliver(Delivery(KEY, "Outreach", "0" * 64, BODY))

    assert not server.taken


def test_a_copy_is_kept_where_settings_say_so_and_proves_that_a_mail_was_sent(server: SmtpServer) -> None:
    with ImapServer().running() as kept:
        copies = {"host": "127.0.0.1", "port": kept.port, "tls": "none", "user": "ada"}
        connector = smtp(server.port, copies=copies)
        assert connector.find(mail()) is None

        receipt = connector.deliver(mail())

        assert [one.data for one in kept.boxes["Sent"]] == [server.taken[0].data]
        found = connector.find(mail())
        assert found is not None
        assert found.details["sent"] is True
        assert found.details["copy"] == receipt.details["copy"]


def test_a_mail_is_sent_also_where_its_copy_cannot_be_kept(server: SmtpServer) -> None:
    with ImapServer(refuses={"APPEND": "NO [OVERQUOTA] full"}).running() as kept:
        copies = {"host": "127.0.0.1", "port": kept.port, "tls": "none", "user": "ada"}

        receipt = smtp(server.port, copies=copies).deliver(mail())

    assert "OVERQUOTA" in str(receipt.details["no_copy"])
    assert len(server.taken) == 1


def test_a_server_that_keeps_sent_mails_by_itself_gets_no_second_copy(server: SmtpServer) -> None:
    with ImapServer().running() as kept:
        server.when_taken = lambda: void(kept.add("Sent", server.taken[0].data))
        copies = {"host": "127.0.0.1", "port": kept.port, "tls": "none", "user": "ada"}

        smtp(server.port, copies=copies).deliver(mail())

        assert len(kept.boxes["Sent"]) == 1


def void(_: object) -> None:
    """Drop what somebody gives."""
