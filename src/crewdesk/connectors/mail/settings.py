"""What connectors.yaml says of mail: who writes, and which servers carry it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from crewdesk.connectors.mail.addresses import parse_sender
from crewdesk.connectors.settings import FolderSettings, Settings
from crewdesk.domain.hosts import is_loopback


def _sender(value: str) -> str:
    parse_sender(value)
    return value


class Writer(BaseModel):
    """What every mail of a connector has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: Annotated[str, AfterValidator(_sender)] = Field(
        description="Who writes, such as Ada Byron <ada@example.com>."
    )
    one_click: bool = Field(
        default=False,
        description="The https address for unsubscribing does so on a POST (RFC 8058), so mail programs show a button.",
    )


class Server(BaseModel):
    """How to reach a server, and who we are there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, description="Name of the server, such as imap.example.com.")
    port: int | None = Field(default=None, ge=1, le=65535, description="Left out: the usual one.")
    tls: Literal["tls", "starttls", "none"] = Field(
        default="tls", description="tls from the first byte, starttls, or none (only to this machine)."
    )
    user: str = Field(default="", description="Name to log in with.")
    password_env: str = Field(default="MAIL_PASSWORD", description="Variable with the password.")
    token_env: str = Field(default="", description="Variable with a token for XOAUTH2, instead of a password.")
    ca_file: str = Field(default="", description="PEM file of your own certificate authority, under the project's.")
    timeout: float = Field(default=30, gt=0, description="Seconds to wait for an answer.")

    usual_ports: ClassVar[tuple[int, int]]
    """With TLS from the first byte, and else."""

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if self.tls == "none" and not is_loopback(self.host):
            message = f"'tls: none' would send password and mail to {self.host} in clear; write tls or starttls"
            raise ValueError(message)
        return self


class MailFileSettings(FolderSettings, Writer):
    """What mails as files need to know."""


class MailboxServer(Server):
    """A server that keeps mail (IMAP)."""

    usual_ports = (993, 143)

    user: str = Field(min_length=1, description="Name to log in with.")
    folder: str = Field(
        default="", description="Folder of the mailbox; left out: the one that the server marks for it."
    )


class ImapSettings(Settings, Writer, MailboxServer):
    """What drafts in a mailbox need to know."""


class Policy(BaseModel):
    """Who decided that mails are sent, and not only drafted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: str = Field(min_length=1, description="Name of the person who decided it.")
    because: str = Field(min_length=1, description="Why.")


class SmtpSettings(Settings, Writer, Server):
    """What sending needs to know."""

    usual_ports = (465, 587)

    sends: Policy = Field(description="Who decided that approved mails are sent at once, and why.")
    patience: float = Field(
        default=300,
        gt=0,
        description="Seconds to wait until the server says that it has a mail; giving up early leaves it uncertain.",
    )
    copies: MailboxServer | None = Field(
        default=None,
        description="Mailbox that keeps a copy of what was sent; it is looked for there, too, where it is uncertain "
        "whether something was sent.",
    )
