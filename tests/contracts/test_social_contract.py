"""Share drafts hold what every connector must hold."""

from __future__ import annotations

from connector_contract import ConnectorContract

from crewdesk.domain.specs import ConnectorSpec


class TestSocial(ConnectorContract):
    spec = ConnectorSpec(kind="social", settings={"folder": "drafts"})
    schema = "SocialDrafts"
    body = {  # noqa: RUF012 - read only, and the base class says so
        "drafts": [
            {"network": "LinkedIn", "text": "Where people belong in a pipeline."},
            {"network": "Mastodon", "text": "Where people belong."},
        ],
        "confidence": 0.8,
        "open_questions": [],
    }
    record = "drafts.json"
    files = {  # noqa: RUF012 - read only, and the base class says so
        "drafts/7KQ2.publish.site/linkedin.txt",
        "drafts/7KQ2.publish.site/mastodon.txt",
        "drafts/7KQ2.publish.site/drafts.json",
    }
