"""The one door: every model and tool call goes through here and is written down before anyone acts on it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import partial
from typing import TypeAlias, cast

from crewdesk.desk.deadlines import Deadline
from crewdesk.desk.discretion import Discretion
from crewdesk.desk.ledger import Caller, accounted
from crewdesk.desk.office import Office
from crewdesk.desk.signals import Cancelled, HandedBack, Superseded
from crewdesk.desk.tool_use import Done, run_function, run_tool
from crewdesk.desk.turns import writing_late
from crewdesk.desk.vigil import Vigil
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.effects import Call, Effect
from crewdesk.domain.model_specs import ModelSpec
from crewdesk.domain.models import ModelAnswer, ModelRequest
from crewdesk.domain.personal import PersonalField
from crewdesk.domain.runs import FINISHED
from crewdesk.errors import ModelError, ModelRefused, ModelUnavailable, StoreError, StoreUnavailable, WorkFailed
from crewdesk.ports.model import Model
from crewdesk.ports.tool import Tool

LONGEST_WAIT = 60.0
"""Seconds; a model that asks for more counts as unavailable."""
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between tries to write an answer down; a database server that is restarted is back by then."""


Act: TypeAlias = "Callable[[Vigil[Done]], Done]"


class Door:
    """Effects of one run: answered from the journal where it can, else performed, retried and written down.

    A call is not waited for when the run is called off, handed back, or out of time; `within` is the time of the
    attempt at a task that it belongs to. When that is up, the call counts as failed, now and on replay. When the
    run's is, or the run was called off or handed back, it stays open, and its answer is kept if it still comes.
    """

    def __init__(
        self,
        run: str,
        office: Office,
        *,
        model: Model,
        specs: Mapping[str, ModelSpec],
        allows: Mapping[str, Sequence[PersonalField]],
        before_spending: Callable[[], None],
        stretch: Deadline,
    ) -> None:
        self._run = run
        self._office = office
        self._discretion = Discretion(run, office)
        self._model = model
        self._specs = specs
        self._allows = allows
        self._before_spending = before_spending
        self._stretch = stretch
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def ask_model(self, request: ModelRequest, *, within: Deadline | None = None) -> ModelAnswer:
        """Answer a request, once: a call that was answered before is answered from the journal.

        Raises `ModelError` when the model and its fallbacks gave no usable answer, `WorkFailed` when there was
        none in time; that is written down too and raised again on replay, until the run is retried.
        """
        clean = self._discretion.request(request)
        shown = self._discretion.shown(clean, self._allows.get(clean.agent, ()))
        call = clean.call(shown)
        return ModelAnswer.from_json(self._perform(call, partial(self._ask_until_answered, clean), within))

    def use_tool(
        self,
        tool: Tool,
        arguments: JsonObject,
        *,
        task: str,
        agent: str,
        occasion: str,
        within: Deadline | None = None,
    ) -> Json:
        """Use a tool once; what it says of a failure is an answer too, `{"error": …}`."""
        given = cast("JsonObject", self._discretion.clean(arguments))
        call = Call(kind="tool", name=tool.name, task=task, agent=agent, request=given, occasion=occasion)
        use = partial(self._learning, tool, call, partial(run_tool, tool, given))
        return self._perform(call, lambda vigil: vigil.call(use), within, tool=tool)

    def call_function(self, tool: Tool, given: JsonObject, *, task: str, agent: str, occasion: str) -> Json:
        """Have code do a whole task, once; `given` is all that decides its answer. Raises `WorkFailed` if it cannot."""
        call = Call(kind="tool", name=tool.name, task=task, agent=agent, request=given, occasion=occasion)
        use = partial(self._learning, tool, call, partial(run_function, tool, task))
        return self._perform(call, lambda vigil: vigil.call(use), None, tool=replace(tool, looks_at_work=False))

    def _learning(self, tool: Tool, call: Call, use: Callable[[], Done]) -> Done:
        """Use a tool and keep the personal data of its answer apart, before anything of it is written down."""
        with accounted(Caller(self._run, call.task, call.agent, tool.name), self._office):
            done = use()
        known = None if tool.personal is None else tool.personal(done.answer)
        if known is not None:
            self._discretion.learn(known)
        return done

    def window(self, model: str) -> int:
        """Say how many tokens fit into one request to this model."""
        return self._model.window(model)

    def _perform(self, call: Call, act: Act, within: Deadline | None, *, tool: Tool | None = None) -> Json:
        n = self._count(call.key)
        with self._office.store.reading() as records:
            known = records.journal.find(self._run, call.key, n)
            over = records.runs.status(self._run) in FINISHED
        if known is not None and known.source != "offered":
            if known.outcome == "answered":
                return known.answer
            if known.outcome == "failed":
                raise ModelRefused(known.error, hint=f"Try it again with: crewdesk retry {self._run}")
        if over:
            raise Cancelled(self._run)
        if self._office.presence.leaving():
            raise HandedBack(self._run)
        if known is not None and self._may_reuse(known, tool):
            self._write(replace(known, source="reused"))
            return known.answer
        if call.kind == "model":
            with nullcontext() if within is None else within.paused():
                self._before_spending()
        effect = self._begun(call, n, known)
        keep = partial(self._keep, effect, self._office.timer())
        vigil = Vigil(self._run, self._office, stretch=self._stretch, attempt=within, keep=keep)
        return self._perform_anew(effect, partial(act, vigil))

    def _may_reuse(self, known: Effect, tool: Tool | None) -> bool:
        """Say whether what the parent of a fork heard answers here, too.

        It does, for the key holds all that decides an answer; but not that of a tool that is asked anew, nor of one
        that looks at other tasks' work, once a worker of this run was asked something else than in the parent.
        """
        if known.source != "offered" or tool is None:
            return known.source == "offered"
        return not (tool.asked_anew or (tool.looks_at_work and self._went_its_own_way()))

    def _went_its_own_way(self) -> bool:
        with self._office.store.reading() as records:
            effects = records.journal.of_run(self._run)
        return any(e.source == "own" and (e.kind, e.purpose) == ("model", "work") for e in effects)

    def _begun(self, call: Call, n: int, known: Effect | None) -> Effect:
        effect = known if known is not None and known.source != "offered" else self._new(call, n)
        self._write(effect)
        return effect

    def _new(self, call: Call, n: int) -> Effect:
        return Effect(
            run=self._run,
            key=call.key,
            n=n,
            kind=call.kind,
            name=call.name,
            task=call.task,
            agent=call.agent,
            purpose=call.purpose,
            request=self._discretion.clean(call.request) if call.kind == "tool" else call.request,
            started=self._office.now(),
        )

    def _perform_anew(self, effect: Effect, act: Callable[[], Done]) -> Json:
        began = self._office.timer()
        try:
            done = act()
        except (ModelError, WorkFailed) as error:
            failed = replace(effect, outcome="failed", error=str(error), milliseconds=self._since(began))
            self._write(self._discretion.effect(failed))
            raise
        answered = self._answered(effect, began, done)
        self._write_patiently(answered)
        return answered.answer

    def _answered(self, effect: Effect, began: float, done: Done) -> Effect:
        answered = replace(
            effect,
            outcome="answered",
            answer=done.answer,
            milliseconds=self._since(began),
            attempts=effect.attempts + done.attempts,
            usage=done.usage,
        )
        return self._discretion.effect(answered)

    def _keep(self, effect: Effect, began: float, done: Done) -> None:
        """Write down an answer that nobody waits for any more, unless the run is somebody else's by now."""
        with suppress(Superseded, StoreError), writing_late(self._office) as records:
            known = records.journal.find(effect.run, effect.key, effect.n)
            if known is not None and known.outcome is None:
                records.journal.put(self._answered(effect, began, done))

    def _since(self, began: float) -> int:
        return int((self._office.timer() - began) * 1000)

    def _write(self, effect: Effect) -> None:
        with self._office.store.writing() as records:
            records.journal.put(effect)

    def _write_patiently(self, effect: Effect) -> None:
        """Write down what is paid for, even where the database is away for a moment."""
        began = self._office.timer()
        for pause in PAUSES:
            try:
                return self._write(effect)
            except StoreUnavailable:
                if self._office.presence.leaving() or self._office.timer() - began > sum(PAUSES):
                    raise
            self._office.sleep(pause)
        return self._write(effect)

    def _count(self, key: str) -> int:
        with self._lock:
            n = self._seen[key]
            self._seen[key] += 1
            return n

    def _ask_until_answered(self, request: ModelRequest, vigil: Vigil[Done]) -> Done:
        """Try each model of the fallback chain with exponential back-off, heeding Retry-After."""
        attempts, problem = 0, ModelUnavailable("no model was asked")
        for name in self._chain(request.model):
            for attempt in range(self._specs[name].attempts):
                if attempts:
                    vigil.make_sure()
                attempts += 1
                try:
                    return vigil.call(partial(self._ask_once, request, name, attempts))
                except ModelUnavailable as error:
                    problem = error
                wait = problem.retry_after if problem.retry_after is not None else min(0.5 * 2**attempt, 20.0)
                if wait > LONGEST_WAIT or attempt + 1 == self._specs[name].attempts:
                    break
                vigil.sleep(wait)
        raise ModelUnavailable(
            f"{problem.message} ({attempts} tries)", hint=problem.hint, retry_after=problem.retry_after
        ) from problem

    def _ask_once(self, request: ModelRequest, model: str, attempts: int) -> Done:
        asked = self._discretion.show(request, self._allows.get(request.agent, ()))
        with accounted(Caller(self._run, request.task, request.agent, model), self._office):
            answer = self._model.complete(replace(asked, model=model))
        return Done(answer.to_json() | {"model": model}, answer.usage, attempts)

    def _chain(self, model: str) -> list[str]:
        chain = [model]
        while (fallback := self._specs[chain[-1]].fallback) is not None and fallback not in chain:
            chain.append(fallback)
        return chain
