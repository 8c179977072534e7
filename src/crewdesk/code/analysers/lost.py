"""What a function lost: a check, a handler, an `await`, a lock, an argument, its answer. Linters cannot see it.

Only what is gone without anything in its place is told, and only where the function is the same one otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from crewdesk.code.analysers.conditions import Condition, conditions
from crewdesk.code.analysers.errors import unhandled, unraised
from crewdesk.code.analysers.functions import Function, Version, Word, functions
from crewdesk.code.analysers.saying import cut, reported
from crewdesk.code.definitions import spelled
from crewdesk.code.importance import is_sample
from crewdesk.code.sides import Sides
from crewdesk.domain.review.findings import Reported

if TYPE_CHECKING:
    from tree_sitter import Node


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALIKE = 0.6
"""How much of a function must have stayed for it to be the same one."""
LOCK = re.compile(r"(?i)lock|mutex|semaphore")
CLEANUP = _words(
    "close aclose release unlock Unlock RUnlock rollback shutdown disconnect terminate cleanup dispose Dispose Close "
    "unlink clearTimeout clearInterval removeEventListener unsubscribe removeListener destroy"
)
CAREFUL = _words(
    "copy deepcopy strip lower casefold escape quote unquote sorted encode decode normpath abspath resolve validate "
    "raise_for_status lock acquire flush rstrip lstrip trim toLowerCase slice isdigit unwrap dedent removeprefix "
    "removesuffix is_file exists isfinite isNaN hasOwnProperty TrimSpace list tuple dict set str int"
)
SHORT = 8
"""Characters of a condition so short that the same signs may stand anywhere."""
MOST_WORDS = 14
"""Words of a change that is small enough to say: this, and nothing else, was taken away."""


def lost(sides: Sides) -> Iterator[Reported]:
    """Report what functions lost in this change."""
    for pair in sides.pairs():
        if pair.old and pair.new and not is_sample(pair.path):
            for function in functions(pair):
                if function.likeness >= ALIKE:
                    yield from _first(function)


def _first(function: Function) -> Iterator[Reported]:
    """Say one thing of a function: what explains it best comes first."""
    for rule in RULES:
        said = list(rule(function))
        if said:
            yield from said[:2]
            return


def _awaited(function: Function) -> Iterator[Reported]:
    for old, new in function.edits:
        if [word.text for word in old] == ["await"] and not new:
            yield reported(
                *(function, function.line(old[0].line), "What was awaited is no longer awaited"),
                "Without it the call makes a coroutine or a promise: it may never run, and its errors are lost.",
                severity="major",
                confidence=0.7,
            )


def _checked(function: Function) -> Iterator[Reported]:
    before, after = list(conditions(function.old)), list(conditions(function.new))
    gone = Counter(one.text for one in before) - Counter(one.text for one in after)
    come = Counter(one.text for one in after) - Counter(one.text for one in before)
    if come or not gone or gone.total() > 2:  # noqa: PLR2004 - more than that is another way of doing it
        return
    for one in before:
        if gone[one.text] and one.names and one.names <= function.new.names and _is_gone(one, function):
            gone[one.text] -= 1
            yield reported(
                *(function, function.line(one.line), f"`{cut(one.said)}` is no longer checked"),
                _meaning(one),
                confidence=0.55 if one.is_of_nothing or one.leaves else 0.45,
            )


def _is_gone(one: Condition, function: Function) -> bool:
    """Say whether nothing came in a condition's place, and nothing in the file says the same now."""
    edits = [(old, new) for old, new in function.edits if any(word.line == one.line for word in old)]
    if not edits or any(len(new) > len(old) // 2 for old, new in edits):
        return False
    words = "".join(one.text.split())
    return len(one.names) + len(words) < SHORT or function.is_rarer(words)


def _meaning(one: Condition) -> str:
    if one.is_of_nothing:
        return "What is not there now goes on to code that takes it to be there."
    if one.leaves:
        return "The function was left early where this held; now it goes on, and nothing else handles the case."
    return "What depended on it now happens always, or never."


def _closed(function: Function) -> Iterator[Reported]:
    before, after = _held(function.old), _held(function.new)
    if len(after) >= len(before):
        return
    text = "".join(spelled_words(function.new))
    for what, line in before.items():
        if what in after:
            continue
        if LOCK.search(what):
            yield reported(
                *(function, function.line(line), f"`{cut(what)}` is no longer held"),
                "Two threads can be in here at the same time now.",
                severity="major",
            )
        elif "".join(what.split()) in text:
            yield reported(
                *(function, function.line(line), f"`{cut(what)}` is no longer closed by `with`"),
                "It stays open where the function ends early or raises.",
            )


def _held(version: Version) -> dict[str, int]:
    items = (node for node in version.nodes if node.type == "with_item")
    return {re.sub(r"\s+as\s+.*$", "", spelled(node), flags=re.DOTALL): node.start_point.row + 1 for node in items}


def spelled_words(version: Version) -> Sequence[str]:
    """List the words of a function."""
    return [word.text for word in version.words]


def _unused(function: Function) -> Iterator[Reported]:
    old, new = Counter(spelled_words(function.old)), Counter(spelled_words(function.new))
    if new["locals"] or len(function.new.words) < 12:  # noqa: PLR2004 - a body that is left empty on purpose
        return
    given = _parameters(function.new)
    for name in _parameters(function.old):
        if name in given and old[name] > 1 and new[name] == 1 and not name.startswith("_"):
            line = next(word.line for word in function.new.words if word.text == name)
            yield reported(
                *(function, line, f"`{name}` is still accepted but no longer used"),
                "Callers go on passing it and nothing happens.",
                confidence=0.55,
            )


def _parameters(version: Version) -> list[str]:
    inner = re.sub(r"\[[^\[\]]*\]|(?<=\w)\([^()]*\)|\{[^{}]*\}|<[^<>]*>", "", version.symbol.parameters[1:-1])
    last = version.language in ("java", "c", "cpp", "c_sharp")
    found = (re.findall(r"\w+", piece.partition("=")[0].partition(":")[0]) for piece in inner.split(","))
    return [words[-1 if last else 0] for words in found if words]


def _answered(function: Function) -> Iterator[Reported]:
    if function.new.language not in ("python", "javascript", "typescript", "tsx", "php"):
        return
    before, after = _returns(function.old), _returns(function.new)
    if before and not after and not {"yield", "raise", "throw"} & set(spelled_words(function.new)):
        yield reported(
            *(function, function.line(before[-1]), f"{function.new.symbol.qualified[:60]} no longer returns anything"),
            "It returned a value before; whoever uses the value gets nothing now.",
            severity="major",
        )


def _returns(version: Version) -> list[int]:
    return [node.start_point.row + 1 for node in version.nodes if _is_answer(node)]


def _is_answer(node: Node) -> bool:
    if node.type == "arrow_function":
        body = node.child_by_field_name("body")
        return body is not None and body.type != "statement_block"
    return node.type == "return_statement" and node.named_child_count > 0


def _called(function: Function) -> Iterator[Reported]:
    """Say which careful call was taken away, where little else was."""
    gone = [word for old, _ in function.edits for word in old]
    if any(new for _, new in function.edits) or not 0 < len(gone) <= MOST_WORDS:
        return
    after = Counter(spelled_words(function.new))
    for word in gone:
        if word.text in CLEANUP | CAREFUL and not after[word.text] and function.old.is_called(word):
            yield reported(
                *(function, function.line(word.line), f"`{word.text}` is no longer called here"),
                "Nothing else in the function does it instead.",
            )
            return
    if name := _passed(gone, function.old.words):
        line = function.line(gone[0].line)
        yield reported(function, line, f"`{name}` is no longer passed here", "The call falls back to its default.")


def _passed(gone: Sequence[Word], words: Sequence[Word]) -> str:
    """Name the argument that these words pass by its name; empty where they are something else."""
    first = next((word for word in gone if word.text != ","), gone[0])
    at = words.index(first)
    before, after = words[max(at - 1, 0)].text, [word.text for word in words[at + 1 : at + 2]]
    return first.text if before in (",", "(") and after == ["="] and len(gone) > 2 else ""  # noqa: PLR2004 - name=value


RULES: Sequence[Callable[[Function], Iterator[Reported]]] = (
    *(_awaited, _closed, unhandled, _checked, unraised, _unused, _answered, _called),
)
