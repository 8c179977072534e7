"""What every connector must hold: once, found again, whole after a crash, nothing but the approved bytes.

A connector's own test inherits `ConnectorContract` and says what it delivers. `SteppedDisk` fails at a
chosen step instead of a patch: as a process that dies (`Crash`), or as a disk that says no (`OSError`).
"""

from __future__ import annotations

import errno
import multiprocessing
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import ClassVar

import pytest

from crewdesk.connectors.files import Disk
from crewdesk.connectors.table import make_connector
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.specs import ConnectorSpec
from crewdesk.errors import DeliveryError, DeliveryFailed, DeliveryRefused
from crewdesk.ports.connector import Connector

NOON = datetime(2025, 11, 22, 12, 0, tzinfo=UTC)
KEY = "7KQ2:publish:site"


class Crash(BaseException):
    """The process dies here; no `except OSError` sees it."""


class SteppedDisk(Disk):
    """A disk that fails at one step, or from one step on; a write that fails has written half."""

    def __init__(self, failing: Callable[[int], bool], error: Callable[[], BaseException]) -> None:
        self.steps = 0
        self._failing = failing
        self._error = error

    def _step(self) -> None:
        self.steps += 1
        if self._failing(self.steps - 1):
            raise self._error()

    def make_folder(self, folder: Path) -> None:
        self._step()
        super().make_folder(folder)

    def write(self, path: Path, data: bytes) -> None:
        try:
            self._step()
        except BaseException:
            if path.parent.is_dir():
                path.write_bytes(data[: len(data) // 2])
            raise
        super().write(path, data)

    def replace(self, part: Path, path: Path) -> None:
        self._step()
        super().replace(part, path)

    def settle(self, folder: Path) -> None:
        self._step()
        super().settle(folder)

    def lock(self, path: Path) -> AbstractContextManager[object]:
        self._step()
        return super().lock(path)


def read_only_disk() -> SteppedDisk:
    """A disk that refuses whoever writes; `steps` says whether anybody tried."""
    return SteppedDisk(lambda _: True, lambda: OSError(errno.EROFS, "Read-only file system"))


def full_disk(*, since: int) -> SteppedDisk:
    """A disk that fills up at one step and stays full."""
    return SteppedDisk(lambda at: at >= since, lambda: OSError(errno.ENOSPC, "No space left on device"))


def tree(root: Path) -> dict[str, bytes]:
    """Every file under a folder but the lock, which stays for good."""
    paths = [path for path in sorted(root.rglob("*")) if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def deliver_at_once(spec: ConnectorSpec, root: Path, delivery: Delivery, together: Barrier) -> None:
    """Deliver in a process of its own, when the other one is ready too."""
    connector = make_connector("out", spec, root=root, clock=lambda: NOON)
    together.wait(timeout=60)
    connector.deliver(delivery)


class MeetingDisk(Disk):
    """A disk where two writers wait for each other, so that they meet if nothing keeps them apart."""

    def __init__(self) -> None:
        self._both = threading.Barrier(2)

    def write(self, path: Path, data: bytes) -> None:
        with suppress(threading.BrokenBarrierError):
            self._both.wait(timeout=0.5)
        super().write(path, data)


class ConnectorContract:
    """Inherit, and say what is delivered."""

    spec: ClassVar[ConnectorSpec]
    schema: ClassVar[str]
    body: ClassVar[JsonObject]
    files: ClassVar[set[str]]
    """What one delivery leaves under the project's folder."""
    record: ClassVar[str]
    """The file whose appearance is the moment of delivery."""

    def connector(self, root: Path, *, disk: Disk | None = None) -> Connector:
        return make_connector("out", self.spec, root=root, clock=lambda: NOON, disk=disk)

    def delivery(self, *, key: str = KEY) -> Delivery:
        return Delivery(key, self.schema, digest(self.body), self.body)

    def whole(self, root: Path) -> tuple[Receipt, dict[str, bytes]]:
        """What an undisturbed delivery gives and leaves."""
        receipt = self.connector(root).deliver(self.delivery())
        return receipt, tree(root)

    def test_a_delivery_leaves_all_its_files_and_says_where_they_are(self, tmp_path: Path) -> None:
        receipt, files = self.whole(tmp_path)

        assert set(files) == self.files
        assert receipt.location.startswith(tmp_path.as_uri())
        assert receipt.details["key"] == KEY
        assert receipt.details["sha"] == digest(self.body)

    def test_a_second_delivery_with_one_key_changes_nothing_and_gives_the_first_receipt(self, tmp_path: Path) -> None:
        receipt, files = self.whole(tmp_path)
        times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}

        again = self.connector(tmp_path).deliver(self.delivery())

        assert again == receipt
        assert tree(tmp_path) == files
        assert {path: path.stat().st_mtime_ns for path in times if path.name != ".lock"} == {
            path: time for path, time in times.items() if path.name != ".lock"
        }

    def test_a_delivery_whose_answer_was_lost_is_found_by_a_new_instance(self, tmp_path: Path) -> None:
        receipt, _ = self.whole(tmp_path)

        found = self.connector(tmp_path, disk=read_only_disk()).find(self.delivery())

        assert found == receipt

    def test_a_key_that_was_never_delivered_is_not_found_and_nothing_is_touched(self, tmp_path: Path) -> None:
        disk = read_only_disk()

        found = self.connector(tmp_path, disk=disk).find(self.delivery(key="nobody's"))

        assert found is None
        assert not disk.steps

    def test_asking_for_the_address_touches_nothing(self, tmp_path: Path) -> None:
        disk = read_only_disk()

        address = self.connector(tmp_path, disk=disk).address(self.body)

        assert "://" in address
        assert not disk.steps

    def test_a_crash_at_any_step_ends_in_exactly_one_delivery(self, tmp_path: Path) -> None:
        receipt, files = self.whole(tmp_path / "project")
        steps = 0
        while self._crashes_at(tmp_path / f"crash-{steps}" / "project", steps):
            root = tmp_path / f"crash-{steps}" / "project"
            again = self.connector(root).deliver(self.delivery())

            assert again.details == receipt.details
            assert tree(root) == files
            steps += 1

        assert steps >= 8

    def test_what_is_found_after_a_crash_is_whole(self, tmp_path: Path) -> None:
        _, files = self.whole(tmp_path / "project")
        steps, found = 0, 0
        while self._crashes_at(tmp_path / f"crash-{steps}" / "project", steps):
            root = tmp_path / f"crash-{steps}" / "project"
            if self.connector(root).find(self.delivery()):
                assert tree(root) == files
                found += 1
            steps += 1

        assert found >= 1

    def _crashes_at(self, root: Path, step: int) -> bool:
        disk = SteppedDisk(lambda at: at == step, Crash)
        try:
            self.connector(root, disk=disk).deliver(self.delivery())
        except Crash:
            return True
        return False

    def test_a_disk_that_fills_up_at_any_step_leaves_nothing_half_done(self, tmp_path: Path) -> None:
        _, files = self.whole(tmp_path / "project")
        steps = 0
        while told := self._told_when_full(tmp_path / f"full-{steps}" / "project", steps):
            root = tmp_path / f"full-{steps}" / "project"
            delivered = any(path.endswith(self.record) for path in tree(root))
            assert delivered or not tree(root)
            assert not [path for path in tree(root) if path.endswith(".part")]
            assert "no space is left" in told.message
            assert told.hint

            self.connector(root).deliver(self.delivery())
            assert tree(root) == files
            steps += 1

        assert steps >= 8

    def _told_when_full(self, root: Path, step: int) -> DeliveryFailed | None:
        try:
            self.connector(root, disk=full_disk(since=step)).deliver(self.delivery())
        except DeliveryFailed as error:
            return error
        return None

    def test_a_read_only_folder_is_told_plainly_and_left_as_it_is(self, tmp_path: Path) -> None:
        connector = self.connector(tmp_path, disk=read_only_disk())

        with pytest.raises(DeliveryFailed, match="may not read or write there") as told:
            connector.deliver(self.delivery())

        assert "Nothing is lost" in told.value.hint
        assert not list(tmp_path.iterdir())

    def test_a_file_where_the_folder_should_be_is_told_plainly(self, tmp_path: Path) -> None:
        in_the_way = tmp_path / str(self.spec.settings["folder"])
        in_the_way.parent.mkdir(parents=True, exist_ok=True)
        in_the_way.write_text("a file")

        with pytest.raises(DeliveryFailed, match="a file stands where a folder should be"):
            self.connector(tmp_path).deliver(self.delivery())

        assert in_the_way.read_text() == "a file"

    @pytest.mark.parametrize("wrong", ["0" * 64, ""])
    def test_bytes_that_nobody_approved_are_refused(self, tmp_path: Path, wrong: str) -> None:
        delivery = Delivery(KEY, self.schema, wrong, self.body)

        with pytest.raises(DeliveryRefused, match="not what was approved"):
            self.connector(tmp_path).deliver(delivery)

        assert not list(tmp_path.iterdir())

    def test_a_tampered_second_delivery_is_refused_though_the_key_is_known(self, tmp_path: Path) -> None:
        self.whole(tmp_path)
        tampered = Delivery(KEY, self.schema, digest(self.body), {**self.body, "extra": "more"})

        with pytest.raises(DeliveryRefused):
            self.connector(tmp_path).deliver(tampered)

    @pytest.mark.parametrize(("key", "schema"), [("", None), ("  ", None), (KEY, "Draft")])
    def test_a_delivery_without_key_or_of_another_schema_is_refused(
        self, tmp_path: Path, key: str, schema: str | None
    ) -> None:
        delivery = Delivery(key, schema or self.schema, digest(self.body), self.body)

        with pytest.raises(DeliveryRefused):
            self.connector(tmp_path).deliver(delivery)

        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("body", [{}, {"title": None}, {"drafts": []}, {"slug": "x", "extra": "\ud800"}])
    def test_a_body_that_is_no_artifact_of_ours_is_refused(self, tmp_path: Path, body: JsonObject) -> None:
        with pytest.raises(DeliveryRefused):
            self.connector(tmp_path).deliver(Delivery(KEY, self.schema, digest(body), body))

        assert not list(tmp_path.iterdir())

    def test_a_record_that_was_changed_afterwards_is_neither_found_nor_missed(self, tmp_path: Path) -> None:
        self.whole(tmp_path)
        record = next(path for path in tmp_path.rglob(self.record))
        record.write_bytes(record.read_bytes().replace(b"pipeline", b"pipedream"))

        with pytest.raises(DeliveryFailed, match="was changed after it was delivered"):
            self.connector(tmp_path).find(self.delivery())
        with pytest.raises(DeliveryFailed, match="was changed after it was delivered"):
            self.connector(tmp_path).deliver(self.delivery())

    @pytest.mark.parametrize("rubbish", [b"", b"{", b"\xff\xfe", b"[]", b'{"key": "k"}'])
    def test_a_record_that_cannot_be_read_is_told_with_its_path(self, tmp_path: Path, rubbish: bytes) -> None:
        self.whole(tmp_path)
        record = next(path for path in tmp_path.rglob(self.record))
        record.write_bytes(rubbish)

        with pytest.raises(DeliveryError, match="cannot be read") as told:
            self.connector(tmp_path).find(self.delivery())

        assert str(record) in told.value.message

    def at_one_moment(self, root: Path, deliveries: Sequence[Delivery]) -> list[Receipt | DeliveryError]:
        """Deliver two at once on a disk where they would meet."""
        disk = MeetingDisk()

        def outcome(delivery: Delivery) -> Receipt | DeliveryError:
            try:
                return self.connector(root, disk=disk).deliver(delivery)
            except DeliveryError as error:
                return error

        with ThreadPoolExecutor(2) as threads:
            return list(threads.map(outcome, deliveries))

    def test_two_deliveries_of_one_key_at_the_same_moment_make_one(self, tmp_path: Path) -> None:
        receipt, files = self.whole(tmp_path / "alone" / "project")

        first, second = self.at_one_moment(tmp_path / "together" / "project", [self.delivery(), self.delivery()])

        assert isinstance(first, Receipt)
        assert first == second
        assert first.details == receipt.details
        assert tree(tmp_path / "together" / "project") == files

    def test_two_processes_that_deliver_one_key_at_once_make_one_delivery(self, tmp_path: Path) -> None:
        _, files = self.whole(tmp_path / "alone" / "project")
        root = tmp_path / "together" / "project"
        processes = multiprocessing.get_context("spawn")
        together = processes.Barrier(2)
        both = [
            processes.Process(target=deliver_at_once, args=(self.spec, root, self.delivery(), together))
            for _ in range(2)
        ]

        for process in both:
            process.start()
        for process in both:
            process.join(timeout=60)

        assert [process.exitcode for process in both] == [0, 0]
        assert tree(root) == files
