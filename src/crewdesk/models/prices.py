"""What models cost, from the list that litellm brings along, without the seconds that importing litellm takes."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

OFFLINE = "offline"
LIST = "model_prices_and_context_window_backup.json"
MILLION = 1_000_000


class Price(NamedTuple):
    """US dollars for a million tokens."""

    prompt: float
    completion: float


def price_of(model: str) -> Price | None:
    """Find the price of `provider/name`; None where nobody knows it. The offline model costs nothing."""
    provider, _, name = model.partition("/")
    if provider == OFFLINE:
        return Price(0.0, 0.0)
    known = _listed()
    entry = known.get(model) or known.get(name)
    if entry is None or (model not in known and entry.get("litellm_provider") != provider):
        return None
    prompt, completion = entry.get("input_cost_per_token"), entry.get("output_cost_per_token")
    # Nothing is free: a price of zero says that the list has none.
    return Price(prompt * MILLION, completion * MILLION) if prompt and completion else None


@cache
def _listed() -> dict[str, dict[str, Any]]:
    found = importlib.util.find_spec("litellm")
    folders = [] if found is None else found.submodule_search_locations or []
    path = next((path for folder in folders if (path := Path(folder) / LIST).is_file()), None)
    return {} if path is None else json.loads(path.read_text("utf-8"))
