"""One model for the whole house: the offline one where the name says so, litellm for all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.model_specs import ModelSpec
from crewdesk.domain.models import ModelAnswer, ModelRequest
from crewdesk.models.extractive import ExtractiveModel
from crewdesk.models.litellm_client import LitellmModel
from crewdesk.ports.model import Model

OFFLINE = "offline/"


class RoutedModel:
    """Sends each request to the model that config/models.yaml means by its name."""

    def __init__(
        self, specs: Mapping[str, ModelSpec], *, recipes: JsonObject, keys: Callable[[str], str | None]
    ) -> None:
        self._offline = {name for name, spec in specs.items() if spec.model.startswith(OFFLINE)}
        self._extractive = ExtractiveModel(recipes)
        self._litellm = LitellmModel(specs, keys=keys)

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """Answer one request; see ports/model.py."""
        return self._model(request.model).complete(request)

    def window(self, model: str) -> int:
        """Say how many tokens fit into one request."""
        return self._model(model).window(model)

    def _model(self, name: str) -> Model:
        return self._extractive if name in self._offline else self._litellm
