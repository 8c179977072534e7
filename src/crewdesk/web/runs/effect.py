"""One call of a run, readable: what was asked, message by message, what came back, and what went wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from starlette.responses import Response

from crewdesk.desk.facts import passages_in
from crewdesk.desk.find_run import find_run
from crewdesk.desk.look_at_run import find_effect
from crewdesk.domain.canonical import Json
from crewdesk.domain.effects import Effect
from crewdesk.domain.passages import Passage
from crewdesk.errors import NotFound
from crewdesk.web.asking import Ask
from crewdesk.web.pages import page, show
from crewdesk.web.texts.fields import label_of

LONG = 1_200
"""Characters from which on a text is folded."""


class Wish(NamedTuple):
    """A model's wish to use a tool."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Message:
    """One message of a chat."""

    role: str
    text: str
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A call as people read it."""

    asked: Sequence[Message]
    arguments: str
    """What a tool was given."""
    extras: Sequence[tuple[str, str]]
    """What else decided the answer: tools on offer, the schema of the answer, settings."""
    answered: Message | None
    passages: Sequence[Passage]
    rest: str
    """What came back beside that, as JSON."""


def show_effect(ask: Ask) -> Response:
    """Show one call."""
    office = ask.site.desk.office
    run = find_run(ask.path["run"].upper(), office)
    number = ask.path["n"]
    if not (number.isascii() and number.isdigit() and len(number) < 9):  # noqa: PLR2004 - more than any run has
        raise NotFound(f"Run {run.id} made no such call.", hint="Look at the run for those it made.")
    effect = find_effect(run.id, ask.path["key"], int(number), office)
    return show(ask, "run_effect.html", run=run, effect=effect, reading=read_effect(effect), long=LONG)


def read_effect(effect: Effect) -> Reading:
    """Make a call readable, whatever it holds."""
    is_chat = effect.kind == "model"
    asked, arguments, extras = _request(effect.request) if is_chat else ((), _pretty(effect.request), ())
    answered, passages, rest = None, (), ""
    match effect.answer:
        case None:
            pass
        case {"text": str(text), "tool_calls": list(calls)} if is_chat:
            answered = Message("assistant", text, tuple(_wishes(calls)))
        case {"passages": list(found), **others} if len(read := passages_in(effect.answer)) == len(found):
            passages, rest = tuple(read), _pretty(others) if others else ""
        case other:
            rest = _pretty(other)
    return Reading(asked, arguments, extras, answered, passages, rest)


def _request(request: Json) -> tuple[Sequence[Message], str, Sequence[tuple[str, str]]]:
    match request:
        case {"messages": list(messages), **others}:
            extras = [(label_of(name), _pretty(value)) for name, value in others.items() if value]
            return [_message(message) for message in messages], "", extras
        case other:
            return (), _pretty(other), ()


def _message(value: Json) -> Message:
    match value:
        case {"role": str(role), **rest}:
            calls = rest.get("tool_calls")
            return Message(role, _text(rest.get("content")), tuple(_wishes(calls if isinstance(calls, list) else [])))
        case other:
            return Message("unknown", _pretty(other))


def _text(content: Json) -> str:
    """Return a message's text, whether it is one string or a list of parts."""
    match content:
        case None:
            return ""
        case str():
            return content
        case [{"type": "text", "text": str(text)}]:
            return text
        case other:
            return _pretty(other)


def _wishes(calls: Sequence[Json]) -> list[Wish]:
    found: list[Wish] = []
    for call in calls:
        match call:
            case {"function": {"name": str(name), "arguments": arguments}}:
                found.append(Wish(name, _unfolded(arguments)))
            case {"name": str(name), "arguments": arguments}:
                found.append(Wish(name, _unfolded(arguments)))
            case other:
                found.append(Wish("unknown", _pretty(other)))
    return found


def _unfolded(arguments: Json) -> str:
    """Spell arguments, which models write as JSON in a text."""
    if not isinstance(arguments, str):
        return _pretty(arguments)
    try:
        return _pretty(json.loads(arguments))
    except ValueError:
        return arguments


def _pretty(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


ROUTES = [page("/runs/{run}/effects/{key}/{n}", get=show_effect)]
