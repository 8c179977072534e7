"""What reaching any mail server takes: who we are there, TLS, and plain words for what went wrong."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from crewdesk.connectors.mail.settings import Server
from crewdesk.errors import DeliveryFailed

WAITS = "Nothing is lost: the delivery waits in the outbox."
_LONGEST = 300
_ADDRESS = re.compile(r"[^\s<>\"@]{1,64}@[^\s<>\"@]{1,255}")


class Secret(NamedTuple):
    """What proves to a server who we are."""

    value: str
    is_token: bool
    variable: str


class Around(NamedTuple):
    """What a connector of mail may use of the world around it."""

    root: Path
    key: Callable[[str], str | None]
    """What a variable of the environment holds."""


def secret_of(server: Server, around: Around, *, connector: str) -> Secret:
    """Look up the password or token; raises `DeliveryFailed` where it is not set."""
    variable = server.token_env or server.password_env
    value = around.key(variable)
    if not value:
        raise DeliveryFailed(
            f"The connector {connector!r} cannot log in at {server.host}: the variable {variable} is not set.",
            hint=f"Set it, for instance in .env. {WAITS}",
        )
    return Secret(value, bool(server.token_env), variable)


def tls_of(server: Server, around: Around) -> ssl.SSLContext:
    """Say whom we trust; raises `DeliveryFailed` where the file of an authority cannot be used."""
    if not server.ca_file:
        return ssl.create_default_context()
    path = around.root / server.ca_file
    try:
        return ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl's own errors are some, too
        raise DeliveryFailed(f"{path} holds no certificate authority in PEM.", hint="Look at `ca_file`.") from error


def unreachable(server: Server, error: Exception, *, connector: str) -> DeliveryFailed:
    """Say that a server did not answer, or broke off."""
    where = f"{server.host}:{port_of(server)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return DeliveryFailed(
            f"The connector {connector!r} does not trust {where}: {error.verify_message}.",
            hint=f"Name your own certificate authority as `ca_file`, or correct `host`. {WAITS}",
        )
    if isinstance(error, TimeoutError):
        why = f"no answer within {server.timeout:g} seconds"
    elif isinstance(error, OSError):
        why = error.strerror or str(error) or type(error).__name__
    else:
        why = said(str(error))
    return DeliveryFailed(
        f"The connector {connector!r} cannot use {where}: {why}.",
        hint=f"Look at `host`, `port` and `tls` in connectors.yaml, or try again later. {WAITS}",
    )


def port_of(server: Server) -> int:
    """Say where a server listens: as set, or where servers of its kind and way of encrypting do."""
    return server.port or server.usual_ports[0 if server.tls == "tls" else 1]


def said(words: str | bytes, *secrets: str) -> str:
    """Quote a server in one line, without addresses of people and without what is secret."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    for secret in filter(None, secrets):
        text = text.replace(secret, "[secret]")
    text = _ADDRESS.sub("[address]", " ".join(part for part in text.split() if part.isprintable()))
    return text[:_LONGEST].rstrip(". ")
