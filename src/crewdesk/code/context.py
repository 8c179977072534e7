"""Code around a change: the functions it is in, who calls them, and the tests that do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from crewdesk.code.callers import Call, calls_of
from crewdesk.code.importance import Rank, is_test
from crewdesk.code.languages import language_of
from crewdesk.code.packing import LONGEST_LINE
from crewdesk.code.snapshot import Snapshot
from crewdesk.code.symbols import Symbol, enclosing, symbols
from crewdesk.domain.review.change import ChangedFile, Lines, Text
from crewdesk.domain.text.visible import visible

LONGEST_FUNCTION = 80
LONGEST_CALLER = 40
BESIDE_A_CALL = 6
CALLERS, TESTS = 3, 2
"""How many callers of a name are shown, and how many of its tests."""
MOST_FILES, MOST_LINES = 40, 3_000
"""Changed files that are looked at for what is around them, and how much of each may have changed."""


@dataclass
class _Shelf:
    """Texts that are gathered while there is room; lines that stand there, or in the diff, are not put in again."""

    commit: Snapshot
    room: int
    shown: dict[str, list[Lines]]
    texts: list[Text] = field(default_factory=list[Text])

    def put(self, path: str, piece: Lines, about: str) -> bool:
        """Put lines of a file in; say whether they stand there now."""
        if any(known.holds(piece.first, piece.last) for known in self.shown.get(path, [])):
            return True
        lines = self.commit.lines(path) or []
        numbered = enumerate(lines[piece.first - 1 : piece.last], start=piece.first)
        text = "\n".join(f"{number:>6}   {visible(line)[:LONGEST_LINE]}".rstrip() for number, line in numbered)
        one = Text(path=path, text=text, about=about)
        cost = len(path) + len(text) + len(about)
        if not text or cost > self.room:
            return False
        self.room -= cost
        self.shown.setdefault(path, []).append(piece)
        self.texts.append(one)
        return True


def around(
    files: Sequence[ChangedFile], ranks: Mapping[str, Rank], head: Snapshot, base: Snapshot, room: int
) -> list[Text]:
    """Gather what a reader of the change needs to see beside it, within `room` characters."""
    code = [
        one for one in files if ranks[one.path] in (Rank.CODE, Rank.DELETED) and one.kind == "text" and one.language
    ]
    shelf = _Shelf(head, room, {one.path: list(one.shown) for one in files})
    looked = [one for one in code if one.added + one.removed <= MOST_LINES][:MOST_FILES]
    touched = {one.path: _touched(one, head) for one in looked}
    for path, changed in touched.items():
        for symbol in changed:
            if symbol.last - symbol.first < LONGEST_FUNCTION:
                shelf.put(path, Lines(first=symbol.first, last=symbol.last), f"the whole of {symbol.qualified}")
    names = {one.path: _names(one, touched[one.path], head, base) for one in looked}
    for (_, name), calls in calls_of(names, head).items():
        in_tests = [call for call in calls if is_test(call.path)]
        in_code = [call for call in calls if not is_test(call.path)]
        _put_some(shelf, in_code, head, CALLERS, f"calls {name}; {_places(len(in_code))}")
        _put_some(shelf, in_tests, head, TESTS, f"a test that calls {name}; {_places(len(in_tests))}")
    return shelf.texts


def _touched(file: ChangedFile, head: Snapshot) -> list[Symbol]:
    """List the functions that have new lines, or lines taken out of them."""
    text = head.text(file.path) if file.status != "deleted" else None
    listed = symbols(text, file.language) if text else []
    places = [line for piece in file.new for line in (piece.first, piece.last)]
    # A hunk without a new line only takes lines away; where it did that lies in its middle.
    places += [(one.first + one.last) // 2 for one in file.shown if not file.touches(one.first, one.last)]
    inside = [symbol for line in places if (symbol := enclosing(listed, line)) is not None]
    return list(dict.fromkeys(inside))


def _names(file: ChangedFile, touched: Sequence[Symbol], head: Snapshot, base: Snapshot) -> list[str]:
    """Name the functions of a file that changed, and those that it had and has no longer."""
    names = [one.name for one in touched if one.kind != "class"]
    if not file.removed:
        return names
    was = symbols(base.text(file.old_path or file.path) or "", file.language)
    text = head.text(file.path) if file.status != "deleted" else ""
    kept = {one.qualified for one in symbols(text or "", file.language)}
    return names + [one.name for one in was if one.qualified not in kept and one.kind != "class"]


def _put_some(shelf: _Shelf, calls: Sequence[Call], head: Snapshot, most: int, about: str) -> None:
    done = 0
    for path, piece in dict.fromkeys(_pieces(calls, head)):
        if done == most:
            return
        done += shelf.put(path, piece, about)


def _pieces(calls: Sequence[Call], head: Snapshot) -> Iterator[tuple[str, Lines]]:
    for call in calls:
        language = language_of(PurePosixPath(call.path))
        inside = enclosing(symbols(head.text(call.path) or "", language), call.line)
        if inside is not None and inside.last - inside.first < LONGEST_CALLER:
            yield call.path, Lines(first=inside.first, last=inside.last)
        else:
            count = len(head.lines(call.path) or [])
            yield (
                call.path,
                Lines(first=max(call.line - BESIDE_A_CALL, 1), last=min(call.line + BESIDE_A_CALL, count)),
            )


def _places(count: int) -> str:
    return "nothing else does" if count == 1 else f"{count} places do"
