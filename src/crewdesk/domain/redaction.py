"""Keep secrets out of everything that is written down or sent to a model (law 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crewdesk.domain.canonical import Json


@dataclass(frozen=True)
class Redactor:
    """Replaces the value of each known secret by its name, as in `[OPENAI_API_KEY]`."""

    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    def text(self, text: str) -> str:
        """Clean a text."""
        for name, value in sorted(self.secrets.items(), key=lambda item: -len(item[1])):
            text = text.replace(value, f"[{name}]")
        return text

    def clean(self, value: Json) -> Json:
        """Clean every string of a JSON value, keys too."""
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.clean(item) for item in value]
            case dict():
                return {self.text(key): self.clean(item) for key, item in value.items()}
            case _:
                return value
