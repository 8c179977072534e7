"""Reviews of local changes, as files: review.md to read, and the record that knows what was posted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from slugify import slugify

from crewdesk.connectors.deliveries import told_plainly
from crewdesk.connectors.files import Disk, put
from crewdesk.connectors.forge.markdown import review_markdown
from crewdesk.connectors.forge.place import parse_review
from crewdesk.connectors.records import Kept, find_kept, read_records, record_of
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.review.findings import Posted
from crewdesk.domain.review.pull import Pull
from crewdesk.domain.review.review import ReviewBody

RECORD = "review.json"
LOCAL = "local:"


class LocalPlace:
    """Writes `<folder>/<repository>-<branch>/<run>/review.md`; the record is written last and is the delivery."""

    def __init__(self, name: str, *, folder: Path, clock: Callable[[], datetime], disk: Disk) -> None:
        self._name = name
        self._folder = folder
        self._clock = clock
        self._disk = disk

    def knows(self, target: str) -> bool:
        """Say whether this is a local change."""
        return target.startswith(LOCAL)

    def find(self, delivery: Delivery, review: ReviewBody) -> Receipt | None:
        """Look up what was written under this key."""
        with told_plainly(self._name, self._folder):
            kept = find_kept(self._kept(review.target), delivery.key)
        return None if kept is None else _receipt(kept.path.parent, delivery)

    def deliver(self, delivery: Delivery, review: ReviewBody) -> Receipt:
        """Write the review once."""
        with told_plainly(self._name, self._folder), self._disk.lock(self._folder / ".lock"):
            if found := self.find(delivery, review):
                return found
            folder = self._folder_of(review.target) / slugify(delivery.key)
            self._disk.make_folder(folder)
            put(self._disk, folder / "review.md", review_markdown(review).encode())
            put(self._disk, folder / RECORD, record_of(delivery, now=self._clock()).to_bytes())
        return _receipt(folder, delivery)

    def pull(self, address: str) -> Pull:
        """Refuse: a local change has no pull request."""
        raise ValueError(f"{address} is no pull request; give --repo, --base and --head.")

    def fetch(self, pull: Pull, scratch: Path) -> Path:
        """Refuse: a local change is here already."""
        del scratch
        raise ValueError(f"{pull.address} is no pull request.")

    def posted(self, target: str) -> Sequence[Posted]:
        """List the findings of the newest review of this branch."""
        kept = max(self._kept(target), key=lambda one: one.record.delivered, default=None)
        if kept is None:
            return []
        review = parse_review(dict(kept.record.body))
        return [Posted(fingerprint=one.fingerprint, title=one.title) for one in review.findings]

    def _kept(self, target: str) -> list[Kept]:
        return read_records(self._folder_of(target), RECORD)

    def _folder_of(self, target: str) -> Path:
        return self._folder / slugify(Path(target.removeprefix(LOCAL)).name, max_length=100)


def _receipt(folder: Path, delivery: Delivery) -> Receipt:
    return Receipt((folder / "review.md").as_uri(), {"sha": delivery.sha, "key": delivery.key})
