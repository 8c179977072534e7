"""Variables that hold a secret: YAML names them, .env holds them, and their names keep them out of everything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crewdesk.configuration.problems import Problem, listing
from crewdesk.configuration.yaml_source import Source
from crewdesk.settings import SECRET_ENDINGS

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check_variable(source: Source, whose: str, variable: str, *path: str, example: str) -> Iterator[Problem]:
    """Find what is wrong with the name of a variable at a key path; `whose` says what it belongs to."""
    key = path[-1]
    if not NAME.fullmatch(variable):
        # Whatever stands there may be the secret itself: it is not repeated.
        hint = f"Put the value into .env, as {example}=value, and the name here."
        yield source.problem(f"{key!r} of {whose} is no name of a variable", *path, hint=hint)
    elif not variable.upper().endswith(SECRET_ENDINGS):
        hint = "Only variables with such a name are kept out of the journal, the trace and the log."
        yield source.problem(f"{key!r} of {whose} must end with {listing(SECRET_ENDINGS)}", *path, hint=hint)
