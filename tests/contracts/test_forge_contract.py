"""Reviews of local changes hold what every connector must hold."""

from __future__ import annotations

from connector_contract import ConnectorContract

from crewdesk.domain.specs import ConnectorSpec

FOLDER = "reviews/shop/feature-x/7KQ2.publish.site"


class TestForge(ConnectorContract):
    spec = ConnectorSpec(kind="forge", settings={"folder": "reviews"})
    schema = "Review"
    body = {  # noqa: RUF012 - read only, and the base class says so
        "title": "A pipeline for orders",
        "summary": "Orders go through a pipeline.",
        "findings": [
            {
                "path": "shop.py",
                "line": 2,
                "end_line": 2,
                "severity": "major",
                "kind": "bug",
                "title": "The last order is lost",
                "suggestion": "    return orders",
                "patch": "--- a/shop.py\n+++ b/shop.py\n@@ -1,2 +1,2 @@\n def all():\n-    return orders[:-1]\n"
                "+    return orders\n",
                "fingerprint": "0123456789abcdef",
            }
        ],
        "tests": [{"path": "tests/test_shop.py", "code": "assert all()\n", "base": "error", "head": "passed"}],
        "target": "local:/src/shop#feature/x",
        "name": "shop",
        "base": "0" * 40,
        "head": "1" * 40,
        "head_name": "feature/x",
    }
    record = "review.json"
    files = {  # noqa: RUF012 - read only, and the base class says so
        f"{FOLDER}/{name}" for name in ("review.md", "review.sarif", "suggestions.patch", "tests.patch", "review.json")
    }
