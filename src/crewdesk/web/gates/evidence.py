"""What the statements of a version rest on: each with its passages, what is flagged, and who waived that and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from crewdesk.crews.flags import why_flagged
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.evidence import FlagKind
from crewdesk.domain.gates import Gate, Waiver
from crewdesk.domain.passages import Passage
from crewdesk.web.texts.marks import Marked


@dataclass(frozen=True)
class Statement:
    """One statement, as the evidence check has it."""

    number: int
    sentence: str
    line: int
    passages: tuple[Passage, ...]
    why: tuple[str, ...] = ()
    """What speaks against it."""
    waiver: Waiver | None = None

    @property
    def rests_on(self) -> str:
        """What speaks for it, or against it, in few words."""
        said = [f"{one.text} ({', '.join(filter(None, (one.title, one.date)))})" for one in self.passages]
        return " · ".join(f"{one[:300]}…" if len(one) > 301 else one for one in [*self.why, *said])  # noqa: PLR2004

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return f"claim-{self.number}"


@dataclass(frozen=True)
class EvidenceCard:
    """What a person sees of the evidence."""

    summary: str = ""
    statements: tuple[Statement, ...] = ()
    passages: tuple[Passage, ...] = ()
    """What the output names without statements of its own, such as findings do."""

    @property
    def flagged(self) -> tuple[Statement, ...]:
        """The statements that a person should look at."""
        return tuple(one for one in self.statements if one.why)

    @property
    def to_look_at(self) -> int:
        """Count those of them that nobody has waived."""
        return sum(1 for one in self.flagged if one.waiver is None)

    @property
    def sound(self) -> tuple[Statement, ...]:
        """The others."""
        return tuple(one for one in self.statements if not one.why)

    @property
    def marked(self) -> list[Marked]:
        """What to look for in the rendered text."""
        return [
            Marked(one.sentence, one.anchor, flagged=bool(one.why) and one.waiver is None) for one in self.statements
        ]

    @property
    def numbered(self) -> list[Marked]:
        """The same for a text without footnotes of its own: each statement leads to what it rests on."""
        return [replace(mark, note=one.rests_on) for mark, one in zip(self.marked, self.statements, strict=True)]


def evidence_of(card: JsonObject, body: JsonObject, gate: Gate, passages: Mapping[str, Passage]) -> EvidenceCard:
    """Read a card's evidence; an output without statements names its passages at least."""
    evidence = card.get("evidence")
    if not isinstance(evidence, dict):
        named = dict.fromkeys(text for text in _texts(body) if text in passages)
        return EvidenceCard(passages=tuple(passages[name] for name in named))
    waivers = {waiver.sentence: waiver for waiver in gate.waivers}
    claims = [claim for claim in _list(evidence.get("claims")) if isinstance(claim, dict)]
    return EvidenceCard(
        str(evidence.get("summary", "")),
        tuple(_statement(number, claim, passages, waivers) for number, claim in enumerate(claims, start=1)),
    )


def _statement(
    number: int, claim: JsonObject, passages: Mapping[str, Passage], waivers: Mapping[str, Waiver]
) -> Statement:
    sentence, line = str(claim.get("sentence", "")), claim.get("line")
    named = (passages.get(str(name)) for name in _list(claim.get("passages")))
    flags = [flag for flag in _list(claim.get("flags")) if isinstance(flag, dict)]
    return Statement(
        number,
        sentence,
        line if isinstance(line, int) else 0,
        tuple(passage for passage in named if passage is not None),
        tuple(why_flagged(cast("FlagKind", flag["kind"]), str(flag["text"])) for flag in flags),
        waivers.get(sentence),
    )


def _texts(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            for item in value.values():
                yield from _texts(item)
        case _:
            return


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
