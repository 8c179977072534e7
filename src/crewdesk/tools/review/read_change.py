"""Read the change under review: which commits, which files, and the diff with line numbers."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field

from crewdesk.code.git import Repository
from crewdesk.code.reading import read_pull
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.review.pull import Pull
from crewdesk.tools.materials import Materials
from crewdesk.tools.review.forges import named_forge
from crewdesk.tools.settings import Settings

MOST_COMMITS = 30
"""Commits whose titles are told."""
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class ChangeSettings(Settings):
    """Settings of `kind: change`."""

    connector: str = Field(description="Name in connectors.yaml of the forge.")
    tokens: int = Field(
        default=16_000,
        ge=2_000,
        description="How much of a change is put before a model: diff, code around it, the repository's own rules.",
    )


def read_change(*, settings: ChangeSettings, materials: Materials) -> JsonObject:
    """Read the change that the run's inputs name: a pull request by its address, or two refs of a repository."""
    forge = named_forge(settings.connector, materials)
    asked = materials.inputs
    if address := asked.get("pull_request", "").strip():
        pull = forge.pull(address)
        repository = Repository(forge.fetch(pull, materials.scratch))
    else:
        repository = Repository(Path(asked.get("repo") or "."))
        pull = _local(repository, asked.get("base", "").strip(), asked.get("head", "").strip() or "HEAD")
    change = read_pull(pull, repository, tokens=settings.tokens)
    change = change.model_copy(update={"earlier": tuple(forge.posted(pull.address))})
    return {"change": change.model_dump(mode="json"), "confidence": 1.0, "open_questions": []}


def _local(repository: Repository, base: str, head: str) -> Pull:
    """Make of two refs what a forge would call a pull request."""
    last = repository.commit(head)
    base = base or repository.default_branch()
    first = repository.commit(base)
    named = repository.branch() or head if head == "HEAD" else head
    commits = repository.commits(repository.merge_base(first, last) or first, last)
    only = commits[0] if len(commits) == 1 else None
    titles = [f"- {commit.title}" for commit in commits[:MOST_COMMITS]]
    more = [f"- and {len(commits) - MOST_COMMITS} more"] if len(commits) > MOST_COMMITS else []
    return Pull(
        address=f"local:{repository.folder.resolve()}#{named}",
        title=only.title if only else f"{_short(named)} against {_short(base)}",
        description=only.body if only else "\n".join([*titles, *more]),
        base=first,
        head=last,
        base_name=_short(base),
        head_name=_short(named),
    )


def _short(name: str) -> str:
    """Cut a commit's name as people do; others stay whole."""
    return name[:12] if _COMMIT.fullmatch(name) else name
