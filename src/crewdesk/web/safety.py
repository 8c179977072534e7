"""What holds for every answer: who may ask, and what a browser may do with it."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crewdesk.web.site import Site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
STRICT_TRANSPORT = "max-age=31536000"
MISDIRECTED = ("This desk is not known by that name.", "Use the address it was started with.", 421)
UNREADABLE = ("No address of this desk holds a line break or another sign that cannot be seen.", "Leave it out.", 400)
METRICS = "/metrics"
UNSEEN = re.compile("[\0-\x1f\x7f]")


class Safety:
    """Refuses requests that were meant for another host, and sets headers that an answer does not set itself."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message))
            await send(message)

        if not (self._site.allows_host(Headers(scope=scope).get("host", "")) or self._is_for_monitors(scope["path"])):
            await _refusal(scope, *MISDIRECTED)(scope, receive, guarded)
        elif UNSEEN.search(scope["path"]) or b"%00" in scope["query_string"]:
            await _refusal(scope, *UNREADABLE)(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)

    def _is_for_monitors(self, path: str) -> bool:
        """Say whether a program behind the proxy may ask under an inner name; a desk with a public one wants tokens."""
        return path == METRICS and self._site.public is not None

    def _complete(self, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._site.secure:
            headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)


def _refusal(scope: Scope, error: str, hint: str, status: int) -> Response:
    if scope["path"].startswith("/api/"):
        return JSONResponse({"error": error, "hint": hint}, status)
    return PlainTextResponse(f"{error} {hint}\n", status)
