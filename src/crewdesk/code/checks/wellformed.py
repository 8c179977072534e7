"""Whether an edited file still is what it was: code that parses, and for documentation the same code."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from crewdesk.code.languages import language_of
from crewdesk.code.parsing import meaning
from crewdesk.code.symbols import parses

_COMMENT = re.compile(r"\s*(//|/\*|\*|#|--|<!--|-->|;|$)")
_WORDS = ("", "markdown", "rst")


def well_formed(path: str, text: str, before: str) -> bool:
    """Say whether a file parses as well as it did before."""
    language = language_of(PurePosixPath(path))
    if language == "yaml":
        return _is_yaml(text) or not _is_yaml(before)
    return parses(text, language, before)


def same_code(path: str, text: str, before: str) -> bool:
    """Say whether two versions of a file differ in words only: docstrings, comments, pages."""
    language = language_of(PurePosixPath(path))
    if language in _WORDS:
        return True
    if language == "python":
        old, new = meaning(before), meaning(text)
        return old is not None and old == new
    old_lines, new_lines = ([line for line in one.split("\n") if not _COMMENT.match(line)] for one in (before, text))
    return old_lines == new_lines


def _is_yaml(text: str) -> bool:
    from ruamel.yaml import YAML, YAMLError

    try:
        for _ in YAML(typ="safe", pure=True).compose_all(text):  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]
            pass
    except (YAMLError, ValueError, RecursionError):
        return False
    return True
