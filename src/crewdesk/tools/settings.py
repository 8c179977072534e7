"""Settings of a tool, as they stand in config/tools.yaml."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crewdesk.domain.specs import ToolSpec
from crewdesk.errors import ConfigurationError


class Settings(BaseModel):
    """What every tool can be told; an unknown setting is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    longest: int = Field(
        default=24_000, ge=1_000, description="Characters an answer has at most; what is more is left out, and said so."
    )


_Settings = TypeVar("_Settings", bound=Settings)


def parse_settings(name: str, spec: ToolSpec, model: type[_Settings]) -> _Settings:
    """Parse a tool's settings; raises `ConfigurationError` that names the tool and the setting."""
    try:
        return model.model_validate(spec.settings)
    except ValidationError as wrong:
        detail = wrong.errors(include_url=False)[0]
        where = ".".join(str(part) for part in detail["loc"])
        if detail["type"] == "extra_forbidden":
            near = get_close_matches(where, model.model_fields, n=1)
            what = f"unknown setting {where!r}{f'; did you mean {near[0]!r}?' if near else ''}"
        elif detail["type"] == "missing":
            what = f"the setting {where!r} is missing"
        else:
            what = f"setting {where!r}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"
        raise ConfigurationError(
            f"config/tools.yaml: tool {name!r}: {what}",
            hint=f"Settings of kind {spec.kind!r}: {', '.join(model.model_fields)}.",
        ) from wrong
