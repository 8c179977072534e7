"""What went wrong at a provider, as one of our two model errors: worth another try, or not.

Every sentence is ours; the provider's own words follow it, shortened and without anything that looks like a key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import cast

from crewdesk.domain.model_specs import ModelSpec
from crewdesk.errors import ModelError, ModelRefused, ModelUnavailable

_LONGEST_QUOTE = 200
_LOOKS_SECRET = re.compile(
    r"(?i)\b(bearer\s+\S+|(?:sk|pk|rk|key|api[-_]?key|token)[-_=:]\s?[\w*.\-]{6,}|AIza[\w-]{8,})"
)
_PREFIX = re.compile(r"(?:litellm\.)?\w+(?:Error|Exception|Timeout): ?(?:\w+(?:Error|Exception) - )?")
_SAYS_TOO_LONG = re.compile(r"(?i)context[ _](length|window|size|limit)|prompt is too long|too many tokens")
_TIMED_OUT = "timed out"
_USERINFO = re.compile(r"//[^/@\s]+@")


@dataclass(frozen=True)
class Asked:
    """Who was asked, as far as an error message needs to know."""

    name: str
    spec: ModelSpec
    key: str | None
    window: int

    @property
    def where(self) -> str:
        """Say where the model is reached, without a password."""
        return self.spec.base_url or f"its provider ({self.spec.model.split('/')[0]})"

    def quote(self, error: Exception) -> str:
        """Return the provider's words: one line, short, with no key in them."""
        words = " ".join(str(error).split(" Original exception: ")[0].split())
        if self.key:
            words = words.replace(self.key, "[key]")
        words = _USERINFO.sub("//", _LOOKS_SECRET.sub("[key]", _PREFIX.sub("", words)))
        return words if len(words) <= _LONGEST_QUOTE else words[:_LONGEST_QUOTE] + " …"


def missing_key(name: str, variable: str) -> ModelRefused:
    """Say which key is missing, before anything goes over the network."""
    return ModelRefused(
        f"The model {name!r} needs {variable}, which is not set.",
        hint="Put it in .env, or run with --profile offline. What each profile needs: crewdesk doctor",
    )


def model_error(error: Exception, asked: Asked) -> ModelError:
    """Turn whatever litellm raised into one of our errors."""
    named = _BY_NAME.get(type(error).__name__)
    if named is not None:
        return named(error, asked)
    status = getattr(error, "status_code", None)
    if status in _BY_STATUS:
        return _BY_STATUS[status](error, asked)
    if isinstance(status, int) and 400 <= status < 500:  # noqa: PLR2004 - HTTP's own classes
        return _bad_request(error, asked)
    return _unavailable(
        f"The server of the model {asked.name!r} failed ({status or type(error).__name__})", error, asked
    )


def retry_after(error: Exception) -> float | None:
    """Read in seconds how long the provider asks to wait; None where it does not say.

    A date is measured against the answer's own `Date`, so neither clock needs to be right.
    """
    for headers in _headers(error):
        seconds = _seconds(headers.get("retry-after-ms"), 0.001)
        if seconds is None:
            seconds = _seconds(headers.get("retry-after"), 1)
        if seconds is None:
            seconds = _until(headers.get("retry-after"), headers.get("date"))
        if seconds is not None:
            return seconds
    return None


def _headers(error: Exception) -> list[Mapping[str, str]]:
    original = getattr(error, "original_exception", None)
    holders: list[object] = [getattr(error, "response", None), original, getattr(original, "response", None)]
    found = [
        getattr(error, "litellm_response_headers", None),
        *(getattr(holder, "headers", None) for holder in holders),
    ]
    mappings = [cast("Mapping[object, object]", headers) for headers in found if isinstance(headers, Mapping)]
    return [{str(name).lower(): str(value) for name, value in headers.items()} for headers in mappings]


def _seconds(value: str | None, unit: float) -> float | None:
    try:
        seconds = float(value or "") * unit
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _until(date: str | None, now: str | None) -> float | None:
    try:
        return max(0.0, (parsedate_to_datetime(date or "") - parsedate_to_datetime(now or "")).total_seconds())
    except (TypeError, ValueError):
        return None


def _unavailable(sentence: str, error: Exception, asked: Asked, hint: str = "") -> ModelUnavailable:
    return ModelUnavailable(f"{sentence}: {asked.quote(error)}", hint=hint, retry_after=retry_after(error))


