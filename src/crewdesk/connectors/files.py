"""Writing to a disk so that a crash at any moment leaves either the old file or the new one."""

from __future__ import annotations

import errno
import os
from contextlib import AbstractContextManager, suppress
from pathlib import Path

LOCK_SECONDS = 60.0


class Disk:
    """The few things a connector does to a disk, each a single step.

    Connectors get one as an argument, so that a test can stop between any two steps, or in one.
    Every method raises `OSError`.
    """

    def make_folder(self, folder: Path) -> None:
        """Make a folder and the ones above it; one that is there already is fine."""
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file and wait until the disk has it."""
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def replace(self, part: Path, path: Path) -> None:
        """Put a finished file in its place, in one step."""
        part.replace(path)

    def settle(self, folder: Path) -> None:
        """Wait until the disk has the folder's list of names; Windows does so by itself."""
        if os.name == "nt":
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            # Some network file systems have no such thing for folders; the file itself was waited for.
            if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
                raise
        finally:
            os.close(handle)

    def remove(self, path: Path) -> None:
        """Remove a file, or a folder that is empty."""
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)

    def lock(self, path: Path) -> AbstractContextManager[object]:
        """Hold a lock that the system frees when the process dies; waits a minute for another's."""
        from filelock import FileLock

        self.make_folder(path.parent)
        return FileLock(path, timeout=LOCK_SECONDS)


def put(disk: Disk, path: Path, data: bytes) -> None:
    """Write a whole file or nothing; the folder must be there.

    The unfinished file has a fixed name, so the next try writes over what a crash left. Callers hold the lock.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        disk.write(part, data)
        disk.replace(part, path)
    except OSError:
        with suppress(OSError):
            disk.remove(part)
        raise
    disk.settle(path.parent)


def holds(path: Path, data: bytes) -> bool:
    """Say whether a file is there and holds exactly this."""
    try:
        return path.read_bytes() == data
    except FileNotFoundError:
        return False
