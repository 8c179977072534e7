"""Evaluate calls in a sandbox and answer with what each gave, a line of JSON for each.

    python -I inside_calls.py '{"roots": […], "calls": {"package.module": [["f(1)", …], …]}, "seconds": 0.5}'

Calls of one function stand together: once a few of them come to no end, the rest is left out.

It is run as a file and imports nothing of ours. What it says of a call:

    {"module": …, "call": …, "how": "value", "text": "3"}           a value that can be written down
    {"module": …, "call": …, "how": "repr", "text": "Money(3)"}     one that says of itself what it is
    {"module": …, "call": …, "how": "raised", "text": "ValueError"}
    {"module": …, "how": "broken", "text": "ModuleNotFoundError: …"}
"""

from __future__ import annotations

import ast
import builtins
import importlib
import itertools
import json
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

LONGEST = 300
ITEMS = 40
ENDLESS = 3
"""Calls of one function that come to no end before the rest is left out; each takes all its time."""


class TookTooLongError(BaseException):
    """A call that does not come back."""


NEVER = TookTooLongError.__name__


def main() -> None:
    """Evaluate what the first argument asks for."""
    told = json.loads(sys.argv[1])
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    sys.path[:0] = told["roots"]
    signal.signal(signal.SIGALRM, _stop)
    with answer:
        for module, calls in told["calls"].items():
            for said in _module(module, calls, told["seconds"]):
                answer.write(json.dumps({"module": module, **said}) + "\n")


def _stop(*_: object) -> None:
    raise TookTooLongError


def _module(name: str, calls: list[list[str]], seconds: float) -> Iterator[dict[str, str]]:
    try:
        module = importlib.import_module(name)
    except BaseException as error:  # noqa: BLE001 - whatever the module does when it is imported
        yield {"how": "broken", "text": f"{type(error).__name__}: {error}"[:LONGEST]}
        return
    for together in calls:
        endless = 0
        for call in together:
            said = _outcome(call, vars(module), seconds)
            if said is not None:
                yield {"call": call, **said}
                endless += said["text"] == NEVER
            if endless == ENDLESS:
                break


def _outcome(call: str, names: dict[str, Any], seconds: float) -> dict[str, str] | None:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        value = eval(call, dict(names))  # noqa: S307 - in a sandbox
        return _said(value)
    except TookTooLongError:
        return {"how": "raised", "text": NEVER}
    except Exception as error:  # noqa: BLE001 - whatever the call does
        kind = type(error)
        known = getattr(builtins, kind.__name__, names.get(kind.__name__)) is kind
        return {"how": "raised", "text": kind.__name__} if known else None
    except BaseException:  # noqa: BLE001 - SystemExit and the like
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _said(value: Any) -> dict[str, str] | None:  # noqa: ANN401 - whatever a function gives
    if hasattr(value, "__next__"):
        return _listed(list(itertools.islice(value, ITEMS + 1)))
    text = repr(value)
    if len(text) > LONGEST:
        return None
    try:
        known = ast.literal_eval(text)
        if type(known) is type(value) and known == value:
            return {"how": "value", "text": text}
    except (ValueError, SyntaxError, TypeError):
        pass
    tells = type(value).__repr__ is not object.__repr__ and " at 0x" not in text and not callable(value)
    return {"how": "repr", "text": text} if tells else None


def _listed(values: list[Any]) -> dict[str, str] | None:
    said = _said(values)
    if said is None or len(values) > ITEMS or said["how"] != "value":
        return None
    return {"how": "listed", "text": said["text"]}


if __name__ == "__main__":
    main()
