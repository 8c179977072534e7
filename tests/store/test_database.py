"""The store on SQLite and on Postgres holds what every store must hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contracts.store_contract import StoreContract, Stores
from crewdesk.errors import ConfigurationError, StoreUnavailable
from crewdesk.store import database
from crewdesk.store.database import Database


class TestDatabase(StoreContract):
    @pytest.fixture(name="stores")
    def _stores(self, store_url: str) -> Iterator[Stores]:
        both = Database(store_url), Database(store_url)
        yield both
        for store in both:
            store.close()


def test_who_waits_too_long_for_another_writer_is_told_to_try_again(store_url: str) -> None:
    one, other = Database(store_url), Database(store_url, busy_seconds=0.2)

    with one.alone(), pytest.raises(StoreUnavailable, match=r"is locked|is busy") as told:
        other.writing("7KQ2").__enter__()

    assert "try again" in told.value.hint.lower()


def test_who_asks_when_no_connection_is_free_is_told_to_try_again(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database(store_url).close()  # making the tables takes two connections
    monkeypatch.setattr(database, "POOL", {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0})
    store = Database(store_url)

    with store.reading(), pytest.raises(StoreUnavailable, match="more at once") as told:
        store.reading().__enter__()

    assert "Try again" in told.value.hint


@pytest.mark.parametrize("address", ["nonsense", "mysql://ed:canary-password@host/desk", "sqlite"])
def test_an_address_that_crewdesk_cannot_use_is_told_without_its_password(address: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Database(address)

    assert "postgresql://" in caught.value.hint
    assert "canary" not in caught.value.message + caught.value.hint
