"""Webhooks: a message in, runs started or a reason why not. Knows no web server.

Whoever posts learns no more than it must: nothing of what it sent comes back, and every forged, changed or old
message gets the same sentence. What is really wrong is said in our log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.events import Absent, at, is_wanted, paths_in
from crewdesk.domain.trigger_specs import TriggersSpec, WebhookSpec
from crewdesk.errors import ConfigurationError, CrewdeskError, NotProven, StoreUnavailable, WrongUsage
from crewdesk.facade import Desk
from crewdesk.triggers.bodies import read_events
from crewdesk.triggers.fire import fire
from crewdesk.triggers.notes import note_trouble
from crewdesk.triggers.signatures import Message, Terms, occasion, prove


@dataclass(frozen=True)
class Answer:
    """What goes back to the sender."""

    status: int
    body: JsonObject
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Outcome:
    """What became of one event."""

    run: str = ""
    new: bool = False
    problem: str = ""


def answer(status: int, reason: str, **headers: str) -> Answer:
    """Answer that no run was started, and why."""
    return Answer(status, {"runs": list[Json](), "reason": reason}, headers)


UNKNOWN = answer(404, "There is no such hook.")
WRONG_METHOD = answer(405, "Messages are posted here.", Allow="POST")
TOO_LONG = answer(413, "The message is longer than this hook takes.")
FORGED = answer(401, "The message does not prove that it comes, just now, from who may post here.")
NOT_READY = answer(503, "This hook takes nothing for now.")
AWAY = answer(503, "Nothing can be written down just now; please send it again.", **{"Retry-After": "30"})
BROKEN = answer(500, "Something is wrong here; it was written down.")
PAUSED = answer(200, "This hook is paused.")


class Webhooks:
    """The hooks of triggers.yaml, as they were when this was made."""

    def __init__(self, desk: Desk, triggers: TriggersSpec, *, say: Callable[[str], None]) -> None:
        self._desk = desk
        self._say = say
        found = [(name, spec) for name, spec in triggers.triggers.items() if isinstance(spec, WebhookSpec)]
        self.hooks = {spec.path: (name, spec) for name, spec in found}

    def refusal(self, method: str, path: str) -> Answer | None:
        """Refuse a message for its address or method, before its body is read; None where neither is wrong."""
        if path not in self.hooks:
            return UNKNOWN
        return None if method == "POST" else WRONG_METHOD

    def limit(self, path: str) -> int:
        """Return how many bytes a message to this hook may have."""
        return self.hooks[path][1].limit

    def take(self, message: Message) -> Answer:
        """Start the runs of a message, once each however often it comes, and answer for it; raises nothing of ours."""
        if refused := self.refusal(message.method, message.path):
            return refused
        name, spec = self.hooks[message.path]
        if len(message.body) > spec.limit:
            return TOO_LONG
        try:
            return self._take(name, spec, message)
        except CrewdeskError as error:
            self._tell(name, f"{error.message} {error.hint}")
            return next(reply for kind, reply in FAILURES if isinstance(error, kind))

    def _take(self, name: str, spec: WebhookSpec, message: Message) -> Answer:
        secret = self._desk.settings.key(spec.secret_env)
        if secret is None:
            note_trouble(name, f"{spec.secret_env} is not set.", office=self._desk.office)
            self._tell(name, f"{spec.secret_env} is not set; nothing is taken until it is and `serve` starts anew.")
            return NOT_READY
        signed = prove(spec.signature, message, Terms(secret, spec.within, self._desk.office.now()))
        events = read_events(message.body)
        if isinstance(events, str):
            self._tell(name, events)
            return answer(400, events)
        if spec.paused:
            return PAUSED
        marks = [occasion(spec.signature, signed, i, len(events), event) for i, event in enumerate(events)]
        return _summed_up([self._fire(name, spec, *one) for one in zip(events, marks, strict=True)])

    def _fire(self, name: str, spec: WebhookSpec, event: JsonObject, mark: str) -> Outcome:
        if not is_wanted(spec.only, event):
            return Outcome()
        if missing := _missing(spec, event):
            return self._unfilled(name, f"The event has no {missing!r}.")
        try:
            fired = fire(self._desk, name, spec, event, occasion=mark)
        except WrongUsage as error:
            # Its sentence may hold what was posted.
            self._tell(name, f"{error.message} {error.hint}")
            return self._unfilled(name, "The crew cannot take what this event gives.")
        self._tell(name, str(fired))
        return Outcome(fired.run, fired.new)

    def _unfilled(self, name: str, problem: str) -> Outcome:
        note_trouble(name, problem, office=self._desk.office)
        self._tell(name, problem)
        return Outcome(problem=problem)

    def _tell(self, name: str, words: str) -> None:
        clean = "".join(c if c.isprintable() else " " for c in self._desk.office.redactor.text(words))
        self._say(f"{name}  {' '.join(clean.split())}")


FAILURES: Sequence[tuple[type[CrewdeskError], Answer]] = (
    (NotProven, FORGED),
    (StoreUnavailable, AWAY),
    (ConfigurationError, NOT_READY),
    (CrewdeskError, BROKEN),
)


def _missing(spec: WebhookSpec, event: JsonObject) -> str | None:
    texts = [*spec.inputs.values(), spec.once or ""]
    return next((path for text in texts for path in paths_in(text) if isinstance(at(event, path), Absent)), None)


def _summed_up(outcomes: Sequence[Outcome]) -> Answer:
    runs = list[Json](dict.fromkeys(outcome.run for outcome in outcomes if outcome.run))
    if problems := list(dict.fromkeys(outcome.problem for outcome in outcomes if outcome.problem)):
        return Answer(422, {"runs": runs, "reason": " ".join(problems)})
    if any(outcome.new for outcome in outcomes):
        return Answer(202, {"runs": runs})
    reason = "A run was started for this already." if runs else "This hook starts no run for such an event."
    return Answer(200, {"runs": runs, "reason": reason})
