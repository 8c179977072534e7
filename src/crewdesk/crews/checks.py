"""The tables of typed outputs and guardrails, as the desk asks for them.

The tables are imported when they are asked for: most decisions need none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.facts import Facts
from crewdesk.errors import NotValid, WrongUsage

if TYPE_CHECKING:
    from crewdesk.crews.output import Output, Text

PLAIN = "Text"
"""The schema of a task that asks for plain text."""


class CrewChecks:
    """The port `Checks` on the tables of this room; `voice` is the text of the house's voice file."""

    def __init__(self, *, voice: str = "") -> None:
        self._voice = voice

    def normalise(self, schema: str, body: JsonObject) -> JsonObject:
        """Validate a body against its typed output and spell it in full."""
        return _spelled(self._read(schema, body))

    def schema(self, name: str) -> JsonObject:
        """Describe a typed output as JSON Schema."""
        return cast("JsonObject", _model(name).model_json_schema())

    def compose(self, composer: str, schema: str, body: JsonObject, facts: Facts) -> tuple[str, JsonObject]:
        """Join an answer with its context."""
        from crewdesk.crews.table import COMPOSERS

        composed = COMPOSERS[composer].compose(cast("Output", self._read(schema, body)), facts)
        return type(composed).__name__, _spelled(composed)

    def problems(self, guardrails: Sequence[str], schema: str, body: JsonObject, facts: Facts) -> list[str]:
        """Run guardrails by name."""
        from crewdesk.crews.table import GUARDRAILS

        if schema == PLAIN:
            return []
        output = cast("Output", self._read(schema, body))
        return [problem for name in guardrails for problem in GUARDRAILS[name](output, facts)]

    def card(self, schema: str, body: JsonObject, facts: Facts) -> JsonObject:
        """Say what a person should know of an output."""
        from crewdesk.crews.cards import card

        return card(schema, body, facts, voice=self._voice)

    def _read(self, schema: str, body: JsonObject) -> Output | Text:
        from pydantic import ValidationError

        from crewdesk.crews.sentences import sentence

        try:
            return _model(schema).model_validate(body)
        except ValidationError as error:
            problems = [(problem["loc"], sentence(problem)) for problem in error.errors()]
            raise NotValid(
                "; ".join(f"{'.'.join([schema, *map(str, where)])}: {what}" for where, what in problems),
                places={"/".join(map(str, where)): f"{what}." for where, what in problems},
            ) from error


def _model(schema: str) -> type[Output | Text]:
    from crewdesk.crews.output import Text
    from crewdesk.crews.table import OUTPUTS

    found = Text if schema == PLAIN else OUTPUTS.get(schema)
    if found is None:
        raise WrongUsage(f"There is no typed output {schema!r} any more.", hint="It was made by another version.")
    return found


def _spelled(output: Output | Text) -> JsonObject:
    return output.model_dump(mode="json")
