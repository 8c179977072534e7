"""Reviews of local changes, as files: to read, for programs, to apply, and the record that knows what was posted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from slugify import slugify

from crewdesk.code.git import Repository
from crewdesk.code.patches import new_file
from crewdesk.connectors.deliveries import told_plainly
from crewdesk.connectors.files import Disk, put
from crewdesk.connectors.forge.edits import all_edits
from crewdesk.connectors.forge.markdown import PATCH, TESTS, drafted, review_markdown
from crewdesk.connectors.forge.place import parse_review, told_as_values
from crewdesk.connectors.forge.sarif import review_sarif
from crewdesk.connectors.records import Kept, find_kept, folder_name, read_records, record_of
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.review.findings import Posted
from crewdesk.domain.review.pull import Pull
from crewdesk.domain.review.review import ReviewBody
from crewdesk.errors import DeliveryFailed

PAGE, SARIF, RECORD = "review.md", "review.sarif", "review.json"
LOCAL = "local:"
NOTES = "crewdesk"
LONGEST = 100
"""Characters in the name of a folder."""


class LocalPlace:
    """Writes `<folder>/<repository>/<branch>/<key>/review.md` and files beside it.

    The record is written last and is the moment of delivery, so a review that is found is whole.
    """

    def __init__(self, name: str, *, folder: Path, git_note: bool, clock: Callable[[], datetime], disk: Disk) -> None:
        self._name = name
        self._folder = folder
        self._git_note = git_note
        self._clock = clock
        self._disk = disk

    def knows(self, target: str) -> bool:
        """Say whether this is a local change."""
        return target.startswith(LOCAL)

    def address(self, review: ReviewBody) -> str:
        """Say in which folder the reviews of this branch are."""
        return self._folder_of(review.target).as_uri()

    def find(self, delivery: Delivery, review: ReviewBody) -> Receipt | None:
        """Look up what was written under this key."""
        with told_plainly(self._name, self._folder):
            kept = find_kept(read_records(self._folder_of(review.target), RECORD), delivery.key)
        return None if kept is None else _receipt(kept.path.parent, delivery)

    def deliver(self, delivery: Delivery, review: ReviewBody) -> Receipt:
        """Write the review once."""
        folder = self._folder_of(review.target) / folder_name(delivery.key)
        with told_plainly(self._name, self._folder), self._disk.lock(self._folder / ".lock"):
            if found := self.find(delivery, review):
                return found
            if self._git_note:
                _leave_note(review)
            self._write(folder, _files(review) | {RECORD: record_of(delivery, now=self._clock()).to_bytes()})
        return _receipt(folder, delivery)

    def pull(self, address: str) -> Pull:
        """Refuse: a local change has no pull request."""
        raise ValueError(f"{address} is no pull request; give --repo, --base and --head.")

    def fetch(self, pull: Pull, scratch: Path) -> Path:
        """Refuse: a local change is here already."""
        del scratch
        raise ValueError(f"{pull.address} is no pull request.")

    def posted(self, target: str) -> Sequence[Posted]:
        """List the findings of the newest review of this branch; what that one no longer says is mended."""
        with told_as_values():
            kept = max(self._reviews(target), key=lambda one: one.record.delivered, default=None)
        if kept is None:
            return []
        review = parse_review(dict(kept.record.body))
        return [one.posted for one in review.findings]

    def _reviews(self, target: str) -> list[Kept]:
        """Read the reviews of this very branch; others may lie beside them where names come out the same."""
        with told_plainly(self._name, self._folder):
            kept = read_records(self._folder_of(target), RECORD)
        return [one for one in kept if one.record.body.get("target") == target]

    def _folder_of(self, target: str) -> Path:
        repository, _, branch = target.removeprefix(LOCAL).partition("#")
        return self._folder / _named(Path(repository).name, "repository") / _named(branch, "head")

    def _write(self, folder: Path, files: Mapping[str, bytes]) -> None:
        try:
            self._disk.make_folder(folder)
            self._disk.settle(folder.parent)
            for name, data in files.items():
                put(self._disk, folder / name, data)
        except OSError:
            self._tidy(folder, list(files))
            raise

    def _tidy(self, folder: Path, names: Sequence[str]) -> None:
        if (folder / RECORD).exists():
            return
        with suppress(OSError):
            for path in [*(folder / name for name in names), folder]:
                self._disk.remove(path)


def _files(review: ReviewBody) -> dict[str, bytes]:
    texts = {
        PAGE: review_markdown(review),
        SARIF: json.dumps(review_sarif(review), ensure_ascii=False, indent=2) + "\n",
        PATCH: all_edits(review).patch,
        TESTS: "".join(new_file(one.path, one.code) for one in drafted(review)),
    }
    return {name: text.encode() for name, text in texts.items() if text}


def _leave_note(review: ReviewBody) -> None:
    folder = review.target.removeprefix(LOCAL).partition("#")[0]
    try:
        Repository(Path(folder)).note(review.head, review_markdown(review), ref=NOTES)
    except ValueError as error:
        raise DeliveryFailed(
            f"The review could not be left as a git note: {error}",
            hint="Mend that, or set git_note to false in connectors.yaml.",
        ) from error


def _named(name: str, otherwise: str) -> str:
    return slugify(name, max_length=LONGEST) or otherwise


def _receipt(folder: Path, delivery: Delivery) -> Receipt:
    return Receipt((folder / PAGE).as_uri(), {"sha": delivery.sha, "key": delivery.key})
