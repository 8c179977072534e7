"""Read the change under review: which commits, which files, and the diff with line numbers."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from crewdesk.code.diff import Diff, read_diff
from crewdesk.code.git import Repository
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.review.change import Change
from crewdesk.domain.review.pull import Pull
from crewdesk.tools.materials import Materials
from crewdesk.tools.review.forges import Forge, named_forge
from crewdesk.tools.settings import Settings


class ChangeSettings(Settings):
    """Settings of `kind: change`."""

    connector: str = Field(description="Name in connectors.yaml of the forge.")
    diff_chars: int = Field(default=40_000, ge=1_000, description="Longest diff that is put before a model.")


def read_change(*, settings: ChangeSettings, materials: Materials) -> JsonObject:
    """Read the change that the run's inputs name: a pull request by its address, or two refs of a repository."""
    forge = named_forge(settings.connector, materials)
    asked = materials.inputs
    if address := asked.get("pull_request", "").strip():
        pull = forge.pull(address)
        repository = Repository(forge.fetch(pull, materials.scratch))
    else:
        repository = Repository(Path(asked.get("repo") or "."))
        pull = _local(repository, asked.get("base", ""), asked.get("head") or "HEAD")
    change = _read(pull, repository, forge, settings)
    return {"change": change.model_dump(mode="json"), "confidence": 1.0, "open_questions": []}


def _local(repository: Repository, base: str, head: str) -> Pull:
    """Make of two refs what a forge would call a pull request."""
    base = base or repository.default_branch()
    first, last = repository.commit(base), repository.commit(head)
    commits = repository.commits(repository.merge_base(first, last), last)
    title = commits[0].title if len(commits) == 1 else f"{head} against {base}"
    said = commits[0].body if len(commits) == 1 else "\n".join(f"- {commit.title}" for commit in commits)
    return Pull(
        address=f"local:{repository.folder.resolve()}#{head}",
        title=title,
        description=said.strip(),
        base=first,
        head=last,
        base_name=base,
        head_name=head,
    )


def _read(pull: Pull, repository: Repository, forge: Forge, settings: ChangeSettings) -> Change:
    base, head = repository.merge_base(pull.base, pull.head), pull.head
    diff = read_diff(repository, base, head)
    if not diff.files:
        raise ValueError(f"There is nothing to review: {pull.head_name} changes no file against {pull.base_name}.")
    return Change(
        target=pull.address,
        repository=str(repository.folder),
        name=repository.name,
        base=base,
        head=head,
        base_name=pull.base_name,
        head_name=pull.head_name,
        title=pull.title,
        description=pull.description,
        files=diff.files,
        diff=_spelled(diff)[: settings.diff_chars],
        earlier=tuple(forge.posted(pull.address)),
    )


def _spelled(diff: Diff) -> str:
    return "\n".join(str(diff.patches[one.path]) for one in diff.files if one.path in diff.patches)
