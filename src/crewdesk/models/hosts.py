"""Which host a request to a model goes to, as far as that is known before it does."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from crewdesk.domain.model_specs import ModelSpec

PROVIDERS = {
    "openai": ("https://api.openai.com", "OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "anthropic": ("https://api.anthropic.com", "ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"),
    "gemini": ("https://generativelanguage.googleapis.com", "GEMINI_API_BASE"),
    "openrouter": ("https://openrouter.ai", "OPENROUTER_API_BASE"),
    "cohere": ("https://api.cohere.ai", "COHERE_API_BASE"),
    "cohere_chat": ("https://api.cohere.com", "COHERE_API_BASE"),
    "ollama": ("http://localhost", "OLLAMA_API_BASE"),
    "ollama_chat": ("http://localhost", "OLLAMA_API_BASE"),
    "azure": ("", "AZURE_API_BASE"),
}
"""Where litellm sends what models.yaml gives no address for, and the variables that change that; of all other
providers it says itself."""


def address_of(spec: ModelSpec, litellm: ModuleType, keys: Callable[[str], str | None]) -> str:
    """Return an address at the host; the provider's name where nobody knows one."""
    if spec.base_url:
        return spec.base_url
    provider = spec.model.partition("/")[0]
    usual, *variables = PROVIDERS.get(provider, ("",))
    named = next((value for variable in variables if (value := keys(variable))), "")
    return named or usual or _said_by(litellm, spec.model) or provider


def _said_by(litellm: ModuleType, model: str) -> str:
    try:
        return litellm.get_llm_provider(model)[3] or ""
    except litellm.exceptions.BadRequestError:  # it does not know the provider, and will say so when it is asked
        return ""
