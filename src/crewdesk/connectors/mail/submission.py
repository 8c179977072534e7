"""One mail handed to a server that sends it (SMTP), so that it is always known whether it may be out."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

from crewdesk.connectors.mail.servers import (
    WAITS,
    Around,
    port_of,
    said,
    secret_of,
    tls_of,
    unreachable,
)
from crewdesk.connectors.mail.settings import SmtpSettings
from crewdesk.domain.outreach.letter import Letter
from crewdesk.errors import DeliveryFailed, DeliveryUnsure
from crewdesk.ports.leaving import leaves

_OK, _GO_AHEAD, _FOR_GOOD = 250, 354, 500


def submit(
    message: bytes,
    letter: Letter,
    settings: SmtpSettings,
    around: Around,
    *,
    connector: str,
    name: str,
    leaving: Callable[[], None],
) -> str:
    """Hand a message over and return what the server said.

    Calls `leaving` right before it may be out. Raises `DeliveryFailed` where it is not out, and `DeliveryUnsure` where
    the server had it whole and did not say whether it took it.
    """
    leaves("delivery", settings.host, message.decode("ascii"))
    with _session(settings, around, letter, connector) as server:
        limit = server.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < len(message):
            raise DeliveryFailed(f"The mail has {len(message)} bytes, and {settings.host} takes no more than {limit}.")
        _expect(_OK, server.mail(letter.sender.address), "who writes", settings)
        _expect(_OK, server.rcpt(letter.to.address), "whom it is for", settings)
        leaving()
        _expect(_GO_AHEAD, server.docmd("DATA"), "the mail", settings)
        # Without the line that ends it, no server takes a mail, however this breaks off.
        server.send(re.sub(rb"(?m)^\.", b"..", message))
        answer = _last_answer(server, settings, name)
        _expect(_OK, answer, "the mail", settings)
        return f"{answer[0]} {said(answer[1])}"


def _last_answer(server: smtplib.SMTP, settings: SmtpSettings, name: str) -> tuple[int, bytes]:
    try:
        if server.sock is not None:
            server.sock.settimeout(settings.patience)
        server.send(b".\r\n")
        return server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        why = f"no answer within {settings.patience:g} seconds" if isinstance(error, TimeoutError) else said(str(error))
        raise DeliveryUnsure(
            f"{settings.host} was given the mail {name} and did not say whether it took it ({why}). It may have been "
            "sent, so it is not sent again by itself. The server's log knows, and the mailbox of whoever writes may.",
        ) from error


@contextmanager
def _session(settings: SmtpSettings, around: Around, letter: Letter, connector: str) -> Generator[smtplib.SMTP]:
    """Open a session; whatever breaks it off before a mail may be out becomes `DeliveryFailed`."""
    server: smtplib.SMTP | None = None
    try:
        server = _greeted(settings, around, letter.sender.address.rpartition("@")[2])
        _log_in(server, settings, around, connector)
        yield server
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    except (OSError, smtplib.SMTPException) as error:
        raise unreachable(settings, error, connector=connector) from error
    finally:
        if server is not None:
            server.close()  # not `quit`: amid a mail that would be one more line of it


def _greeted(settings: SmtpSettings, around: Around, domain: str) -> smtplib.SMTP:
    """Connect, under the domain that writes: what this machine is called is nobody's business."""
    host, port, timeout = settings.host, port_of(settings), settings.timeout
    if settings.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, local_hostname=domain, timeout=timeout, context=tls_of(settings, around)
        )
    else:
        server = smtplib.SMTP(host, port, local_hostname=domain, timeout=timeout)
    with ExitStack() as unless_greeted:
        unless_greeted.callback(server.close)
        if settings.tls == "starttls":
            server.starttls(context=tls_of(settings, around))
        server.ehlo_or_helo_if_needed()
        unless_greeted.pop_all()
    return server


def _log_in(server: smtplib.SMTP, settings: SmtpSettings, around: Around, connector: str) -> None:
    if not settings.user:
        return
    secret = secret_of(settings, around, connector=connector)
    try:
        if secret.is_token:
            server.auth("XOAUTH2", partial(_token, f"user={settings.user}\1auth=Bearer {secret.value}\1\1"))
        else:
            server.login(settings.user, secret.value)
    except smtplib.SMTPAuthenticationError as error:
        kind = "token" if secret.is_token else "password"
        raise DeliveryFailed(
            f"{settings.host} does not let the connector {connector!r} in with the {kind} in {secret.variable}: "
            f"{error.smtp_code} {said(error.smtp_error, secret.value)}.",
            hint=f"Put one that is valid into {secret.variable}. {WAITS}",
        ) from error


def _token(words: str, asked: bytes | None = None) -> str:
    """Say who we are; a server that refuses then says why, and waits for an empty line."""
    return words if asked is None else ""


def _expect(wanted: int, answer: tuple[int, bytes], what: str, settings: SmtpSettings) -> None:
    """Raise `DeliveryFailed` in the server's words where it did not take something."""
    code, words = answer
    if code == wanted or wanted == code - 1 == _OK:  # 251: it forwards
        return
    for_good = code >= _FOR_GOOD
    raise DeliveryFailed(
        f"{settings.host} {'does not take' if for_good else 'does not take for now'} {what}: {code} {said(words)}.",
        hint="Correct the lead's address in the CRM, or what else the server names, then retry."
        if for_good
        else f"Retry later. {WAITS}",
    )
