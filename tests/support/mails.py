"""Mails to deliver, and the connectors that draft or send them on servers of this machine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crewdesk.connectors.mail.imap import ImapConnector
from crewdesk.connectors.mail.smtp import SmtpConnector
from crewdesk.connectors.table import make_connector
from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import digest
from crewdesk.domain.specs import ConnectorSpec, RuleSpec

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
KEY = "7KQ2:mail:write"
BODY: dict[str, Any] = {
    "title": "Acme",
    "lead": "L-1",
    "company": "Acme",
    "to": "jane@acme.example.org",
    "to_name": "Jane Müller",
    "language": "de",
    "subject": "Über Ihre Pipeline",
    "text": "Hallo Jane Müller,  \n\nschön, dass Sie geschrieben haben.\n.\nFrom here on:\n\nAda",
    "footer": "Acme GmbH, Bahnhofstraße 1",
}
_HERE = {"sender": "Ada Byron <ada@example.com>", "host": "127.0.0.1", "tls": "none", "timeout": 30}


def mail(*, key: str = KEY, **fields: Any) -> Delivery:
    """A delivery of a mail."""
    body = BODY | fields
    return Delivery(key, "Outreach", digest(body), body)


def imap(port: int, *, secret: str | None = "secret", **more: Any) -> ImapConnector:  # noqa: S107
    """Drafts on a server of this machine; `more` are settings."""
    spec = ConnectorSpec(kind="mail/imap", settings=_HERE | {"port": port, "user": "ada@example.com"} | more)
    made = make_connector("mail", spec, root=Path("/"), clock=lambda: NOON, key=lambda _: secret)
    assert isinstance(made, ImapConnector)
    return made


def smtp(port: int, *, secret: str | None = "secret", rule: RuleSpec | None = None, **more: Any) -> SmtpConnector:  # noqa: S107
    """Sending through a server of this machine; `more` are settings, without those that are None."""
    settings = _HERE | {"port": port, "sends": {"by": "Ada Byron", "because": "leads ask us to write"}} | more
    settings = {name: value for name, value in settings.items() if value is not None}
    spec = ConnectorSpec(kind="mail/smtp", settings=settings, approved_by_rule=rule)
    made = make_connector("mail", spec, root=Path("/"), clock=lambda: NOON, key=lambda _: secret)
    assert isinstance(made, SmtpConnector)
    return made
