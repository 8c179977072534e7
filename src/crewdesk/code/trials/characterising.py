"""Tests that hold a function to what it gave before the change. No meaning is read into that: a change may be meant."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from crewdesk.code.trials.functions import Function
from crewdesk.code.trials.observing import Said

DIFFERING, SAME = 3, 4
"""Calls that are kept: those that give something else now, and others."""
NEVER = "TookTooLongError"
"""What the script in the sandbox says of a call that does not come back."""
READABLE = 120

Look = Callable[[str], Said | None]
"""What a call gave, or None where that cannot be written down."""


@dataclass(frozen=True)
class Drafted:
    """The text of a test, and what it claims."""

    code: str
    about: str


def characterise(function: Function, calls: Sequence[str], before: Look, after: Look) -> Drafted | None:
    """Write down what calls gave before the change; those that give something else now come first."""
    meant = _raised_on_purpose(function.before) if function.before else frozenset[str]()
    known = [(call, said) for call in calls if (said := before(call)) and _tells(said, meant)]
    differing = [(call, said) for call, said in known if _differs(said, after(call))]
    same = [pair for pair in known if pair not in differing and after(pair[0]) is not None]
    kept = [*_varied(differing, DIFFERING), *_varied(same, SAME)]
    if not any(said.how != "raised" for _, said in kept):
        return None
    note = "for a few inputs it gives the same as before the change"
    code = _file(function, kept, f"test_{function.name}_gives_what_it_gave_before", f"{function.called}: {note}.")
    return Drafted(code, _about(function, kept, after))


def mended(function: Function, calls: Sequence[str], before: Look, after: Look) -> Drafted | None:
    """Write down what calls give that crashed before the change; a value instead of a crash is what it is for."""
    meant = _raised_on_purpose(function.before) if function.before else frozenset[str]()
    pairs = [
        (call, now)
        for call in calls
        if (was := before(call)) and was.how == "raised" and was.text not in meant | {"TypeError", "AttributeError"}
        if (now := after(call)) and now.how != "raised"
    ]
    kept = _varied(pairs, DIFFERING)
    if not kept:
        return None
    note = "what crashed before the change gives a value"
    code = _file(function, kept, f"test_{function.name}_does_not_crash_any_more", f"{function.called}: {note}.")
    return Drafted(code, f"`{function.called}` gives a value now where it crashed before: `{kept[0][0]}`.")


def imports_of(function: Function) -> str:
    """Say how a test gets at a function."""
    return f"from {function.module} import {function.owner or function.name}"


def _about(function: Function, kept: Sequence[tuple[str, Said]], after: Look) -> str:
    """Say what the test holds to, and how the first call differs now if it does."""
    call, was = kept[0]
    now = after(call)
    if now is not None and now != was and len(call) + len(was.text) + len(now.text) < READABLE:
        return f"`{call}` {_spoken(was, 'gave', 'raised')} before the change and {_spoken(now, 'gives', 'raises')} now."
    count = "one input" if len(kept) == 1 else f"{len(kept)} inputs"
    return f"`{function.called}` gives what it gave before the change, for {count}."


def _spoken(said: Said, gives: str, raises: str) -> str:
    if said.text == NEVER:
        return "came to no end" if gives == "gave" else "comes to no end"
    return f"{raises if said.how == 'raised' else gives} {said.text}"


def _tells(said: Said, meant: frozenset[str]) -> bool:
    return said.how != "raised" or said.text in meant


def _differs(before: Said, after: Said | None) -> bool:
    return after is not None and after != before


def _varied(pairs: Sequence[tuple[str, Said]], most: int) -> list[tuple[str, Said]]:
    """Keep some, each with another result where there are enough."""
    first: dict[Said, tuple[str, Said]] = {}
    for pair in sorted(pairs, key=lambda one: one[1].text in ("None", "[]", "''", "{}", "False")):
        first.setdefault(pair[1], pair)
    rest = [pair for pair in pairs if pair not in first.values()]
    return [*first.values(), *rest][:most]


def _raised_on_purpose(node: ast.FunctionDef) -> frozenset[str]:
    """Name the exceptions that a function raises itself."""
    raised = (inner.exc for inner in ast.walk(node) if isinstance(inner, ast.Raise) and inner.exc is not None)
    made = (one.func if isinstance(one, ast.Call) else one for one in raised)
    return frozenset(one.id for one in made if isinstance(one, ast.Name))


def _file(function: Function, kept: Sequence[tuple[str, Said]], name: str, docstring: str) -> str:
    raising = any(said.how == "raised" for _, said in kept)
    own = sorted({said.text for _, said in kept if said.how == "raised" and not hasattr(builtins, said.text)})
    imports = f"{imports_of(function)}{''.join(f', {one}' for one in own)}"
    body = "\n".join(line for call, said in kept for line in _claim(call, said))
    head = f"import pytest\n\n{imports}" if raising else imports
    return f'{head}\n\n\ndef {name}() -> None:\n    """{docstring}"""\n{body}\n'


def _claim(call: str, said: Said) -> Iterator[str]:
    if said.how == "raised":
        yield f"    with pytest.raises({said.text}):"
        yield f"        {call}"
    elif said.how == "repr":
        yield f"    assert repr({call}) == {said.text!r}"
    elif said.how == "listed":
        yield f"    assert list({call}) == {said.text}"
    else:
        yield f"    assert {call} {'is' if said.text in ('None', 'True', 'False') else '=='} {said.text}"
