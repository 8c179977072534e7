"""A provider's answer, read once: text or tool calls, tokens and money, or a reason why it is no use."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from crewdesk.domain.effects import Usage
from crewdesk.domain.models import ModelAnswer, ToolCall
from crewdesk.errors import ModelRefused, ModelUnavailable

_CUT_OFF = "length"
_FILTERED = "content_filter"


class _Function(BaseModel):
    name: str
    arguments: str = ""


class _Call(BaseModel):
    id: str
    function: _Function


class _Message(BaseModel):
    content: str | None = None
    tool_calls: list[_Call] | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Answer(BaseModel):
    choices: list[_Choice] = []
    usage: _Usage | None = None


def read_answer(given: dict[str, Any], *, name: str, usd: float | None, tokens_known: bool = True) -> ModelAnswer:
    """Read an answer in OpenAI's spelling; `name` is the model's name in models.yaml.

    Raises `ModelRefused` for an answer that was cut off or filtered, and `ModelUnavailable` for one
    that is empty or cannot be read.
    """
    try:
        answer = _Answer.model_validate(given)
    except ValidationError:
        # Its text would quote the answer.
        raise ModelUnavailable(f"The model {name!r} sent an answer that cannot be read.") from None
    if not answer.choices:
        raise ModelUnavailable(f"The model {name!r} sent an answer with nothing in it.")
    usage = _known(answer.usage if tokens_known else None, usd)
    _check_end(answer.choices[0].finish_reason, name, usage)
    message = answer.choices[0].message
    calls = tuple(ToolCall(c.id, c.function.name, c.function.arguments) for c in message.tool_calls or ())
    text = message.content or ""
    if not calls and not text.strip():
        raise ModelUnavailable(f"The model {name!r} sent an empty answer.")
    finish: Literal["stop", "tool_calls"] = "tool_calls" if calls else "stop"
    return ModelAnswer(text=text, tool_calls=calls, usage=usage, finish=finish, model=name)


def _check_end(reason: str | None, name: str, usage: Usage) -> None:
    if reason == _CUT_OFF:
        length = f"at {usage.completion_tokens} tokens" if usage.completion_tokens else "before its end"
        raise ModelRefused(
            f"The answer of the model {name!r} was cut off {length}.",
            hint=f"Raise max_tokens in the `settings` of {name!r} in config/models.yaml, or ask for less.",
        )
    if reason == _FILTERED:
        raise ModelRefused(
            f"The provider of the model {name!r} held its answer back under its content policy.",
            hint="Look at the request with crewdesk trace; another model may answer it.",
        )


def _known(usage: _Usage | None, usd: float | None) -> Usage:
    # litellm fills in zeros where a server says nothing; no answer costs zero tokens.
    if usage is None or not usage.completion_tokens:
        return Usage(usd=None)
    return Usage(prompt_tokens=usage.prompt_tokens, completion_tokens=usage.completion_tokens, usd=usd)
