"""What a tool or a connector is told wrongly is found by the check, at its line, long before a mail waits for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_house import SmallHouse

from crewdesk.bootstrap import names
from crewdesk.connectors.table import CONNECTORS, SETTINGS

FILE = "config/connectors.yaml"


def real(small: SmallHouse) -> SmallHouse:
    """The same folder, with the kinds there are."""
    known = names()
    kinds = replace(small.names, connector_kinds=known.connector_kinds, settings=known.settings)
    return replace(small, names=kinds)


def problems(small: SmallHouse, kind: str, settings: str) -> list[str]:
    small = real(small)
    small.write(FILE, f"connectors:\n  site:\n    kind: {kind}\n    settings:\n{settings}")
    return [line for line in small.problems() if line.startswith(FILE)]


@pytest.mark.parametrize(
    ("kind", "settings", "told"),
    [
        (
            "mail/imap",
            "      sender: Ada <ada@example.com>\n      user: ada\n",
            f"{FILE}:4: connector 'site' lacks the setting 'host'",
        ),
        (
            "mail/smtp",
            "      sender: Ada <ada@example.com>\n      host: smtp.example.com\n",
            f"{FILE}:4: connector 'site' lacks the setting 'sends'",
        ),
        (
            "mail/smtp",
            "      sender: Ada <ada@example.com>\n      host: smtp.example.com\n      sends: {by: Ada}\n",
            f"{FILE}:7: connector 'site' lacks the setting 'sends.because'",
        ),
        (
            "mail/imap",
            "      sender: Ada <ada@example.com>\n      user: ada\n      host: imap.example.com\n      tls: none\n",
            (
                f"{FILE}:4: connector 'site': 'tls: none' would send password and mail to imap.example.com in clear; "
                "write tls or starttls"
            ),
        ),
        (
            "mail/outbox",
            "      folder: outbox\n      sendr: Ada <ada@example.com>\n      sender: Ada <ada@example.com>\n",
            f"{FILE}:6: connector 'site' knows no setting 'sendr'; did you mean 'sender'?",
        ),
        ("crm/tryton", "      database: crm\n", f"{FILE}:4: connector 'site' lacks the setting 'url'"),
        (
            "crm/odoo",
            "      url: https://odoo.example.com\n      database: crm\n      statuses: {contcated: x}\n",
            f"{FILE}:7: connector 'site' knows no setting 'statuses.contcated'",
        ),
        (
            "crm/hubspot",
            "      portal: ours\n",
            f"{FILE}:5: setting 'portal' of connector 'site' must be a whole number",
        ),
        (
            "mail/imap",
            "      {sender: Ada <ada@example.com>, user: ada, host: imap.example.com, tls: ssl}\n",
            f"{FILE}:5: setting 'tls' of connector 'site': input should be 'tls', 'starttls' or 'none'",
        ),
    ],
)
def test_a_setting_that_does_not_fit_its_connector_is_told_at_its_line(
    small: SmallHouse, kind: str, settings: str, told: str
) -> None:
    assert told in problems(small, kind, settings)


def test_a_setting_that_does_not_fit_its_tool_is_told_at_its_line(small: SmallHouse) -> None:
    small.swap("config/tools.yaml", "connector: site", "folder: content")

    assert [line for line in real(small).problems() if line.startswith("config/tools.yaml")] == [
        "config/tools.yaml:4: tool 'search' knows no setting 'folder'; did you mean 'folders'?",
        "config/tools.yaml:4: tool 'search' lacks the setting 'folders'",
    ]


def test_what_each_kind_of_connector_can_be_told_is_known() -> None:
    assert set(SETTINGS) == set(CONNECTORS)
