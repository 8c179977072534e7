"""A change as everybody in the house reads it: pinned to its commits, ranked, packed, with what is around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crewdesk.code.context import around
from crewdesk.code.diff import UNNAMED, Diff, read_diff
from crewdesk.code.git import Repository
from crewdesk.code.guidance import edited, guidance
from crewdesk.code.importance import Rank, is_aside, is_generated, rank_of
from crewdesk.code.packing import chars, pack_diff
from crewdesk.code.secrets import masked
from crewdesk.code.snapshot import Snapshot
from crewdesk.domain.review.change import Change, ChangedFile, Text, Totals
from crewdesk.domain.review.pull import Pull
from crewdesk.domain.text.visible import visible

FOR_FILES, FOR_GUIDANCE, FOR_AROUND = 0.2, 0.1, 0.2
"""Parts of the budget; what one does not need goes to those after it, and the diff has the rest."""
LONGEST_TITLE, LONGEST_DESCRIPTION = 200, 4_000
NAMED = 8
COUNTED = {Rank.GENERATED: "generated", Rank.LOCK: "versions pinned by a program", Rank.VENDORED: "other people's code"}


def read_pull(pull: Pull, repository: Repository, *, tokens: int) -> Change:
    """Read what a pull request changes; about `tokens` of it are put before a model.

    Raises `ValueError` with a sentence where there is nothing to read, or where git says no.
    """
    commits = {"base": repository.commit(pull.base), "head": repository.commit(pull.head)}
    names = {name: masked(getattr(pull, name)) for name in ("address", "base_name", "head_name")}
    pull = pull.model_copy(update={**commits, **names})
    parted = repository.merge_base(pull.base, pull.head)
    diff = read_diff(repository, parted or pull.base, pull.head)
    if not diff.files:
        raise ValueError(_nothing(pull, parted, repository))
    before, after = Snapshot(repository, parted or pull.base), Snapshot(repository, pull.head)
    ranks = _ranks(diff.files, before, after)
    files = sorted(diff.files, key=lambda one: (ranks[one.path], is_aside(one.path), one.path))
    read = _Read(tuple(files), diff, ranks, before, after).within(tokens)
    return Change(
        target=pull.address,
        repository=str(repository.folder),
        name=repository.name,
        base=parted or pull.base,
        head=pull.head,
        base_name=pull.base_name or pull.base[:12],
        head_name=pull.head_name or pull.head[:12],
        title=_words(pull.title, LONGEST_TITLE).replace("\n", " ") or f"Changes up to {pull.head[:12]}",
        description=_words(pull.description, LONGEST_DESCRIPTION),
        files=read.files,
        abridged=read.files != tuple(files),
        in_all=_totals(files) if read.files != tuple(files) else None,
        diff=masked(read.diff),
        around=tuple(map(_without_secrets, read.around)),
        guidance=tuple(map(_without_secrets, read.guidance)),
        not_read=tuple(map(masked, (*_history(pull, parted, repository), *read.not_read))),
    )


@dataclass(frozen=True)
class _Given:
    """What a model is given of a change, before secrets are masked in it."""

    files: tuple[ChangedFile, ...]
    diff: str
    around: Sequence[Text]
    guidance: Sequence[Text]
    not_read: Sequence[str]


@dataclass(frozen=True)
class _Read:
    """All of a change: its files, the most important first, and the code before and after it."""

    files: tuple[ChangedFile, ...]
    diff: Diff
    ranks: Mapping[str, Rank]
    before: Snapshot
    after: Snapshot

    def within(self, tokens: int) -> _Given:
        """Take what matters most of it."""
        room = chars(tokens)
        for_around = int(room * FOR_AROUND)
        listed = tuple(_listed(self.files, int(room * FOR_FILES)))
        rules, no_room = guidance(self.before, self.files, int(room * FOR_GUIDANCE))
        room -= sum(map(_size, listed)) + sum(len(one.text) for one in rules)
        packed = pack_diff(self.files, self.diff.patches, self.ranks, room - for_around)
        beside = around(self.files, self.ranks, self.after, self.before, room - len(packed.text))
        said = (*edited(self.files), *_unread(self.files, self.ranks), *_unlisted(self.files, listed))
        return _Given(listed, packed.text, beside, rules, (*said, *no_room, *packed.not_read))


def _ranks(files: Sequence[ChangedFile], before: Snapshot, after: Snapshot) -> dict[str, Rank]:
    ranks = {one.path: rank_of(one) for one in files}
    code = [one for one in files if ranks[one.path] is Rank.CODE]
    # What a file was before the change says whether it is generated: a change cannot hide code by saying so.
    old = before.tops(one.old_path or one.path for one in code)
    new = after.tops(one.path for one in code if one.status == "added")
    made = {one.path for one in code if is_generated(old.get(one.old_path or one.path) or new.get(one.path, ""))}
    return ranks | dict.fromkeys(made, Rank.GENERATED)


def _totals(files: Sequence[ChangedFile]) -> Totals:
    return Totals(files=len(files), added=sum(one.added for one in files), removed=sum(one.removed for one in files))


def _listed(files: Sequence[ChangedFile], room: int) -> Iterator[ChangedFile]:
    """List as many files as there is room for; one that changed in very many places goes without them."""
    for file in files:
        for one in (file, file.model_copy(update={"shown": (), "new": ()})):
            if (cost := _size(one)) <= room:
                room -= cost
                yield one
                break


def _size(file: ChangedFile) -> int:
    return len(file.model_dump_json())


def _unlisted(files: Sequence[ChangedFile], listed: Sequence[ChangedFile]) -> Iterator[str]:
    paths = {one.path for one in listed}
    if rest := [one.path for one in files if one.path not in paths]:
        yield (
            f"Of {len(files)} changed files {len(listed)} are listed for a model; the analysers look at all of them."
            f" Not listed: {_some(rest)}."
        )


def _unread(files: Sequence[ChangedFile], ranks: Mapping[str, Rank]) -> Iterator[str]:
    for rank, what in COUNTED.items():
        if some := [one for one in files if ranks[one.path] is rank]:
            lines = sum(one.added + one.removed for one in some)
            yield f"Counted, not read ({what}): {_some([one.path for one in some])}; {_count(lines, 'line')} changed."
    if secret := [one.path for one in files if one.note == UNNAMED]:
        yield f"Not read, as the name of the file holds a secret, which is known to all from now on: {_some(secret)}."
    if binary := [one.path for one in files if one.kind == "binary" and one.note != UNNAMED]:
        yield f"Not read, as it is binary or larger than 5 MB: {_some(binary)}."
    if modules := [f"{one.path} ({one.note})" for one in files if one.kind == "submodule"]:
        yield f"The code of submodules was not read: {_some(modules)}."


def _history(pull: Pull, parted: str | None, repository: Repository) -> Iterator[str]:
    if pull.state != "open":
        yield f"When it was read, the pull request was {'a draft' if pull.state == 'draft' else pull.state}."
    if parted is None:
        why = "this clone is shallow" if repository.is_shallow else "they share no history"
        yield (
            f"Where {pull.head_name} left {pull.base_name} is not known, as {why}: the two were compared as they are,"
            " so what is new in either may look like a change."
        )
    if pull.head == repository.checked_out and (count := repository.uncommitted()):
        where = f"{_count(count, 'file')} of {repository.name}"
        yield f"Only commits are reviewed: uncommitted changes in {where} were not read."


def _nothing(pull: Pull, parted: str | None, repository: Repository) -> str:
    contained = parted == pull.head != pull.base
    why = (
        f"{pull.base_name} already has all of {pull.head_name}"
        if contained
        else f"{pull.head_name} changes no file against {pull.base_name}"
    )
    count = repository.uncommitted()
    hint = (
        f" Only commits are reviewed, and there are uncommitted changes in {_count(count, 'file')} here."
        if count
        else ""
    )
    return f"There is nothing to review: {why}.{hint} Name another --base or --head, such as --base HEAD~1."


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _words(text: str, most: int) -> str:
    said = masked(visible(text.replace("\r\n", "\n"))).strip()
    return said if len(said) <= most else f"{said[: most - 1].rstrip()}…"


def _without_secrets(text: Text) -> Text:
    return text.model_copy(update={"text": masked(text.text)})