def _timed_out(error: Exception, asked: Asked) -> ModelError:
    return ModelUnavailable(
        f"The model {asked.name!r} did not answer in time ({asked.spec.timeout:g} s at most).",
        hint="Give it more `timeout` in config/models.yaml if it is only slow.",
        retry_after=retry_after(error),
    )


REACH = "Start its server, or check `base_url` in config/models.yaml; or fork the run with another profile."


def _not_reached(error: Exception, asked: Asked) -> ModelError:
    where = _USERINFO.sub("//", asked.where)
    return _unavailable(f"The model {asked.name!r} could not be reached at {where}", error, asked, REACH)


def _failed(error: Exception, asked: Asked) -> ModelError:
    # litellm calls everything a 500 that went wrong on the way, too; only the words tell.
    words = str(error)
    if _TIMED_OUT in words:
        return _timed_out(error, asked)
    if "Connection error" in words:
        return _not_reached(error, asked)
    if "Expecting value" in words or "Received response" in words:
        return ModelUnavailable(f"The model {asked.name!r} sent an answer that cannot be read.")
    return _unavailable(f"The server of the model {asked.name!r} failed (500)", error, asked)


def _broke_off(error: Exception, asked: Asked) -> ModelError:
    if _TIMED_OUT in str(error):
        return _timed_out(error, asked)
    status = getattr(error, "status_code", None)
    if getattr(error, "is_pre_first_chunk", False) and status in _BY_STATUS:
        return _BY_STATUS[status](error, asked)
    return _unavailable(f"The model {asked.name!r} broke off in the middle of its answer", error, asked)


def _busy(error: Exception, asked: Asked) -> ModelError:
    if "insufficient_quota" in str(error):
        return ModelRefused(
            f"The account behind the model {asked.name!r} has no credit left: {asked.quote(error)}",
            hint="Top up the account, or run with another --profile.",
        )
    return _unavailable(f"The model {asked.name!r} is busy (429)", error, asked)


def _wrong_key(error: Exception, asked: Asked) -> ModelError:
    variable = asked.spec.api_key_env
    said = f"the key in {variable}" if variable else "being asked without a key"
    return ModelRefused(
        f"The provider of the model {asked.name!r} does not accept {said}: {asked.quote(error)}",
        hint=f"Put a valid key in .env as {variable}." if variable else "Name the key's variable as `api_key_env`.",
    )


def _no_such_model(error: Exception, asked: Asked) -> ModelError:
    return ModelRefused(
        f"There is no model {asked.spec.model!r} at {_USERINFO.sub('//', asked.where)}: {asked.quote(error)}",
        hint=f"Check `model` and `base_url` of {asked.name!r} in config/models.yaml.",
    )


def _too_long(error: Exception, asked: Asked) -> ModelError:
    return ModelRefused(
        f"The request is too long for the model {asked.name!r}: {asked.window:,} tokens fit. {asked.quote(error)}",
        hint="Lower `context_chars` in crew.yaml, or choose a model with a larger window.",
    )


def _not_allowed(error: Exception, asked: Asked) -> ModelError:
    return ModelRefused(
        f"The provider of the model {asked.name!r} declines this under its content policy: {asked.quote(error)}",
        hint="Look at the request with crewdesk trace; another model may answer it.",
    )


def _bad_request(error: Exception, asked: Asked) -> ModelError:
    if _SAYS_TOO_LONG.search(f"{error} {getattr(error, 'code', '')}"):
        return _too_long(error, asked)
    status = getattr(error, "status_code", 400)
    return ModelRefused(
        f"The server of the model {asked.name!r} refuses the request ({status}): {asked.quote(error)}",
        hint=f"Check the `settings` of {asked.name!r} in config/models.yaml.",
    )


_Turn = Callable[[Exception, Asked], ModelError]
_BY_NAME: dict[str, _Turn] = {
    "ContextWindowExceededError": _too_long,
    "ContentPolicyViolationError": _not_allowed,
    "MidStreamFallbackError": _broke_off,
    "Timeout": _timed_out,
    "APIConnectionError": _not_reached,
}
_BY_STATUS: dict[object, _Turn] = {
    401: _wrong_key,
    403: _wrong_key,
    404: _no_such_model,
    408: _timed_out,
    409: lambda error, asked: _unavailable(f"The server of the model {asked.name!r} is busy (409)", error, asked),
    429: _busy,
    500: _failed,
}
