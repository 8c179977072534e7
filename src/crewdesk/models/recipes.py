"""Recipes in YAML: which tools to call and how to fill an output, as sandboxed Jinja2 expressions.

    <name of the typed output>:
      tools:                        a list of rounds, each a list of calls
        - - call: search_knowledge  the tool's name; "*" is every tool on offer, with {text: …} for its texts
            each: queries           an expression that gives a list; one call for each, which is `each`
            when: inputs.topic      left out: always
            with: {query: each}     the arguments, each an expression
      let:                          names for intermediate values, in any order
        queries: "[inputs.topic]"
      fields:                       the output's fields
        topic: inputs.topic                       an expression; its value is taken as it is
        body: {text: "… {{ inputs.topic }} …"}     a template; gives a text
        drafts: {each: networks, as: {name: each}} a list of objects

A value that is no text (0.5, true, []) stands for itself.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any, cast

from jinja2 import ChainableUndefined, TemplateSyntaxError, Undefined, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.errors import ConfigurationError
from crewdesk.models.materials import as_list, as_object

Names = Mapping[str, Any]
"""What an expression can name: materials, functions, and the values of `let`."""
Value = Callable[[Names], Any]
ANY_TOOL = "*"
"""Stands for every tool on offer."""
_BLANKS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class CallRule:
    """One call of a tool, or one for each value of a list."""

    tool: str
    when: Value
    each: Value
    arguments: Mapping[str, Value]

    def arguments_for(self, names: Names) -> Iterator[JsonObject]:
        """Give the arguments of each call that is due."""
        if self.when(names):
            for each in as_list(self.each(names)):
                inner = {**names, "each": each}
                yield {name: value(inner) for name, value in self.arguments.items()}


@dataclass(frozen=True)
class Recipe:
    """How one typed output is made."""

    rounds: tuple[tuple[CallRule, ...], ...]
    steps: tuple[tuple[str, Value], ...]
    """The values of `let`, each after those it needs."""
    fields: Mapping[str, Value]

    def fill(self, names: Names) -> JsonObject:
        """Work out every field."""
        known = self.with_steps(names)
        return {name: value(known) for name, value in self.fields.items()}

    def with_steps(self, names: Names) -> Names:
        """Add the values of `let` to what can be named."""
        known = dict(names)
        for name, value in self.steps:
            known[name] = value(known)
        return known


class Cookbook:
    """Compiles recipes. Names that nothing defines and broken expressions raise `ConfigurationError`."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], materials: frozenset[str]) -> None:
        self._environment = ImmutableSandboxedEnvironment(
            undefined=ChainableUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )
        known = cast("dict[str, Any]", self._environment.globals)  # pyright: ignore[reportUnknownMemberType] - no types
        known.clear()
        known.update({name: _without_gaps(function) for name, function in functions.items()})
        self._scope = materials | {"each"} | known.keys()

    def compile(self, name: str, settings: JsonObject) -> Recipe:
        """Make a recipe of what the YAML says."""
        lets = as_object(settings.get("let"))
        compiler = _Compiler(self._environment, name, frozenset(self._scope | lets.keys()))
        rounds = tuple(
            tuple(_call_rule(compiler, as_object(call)) for call in as_list(calls))
            for calls in as_list(settings.get("tools"))
        )
        steps = tuple((each, compiler.value(f"let.{each}", lets[each])) for each in compiler.in_order(lets))
        fields = {key: compiler.value(key, value) for key, value in as_object(settings.get("fields")).items()}
        return Recipe(rounds, steps, fields)


def _without_gaps(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function take what is missing in the materials as an empty text."""

    def filled(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the recipe hands over
        return function(*map(_filled, given), **{name: _filled(value) for name, value in named.items()})

    return filled


def _filled(value: Any) -> Any:  # noqa: ANN401 - whatever the recipe hands over
    return "" if value is None or isinstance(value, Undefined) else value


def _call_rule(compiler: _Compiler, call: JsonObject) -> CallRule:
    tool = call.get("call")
    if not isinstance(tool, str) or not tool:
        raise compiler.fault("tools", "every call names its tool under 'call'")
    return CallRule(
        tool,
        when=compiler.value(f"{tool}.when", call.get("when", True)),
        each=compiler.value(f"{tool}.each", call.get("each", [True])),
        arguments={key: compiler.value(f"{tool}.{key}", value) for key, value in as_object(call.get("with")).items()},
    )


@dataclass(frozen=True)
class _Compiler:
    environment: ImmutableSandboxedEnvironment
    recipe: str
    scope: frozenset[str]

    def fault(self, place: str, message: str) -> ConfigurationError:
        return ConfigurationError(f"offline.yaml: {self.recipe}.{place}: {message}", hint="Mend the recipe.")

    def value(self, place: str, setting: Json) -> Value:
        """Compile one value: an expression, a template, a list of objects, or a value that stands for itself."""
        if isinstance(setting, str):
            return self._expression(place, setting)
        if isinstance(setting, dict) and isinstance(setting.get("text"), str):
            return self._template(place, str(setting["text"]))
        if isinstance(setting, dict) and "each" in setting:
            return self._objects(place, setting)
        return lambda _: setting

    def in_order(self, lets: JsonObject) -> list[str]:
        """Order the names of `let` so that each comes after those it needs."""
        needs = {name: self._named(name, value) & lets.keys() for name, value in lets.items()}
        try:
            return list(TopologicalSorter({name: sorted(needs[name]) for name in sorted(needs)}).static_order())
        except CycleError as error:
            raise self.fault("let", f"these need each other: {', '.join(error.args[1])}") from error

    def _named(self, place: str, setting: Json) -> set[str]:
        """Collect the names that a value uses, however deep they stand."""
        if isinstance(setting, str):
            return meta.find_undeclared_variables(self._parsed(place, "{{ " + setting + " }}"))
        if isinstance(setting, dict) and isinstance(setting.get("text"), str):
            return meta.find_undeclared_variables(self._parsed(place, str(setting["text"])))
        parts = setting.values() if isinstance(setting, dict) else as_list(setting) if setting else []
        return {name for part in parts if isinstance(part, (str, dict)) for name in self._named(place, part)}

    def _parsed(self, place: str, source: str) -> Any:  # noqa: ANN401 - jinja2's syntax tree
        try:
            return self.environment.parse(source)
        except TemplateSyntaxError as error:
            raise self.fault(place, f"cannot be read: {error.message}") from error

    def _checked(self, place: str, source: str) -> None:
        for name in sorted(meta.find_undeclared_variables(self._parsed(place, source)) - self.scope):
            near = difflib.get_close_matches(name, sorted(self.scope), n=1)
            raise self.fault(place, f"nothing is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))

    def _expression(self, place: str, source: str) -> Value:
        self._checked(place, "{{ " + source + " }}")
        try:
            evaluate = self.environment.compile_expression(source)
        except TemplateSyntaxError as error:
            raise self.fault(place, f"cannot be read: {error.message}") from error
        return evaluate

    def _template(self, place: str, source: str) -> Value:
        self._checked(place, source)
        template = self.environment.from_string(source)
        return lambda names: _BLANKS.sub("\n\n", template.render(names)).strip()

    def _objects(self, place: str, setting: JsonObject) -> Value:
        each = self.value(f"{place}.each", setting["each"])
        parts = {key: self.value(f"{place}.{key}", part) for key, part in as_object(setting.get("as")).items()}

        def listed(names: Names) -> list[dict[str, Any]]:
            return [
                {key: part({**names, "each": item}) for key, part in parts.items()} for item in as_list(each(names))
            ]

        return listed
