"""The site holds what every connector must hold."""

from __future__ import annotations

from pathlib import Path

from connector_contract import ConnectorContract, tree

from crewdesk.domain.actions import Receipt
from crewdesk.domain.specs import ConnectorSpec
from crewdesk.errors import DeliveryRefused


class TestSite(ConnectorContract):
    spec = ConnectorSpec(
        kind="site", settings={"folder": "site", "base_url": "https://blog.example.com", "title": "Crewdesk"}
    )
    schema = "Post"
    body = {  # noqa: RUF012 - read only, and the base class says so
        "title": "Where people belong in a pipeline",
        "description": "Put a gate where a mistake is expensive.",
        "slug": "where-people-belong",
        "keywords": ["gates"],
        "language": "en",
        "body": "A gate stops.[^gates-1]\n\n## Why\n\nBecause.[^gates-2]",
        "links": [],
        "sources": [{"id": "gates-1", "title": "Gates", "location": "content/gates.md:12"}],
        "confidence": 0.8,
        "open_questions": [],
    }
    record = "post.json"
    files = {  # noqa: RUF012 - read only, and the base class says so
        "site/posts/where-people-belong/post.json",
        "site/posts/where-people-belong/index.html",
        "site/index.html",
        "site/feed.xml",
        "site/sitemap.xml",
        "site/style.css",
    }

    def test_two_posts_with_one_slug_at_the_same_moment_make_one_post_and_the_other_is_told(
        self, tmp_path: Path
    ) -> None:
        outcomes = self.at_one_moment(tmp_path, [self.delivery(key="one"), self.delivery(key="two")])

        assert {type(outcome) for outcome in outcomes} == {Receipt, DeliveryRefused}
        assert set(tree(tmp_path)) == self.files
