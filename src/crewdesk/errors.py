"""Every deliberate error: what happened, where, and what to do next.

    CrewdeskError                     exit 1
    ├── ConfigurationError            exit 2   a file under config/ cannot be used as it is
    ├── WrongUsage                    exit 2   the caller asked for something that cannot be
    │   ├── NotFound                           no run, gate, artifact or crew of that name
    │   ├── AlreadyDecided                     somebody else was faster at this gate
    │   ├── NotAllowed                         this person may not do that
    │   ├── AlreadyStarted                     an unfinished run does the same
    │   ├── NotValid                           an output is not what its schema asks for
    │   └── NotProven                          a message does not prove who sent it
    ├── StoreError                    exit 1   the database cannot be read or written
    │   └── StoreUnavailable                   for now: locked, full, or its server is away
    ├── ModelError                    exit 1   a model gave no usable answer
    │   ├── ModelUnavailable                   busy, unreachable or too slow: worth another try
    │   └── ModelRefused                       wrong key, wrong request, unusable answer: not worth one
    ├── WorkFailed                    exit 1   a task of a run failed for good
    ├── OutOfTime                     exit 1   a run was worked on for longer than crew.yaml allows
    └── DeliveryError                 exit 1   an action did not leave the house
        ├── DeliveryRefused                    it must not leave: not the approved bytes, or not approved
        ├── DeliveryOutdated                   what it is about has changed since: people are asked again
        ├── DeliveryUnsure                     it may have left; only a person can find out whether
        └── DeliveryFailed                     the outside said no or did not answer: worth another try

A run that waits for a person is no error (exit 3), nor is one a person rejected (exit 4).
"""

from __future__ import annotations


class CrewdeskError(Exception):
    """Something went wrong in a way that a person can act on; `hint` says how."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigurationError(CrewdeskError):
    """A file under config/ cannot be used as it is; the message starts with `file:line`."""

    exit_code = 2


class WrongUsage(CrewdeskError):
    """The caller asked for something that cannot be."""

    exit_code = 2


class NotFound(WrongUsage):
    """There is no run, gate, artifact or crew of that name."""


class AlreadyDecided(WrongUsage):
    """Somebody else was faster at this gate, or with this run."""


class NotAllowed(WrongUsage):
    """This person may not do that."""


class AlreadyStarted(WrongUsage):
    """An unfinished run does the same, or one was started for the occasion `once`; `run` is its id."""

    def __init__(self, message: str, *, run: str, hint: str = "", once: str = "") -> None:
        super().__init__(message, hint=hint)
        self.run = run
        self.once = once


class NotValid(WrongUsage):
    """An output is not what its schema asks for; `places` says what is wrong where, such as at `links/0/anchor`."""

    def __init__(self, message: str, *, places: dict[str, str], hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.places = places


class NotProven(WrongUsage):
    """A message does not prove who sent it; why is for our log, not for whoever sent it."""


class StoreError(CrewdeskError):
    """The database cannot be read or written."""


class StoreUnavailable(StoreError):
    """The database cannot be used for now; worth another try later."""


class ModelError(CrewdeskError):
    """A model gave no usable answer."""


class ModelUnavailable(ModelError):
    """The model was busy, unreachable or too slow; `retry_after` is in seconds where it said so."""

    def __init__(self, message: str, *, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class ModelRefused(ModelError):
    """The request or the key is wrong, or the answer unusable: trying again will not help."""


class WorkFailed(CrewdeskError):
    """A task of a run failed for good; `task` names it."""

    def __init__(self, message: str, *, hint: str = "", task: str = "") -> None:
        super().__init__(message, hint=hint)
        self.task = task


class OutOfTime(CrewdeskError):
    """A run was worked on for longer than crew.yaml allows between two stops at people."""


class DeliveryError(CrewdeskError):
    """An action did not leave the house."""


class DeliveryRefused(DeliveryError):
    """The action must not leave: nobody approved it, or these are not the approved bytes."""


class DeliveryFailed(DeliveryError):
    """The outside refused or did not answer; the action stays in the outbox."""


class DeliveryUnsure(DeliveryError):
    """The action may have left, and nothing says whether; it is not tried again before a person looked."""


class DeliveryOutdated(DeliveryError):
    """What the action is about has changed since it was approved; `now` names what it is today, such as a commit."""

    def __init__(self, message: str, *, now: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.now = now
