"""The model as CrewAI sees it: every call goes through the door."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from crewai.events.types.llm_events import LLMCallType
from crewai.llms.base_llm import BaseLLM, llm_call_context
from pydantic import BaseModel, PrivateAttr, ValidationError

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.models import ModelAnswer, ModelRequest
from crewdesk.engine.answers import json_in
from crewdesk.engine.stop import Stop


@dataclass(frozen=True)
class Seat:
    """Where a model sits in a run: whose it is, for which task, and what it is to answer."""

    task: str
    agent: str
    purpose: str = "work"
    occasion: str = ""
    tools: tuple[JsonObject, ...] = ()
    answer_schema: JsonObject | None = None


CHAT_KEYS = ("role", "content", "name", "tool_calls", "tool_call_id")
"""What every provider understands of a message; CrewAI adds marks of its own."""

Ask = Callable[[ModelRequest], ModelAnswer]


class DoorModel(BaseLLM):
    """A CrewAI model that asks the door and emits CrewAI's own events."""

    _ask: Ask = PrivateAttr()
    _seat: Seat = PrivateAttr()
    _window: int = PrivateAttr()

    @classmethod
    def at(cls, seat: Seat, *, model: str, ask: Ask, window: int) -> DoorModel:
        """Seat a model."""
        made = cls(model=model, provider="crewdesk")
        made._ask, made._seat, made._window = ask, seat, window
        return made

    def call(  # type: ignore[override]  # CrewAI's parameters, of which these matter
        self,
        messages: str | list[dict[str, Any]],
        tools: list[dict[str, Any]] | None = None,
        callbacks: list[Any] | None = None,
        available_functions: dict[str, Any] | None = None,
        from_task: Any | None = None,  # noqa: ANN401 - CrewAI's Task
        from_agent: Any | None = None,  # noqa: ANN401 - CrewAI's Agent
        response_model: type[BaseModel] | None = None,
    ) -> Any:  # noqa: ANN401 - str, tool calls or a response_model, as CrewAI's interface has it
        """Answer as text, as CrewAI's list of tool calls, or as a `response_model`."""
        del callbacks, available_functions
        chat: list[Any] = [{"role": "user", "content": messages}] if isinstance(messages, str) else messages
        request = self._request(chat, offer_tools=bool(tools))
        with llm_call_context():
            self._emit_call_started_event(chat, tools, from_task=from_task, from_agent=from_agent)
            try:
                answer = self._ask(request)
            except Exception as error:
                self._emit_call_failed_event(type(error).__name__, from_task, from_agent)
                raise Stop(error) from error
            self._tell_answered(answer, chat, from_task, from_agent)
        return self._as_crewai_wants(answer, response_model)

    async def acall(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as `call`
        """Answer as `call` does, without blocking the loop."""
        return await asyncio.to_thread(self.call, *args, **kwargs)

    def supports_function_calling(self) -> bool:
        """Say yes: tools are passed natively."""
        return True

    def supports_stop_words(self) -> bool:
        """Say no: answers end by themselves."""
        return False

    def get_context_window_size(self) -> int:
        """Say how many tokens really fit."""
        return self._window

    def get_input_tokens_count(self, messages: Any, *args: Any, **kwargs: Any) -> int:  # noqa: ANN401
        """Estimate tokens as characters by four; CrewAI warns on every call when nobody does."""
        del args, kwargs
        return len(json.dumps(messages, default=str)) // 4

    def _request(self, chat: list[Any], *, offer_tools: bool) -> ModelRequest:
        known = [{key: value for key, value in message.items() if key in CHAT_KEYS} for message in chat]
        plain = cast("list[JsonObject]", json.loads(json.dumps(known, default=str)))
        return ModelRequest(
            model=self.model,
            messages=plain,
            tools=list(self._seat.tools) if offer_tools else [],
            answer_schema=self._seat.answer_schema,
            task=self._seat.task,
            agent=self._seat.agent,
            purpose=self._seat.purpose,
            occasion=self._seat.occasion,
        )

    def _tell_answered(self, answer: ModelAnswer, chat: Any, task: Any, agent: Any) -> None:  # noqa: ANN401
        usage = {
            "prompt_tokens": answer.usage.prompt_tokens or 0,
            "completion_tokens": answer.usage.completion_tokens or 0,
        }
        self._track_token_usage_internal(usage)
        kind = LLMCallType.TOOL_CALL if answer.tool_calls else LLMCallType.LLM_CALL
        self._emit_call_completed_event(answer.to_json(), kind, task, agent, chat, usage, answer.finish)

    @staticmethod
    def _as_crewai_wants(answer: ModelAnswer, response_model: type[BaseModel] | None) -> Any:  # noqa: ANN401
        if answer.tool_calls:
            return [
                {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
                for c in answer.tool_calls
            ]
        if response_model is None:
            return answer.text
        try:
            return response_model.model_validate(json_in(answer.text))
        except (ValueError, ValidationError):
            return answer.text  # what is wrong with it is said by the checks, not by CrewAI
