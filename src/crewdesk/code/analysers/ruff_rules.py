"""Which of ruff's rules are asked, how grave what they find is, and what it means to whoever runs the code.

Only likely bugs: how code looks is between a repository and its own linter.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crewdesk.code.sides import read
from crewdesk.domain.review.findings import Kind, Severity


@dataclass(frozen=True)
class Family:
    """Some rules that are about one thing."""

    codes: str
    severity: Severity
    confidence: float
    meaning: str
    kind: Kind = "bug"


FAMILIES = (
    Family("invalid-syntax E999", "critical", 0.95, "Python does not read this file; importing it fails."),
    Family("F821", "major", 0.9, "The name is defined nowhere, so this line raises NameError when it runs."),
    Family("F822", "major", 0.9, "`__all__` promises a name that is not there; `from module import *` fails."),
    Family("F823", "major", 0.9, "The name is local to the function and read before it is set: UnboundLocalError."),
    Family("F811", "minor", 0.8, "The earlier definition is never used; the later one replaces it without a word."),
    Family("F401", "note", 0.9, "Nothing in this file uses it any more.", "style"),
    Family("F841", "note", 0.6, "The value is computed and never used: forgotten, or meant for something.", "style"),
    Family("F402", "minor", 0.7, "The loop variable hides the import of the same name from here on."),
    Family(
        "F501 F502 F503 F504 F505 F506 F507 F508 F509 F521 F522 F523 F524 F525 PLE1300 PLE1307",
        *("major", 0.85, "The placeholders and the values do not fit: this raises, or leaves a value out."),
    ),
    Family("F601 F602 PLE0241", "minor", 0.7, "The same key or base stands twice; only the last one counts."),
    Family("F621 F622", "major", 0.9, "Python does not take this assignment."),
    Family("F631 F634", "major", 0.95, "A tuple that is not empty is always true, so this checks nothing."),
    Family("F632", "minor", 0.9, "`is` compares identity: whether equal values are one object is up to Python."),
    Family(
        "F701 F702 F704 F706 F707 PLE0115 PLE0116 PLE0117 PLE0118", "major", 0.95, "Python does not take this here."
    ),
    Family(
        "F502 F901", "major", 0.9, "NotImplemented is no exception; raising it is a TypeError. NotImplementedError is."
    ),
    Family("B002", "major", 0.9, "Python has no `++`; this does nothing."),
    Family("B003 B004 B005 B009 B016 PLE0704", "minor", 0.6, "It does something else than it looks like."),
    Family(
        "B006 B039 RUF008 RUF024",
        "major",
        0.8,
        "The value is made once and shared: what one call puts in, the next finds.",
    ),
    Family("B012", "minor", 0.8, "Leaving from `finally` throws away whatever exception was on its way."),
    Family(
        "B015 B018 PLW0133", "minor", 0.8, "The result is thrown away: an assertion, a call or a `raise` is missing."
    ),
    Family("B017", "note", 0.6, "Any exception satisfies this test, a mistake in the test among them.", "tests"),
    Family(
        "B020 B031 B035 B025 B029 B030", "minor", 0.75, "The loop, the key or the `except` does not do what it says."
    ),
    Family(
        "B023", "minor", 0.6, "The function reads the loop variable when it is called; by then it has its last value."
    ),
    Family("B026", "minor", 0.6, "The starred argument is unpacked before the keyword, whatever the order here says."),
    Family("B032", "minor", 0.8, "This is an annotation and assigns nothing; `=` was probably meant."),
    Family("B033", "note", 0.8, "The same value stands twice in the set.", "style"),
    Family("B034", "minor", 0.8, "The positional argument is `count` or `maxsplit`, not flags."),
    Family(
        "ASYNC100 ASYNC105 ASYNC115", "minor", 0.7, "The time limit has no effect without something that is awaited."
    ),
    Family(
        "ASYNC210 ASYNC220 ASYNC221 ASYNC222 ASYNC251",
        "minor",
        0.8,
        "It blocks the event loop: everything else waits meanwhile.",
        "performance",
    ),
    Family(
        "PLE0100 PLE0101 PLE0302 PLE0303 PLE0305 PLE0307 PLE0308 PLE0309",
        "major",
        0.85,
        "Python does not take this of a special method.",
    ),
    Family(
        "PLE0604 PLE0605 PLE1142 PLE1205 PLE1206 PLE1310 PLE1507 PLE1519 PLE1520 PLE1700",
        "major",
        0.85,
        "It raises, or does nothing, when it runs.",
    ),
    Family(
        "PLE2502 PLE2510 PLE2512 PLE2513 PLE2514 PLE2515",
        "major",
        0.9,
        "Invisible characters: what runs is not what one reads.",
        "security",
    ),
    Family(
        "PLW0127 PLW0128 PLW0129 PLW0131 PLR0124 PLW0711",
        "minor",
        0.85,
        "It has no effect, or always the same one: something else was probably meant.",
    ),
    Family("PLW1501 PLW1507 PLW1508 PLW1509", "minor", 0.75, "The argument does not do what it looks like."),
    Family("RUF006", "minor", 0.8, "Nothing holds the task, so it may be collected before it is done."),
    Family("RUF009", "minor", 0.6, "The call runs once, when the class is made; all instances share its result."),
    Family("RUF016 RUF018 RUF026 RUF030 RUF033 RUF040", "minor", 0.8, "It does something else than it looks like."),
    Family("RUF032", "note", 0.7, "The float is inexact before Decimal sees it; a string is exact."),
    Family("LOG001 LOG007 LOG009 LOG014", "note", 0.7, "The log does not get what this looks like."),
    Family("T100", "major", 0.95, "The program stops here and waits for somebody at a debugger."),
    Family("YTT101 YTT102 YTT103 YTT301 YTT302 YTT303", "minor", 0.8, "From Python 3.10 on the comparison is wrong."),
    Family("W605", "note", 0.8, "Python warns of this escape and will refuse it one day.", "style"),
    Family("E722", "note", 0.6, "It also catches KeyboardInterrupt and SystemExit."),
)


@cache
def families() -> Mapping[str, Family]:
    """List the rules, each with what it is about."""
    return {code: family for family in FAMILIES for code in family.codes.split()}


def asked(ignored: Iterable[str] = ()) -> str:
    """Spell the rules as ruff wants to be asked for them, less those that begin with what is ignored."""
    left_out = (*ignored, "invalid-syntax", "E999")  # these ruff says without being asked
    return ",".join(code for code in families() if not code.startswith(left_out))


def ignored_in(folder: Path) -> tuple[str, ...]:
    """Read which rules a repository ignores, from its settings of ruff; nothing of them is run."""
    found: list[str] = []
    for name, path in (("pyproject.toml", ("tool", "ruff")), ("ruff.toml", ()), (".ruff.toml", ())):
        try:
            settings: Any = tomllib.loads(read(folder, name))
            for key in path:
                settings = settings.get(key, {})
            for table in (settings, settings.get("lint", {})):
                found += [*table.get("ignore", []), *table.get("extend-ignore", [])]
        except (ValueError, TypeError, AttributeError, RecursionError):
            continue  # settings that nobody can read ignore nothing
    return tuple(code for code in found if isinstance(code, str) and re.fullmatch(r"[A-Z]{1,5}\d*", code))  # pyright: ignore[reportUnnecessaryIsInstance] - TOML
