"""Which connectors there are. To add one: a file in this room, a line in this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crewdesk.connectors.crm.connector import CrmConnector
from crewdesk.connectors.crm.hubspot import HubspotCrm
from crewdesk.connectors.crm.odoo import OdooCrm
from crewdesk.connectors.crm.settings import CrmFileSettings, HubspotSettings, OdooSettings, TrytonSettings
from crewdesk.connectors.crm.sqlite import SqliteCrm
from crewdesk.connectors.crm.tryton import TrytonCrm
from crewdesk.connectors.files import Disk
from crewdesk.connectors.forge.forge import ForgeConnector
from crewdesk.connectors.forge.github import GithubPlace
from crewdesk.connectors.forge.local import LocalPlace
from crewdesk.connectors.forge.place import Place
from crewdesk.connectors.forge.reviewboard import ReviewBoardPlace
from crewdesk.connectors.mail.imap import ImapConnector
from crewdesk.connectors.mail.outbox import OutboxConnector
from crewdesk.connectors.mail.servers import Around
from crewdesk.connectors.mail.settings import ImapSettings, MailFileSettings, SmtpSettings
from crewdesk.connectors.mail.smtp import SmtpConnector
from crewdesk.connectors.settings import (
    WHERE,
    ForgeSettings,
    Settings,
    SiteSettings,
    SocialSettings,
    did_you_mean,
    parse_settings,
)
from crewdesk.connectors.site import SiteConnector
from crewdesk.connectors.social import SocialConnector
from crewdesk.domain.actions import ALWAYS_ASKED
from crewdesk.domain.specs import ConnectorSpec
from crewdesk.errors import ConfigurationError
from crewdesk.ports.connector import Connector

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Surroundings:
    """What a connector may use of the world around it."""

    root: Path
    """The project's folder; a relative `folder` setting is under it."""
    clock: Clock
    """The time now, with its zone."""
    disk: Disk
    key: Callable[[str], str | None]
    """What a variable of the environment holds, such as a token."""


Maker = Callable[[str, ConnectorSpec, Surroundings], Connector]


def _site(name: str, spec: ConnectorSpec, around: Surroundings) -> Connector:
    settings = parse_settings(name, spec, SiteSettings)
    return SiteConnector(
        name, settings, folder=settings.folder_under(around.root), clock=around.clock, disk=around.disk
    )


def _social(name: str, spec: ConnectorSpec, around: Surroundings) -> Connector:
    settings = parse_settings(name, spec, SocialSettings)
    return SocialConnector(name, folder=settings.folder_under(around.root), clock=around.clock, disk=around.disk)


def _forge(name: str, spec: ConnectorSpec, around: Surroundings) -> Connector:
    settings = parse_settings(name, spec, ForgeSettings)
    folder = settings.folder_under(around.root)
    local = LocalPlace(name, folder=folder, git_note=settings.git_note, clock=around.clock, disk=around.disk)
    places: list[Place] = [local]
    if settings.github is not None:
        places.append(
            GithubPlace(name, settings.github, folder=folder, key=around.key, clock=around.clock, disk=around.disk)
        )
    if settings.reviewboard is not None:
        board = ReviewBoardPlace(name, settings.reviewboard, folder=folder, key=around.key, disk=around.disk)
        places.append(board)
    return ForgeConnector(name, places)


def _crm_sqlite(name: str, spec: ConnectorSpec, around: Surroundings) -> Connector:
    settings = parse_settings(name, spec, CrmFileSettings)
    crm = SqliteCrm(name, folder=settings.folder_under(around.root), clock=around.clock)
    return CrmConnector(name, crm, statuses=settings.statuses)


def _crm_hubspot(name: str, spec: ConnectorSpec, around: Surroundings) -> Connector:
    settings = parse_settings(name, spec, HubspotSettings)
    crm = HubspotCrm(name, settings, key=around.key, clock=around.clock)
    return CrmConnector(name, crm, statuses=settings.statuses)


def _crm_odoo(name: str, spec: ConnectorSpec, around: Surroundings) -> Connector:
    settings = parse_settings(name, spec, OdooSettings)
    return CrmConnector(name, OdooCrm(name, settings, key=around.key), statuses=settings.statuses)


def _crm_tryton(name: str, spec: ConnectorSpec, around: Surroundings) -> Connector:
    settings = parse_settings(name, spec, TrytonSettings)
    return CrmConnector(name, TrytonCrm(name, settings, key=around.key), statuses=settings.statuses)


def _mail_outbox(name: str, spec: ConnectorSpec, around: Surroundings) -> Connector:
    settings = parse_settings(name, spec, MailFileSettings)
    return OutboxConnector(
        name, settings, folder=settings.folder_under(around.root), clock=around.clock, disk=around.disk
    )


def _mail_imap(name: str, spec: ConnectorSpec, around: Surroundings) -> Connector:
    settings = parse_settings(name, spec, ImapSettings)
    return ImapConnector(name, settings, around=Around(around.root, around.key), clock=around.clock)


def _mail_smtp(name: str, spec: ConnectorSpec, around: Surroundings) -> Connector:
    settings = parse_settings(name, spec, SmtpSettings)
    return SmtpConnector(name, settings, around=Around(around.root, around.key), clock=around.clock)


CONNECTORS: dict[str, Maker] = {
    "site": _site,
    "social": _social,
    "forge": _forge,
    "crm/sqlite": _crm_sqlite,
    "crm/tryton": _crm_tryton,
    "crm/hubspot": _crm_hubspot,
    "crm/odoo": _crm_odoo,
    "mail/outbox": _mail_outbox,
    "mail/imap": _mail_imap,
    "mail/smtp": _mail_smtp,
}

SETTINGS: dict[str, type[Settings]] = {
    "site": SiteSettings,
    "social": SocialSettings,
    "forge": ForgeSettings,
    "crm/sqlite": CrmFileSettings,
    "crm/tryton": TrytonSettings,
    "crm/hubspot": HubspotSettings,
    "crm/odoo": OdooSettings,
    "mail/outbox": MailFileSettings,
    "mail/imap": ImapSettings,
    "mail/smtp": SmtpSettings,
}
"""What each kind can be told; `crewdesk check` finds what does not fit, at its line."""


def _no_key(_variable: str) -> None:
    """Know no variable."""


def make_connector(
    name: str,
    spec: ConnectorSpec,
    *,
    root: Path,
    clock: Clock,
    disk: Disk | None = None,
    key: Callable[[str], str | None] = _no_key,
) -> Connector:
    """Make the connector that connectors.yaml calls `name`; touches nothing yet.

    Raises `ConfigurationError` for a kind or a setting there is not.
    """
    maker = CONNECTORS.get(spec.kind)
    if maker is None:
        raise ConfigurationError(
            f"{WHERE}: connector {name!r} is of the kind {spec.kind!r}, which there is not"
            f"{did_you_mean(spec.kind, list(CONNECTORS)) or '.'}",
            hint=f"There are these kinds: {', '.join(CONNECTORS)}.",
        )
    if spec.approved_by_rule is not None and spec.kind in ALWAYS_ASKED:
        raise ConfigurationError(
            f"{WHERE}: connector {name!r} is of the kind {spec.kind!r}, which no rule may approve for: a person "
            "approves each mail that is sent.",
            hint="Take `approved_by_rule` out.",
        )
    return maker(name, spec, Surroundings(root=root, clock=clock, disk=disk or Disk(), key=key))
