"""Ask any provider through litellm: one request, one answer, no retries and no words of its own."""

from __future__ import annotations

import copy
import logging
import os
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from crewdesk.domain.model_specs import ModelSpec
from crewdesk.domain.models import ModelAnswer, ModelRequest
from crewdesk.errors import ModelError, ModelRefused, ModelUnavailable
from crewdesk.models.hosts import address_of
from crewdesk.models.litellm_answers import read_answer
from crewdesk.models.litellm_failures import Asked, missing_key, model_error
from crewdesk.models.strict_schema import response_format
from crewdesk.ports.leaving import leaves

if TYPE_CHECKING:
    from types import ModuleType

UNKNOWN_WINDOW = 128_000
"""Tokens assumed for a model nobody knows. Too high ends in a clear refusal; too low would quietly drop context."""
OLLAMA_WINDOW = 8_192
"""Tokens asked of Ollama when models.yaml names no window; by itself it would cut prompts at 4,096 without a word."""
_NO_KEY = "no-key-needed"
_TAKES_SCHEMAS = frozenset({"openai", "hosted_vllm", "lm_studio", "llamafile", "ollama", "ollama_chat"})
"""Providers whose servers take a JSON Schema although litellm does not know their models."""


class LitellmModel:
    """The models of models.yaml behind the port `Model`; a request names one of them.

    Tokens are what the provider said and money is litellm's price list; what nobody knows is None.
    The answers to one request may differ; nothing is tried twice.
    """

    def __init__(
        self,
        specs: Mapping[str, ModelSpec],
        *,
        keys: Callable[[str], str | None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._specs = specs
        self._keys = keys
        self._monotonic = monotonic

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask once. Raises `ModelUnavailable` or `ModelRefused`, with no key in any text."""
        spec = self._spec(request.model)
        asked = Asked(request.model, spec, self._key(request.model, spec), self.window(request.model))
        litellm = quiet_litellm()
        leaves("model", address_of(spec, litellm, self._keys), request.canonical_request())
        try:
            return self._ask(litellm, request, asked)
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 - litellm and the servers behind it raise what they like
            failure = model_error(error, asked)
        # Raised out here so that the provider's own error, which may quote a key, is not its context.
        raise failure

    def window(self, model: str) -> int:
        """Say how many tokens fit: as models.yaml says, else as litellm knows, else 128,000 (Ollama: 8,192)."""
        spec = self._spec(model)
        if spec.window is not None:
            return spec.window
        if _provider(spec).startswith("ollama"):
            return OLLAMA_WINDOW
        return _listed_window(spec.model) or UNKNOWN_WINDOW

    def _spec(self, name: str) -> ModelSpec:
        if name not in self._specs:
            raise ModelRefused(
                f"There is no model {name!r} in config/models.yaml.",
                hint=f"These there are: {', '.join(sorted(self._specs)) or 'none'}.",
            )
        return self._specs[name]

    def _key(self, name: str, spec: ModelSpec) -> str | None:
        if spec.api_key_env is not None:
            key = self._keys(spec.api_key_env)
            if not key:
                raise missing_key(name, spec.api_key_env)
            return key
        # Without a key of its own, litellm would send OPENAI_API_KEY to whatever server stands here.
        return _NO_KEY if spec.base_url else None

    def _ask(self, litellm: ModuleType, request: ModelRequest, asked: Asked) -> ModelAnswer:
        arguments = _arguments(litellm, request, asked)
        if asked.spec.stream:
            response, tokens_known = self._assembled(litellm, arguments, asked)
        else:
            response, tokens_known = litellm.completion(**arguments), True
        given: dict[str, Any] = response.model_dump()
        usd = _price(litellm, response, asked.spec.model) if tokens_known else None
        return read_answer(given, name=asked.name, usd=usd, tokens_known=tokens_known)

    def _assembled(self, litellm: ModuleType, arguments: dict[str, Any], asked: Asked) -> tuple[Any, bool]:
        deadline = self._monotonic() + asked.spec.timeout
        stream: Any = litellm.completion(**arguments, stream=True, stream_options={"include_usage": True})
        inner, chunks = getattr(stream, "completion_stream", None), list[Any]()
        try:
            for chunk in stream:
                chunks.append(chunk)
                if self._monotonic() > deadline:
                    raise ModelUnavailable(
                        f"The model {asked.name!r} was still writing after {asked.spec.timeout:g} s.",
                        hint="Give it more `timeout` in config/models.yaml if it is only slow.",
                    )
        finally:
            _close(inner)
        # litellm makes up a finish reason when a stream just ends; only the server's own counts.
        if not (stream.received_finish_reason or stream.intermittent_finish_reason):
            raise ModelUnavailable(f"The model {asked.name!r} broke off in the middle of its answer.")
        # It also guesses token counts that the server did not send.
        tokens_known = any(getattr(chunk, "usage", None) for chunk in stream.chunks)
        return litellm.stream_chunk_builder(chunks, messages=arguments["messages"]), tokens_known


def _close(stream: object) -> None:
    """Close a stream now; the garbage collector might do it inside the connection pool's own lock, and hang."""
    for part in (getattr(stream, "streaming_response", None), stream):
        close = getattr(part, "close", None)
        if callable(close):
            close()


def quiet_litellm() -> ModuleType:
    """Import litellm, which takes seconds, with its downloads, its .env and its prints off."""
    # litellm reads these once, when it is imported: no price list from the network, no .env of somebody else's.
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # noqa: TID251 - written, not read
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")  # noqa: TID251 - written, not read
    import litellm

    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.disable_streaming_logging = True
    # Whatever goes wrong comes back as an exception; its log lines may carry prompts and keys.
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


def _arguments(litellm: ModuleType, request: ModelRequest, asked: Asked) -> dict[str, Any]:
    spec = asked.spec
    arguments: dict[str, Any] = {"tool_choice": "auto"} if request.tools else {}
    if _provider(spec).startswith("ollama"):
        arguments["num_ctx"] = asked.window
    arguments |= {**spec.settings, **request.settings}
    arguments |= {
        "model": spec.model,
        "messages": copy.deepcopy(request.messages),
        "timeout": spec.timeout,
        "api_key": asked.key,
        "base_url": spec.base_url,
        "num_retries": 0,
        "max_retries": 0,
        # A temperature that a model does not know is no reason to stop. Tools are checked below.
        "drop_params": True,
    }
    if request.tools:
        _check_takes_tools(litellm, asked)
        arguments["tools"] = copy.deepcopy(request.tools)
    elif request.answer_schema is not None and _takes_schema(litellm, spec):
        arguments["response_format"] = response_format(request.answer_schema)
    return arguments


def _check_takes_tools(litellm: ModuleType, asked: Asked) -> None:
    known: list[str] | None = litellm.get_supported_openai_params(asked.spec.model)
    if known is not None and "tools" not in known:
        raise ModelRefused(
            f"The model {asked.name!r} ({asked.spec.model}) cannot use tools.",
            hint="Choose another model for agents with tools in the profile.",
        )


def _takes_schema(litellm: ModuleType, spec: ModelSpec) -> bool:
    if spec.base_url is not None and _provider(spec) in _TAKES_SCHEMAS:
        return True
    return bool(litellm.supports_response_schema(spec.model))


def _listed_window(model: str) -> int | None:
    try:
        listed: int | None = quiet_litellm().get_model_info(model)["max_input_tokens"]
    except Exception:  # noqa: BLE001 - litellm raises what it likes for a model it does not know
        return None
    return listed


def _price(litellm: ModuleType, response: object, model: str) -> float | None:
    try:
        price: float = litellm.completion_cost(completion_response=response, model=model)
    except Exception:  # noqa: BLE001 - litellm raises what it likes for a model it has no price for
        return None
    # Nothing is free: a price of zero says that the list has none.
    return price or None


def _provider(spec: ModelSpec) -> str:
    return spec.model.split("/", 1)[0]
