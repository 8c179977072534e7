"""Keep secrets and personal data out of what is written down, said and asked; allowed fields go into one call alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from crewdesk.desk.office import Office
from crewdesk.domain.actions import Receipt
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.effects import Effect
from crewdesk.domain.models import ModelRequest
from crewdesk.domain.personal import Personal, Veil
from crewdesk.ports.records import Records

_OURS = ("role", "type", "name", "finish")
"""Parts of a message or an answer that name things; a lead called User changes none of them."""
_WORDS = frozenset({"system", "user", "assistant", "tool", "function", "text", "stop", "length", "tool_calls"})


class Discretion:
    """What may be written down, said and asked in one run; what the run learns meanwhile counts at once."""

    def __init__(self, run: str, office: Office) -> None:
        self._run = run
        self._office = office

    def veil(self) -> Veil:
        """Give what is known by now of whom the run is about."""
        with self._office.store.reading() as records:
            return veil_of(self._run, records)

    def clean(self, value: Json) -> Json:
        """Clean every string of a value."""
        return self.veil().hide(self._office.redactor.clean(value))

    def text(self, words: str) -> str:
        """Clean a text."""
        return str(self.clean(words)) if words else ""

    def request(self, request: ModelRequest) -> ModelRequest:
        """Clean what is asked of a model."""
        names = _names(list[Json](request.tools))
        return _with_messages(request, lambda messages: _talk(messages, self.clean, names))

    def effect(self, effect: Effect) -> Effect:
        """Clean a call with its answer."""
        return _cleaned(effect, self.clean)

    def receipt(self, receipt: Receipt) -> Receipt:
        """Clean what is told everywhere of a delivery."""
        return Receipt(self.text(receipt.location), cast("JsonObject", self.clean(receipt.details)))

    def as_said(self, receipt: Receipt) -> Receipt:
        """Give a receipt's details as its connector said them: a sender may be called as whom the run is about."""
        return Receipt(receipt.location, cast("JsonObject", self.veil().show(receipt.details)))

    def shown(self, request: ModelRequest, allowed: Sequence[str]) -> list[str]:
        """Name the fields that this request tells its model in clear."""
        return self.veil().placeholders(list[Json](request.messages), only=allowed) if allowed else []

    def show(self, request: ModelRequest, allowed: Sequence[str]) -> ModelRequest:
        """Put these fields into what goes to the model, and nowhere else."""
        return _with_messages(request, partial(_showing, veil=self.veil(), allowed=allowed)) if allowed else request

    def learn(self, known: Personal) -> None:
        """Keep personal data apart from now on; what was written of them before, by other calls, is hidden too.

        Those calls keep their keys, which rest on what was asked then: resumed, the run makes them again. So whoever
        reads of a person comes first.
        """
        with self._office.store.writing(self._run) as records:
            records.personal.put(self._run, known)
            veil = veil_of(self._run, records)
            for effect in records.journal.of_run(self._run):
                if (hidden := _cleaned(effect, veil.hide)) != effect:
                    records.journal.put(hidden)


def veil_of(run: str, records: Records) -> Veil:
    """Give what a run knows of whom it is about."""
    return Veil(records.personal.of_run(run))


def _with_messages(request: ModelRequest, change: Callable[[Json], Json]) -> ModelRequest:
    return replace(request, messages=cast("list[JsonObject]", change(list[Json](request.messages))))


def _cleaned(effect: Effect, change: Callable[[Json], Json]) -> Effect:
    error = str(change(effect.error))
    match effect.request:
        case {"messages": messages, "tools": tools, **others} if effect.kind == "model":
            names = _names(tools)
            request: JsonObject = {"messages": _talk(messages, change, names), "tools": tools, **others}
            return replace(effect, request=request, answer=_talk(effect.answer, change, names), error=error)
        case _:
            return replace(effect, request=change(effect.request), answer=change(effect.answer), error=error)


def _names(tools: Json) -> frozenset[str]:
    """Name the tools on offer, beside the words of all chats; what a model calls otherwise is its own word."""
    offered = [tool.get("function") for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []
    return _WORDS | {str(function.get("name")) for function in offered if isinstance(function, dict)}


def _talk(value: Json, change: Callable[[Json], Json], ours: frozenset[str]) -> Json:
    """Change what is said in messages, and leave what holds them together."""
    match value:
        case list():
            return [_talk(item, change, ours) for item in value]
        case dict():
            return {
                name: item if name == "model" or (name in _OURS and item in ours) else _talk(item, change, ours)
                for name, item in value.items()
            }
        case _:
            return change(value)


def _showing(value: Json, veil: Veil, allowed: Sequence[str]) -> Json:
    """Put values back into messages; arguments of tools are JSON in a text, and stay that."""
    match value:
        case list():
            return [_showing(item, veil, allowed) for item in value]
        case dict():
            return {
                name: veil.show_in_json(item, only=allowed)
                if name == "arguments" and isinstance(item, str)
                else _showing(item, veil, allowed)
                for name, item in value.items()
            }
        case _:
            return veil.show(value, only=allowed)
