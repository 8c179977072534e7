"""The one door: every model and tool call goes through here and is written down before anyone acts on it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from crewdesk.desk.office import Office
from crewdesk.desk.signals import Cancelled, HandedBack
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.effects import Call, Effect, Usage
from crewdesk.domain.models import ModelAnswer, ModelRequest
from crewdesk.domain.runs import FINISHED
from crewdesk.domain.specs import ModelSpec
from crewdesk.errors import ModelError, ModelRefused, ModelUnavailable
from crewdesk.ports.model import Model
from crewdesk.ports.tool import Tool

LONGEST_WAIT = 60.0
"""Seconds; a model that asks for more counts as unavailable."""


@dataclass(frozen=True)
class Done:
    """What came of an effect."""

    answer: Json
    usage: Usage
    attempts: int = 1


class Door:
    """Effects of one run: answered from the journal where it can, else performed, retried and written down."""

    def __init__(
        self,
        run: str,
        office: Office,
        *,
        model: Model,
        specs: Mapping[str, ModelSpec],
        before_spending: Callable[[], None],
    ) -> None:
        self._run = run
        self._office = office
        self._model = model
        self._specs = specs
        self._before_spending = before_spending
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def ask_model(self, request: ModelRequest) -> ModelAnswer:
        """Answer a request, once: a call that was answered before is answered from the journal.

        Raises `ModelError` when the model and its fallbacks gave no usable answer; that is written
        down too and raised again on replay, until the run is retried.
        """
        clean = self._cleaned(request)
        call = Call(
            kind="model",
            name=clean.model,
            task=clean.task,
            agent=clean.agent,
            request=clean.canonical_request(),
            purpose=clean.purpose,
            occasion=clean.occasion,
        )
        return ModelAnswer.from_json(self._perform(call, lambda: self._ask_until_answered(clean)))

    def use_tool(self, tool: Tool, arguments: JsonObject, *, task: str, agent: str, occasion: str) -> Json:
        """Use a tool once; what it says of a failure is an answer too, `{"error": …}`."""
        call = Call(kind="tool", name=tool.name, task=task, agent=agent, request=arguments, occasion=occasion)
        return self._perform(call, lambda: self._run_tool(tool, arguments))

    def window(self, model: str) -> int:
        """Say how many tokens fit into one request to this model."""
        return self._model.window(model)

    def _perform(self, call: Call, act: Callable[[], Done]) -> Json:
        n = self._count(call.key)
        with self._office.store.reading() as records:
            known = records.journal.find(self._run, call.key, n)
            over = records.runs.status(self._run) in FINISHED
        if known is not None and known.outcome == "answered":
            return known.answer
        if known is not None and known.outcome == "failed":
            raise ModelRefused(known.error, hint=f"Try it again with: crewdesk retry {self._run}")
        if over:
            raise Cancelled(self._run)
        if self._office.presence.leaving():
            raise HandedBack(self._run)
        if call.kind == "model":
            self._before_spending()
        return self._perform_anew(self._begun(call, n, known), act)

    def _begun(self, call: Call, n: int, known: Effect | None) -> Effect:
        effect = known or Effect(
            run=self._run,
            key=call.key,
            n=n,
            kind=call.kind,
            name=call.name,
            task=call.task,
            agent=call.agent,
            purpose=call.purpose,
            request=call.request,
            started=self._office.now(),
        )
        self._write(effect)
        return effect

    def _perform_anew(self, effect: Effect, act: Callable[[], Done]) -> Json:
        began = self._office.timer()
        try:
            done = act()
        except ModelError as error:
            spent = int((self._office.timer() - began) * 1000)
            told = self._office.redactor.text(str(error))
            self._write(replace(effect, outcome="failed", error=told, milliseconds=spent))
            raise
        spent = int((self._office.timer() - began) * 1000)
        answer = self._office.redactor.clean(done.answer)
        self._write(
            replace(
                effect,
                outcome="answered",
                answer=answer,
                milliseconds=spent,
                attempts=effect.attempts + done.attempts,
                usage=done.usage,
            )
        )
        return answer

    def _write(self, effect: Effect) -> None:
        with self._office.store.writing() as records:
            records.journal.put(effect)

    def _count(self, key: str) -> int:
        with self._lock:
            n = self._seen[key]
            self._seen[key] += 1
            return n

    def _cleaned(self, request: ModelRequest) -> ModelRequest:
        messages = cast("list[JsonObject]", self._office.redactor.clean(list[Json](request.messages)))
        return replace(request, messages=messages)

    def _run_tool(self, tool: Tool, arguments: JsonObject) -> Done:
        try:
            return Done(tool.run(**arguments), Usage(usd=0.0))
        except (ValueError, TypeError, OSError) as error:
            return Done({"error": str(error)}, Usage(usd=0.0))

    def _ask_until_answered(self, request: ModelRequest) -> Done:
        """Try each model of the fallback chain with exponential back-off, heeding Retry-After."""
        attempts, problem = 0, ModelUnavailable("no model was asked")
        for name in self._chain(request.model):
            for attempt in range(self._specs[name].attempts):
                attempts += 1
                try:
                    answer = self._model.complete(replace(request, model=name))
                    return Done(answer.to_json() | {"model": name}, answer.usage, attempts)
                except ModelUnavailable as error:
                    problem = error
                wait = problem.retry_after if problem.retry_after is not None else min(0.5 * 2**attempt, 20.0)
                if wait > LONGEST_WAIT or attempt + 1 == self._specs[name].attempts:
                    break
                self._office.sleep(wait)
        raise ModelUnavailable(
            f"{problem.message} ({attempts} tries)", hint=problem.hint, retry_after=problem.retry_after
        ) from problem

    def _chain(self, model: str) -> list[str]:
        chain = [model]
        while (fallback := self._specs[chain[-1]].fallback) is not None and fallback not in chain:
            chain.append(fallback)
        return chain
