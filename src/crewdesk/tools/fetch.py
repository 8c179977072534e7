"""Fetch a feed over HTTPS: bounded in time, size and redirects, and never from inside the house.

Every address a name stands for is looked at before anything is sent, and the connection goes to the
address that was looked at: a name that changes its mind between the two cannot lead inside.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from crewdesk.ports.leaving import leaves

if TYPE_CHECKING:
    import httpx

SECONDS = 10.0
LARGEST = 2_000_000
"""Bytes of an answer, unpacked."""
REDIRECTS = 3
_PORTS = {"https": 443, "http": 80}

Resolve = Callable[[str, int], list[str]]


def fetch(
    address: str,
    /,
    *,
    allow_private: bool = False,
    stays: Callable[[str], bool] | None = None,
    token: str = "",
    transport: httpx.BaseTransport | None = None,
    resolve: Resolve | None = None,
    timer: Callable[[], float] = time.monotonic,
) -> bytes:
    """Get what stands at an `https://` address; `http://` too where private addresses are allowed.

    Raises `ValueError` with a sentence: no such address, no answer within 10 s, more than 2 MB, more than
    3 redirects, an error status, or a private address. `stays` says of a host whether a redirect may lead there;
    without it, anywhere. A bearer `token` is shown to the address itself alone,
    never to where it redirects. `transport`, `resolve` and `timer` are for tests.
    """
    import httpx

    deadline = timer() + SECONDS
    # The environment may name a proxy, which would look names up for us; feeds are fetched directly.
    with httpx.Client(transport=transport, trust_env=False) as client:
        url = _joined(httpx.URL(), address)
        for _ in range(REDIRECTS + 1):
            host = _checked_host(url, allow_private=allow_private, resolve=resolve or _resolve)
            leaves("page", str(url), str(url))
            body, location = _get(client, url, host, token=token, deadline=deadline, timer=timer)
            if not location:
                return body
            url, token = _joined(url, location), ""
            if stays is not None and not stays(url.host):
                raise ValueError(f"{address} leads to another site, {url.host}; nothing was read there.")
    raise ValueError(f"{address} redirects more than {REDIRECTS} times.")


def _joined(base: httpx.URL, address: str) -> httpx.URL:
    import httpx

    try:
        return base.join(address)
    except httpx.InvalidURL as error:
        raise ValueError(f"{address!r} is no address: {error}.") from None


def _get(
    client: httpx.Client, url: httpx.URL, host: str, *, token: str, deadline: float, timer: Callable[[], float]
) -> tuple[bytes, str]:
    """Get the body, or the address it says to go to."""
    import httpx

    headers = {"Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity", "User-Agent": "crewdesk"}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    extensions = {"sni_hostname": url.raw_host.decode("ascii")}
    there = url.copy_with(host=host)
    left = max(deadline - timer(), 0.001)
    try:
        with client.stream("GET", there, headers=headers, extensions=extensions, timeout=left) as response:
            if response.has_redirect_location:
                return b"", response.headers["location"]
            if not response.is_success:
                raise ValueError(f"{url} answers with status {response.status_code}.")
            return _read(response, url, deadline=deadline, timer=timer), ""
    except httpx.TimeoutException:
        raise ValueError(f"{url} did not answer within {SECONDS:.0f} seconds.") from None
    except httpx.HTTPError as error:
        raise ValueError(f"{url} cannot be reached: {error}.") from None


def _read(response: httpx.Response, url: httpx.URL, *, deadline: float, timer: Callable[[], float]) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > LARGEST:
            raise ValueError(f"{url} is larger than {LARGEST / 1e6:.0f} MB.")
        if timer() > deadline:
            raise ValueError(f"{url} did not answer within {SECONDS:.0f} seconds.")
    return bytes(body)


def _checked_host(url: httpx.URL, *, allow_private: bool, resolve: Resolve) -> str:
    """Give the address to connect to."""
    schemes = {"https", "http"} if allow_private else {"https"}
    if url.scheme not in schemes or not url.host:
        raise ValueError(f"{url} is not an https address.")
    try:
        hosts = resolve(url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme])
    except OSError as error:
        raise ValueError(f"{url} cannot be reached: there is no such host ({error}).") from None
    if not allow_private and not all(_is_public(host) for host in hosts):
        raise ValueError(f"{url} leads to a private address; set allow_private beside it in config/ if it should.")
    return hosts[0]


def _resolve(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _is_public(host: str) -> bool:
    ip = ipaddress.ip_address(host.split("%", 1)[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    return inner.is_global and not inner.is_multicast
