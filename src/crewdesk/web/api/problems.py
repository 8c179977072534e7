"""Every error of the API has one shape: what went wrong, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from crewdesk.errors import CrewdeskError
from crewdesk.web.api.answers import Problem
from crewdesk.web.pages import REPORT, UNEXPECTED, headers_of, status_of

WORDS: Mapping[int, str] = {
    400: "The request cannot be read.",
    401: "Nobody is named by a token, or by a name where the desk knows nobody.",
    403: "This person may not do that.",
    404: "There is no run, gate, artifact, crew or page of that name.",
    405: "This cannot be asked of this address.",
    408: "The body took too long to arrive.",
    409: "Somebody else was faster, or it is done already.",
    413: "The body is too long.",
    415: "The body is no JSON.",
    421: "The desk is not known by the name in the address.",
    422: "This cannot be, or was not said as it should be.",
    429: "Too many wrong tokens; `Retry-After` says when to try again.",
    500: UNEXPECTED,
    503: "The database, or the configuration of the desk, cannot be used as it is.",
}
ALWAYS = (400, 401, 404, 405, 421, 422, 429, 500, 503)
ON_CHANGE = (403, 408, 409, 413, 415)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe these errors for the OpenAPI."""
    return {status: {"model": Problem, "description": WORDS[status]} for status in sorted(statuses)}


def problem(status: int, error: str, hint: str = "", headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Make an answer that tells of an error, whatever signs stand in it."""
    body = {name: text.encode("utf-8", "replace").decode() for name, text in (("error", error), ("hint", hint))}
    return JSONResponse(body, status, dict(headers or {}))


def told(error: CrewdeskError) -> JSONResponse:
    """Tell of one of our errors."""
    return problem(status_of(error), error.message, error.hint, headers_of(error))


def tell_problems(app: FastAPI) -> None:
    """Have an application tell of every error in this shape."""

    def ours(_: Request, error: Exception) -> JSONResponse:
        return told(cast("CrewdeskError", error))

    def theirs(_: Request, error: Exception) -> JSONResponse:
        refused = cast("HTTPException", error)
        words = WORDS.get(refused.status_code, str(refused.detail))
        return problem(refused.status_code, words, "See: /api/v1/openapi.json", refused.headers)

    def invalid(_: Request, error: Exception) -> JSONResponse:
        places = [_place(found) for found in cast("RequestValidationError", error).errors()]
        return problem(422, "; ".join(places)[:2000], "See: /api/v1/openapi.json")

    def bug(_: Request, __: Exception) -> JSONResponse:
        return problem(500, UNEXPECTED, REPORT)  # starlette raises it again, so that the server writes it down

    app.add_exception_handler(Exception, bug)
    app.add_exception_handler(CrewdeskError, ours)
    app.add_exception_handler(HTTPException, theirs)
    app.add_exception_handler(RequestValidationError, invalid)


def _place(found: Mapping[str, Any]) -> str:
    where = " → ".join(str(part)[:80] for part in found["loc"])
    return f"{where}: {found['msg'].removeprefix('Value error, ')}"
