"""Ask a model."""

from __future__ import annotations

from typing import Protocol

from crewdesk.domain.models import ModelAnswer, ModelRequest


class Model(Protocol):
    """One provider, or several behind one client.

    Not idempotent: every call is paid. Safe to call from several threads. No retries and no
    journal of its own: the door does both.

    Raises `ModelUnavailable` where another try may help and `ModelRefused` where it will not
    (wrong key, wrong request, an answer that was cut off or empty).
    """

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """Answer one request."""
        ...

    def window(self, model: str) -> int:
        """Say how many tokens fit into one request to this model."""
        ...
