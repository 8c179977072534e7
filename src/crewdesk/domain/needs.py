"""What a profile needs before it can be used: keys, and servers of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crewdesk.domain.model_specs import ModelsSpec

TIERS = ("orchestrator", "worker", "light", "judge")


@dataclass(frozen=True)
class Need:
    """One thing a profile needs; `met` is None where nobody knows without asking the outside."""

    what: str
    met: bool | None

    def __str__(self) -> str:
        """Say it with how it stands."""
        return self.what if self.met is None else f"{self.what} ({'set' if self.met else 'not set'})"


def needs_of(models: ModelsSpec, profile: str, has_key: Callable[[str], bool]) -> list[Need]:
    """List what a profile needs; `has_key` says whether the variable of a key is set."""
    spec = models.profiles[profile]
    used = {getattr(spec, tier) for tier in TIERS} - {None}
    needs: list[Need] = []
    for model in (models.models[name] for name in sorted(used)):
        if model.api_key_env:
            needs.append(Need(model.api_key_env, has_key(model.api_key_env)))
        elif model.base_url:
            needs.append(Need(f"a server at {model.base_url}", None))
    return list(dict.fromkeys(needs))
