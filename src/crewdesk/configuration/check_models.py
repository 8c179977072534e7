"""Models, tools and connectors: profiles that lead to models, fallbacks that end, kinds that code knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from crewdesk.configuration.check_settings import check_settings
from crewdesk.configuration.files import CrewFiles
from crewdesk.configuration.names import Names
from crewdesk.configuration.problems import Problem, did_you_mean
from crewdesk.configuration.variables import check_variable
from crewdesk.configuration.yaml_source import Source
from crewdesk.domain.actions import ALWAYS_ASKED
from crewdesk.domain.model_specs import ModelSpec, ModelsSpec

TIERS = ("orchestrator", "worker", "light", "judge")
TOOL_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What every provider takes for the name of a function."""


def check_models(files: CrewFiles) -> Iterator[Problem]:
    """Find profiles and fallbacks that lead nowhere or in a circle."""
    source = files.models.source
    spec = files.models.spec
    if spec is None:
        return
    profiles, models = source.names("profiles"), source.names("models")
    if spec.default not in profiles:
        near = did_you_mean(spec.default, profiles, none="there are no profiles yet")
        yield source.problem(f"default profile {spec.default!r} is not among the profiles{near}", "default")
    for name in spec.profiles:
        yield from _profile(source, spec, name, models)
    for name, model in spec.models.items():
        yield from _model(source, name, model, spec.models)


def check_kinds(files: CrewFiles, names: Names) -> Iterator[Problem]:
    """Find tools and connectors of kinds that no code answers to, and tools that look at no connector."""
    for name, tool in (files.tools.spec.tools if files.tools.spec else {}).items():
        source = files.tools.source
        yield from _kind(source, ("tools", name), tool.kind, names.tool_kinds)
        yield from check_settings(source, ("tools", name), tool.kind, tool.settings, names)
        if not TOOL_NAME.fullmatch(name):
            hint = "Models take letters, digits, _ and - only, 64 at most."
            yield source.problem(f"{name!r} is no name for a tool", "tools", name, hint=hint)
        connector = tool.settings.get("connector")
        if isinstance(connector, str) and files.connectors.lacks(connector, "connectors"):
            near = did_you_mean(connector, files.connectors.source.names("connectors"), none="there are none yet")
            sentence = f"connector {connector!r} of tool {name!r} is not in connectors.yaml{near}"
            yield source.problem(sentence, "tools", name, "settings", "connector")
    for name, connector in (files.connectors.spec.connectors if files.connectors.spec else {}).items():
        source = files.connectors.source
        yield from _kind(source, ("connectors", name), connector.kind, names.connector_kinds)
        yield from check_settings(source, ("connectors", name), connector.kind, connector.settings, names)
        if connector.approved_by_rule is not None and connector.kind in ALWAYS_ASKED:
            sentence = f"connector {name!r} sends to strangers, so a person approves each time, and no rule"
            yield source.problem(sentence, "connectors", name, "approved_by_rule")


def _kind(source: Source, path: tuple[str, str], kind: str, known: frozenset[str]) -> Iterator[Problem]:
    if kind not in known:
        near = did_you_mean(kind, known, none="none is registered")
        noun = path[0].removesuffix("s")
        yield source.problem(f"kind {kind!r} of {noun} {path[1]!r} is not known{near}", *path, "kind")


def _profile(source: Source, spec: ModelsSpec, name: str, models: tuple[str, ...]) -> Iterator[Problem]:
    for tier in TIERS:
        model: str | None = getattr(spec.profiles[name], tier)
        if model is not None and model not in models:
            near = did_you_mean(model, models, none="there are no models yet")
            sentence = f"model {model!r} for {tier} of profile {name!r} is not among the models{near}"
            yield source.problem(sentence, "profiles", name, tier)


def _model(source: Source, name: str, model: ModelSpec, models: Mapping[str, ModelSpec]) -> Iterator[Problem]:
    path = ("models", name)
    if model.api_key_env is not None:
        whose = f"model {name!r}"
        yield from check_variable(source, whose, model.api_key_env, *path, "api_key_env", example="SOME_API_KEY")
    if model.fallback is None:
        return
    if model.fallback not in source.names("models"):
        near = did_you_mean(model.fallback, models)
        sentence = f"fallback {model.fallback!r} of model {name!r} is not among the models{near}"
        yield source.problem(sentence, *path, "fallback")
    elif name in (chain := _fallbacks(name, models)):
        circle = " → ".join([name, *chain[: chain.index(name) + 1]])
        yield source.problem(f"the fallback of model {name!r} leads back to it: {circle}", *path, "fallback")


def _fallbacks(name: str, models: Mapping[str, ModelSpec]) -> list[str]:
    chain: list[str] = []
    following = models[name].fallback
    while following is not None and following in models and following not in chain:
        chain.append(following)
        following = models[following].fallback
    return chain
