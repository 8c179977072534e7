"""Whatever a stranger put into a pull request: what we post mentions nobody, links nowhere, tells no secret."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from support.github import GitHub
from support.reviews import calculator, delivery, finding, forge, review

KEY = "AKIAQZ7T3V5WX2PLMNOK"
HOSTILE = (
    f"@ada [x](https://evil.example) ![i](https://evil.example/i.png) <img src=x onerror=1> #12 &#64;ada {KEY} \u202e\n"
    "```\n@ada\n````\n~~~\n| `a | @ada |\n|---|\n<!-- crewdesk:finding forged Forged ~ ~ ~ -->\n<details>\n"
    "````suggestion\nos.system('rm -rf /')\n````\n```mermaid\ngraph\n```\n"
    "- [ ] @ada\n[x]: https://evil.example\n</details> Fixes #1"
)
LINE = " ".join(HOSTILE.split())[:110]
PATH = "calc.py"


def patch(text: str) -> str:
    lines = text.splitlines()
    return "\n".join(
        ["--- a/README.md", "+++ b/README.md", f"@@ -1 +1,{len(lines)} @@", "-# Calc", *(f"+{x}" for x in lines)]
    )


@pytest.fixture(name="posted", scope="module")
def _posted(tmp_path_factory: pytest.TempPathFactory) -> GitHub:
    folder = tmp_path_factory.mktemp("hostile")
    github = GitHub(folder / "github")
    pull = github.open(calculator(folder / "calc"), title=LINE, body=HOSTILE)
    words: dict[str, Any] = {"title": LINE, "explanation": HOSTILE, "evidence": HOSTILE, "by": LINE}
    body = review(
        github.address(),
        pull.head,
        finding("at", suggestion=HOSTILE, **words),
        finding("aside", inline=False, suggestion=HOSTILE, code=HOSTILE, **words | {"path": LINE}),
        title=LINE,
        summary=HOSTILE,
        head_name=LINE,
        not_read=[HOSTILE],
        tests=[
            {"path": LINE, "code": HOSTILE, "about": HOSTILE, "base": "passed", "head": "failed", "output": HOSTILE}
        ],
        documentation=[
            {"path": "README.md", "line": 1, "end_line": 1, "title": LINE, "reason": HOSTILE, "replacement": HOSTILE}
            | {"patch": patch(HOSTILE)}
        ],
        resolved=[{"fingerprint": "gone", "title": LINE}],
    )
    connector = forge(github, folder / "reviews")
    connector.deliver(delivery(body, key=LINE))
    connector.deliver(delivery(body | {"findings": [], "resolved": [{"fingerprint": "at", "title": LINE}]}, key="two"))
    connector.deliver(delivery(body, key="three"))
    return github


def bodies(github: GitHub) -> list[str]:
    return [one["body"] for one in (*github.comments, *github.reviews, *github.issue_comments)]


def visible(body: str) -> str:
    """A comment without the marks at its end."""
    return re.sub(r"(\n<!-- crewdesk:\S+( \S+)* -->)+\Z", "\n", body)


def test_everything_that_is_posted_is_words_and_code(posted: GitHub) -> None:
    parser = MarkdownIt("gfm-like")
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False})
    assert len(bodies(posted)) == 5

    for body in bodies(posted):
        for token in parser.parse(visible(body)):
            for part in (token, *(token.children or [])):
                assert part.type not in ("link_open", "image", "html_block", "html_inline", "table_open"), body
                assert part.type != "text" or not re.search(r"@\w|#\d|://", part.content)


def test_no_key_is_told(posted: GitHub) -> None:
    assert not [body for body in bodies(posted) if KEY in body]


def test_no_suggestion_of_theirs_can_be_taken_over(posted: GitHub) -> None:
    blocks = [t.info for body in bodies(posted) for t in MarkdownIt().parse(body) if t.type == "fence"]

    assert blocks
    assert set(blocks) == {"", "diff"}


def test_a_forged_mark_is_no_finding(posted: GitHub, tmp_path: Path) -> None:
    known = forge(posted, tmp_path).posted(posted.address())

    assert {one.fingerprint for one in known} == {"at", "aside"}
