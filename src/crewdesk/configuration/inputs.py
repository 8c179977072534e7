"""The inputs of a run: what the caller gave, the defaults, and the texts that lie in knowledge/."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from crewdesk.configuration.check_prompts import LONGEST_INPUT_FILE
from crewdesk.configuration.file_text import read_text
from crewdesk.configuration.problems import did_you_mean, listing
from crewdesk.domain.specs import HouseSpec, InputSpec
from crewdesk.errors import WrongUsage

LONGEST_VALUE = 100_000
"""Bytes of one given value."""
NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n.*?^---[ \t]*\r?\n", re.DOTALL | re.MULTILINE)


def resolve_inputs(house: HouseSpec, given: Mapping[str, str], *, knowledge: Path) -> dict[str, str]:
    """Return a value for every input the crew declares, in the order of crew.yaml.

    What is given wins, then comes the input's file, then its default. A file comes without its front matter, unless
    the input asks for that. Paths come in full.
    Raises `WrongUsage` for an input the crew does not have, one that is needed and not given, and a
    value that is no text or longer than 100 kB.
    """
    inputs = house.crew.inputs
    for name, value in given.items():
        if name not in inputs:
            near = did_you_mean(name, inputs, none="this crew takes none")
            raise WrongUsage(f"This crew has no input {name!r}{near}", hint=_help(inputs))
        _refuse_odd(name, value)
    missing = [name for name, spec in inputs.items() if _needed(spec) and not given.get(name, "").strip()]
    if missing:
        named = listing([repr(name) for name in missing], last="and")
        raise WrongUsage(f"This crew needs {named}.", hint=_help({name: inputs[name] for name in missing}))
    values = {name: given[name] if name in given else _own_value(spec, knowledge) for name, spec in inputs.items()}
    return {name: _absolute(value) if inputs[name].path else value for name, value in values.items()}


def _absolute(value: str) -> str:
    """Spell a path in full, for a worker may take it up elsewhere; an address is left as it is."""
    return value if not value or "://" in value else str(Path(value).expanduser().absolute())


def _refuse_odd(name: str, value: str) -> None:
    if NO_CHARACTER.search(value):
        raise WrongUsage(f"Input {name!r} holds something that is no character.", hint="Give it as plain UTF-8 text.")
    if len(value.encode()) > LONGEST_VALUE:
        hint = "Put long material under knowledge/, where the crew's tools can search it."
        raise WrongUsage(f"Input {name!r} is longer than {LONGEST_VALUE // 1000} kB.", hint=hint)


def _needed(spec: InputSpec) -> bool:
    return spec.default is None and spec.file is None


def _own_value(spec: InputSpec, knowledge: Path) -> str:
    if spec.file is None:
        return spec.default or ""
    text = read_text(knowledge / spec.file, file=f"knowledge/{spec.file}", limit=LONGEST_INPUT_FILE)
    return (text if spec.front_matter else FRONT_MATTER.sub("", text)).strip()


def _help(inputs: Mapping[str, InputSpec]) -> str:
    return "\n".join(f"--input {name}=…  {spec.description}" for name, spec in inputs.items())
