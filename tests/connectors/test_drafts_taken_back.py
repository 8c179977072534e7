"""A mail that lies in the outbox of files is taken back with its record; one that somebody moved is gone already."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crewdesk.connectors.table import make_connector
from crewdesk.domain.specs import ConnectorSpec
from crewdesk.ports.connector import Connector
from crewdesk.ports.forgets import Forgets
from support.mails import mail


@pytest.fixture(name="outbox")
def _outbox(tmp_path: Path) -> Connector:
    spec = ConnectorSpec(kind="mail/outbox", settings={"folder": "outbox", "sender": "Crewdesk <hello@example.com>"})
    return make_connector("mail", spec, root=tmp_path, clock=lambda: datetime(2026, 11, 26, tzinfo=UTC))


def test_a_draft_is_deleted_with_its_record_and_nothing_else(tmp_path: Path, outbox: Connector) -> None:
    for key in ("R1:mail:write", "R2:mail:write"):
        outbox.deliver(mail(key=key))
    assert isinstance(outbox, Forgets)

    assert outbox.forget("R1:mail:write")

    names = sorted(path.name for path in (tmp_path / "outbox").iterdir() if not path.name.startswith("."))
    assert names == ["R2.mail.write.eml", "R2.mail.write.json"]
    assert outbox.find(mail(key="R1:mail:write")) is None


def test_one_that_somebody_moved_away_is_not_there_to_take_and_its_record_is_deleted(
    tmp_path: Path, outbox: Connector
) -> None:
    outbox.deliver(mail(key="R1:mail:write"))
    (tmp_path / "outbox" / "R1.mail.write.eml").rename(tmp_path / "sent.eml")
    assert isinstance(outbox, Forgets)

    assert not outbox.forget("R1:mail:write")

    assert not [path for path in (tmp_path / "outbox").iterdir() if "jane" in path.read_text("utf-8")]


def test_where_there_is_nothing_there_is_nothing_to_do(tmp_path: Path, outbox: Connector) -> None:
    assert isinstance(outbox, Forgets)

    assert outbox.forget("R1:mail:write")
    assert list(tmp_path.iterdir()) == []
