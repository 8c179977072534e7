"""A static blog: posts as folders, each with its record; every page is made again from the records."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path

from crewdesk.connectors.deliveries import check_delivery, told_plainly
from crewdesk.connectors.files import Disk, holds, put
from crewdesk.connectors.records import Kept, find_kept, read_records, record_of
from crewdesk.connectors.settings import SiteSettings
from crewdesk.connectors.site_posts import PublishedPost, parse_body, post_path, read_post
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.errors import DeliveryRefused

RECORD = "post.json"


class SiteConnector:
    """Publishes a `Post` as `posts/<slug>/`, with an index, a feed and a sitemap.

    The moment of delivery is when `posts/<slug>/post.json` is in place. Pages that a crash kept from being
    written are written by the next `deliver`, `find` or `rebuild`. Safe for several threads and processes.
    """

    def __init__(
        self, name: str, settings: SiteSettings, *, folder: Path, clock: Callable[[], datetime], disk: Disk
    ) -> None:
        self._name = name
        self._settings = settings
        self._folder = folder
        self._posts = folder / "posts"
        self._clock = clock
        self._disk = disk

    def address(self, body: JsonObject) -> str:
        """Say which address the post would have; raises `DeliveryRefused` where it can have none."""
        return f"{self._settings.base_url}/{post_path(parse_body(body).slug)}/"

    def published(self) -> list[JsonObject]:
        """List the posts, newest first, each with `title`, `slug`, `description` and `keywords`."""
        with told_plainly(self._name, self._folder):
            posts = _newest_first(self._kept())
        return [
            {
                "title": post.body.title,
                "slug": post.body.slug,
                "description": post.body.description,
                "keywords": list[Json](post.body.keywords),
            }
            for post in posts
        ]

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look up what was delivered under this delivery's key, and write the pages a crash left out.

        Raises `DeliveryFailed` where a record cannot be trusted, or a missing page cannot be written.
        """
        with told_plainly(self._name, self._folder):
            found = find_kept(self._kept(), delivery.key)
            if found is None:
                return None
            self._heal()
        return self._receipt(found)

    def deliver(self, delivery: Delivery) -> Receipt:
        """Publish once; a second delivery with the same key returns the first receipt.

        Raises `DeliveryRefused` where these are not the approved bytes, or another post has the slug already.
        """
        check_delivery(delivery, connector=self._name, schema="Post")
        slug = parse_body(delivery.body).slug
        with told_plainly(self._name, self._folder), self._locked():
            found = find_kept(self._kept(), delivery.key)
            if found is None:
                found = self._publish(delivery, self._posts / slug)
            self._write_pages()
        return self._receipt(found)

    def rebuild(self) -> None:
        """Make every page again from the records, and write those that differ; a site without posts too."""
        with told_plainly(self._name, self._folder), self._locked():
            self._write_pages()

    def _publish(self, delivery: Delivery, folder: Path) -> Kept:
        self._refuse_taken(folder)
        record = record_of(delivery, now=self._clock())
        try:
            self._disk.make_folder(folder)
            self._disk.settle(folder.parent)
            put(self._disk, folder / RECORD, record.to_bytes())
        except OSError:
            # Only an empty folder goes: a record that made it to its place stays, and so does what is not ours.
            with suppress(OSError):
                self._disk.remove(folder)
            raise
        return Kept(folder / RECORD, record)

    def _refuse_taken(self, folder: Path) -> None:
        if (folder / RECORD).exists():
            raise DeliveryRefused(
                f"Another post stands at {folder} already.",
                hint="Edit the post and give it another slug; a post that is out is not written over.",
            )

    def _kept(self) -> list[Kept]:
        return read_records(self._posts, RECORD)

    def _locked(self) -> AbstractContextManager[object]:
        return self._disk.lock(self._folder / ".lock")

    def _heal(self) -> None:
        """Take the lock only if there is something to write: a lookup works on a disk that is read-only."""
        if self._stale():
            with self._locked():
                self._write_pages()

    def _stale(self) -> dict[Path, bytes]:
        # Jinja and the Markdown parser take a quarter of a second to import, and most commands write no page.
        from crewdesk.connectors.site_pages import render_site

        pages = render_site(self._settings, _newest_first(self._kept()))
        files = {self._folder / name: data for name, data in pages.items()}
        return {path: data for path, data in files.items() if not holds(path, data)}

    def _write_pages(self) -> None:
        for path, data in self._stale().items():
            self._disk.make_folder(path.parent)
            put(self._disk, path, data)

    def _receipt(self, kept: Kept) -> Receipt:
        record = kept.record
        page = kept.path.with_name("index.html")
        url = self.address(dict(record.body))
        return Receipt(page.as_uri(), {"url": url, "sha": record.sha, "key": record.key})


def _newest_first(kept: list[Kept]) -> list[PublishedPost]:
    posts = [read_post(one) for one in kept]
    return sorted(posts, key=lambda post: (post.delivered, post.body.slug), reverse=True)
