"""A review at its gate for tests of pages: a dozen findings, a test that ran, a change to documentation."""

from __future__ import annotations

from typing import Any

from crewdesk.desk.start_run import start_run
from crewdesk.desk.work import Work
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from support.web import hold, propose

HEAD, BASE = "d1ce" * 10, "ba5e" * 10
CODE = """38  def charge(card, amount):
39      try:
40          return gateway.charge(card, round(amount))
41      except Exception:
42          pass
43
44  def refund(card, amount):"""
PATCH = """--- a/README.md
+++ b/README.md
@@ -10,3 +10,3 @@
 ## Paying
-`charge(card)` takes the money.
+`charge(card, amount)` takes that much of the money.
 It raises `Declined`.
"""


def finding(**changes: Any) -> JsonObject:
    """A finding as the checker leaves it."""
    found: JsonObject = {
        "path": "shop/pay.py",
        "line": 41,
        "end_line": 42,
        "severity": "major",
        "kind": "bug",
        "title": "A declined card looks like a payment",
        "explanation": "Every error is swallowed, so `charge` returns None and the order is shipped.",
        "evidence": "shop/orders.py:88 ships whenever nothing is raised.",
        "confidence": 0.8,
        "suggestion": None,
        "by": "code analyst",
        "fingerprint": "f0",
        "inline": True,
        "known": False,
        "code": CODE,
    }
    return found | changes


def trial(**changes: Any) -> JsonObject:
    """A drafted test that fails before the change and passes after it."""
    ran: JsonObject = {
        "path": "tests/test_pay.py",
        "code": "def test_charge_rounds_up():\n    assert charge(CARD, 1.5) == 2\n",
        "about": "An amount is charged to the cent.",
        "by": "test author",
        "base": "failed",
        "head": "passed",
        "reverted": "not run",
        "covers": [{"first": 38, "last": 40}],
        "covered": 3,
        "coverable": 5,
        "output": "",
    }
    return ran | changes


def proposal(**changes: Any) -> JsonObject:
    """A change to a README."""
    proposed: JsonObject = {
        "path": "README.md",
        "line": 11,
        "end_line": 11,
        "title": "The README still says charge(card)",
        "reason": "charge takes an amount now.",
        "replacement": "`charge(card, amount)` takes that much of the money.",
        "by": "documentation writer",
        "patch": PATCH,
    }
    return proposed | changes


def review(**changes: Any) -> JsonObject:
    """A whole review."""
    lint = {"kind": "style", "by": "ruff", "confidence": 1.0, "explanation": "", "evidence": "ruff F401"}
    whole: JsonObject = {
        "title": "Cards are charged by amount",
        "summary": "Adds an amount to `charge`.\n\n**Not fit to go in** before declined cards are told apart.",
        "findings": [
            finding(severity="critical", fingerprint="f0", suggestion="    except Declined:\n        raise"),
            finding(title="Amounts are rounded to whole units", line=40, end_line=40, fingerprint="f1", known=True),
            finding(
                **lint, title="`os` is imported and not used", severity="minor", fingerprint="f2", line=3, end_line=3
            ),
            finding(**lint, title="`re` is imported and not used", severity="note", fingerprint="f3", inline=False),
        ],
        "tests": [trial()],
        "documentation": [proposal()],
        "resolved": [{"fingerprint": "f9", "title": "A key was in the settings"}],
        "not_read": ["assets/logo.png is binary."],
        "target": "local:/home/ada/shop#cards",
        "name": "shop",
        "base": BASE,
        "head": HEAD,
        "head_name": "cards",
        "confidence": 0.9,
        "open_questions": [],
    }
    return whole | changes


def review_at_gate(desk: Desk, **changes: Any) -> Gate:
    """Take a run of the review crew to its developer's gate without a model or a repository."""
    inputs = {"repo": "/home/ada/shop", "base": "main", "head": "cards", "pull_request": ""}
    record = start_run("review", desk.house("review"), inputs, profile="offline", by="ed", office=desk.office)
    work = Work(record, desk.office)
    return hold(desk, work, propose(work, "review", "Review", review(**changes)))
