"""A mailbox on a server: its folders, and the messages in them by their names."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias
from urllib.parse import quote

from crewdesk.connectors.mail.servers import WAITS, Around, Secret, port_of, said, secret_of, tls_of, unreachable
from crewdesk.connectors.mail.settings import MailboxServer
from crewdesk.errors import DeliveryFailed
from crewdesk.ports.leaving import leaves

Client: TypeAlias = Any
"""An imapclient.IMAPClient, which has no types."""
Use = Literal["Drafts", "Sent", "All", "Archive", "Trash"]
"""What a folder is for, as a server marks it (RFC 6154)."""
DRAFT = (b"\\Draft", b"\\Seen")
NEWEST = 50
"""How many messages are looked at one by one where a search finds none: some servers index late."""


class Found(NamedTuple):
    """A message in a folder."""

    folder: str
    validity: int
    uid: int


class Mailbox:
    """A mailbox that somebody has logged in to. Raises what `opened` turns into sentences."""

    def __init__(self, client: Client, server: MailboxServer) -> None:
        self._client = client
        self._server = server
        self._folders: list[tuple[tuple[bytes, ...], bytes, str]] = client.list_folders()

    def folder(self, use: Use) -> str | None:
        """Say which folder is for something; by its name where the server marks none."""
        mark = f"\\{use}".encode().lower()
        marked = (name for flags, _, name in self._folders if mark in [flag.lower() for flag in flags])
        names = (name for *_, name in self._folders if re.split(r"[./]", name)[-1].lower() == use.lower())
        return next(marked, None) or next(names, None)

    def names(self) -> list[str]:
        """List the folders."""
        return [name for *_, name in self._folders]

    def find(self, name: str, folder: str) -> Sequence[Found]:
        """Look up the messages of this name, or whose name begins so, that nobody deleted; the oldest first."""
        chosen = self._client.select_folder(folder, readonly=True)
        validity = int(chosen.get(b"UIDVALIDITY", 0))
        wanted = name.strip("<>").lower()
        uids: list[int] = self._client.search(["UNDELETED", "HEADER", "Message-ID", name.strip("<>")])
        uids = uids or sorted(self._client.search(["UNDELETED"]))[-NEWEST:]
        named = self._names_of(uids) if uids else {}
        return [Found(folder, validity, uid) for uid in sorted(named) if named[uid].startswith(wanted)]

    def _names_of(self, uids: Sequence[int]) -> dict[int, str]:
        answers: dict[int, Any] = self._client.fetch(uids, ["ENVELOPE"])
        named = {uid: answer[b"ENVELOPE"].message_id or b"" for uid, answer in answers.items()}
        return {uid: name.decode("utf-8", "replace").strip("<> ").lower() for uid, name in named.items()}

    def add(self, message: bytes, folder: str, flags: Sequence[bytes], at: datetime) -> int | None:
        """Put a message into a folder, and say by which number it goes there, where the server says so."""
        leaves("delivery", self._server.host, message.decode("ascii"))
        answer: bytes = self._client.append(folder, message, flags, at)
        numbers = re.search(rb"APPENDUID \d+ (\d+)", answer)
        return int(numbers[1]) if numbers else None

    def remove(self, found: Found) -> bool:
        """Delete a message; say whether it is gone, and not only marked until somebody clears the folder up."""
        self._client.select_folder(found.folder)
        self._client.delete_messages([found.uid])
        if not self._client.has_capability("UIDPLUS"):
            return False
        self._client.uid_expunge([found.uid])
        return True

    def address(self, found: Found) -> str:
        """Spell where a message is (RFC 5092)."""
        user, folder = quote(self._server.user, safe=""), quote(found.folder)
        where = f"imap://{user}@{self._server.host}:{port_of(self._server)}"
        return f"{where}/{folder};UIDVALIDITY={found.validity}/;UID={found.uid}"


@contextmanager
def opened(server: MailboxServer, around: Around, *, connector: str) -> Generator[Mailbox]:
    """Log in to a mailbox; raises `DeliveryFailed` with a sentence for whatever goes wrong there meanwhile."""
    secret = secret_of(server, around, connector=connector)
    leaves("delivery", server.host, server.user)
    try:
        client = _connected(server, around)
    except (OSError, imaplib.IMAP4.error) as error:
        raise unreachable(server, error, connector=connector) from error
    try:
        _log_in(client, server, secret, connector)
        yield Mailbox(client, server)
    except imaplib.IMAP4.abort as error:
        raise unreachable(server, error, connector=connector) from error
    except imaplib.IMAP4.error as error:
        raise DeliveryFailed(
            f"{server.host} would not do what the connector {connector!r} asked: {said(str(error), secret.value)}.",
            hint=f"Look at that mailbox. {WAITS}",
        ) from error
    except OSError as error:
        raise unreachable(server, error, connector=connector) from error
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            client.logout()
        with suppress(OSError, imaplib.IMAP4.error):
            client.shutdown()


def _connected(server: MailboxServer, around: Around) -> Client:
    from imapclient import IMAPClient  # pyright: ignore[reportMissingTypeStubs]

    encrypted = server.tls == "tls"
    context = None if server.tls == "none" else tls_of(server, around)
    client: Client = IMAPClient(
        server.host,
        port=port_of(server),
        ssl=encrypted,
        ssl_context=context if encrypted else None,
        timeout=server.timeout,
    )
    if server.tls == "starttls":
        client.starttls(context)
    return client


def _log_in(client: Client, server: MailboxServer, secret: Secret, connector: str) -> None:
    try:
        if secret.is_token:
            client.oauth2_login(server.user, secret.value)
        else:
            client.login(server.user, secret.value)
    except imaplib.IMAP4.error as error:
        if isinstance(error.__context__, imaplib.IMAP4.abort):  # it broke off, and said nothing of who we are
            raise error.__context__ from error
        kind = "token" if secret.is_token else "password"
        raise DeliveryFailed(
            f"{server.host} does not let the connector {connector!r} in with the {kind} in {secret.variable}: "
            f"{said(str(error), secret.value)}.",
            hint=f"Put one that is valid into {secret.variable}. {WAITS}",
        ) from error
