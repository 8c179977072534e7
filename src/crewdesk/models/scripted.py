"""A model that says what a test told it to say, and remembers what it was asked.

    model = ScriptedModel()
    model.say(TopicChoice(topic="Gates", ...), for_="pick topic")
    model.call_tool("search_knowledge", query="gates", for_="research")
    model.fail(ModelUnavailable("busy"), for_="draft").say("# A draft", for_="draft")
    model.always({"verdict": "accept"}, purpose="review")

Each line of the script is said once, in order, to the first request it is meant for. A request takes
from the most particular queue that has something left: its task and purpose, its task, its purpose,
everybody's. Parallel tasks with queues of their own get the same answers in any order of threads.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from typing import Literal, Self, TypeAlias

from pydantic import BaseModel

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.effects import Usage
from crewdesk.domain.models import ModelAnswer, ModelRequest, ToolCall
from crewdesk.errors import ModelRefused
from crewdesk.models.chat_messages import count_tokens

Purpose = Literal["plan", "work", "review"]
Words: TypeAlias = "str | BaseModel | Mapping[str, Json] | ModelAnswer"
Line: TypeAlias = "Words | Exception | Callable[[ModelRequest], Words]"
_Key: TypeAlias = "tuple[str | None, str | None]"


class ScriptedModel:
    """The port `Model` for tests; safe for several threads.

    `wait` is called with each request before it is answered, outside any lock: put a latency, a
    barrier or a kill there. Every answer costs `usd`, and its tokens are a quarter of its characters.
    """

    def __init__(
        self,
        default: Line | None = None,
        *,
        wait: Callable[[ModelRequest], object] | None = None,
        usd: float | None = None,
        window: int = 1_000_000,
    ) -> None:
        self._queues: defaultdict[_Key, deque[Line]] = defaultdict(deque)
        self._standing: dict[_Key, Line] = {} if default is None else {(None, None): default}
        self._wait = wait
        self._usd = usd
        self._window = window
        self._asked: list[ModelRequest] = []
        self._scripted_calls = 0
        self._lock = threading.Lock()

    def say(self, *lines: Line, for_: str | None = None, purpose: Purpose | None = None) -> Self:
        """Answer with a text, with a typed output or a mapping as JSON, or with what a function of the request returns.

        Several lines are several answers.
        """
        with self._lock:
            self._queues[for_, purpose].extend(lines)
        return self

    def call_tool(
        self, name: str, /, *, for_: str | None = None, purpose: Purpose | None = None, **arguments: Json
    ) -> Self:
        """Ask for one tool. An argument that is called `for_` or `purpose` goes through `call_tools`."""
        return self.call_tools((name, arguments), for_=for_, purpose=purpose)

    def call_tools(
        self, *calls: tuple[str, Mapping[str, Json] | str], for_: str | None = None, purpose: Purpose | None = None
    ) -> Self:
        """Ask for several tools at once; arguments that are a text are sent as they are, right or wrong."""
        answer = ModelAnswer(tool_calls=tuple(self._tool_call(*call) for call in calls), finish="tool_calls")
        return self.say(answer, for_=for_, purpose=purpose)

    def fail(self, *errors: Exception, for_: str | None = None, purpose: Purpose | None = None) -> Self:
        """Raise instead of answering, once for each error."""
        return self.say(*errors, for_=for_, purpose=purpose)

    def always(self, line: Line, *, for_: str | None = None, purpose: Purpose | None = None) -> Self:
        """Say this whenever such a request finds nothing left in the queues."""
        with self._lock:
            self._standing[for_, purpose] = line
        return self

    @property
    def asked(self) -> list[ModelRequest]:
        """Every request so far, in the order of arrival."""
        with self._lock:
            return list(self._asked)

    @property
    def left(self) -> int:
        """How many lines of the script nobody has asked for yet."""
        with self._lock:
            return sum(len(queue) for queue in self._queues.values())

    def asked_for(self, task: str, purpose: Purpose | None = None) -> list[ModelRequest]:
        """Return the requests of one task, in the order of arrival."""
        return [r for r in self.asked if r.task == task and purpose in (None, r.purpose)]

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """Say the next line meant for this request; `ModelRefused` when there is none."""
        with self._lock:
            self._asked.append(request)
            line = self._next_line(request)
        if self._wait is not None:
            self._wait(request)
        return self._spoken(line, request)

    def window(self, model: str) -> int:  # noqa: ARG002 - every model is this one
        """Say how many tokens fit."""
        return self._window

    def _next_line(self, request: ModelRequest) -> Line:
        keys: list[_Key] = [
            (request.task, request.purpose),
            (request.task, None),
            (None, request.purpose),
            (None, None),
        ]
        for key in keys:
            if self._queues.get(key):
                return self._queues[key].popleft()
        for key in keys:
            if key in self._standing:
                return self._standing[key]
        raise self._nothing_left(request)

    def _nothing_left(self, request: ModelRequest) -> ModelRefused:
        last = str(request.messages[-1].get("content", "")) if request.messages else ""
        kept = ", ".join(f"{len(queue)} for {_named(key)}" for key, queue in self._queues.items() if queue) or "none"
        return ModelRefused(
            f"The script has no line for request {len(self._asked)}: {_named((request.task, request.purpose))}, "
            f"agent {request.agent!r}, last message {last[-300:]!r}.",
            hint=f"Lines left: {kept}.",
        )

    def _spoken(self, line: Line, request: ModelRequest) -> ModelAnswer:
        if isinstance(line, Exception):
            raise line
        words = line(request) if callable(line) else line
        answer = words if isinstance(words, ModelAnswer) else ModelAnswer(text=_as_text(words))
        if answer.usage != Usage():
            return answer
        said = answer.text + "".join(call.name + call.arguments for call in answer.tool_calls)
        usage = Usage(_prompt_tokens(request), count_tokens(said), self._usd)
        model = answer.model or request.model
        return ModelAnswer(answer.text, answer.tool_calls, usage=usage, finish=answer.finish, model=model)

    def _tool_call(self, name: str, arguments: Mapping[str, Json] | str) -> ToolCall:
        # Numbered while the script is written, so that threads cannot change an id.
        with self._lock:
            self._scripted_calls += 1
            number = self._scripted_calls
        text = arguments if isinstance(arguments, str) else json.dumps(dict(arguments), ensure_ascii=False)
        return ToolCall(f"call-{number}", name, text)


def _as_text(words: str | BaseModel | Mapping[str, Json]) -> str:
    if isinstance(words, str):
        return words
    if isinstance(words, BaseModel):
        return words.model_dump_json()
    return json.dumps(dict(words), ensure_ascii=False)


def _prompt_tokens(request: ModelRequest) -> int:
    read: JsonObject = {"messages": list[Json](request.messages), "tools": list[Json](request.tools)}
    return count_tokens(json.dumps(read, ensure_ascii=False))


def _named(key: _Key) -> str:
    task, purpose = key
    return f"task {task!r}, purpose {purpose!r}"
