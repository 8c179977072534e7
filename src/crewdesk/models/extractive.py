"""The offline model: no language model, but tools called and sentences quoted by recipes in YAML.

It composes its answers only from what stands in its messages and what its tools returned. It needs no
key and no network, costs nothing, and gives the same answer to the same request, in every thread.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from jinja2 import TemplateError

from crewdesk.domain.canonical import Json, JsonObject, canonical
from crewdesk.domain.effects import Usage
from crewdesk.domain.models import ModelAnswer, ModelRequest, ToolCall
from crewdesk.errors import ModelRefused
from crewdesk.models.craft import Craft
from crewdesk.models.materials import Materials, as_object, as_text, read_materials
from crewdesk.models.recipes import ANY_TOOL, CallRule, Cookbook, Names, Recipe
from crewdesk.models.schema import Filler

_WINDOW = 1_000_000
_CHARS_PER_TOKEN = 4
"""The usual rule of thumb for English; only an estimate, and so is the usage."""
_RECIPE_FAULTS = (TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError)
_NAMES = frozenset(
    {"inputs", "outputs", "passages", "results", "last", "notes", "blocks", "description", "house", "tools"}
)


class ExtractiveModel:
    """A small deterministic model; `recipes` is config/offline.yaml with the crew's offline.yaml over it.

    Keys with a capital are recipes, by the name of the typed output; the others are settings. Raises
    `ConfigurationError` where a recipe cannot be read. Safe to call from several threads.
    """

    def __init__(self, recipes: JsonObject) -> None:
        self._house: JsonObject = {key: value for key, value in recipes.items() if not key[:1].isupper()}
        craft = Craft(self._house)
        cookbook = Cookbook(craft.functions(), _NAMES)
        self._recipes = {
            name: cookbook.compile(name, as_object(recipe)) for name, recipe in recipes.items() if name[:1].isupper()
        }

    def window(self, model: str) -> int:  # noqa: ARG002 - the port asks by model
        """Say how many tokens fit: more than anybody sends."""
        return _WINDOW

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """Call the tools that the recipe wants and that are offered, or else fill the output."""
        materials = read_materials(request)
        schema = request.answer_schema or {}
        recipe = self._recipes.get(as_text(schema.get("title"))) or self._recipes.get("Anything")
        names = self._names(materials, request)
        try:
            calls = tuple(self._calls(recipe, names, materials, request)) if recipe else ()
            values = recipe.fill(names) if recipe and not calls else {}
        except _RECIPE_FAULTS as error:
            raise ModelRefused(
                f"The offline model's recipe for {schema.get('title')!r} failed: {error}",
                hint="Mend it in offline.yaml.",
            ) from error
        if calls:
            return _answer(request, calls=calls)
        if not request.answer_schema:
            return _answer(request, text=as_text(values.get("text")))
        filler = Filler(text=as_text(values.get("text")), choices=as_object(self._house.get("choices")))
        return _answer(request, text=json.dumps(filler.fill(schema, values), ensure_ascii=False, default=str))

    def _names(self, materials: Materials, request: ModelRequest) -> Names:
        return {
            "inputs": materials.inputs,
            "outputs": materials.outputs,
            "passages": list(materials.passages),
            "results": {name: materials.answers(name) for name in {result.name for result in materials.results}},
            "last": materials.last,
            "notes": list(materials.notes),
            "blocks": materials.blocks,
            "description": materials.description,
            "house": self._house,
            "tools": list(map(_name_of, request.tools)),
        }

    def _calls(self, recipe: Recipe, names: Names, materials: Materials, request: ModelRequest) -> list[ToolCall]:
        """Give the calls of the first round that is still due; a call is never made twice."""
        offered = {_name_of(tool): _parameters(tool) for tool in request.tools}
        made = {(result.name, canonical(result.arguments)) for result in materials.results}
        known = recipe.with_steps(names) if recipe.rounds and offered else names
        for rules in recipe.rounds[materials.rounds :]:
            wanted = [call for rule in rules for call in _wanted(rule, known, offered)]
            fresh = {(name, canonical(arguments)): arguments for name, arguments in wanted}
            due = [(name, arguments) for (name, key), arguments in fresh.items() if (name, key) not in made]
            if due:
                return [
                    ToolCall(f"call-{number}", name, json.dumps(arguments, ensure_ascii=False, sort_keys=True))
                    for number, (name, arguments) in enumerate(due, start=materials.calls + 1)
                ]
        return []


def _wanted(rule: CallRule, known: Names, offered: Mapping[str, JsonObject]) -> Iterator[tuple[str, JsonObject]]:
    """Give the calls one rule asks for, of tools that are on offer."""
    for arguments in rule.arguments_for(known):
        if rule.tool in offered:
            yield rule.tool, arguments
        elif rule.tool == ANY_TOOL:
            filler = Filler(text=as_text(arguments.get("text")))
            for name, parameters in offered.items():
                yield name, filler.fill(parameters, {})


def _parameters(tool: JsonObject) -> JsonObject:
    return as_object(as_object(tool.get("function")).get("parameters"))


def _name_of(tool: JsonObject) -> str:
    return as_text(as_object(tool.get("function")).get("name"))


def _answer(request: ModelRequest, *, text: str = "", calls: tuple[ToolCall, ...] = ()) -> ModelAnswer:
    written = text or json.dumps([asdict(call) for call in calls], ensure_ascii=False)
    return ModelAnswer(
        text,
        calls,
        usage=Usage(_tokens(canonical(list[Json](request.messages))), _tokens(written), 0.0),
        finish="tool_calls" if calls else "stop",
        model=request.model,
    )


def _tokens(text: str) -> int:
    return math.ceil(len(text) / _CHARS_PER_TOKEN)
