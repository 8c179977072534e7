"""What a YAML parser says about broken text, in words that say what to do."""

from __future__ import annotations

import re
from typing import Protocol, cast

from crewdesk.configuration.problems import Problem
from crewdesk.configuration.yaml_nodes import TOO_MUCH, Mark

QUOTES = "Put the whole text in quotes, or under the key as a block that starts with >-."

# Part of the parser's words, the sentence, the hint. The first that fits is used.
SENTENCES: tuple[tuple[str, str, str], ...] = (
    (r"'\\t'", "a tab stands where YAML wants spaces", "Indent with two spaces."),
    (r"mapping values are not allowed", "there is one colon too many in this line", QUOTES),
    (
        r"could not find expected ':'",
        "this line is neither 'key: value' nor part of a text",
        "Add the colon, or indent.",
    ),
    (r"found character '(.)'", "a text cannot start with {0}", QUOTES),
    (r"quoted scalar.*end of stream", "a quote is opened here and never closed", "Close the quote."),
    (r"unknown escape character '(.)'", "\\{0} means nothing inside double quotes", "Use single quotes."),
    (r"flow sequence.*expected", "a list that starts with [ is not closed", "Close it with ]."),
    (r"flow mapping.*expected", "a mapping that starts with {{ is not closed", QUOTES),
    (r"flow node.*stream end", "the file ends before a [ or {{ is closed", "Close it."),
    (r"flow node", "a value is missing before this place", "Write it, or take the comma out."),
    (r"undefined alias '(.*)'", "*{0} refers to nothing", "A text that starts with * needs quotes."),
    (r"another document", "a second document starts here", "Keep one document to a file: delete the line ---."),
    (r"expected <block end>, but found '<scalar>'", "text goes on after a value has ended", QUOTES),
    (r"expected <block end>|block collection", "this line is indented unlike its neighbours", "Line it up with them."),
    (r"maximum depth", TOO_MUCH, "Flatten it."),
)

# Errors whose beginning helps more than their end.
OPENED_HERE = re.compile(r"quoted scalar|simple key|flow (sequence|mapping)")


class Complaint(Protocol):
    """A parser's error that knows its place, with the types ruamel.yaml leaves out."""

    context: str | None
    context_mark: Mark | None
    problem: str | None
    problem_mark: Mark | None


def parser_problem(error: Exception, text: str, *, file: str) -> Problem:
    """Turn what the parser raised into one problem with the line it is about."""
    from ruamel.yaml.error import MarkedYAMLError

    if isinstance(error, MarkedYAMLError):
        return _marked_problem(cast("Complaint", error), file)
    position = int(getattr(error, "position", 0))
    sentence = "a control character stands here that no text needs"
    return Problem(file, text.count("\n", 0, position) + 1, sentence, "Delete it.")


def _marked_problem(error: Complaint, file: str) -> Problem:
    words = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark or error.context_mark
    if OPENED_HERE.search(words) and error.context_mark is not None:
        mark = error.context_mark
    line = mark.line + 1 if mark is not None else 1
    for pattern, sentence, hint in SENTENCES:
        if found := re.search(pattern, words):
            return Problem(file, line, sentence.format(*found.groups()), hint)
    return Problem(file, line, f"this is no YAML: {error.problem}")
