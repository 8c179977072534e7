"""Drafts in a mailbox on a real Dovecot, of a user of their own each time."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import pytest
from dovecot_process import PASSWORD, Dovecot

from contracts.mail_contract import DraftContract
from crewdesk.errors import DeliveryFailed
from support.mails import BODY, mail


class TestDovecot(DraftContract):
    dovecot: Dovecot
    user: str

    @pytest.fixture(autouse=True)
    def _mailbox(self, dovecot: Dovecot) -> None:
        self.dovecot, self.user = dovecot, f"ada{secrets.token_hex(4)}"

    def settings(self) -> dict[str, Any]:
        return {"port": self.dovecot.port, "user": self.user}

    def messages(self, folder: str) -> Sequence[tuple[bytes, set[str]]]:
        with self.dovecot.client(self.user) as client:
            client.select_folder(folder, readonly=True)
            kept: Any = client.fetch(client.search("UNDELETED"), ["RFC822", "FLAGS"]).values()
            return [(one[b"RFC822"], {flag.decode() for flag in one[b"FLAGS"]} - {"\\Recent"}) for one in kept]

    def move(self, source: str, target: str) -> None:
        with self.dovecot.client(self.user) as client:
            client.select_folder(source)
            client.move(client.search("ALL"), target)

    @pytest.mark.parametrize("tls", ["tls", "starttls"])
    def test_a_draft_travels_encrypted_to_a_server_that_the_house_trusts(self, tls: str) -> None:
        port = self.dovecot.tls_port if tls == "tls" else self.dovecot.port

        self.connector(tls=tls, port=port, ca_file=str(self.dovecot.certificates.authority)).deliver(mail())

        assert len(self.messages("Drafts")) == 1

    @pytest.mark.parametrize("tls", ["tls", "starttls"])
    def test_a_server_that_nobody_vouches_for_is_told_nothing(self, tls: str) -> None:
        port = self.dovecot.tls_port if tls == "tls" else self.dovecot.port

        with pytest.raises(DeliveryFailed, match="does not trust 127"):
            self.connector(tls=tls, port=port).deliver(mail())

        assert not self.messages("Drafts")

    def test_a_wrong_password_is_told_with_the_variable_that_holds_it(self) -> None:
        connector = self.connector(password_env="ADAS_PASSWORD", secret="wrong" + PASSWORD)  # noqa: S106

        with pytest.raises(DeliveryFailed, match=r"the password in ADAS_PASSWORD: .*AUTHENTICATIONFAILED") as told:
            connector.deliver(mail())

        assert PASSWORD not in told.value.message

    def test_a_folder_of_another_name_is_used_where_settings_say_so(self) -> None:
        with self.dovecot.client(self.user) as client:
            client.create_folder("Entwürfe & mehr")

        receipt = self.connector(folder="Entwürfe & mehr").deliver(mail())

        assert len(self.messages("Entwürfe & mehr")) == 1
        assert self.connector(folder="Entwürfe & mehr").deliver(mail()) == receipt

    def test_a_long_mail_in_another_script_is_kept_byte_for_byte(self) -> None:
        text = "שלום " * 4000
        connector = self.connector()

        connector.deliver(mail(text=text, language="he", to_name="שרה כהן"))

        ((data, _),) = self.messages("Drafts")
        assert b'dir=3D"rtl"' in data
        assert connector.letter(BODY | {"text": text}).text.startswith(text.rstrip("\n"))


@pytest.mark.parametrize("has_one", [True, False])
@pytest.mark.usefixtures("dovecot")
def test_a_folder_for_drafts_is_known_by_its_mark_or_its_name_or_missed_in_plain_words(has_one: bool) -> None:  # noqa: FBT001
    server = Dovecot(marks=False, drafts=has_one)
    case = TestDovecot()
    case.dovecot, case.user = server, "ada"
    try:
        if not has_one:
            with pytest.raises(DeliveryFailed, match="has no folder for drafts; it has: INBOX"):
                case.connector().deliver(mail())
        else:
            assert case.connector().deliver(mail()).details["folder"] == "Drafts"
    finally:
        server.stop()
