"""models.yaml as frozen values: which models there are, and which does what in a profile."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from crewdesk.domain.spec import Spec

Tier = Literal["orchestrator", "worker", "light", "judge"]


class ModelSpec(Spec):
    """One model and how to reach it."""

    model: str = Field(pattern=r"^[^/\s]+/\S+$", description="provider/name, as litellm spells it.")
    base_url: str | None = Field(default=None, description="Address of an OpenAI-compatible server of your own.")
    api_key_env: str | None = Field(default=None, description="Environment variable with the key; the key stays there.")
    timeout: float = Field(default=120, gt=0, description="Seconds for one call.")
    attempts: int = Field(default=4, ge=1, le=10, description="Tries before the fallback.")
    stream: bool = Field(default=False, description="Read the answer as it is written.")
    window: int | None = Field(default=None, ge=512, description="Tokens that fit; asked of litellm when left out.")
    settings: dict[str, JsonValue] = Field(default_factory=dict, description="temperature, max_tokens and the like.")
    fallback: str | None = Field(default=None, description="Model to ask when this one stays unavailable.")


class ProfileSpec(Spec):
    """Which model each tier uses. A tier left out uses the worker's."""

    description: str
    orchestrator: str | None = None
    worker: str
    light: str | None = None
    judge: str | None = None


class ModelsSpec(Spec):
    """models.yaml: the models and the profiles that use them."""

    default: str = Field(description="Profile used when none is named.")
    models: dict[str, ModelSpec]
    profiles: dict[str, ProfileSpec]
