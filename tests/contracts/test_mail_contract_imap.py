"""Drafts hold what every draft must hold, on a server that keeps its own memory of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from mail_contract import DraftContract

from support.imap_server import ImapServer


class TestDrafts(DraftContract):
    server: ImapServer

    @pytest.fixture(autouse=True)
    def _server(self) -> Iterator[None]:
        with ImapServer().running() as self.server:
            yield

    def settings(self) -> dict[str, Any]:
        return {"port": self.server.port}

    def messages(self, folder: str) -> Sequence[tuple[bytes, set[str]]]:
        kept = self.server.boxes.get(folder, [])
        return [(one.data, one.flags) for one in kept if "\\Deleted" not in one.flags]

    def move(self, source: str, target: str) -> None:
        self.server.move(source, target)
