"""A mail to a lead as it looks at a terminal, and that nobody is written to; needs are numbered, to be left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import ValidationError
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.outreach.mail import Fact, MailBody, Need, Source, StopBody, Variant
from crewdesk.domain.text.visible import in_one_line, visible

FIRST_LINES = 40
"""Of a mail, unless all is asked for: more than a first mail should have."""
FIRST_FACTS = 4


def show_mail(artifact: Artifact | None, *, whole: bool) -> RenderableType | None:
    """Make a mail's body ready to be printed; None where this is none."""
    if artifact is None:
        return None
    try:
        match artifact.schema:
            case "Outreach":
                return Group(*_mail(MailBody.model_validate(artifact.body), whole=whole))
            case "Stop":
                return Group(*_stop(StopBody.model_validate(artifact.body)))
            case _:
                return None
    except ValidationError:  # written by an older version, or changed in the database
        return None


def _mail(mail: MailBody, *, whole: bool) -> Iterator[RenderableType]:
    sources = {source.id: source for source in mail.sources}
    yield _line("To", f"{mail.to_name} <{mail.to}>".strip())
    yield _line("Subject", f"{mail.subject} ({len(mail.subject)} characters)")
    yield Text()
    yield _text(mail.text, whole=whole)
    if mail.footer.strip():
        yield Text(f"\n-- \n{visible(mail.footer.strip())}", style="dim")
    yield from _needs(mail.needs, sources)
    yield from _facts(mail.facts, sources, whole=whole)
    if mail.other is not None and (mail.other.subject, mail.other.text) != (mail.subject, mail.text):
        yield from _other(mail.other, whole=whole)
    yield Text(f"\nlead {in_one_line(mail.lead)} · written in {in_one_line(mail.language)}", style="dim")


def _needs(needs: Sequence[Need], sources: Mapping[str, Source]) -> Iterator[RenderableType]:
    if needs:
        yield Text("\nWhat they probably need", style="bold")
    for number, need in enumerate(needs, start=1):
        yield Text(f"{number:>2}  {in_one_line(need.need)} · {need.confidence:.0%} sure")
        yield _because(need.because, need.passages, sources)


def _facts(facts: Sequence[Fact], sources: Mapping[str, Source], *, whole: bool) -> Iterator[RenderableType]:
    if facts:
        yield Text("\nWho they are", style="bold")
    for fact in facts if whole else facts[:FIRST_FACTS]:
        yield Text(f"  · {in_one_line(fact.statement)}")
        yield _because("", fact.passages, sources)
    if not whole and len(facts) > FIRST_FACTS:
        yield Text(f"({FIRST_FACTS} of {len(facts)} facts, v or --all for all)", style="dim")


def _other(other: Variant, *, whole: bool) -> Iterator[RenderableType]:
    yield Text("\nThe other way to write it (o, or edit --other, takes it)", style="bold")
    yield Text(in_one_line(other.subject))
    if whole:
        yield Padding(_text(other.text, whole=True), (0, 0, 0, 4))


def _stop(stop: StopBody) -> Iterator[RenderableType]:
    yield Text("Nobody is written to:", style="bold")
    yield from (Text(f"  · {in_one_line(reason)}") for reason in stop.reasons)
    yield Text(f"\nlead {in_one_line(stop.lead)}", style="dim")


def _text(text: str, *, whole: bool) -> Text:
    lines = visible(text.rstrip("\n")).split("\n")
    if whole or len(lines) <= FIRST_LINES:
        return Text("\n".join(lines))
    note = f"\n({FIRST_LINES} of {len(lines)} lines, v or --all for all)"
    return Text.assemble("\n".join(lines[:FIRST_LINES]), (note, "dim"))


def _line(name: str, value: str) -> Text:
    return Text.assemble((f"{name:<9}", "dim"), in_one_line(value))


def _because(said: str, passages: Sequence[str], sources: Mapping[str, Source]) -> Padding:
    """Say what something rests on: the words, and where they come from with the day."""
    found = (sources[id_] for id_ in passages if id_ in sources)
    named = dict.fromkeys(", ".join(filter(None, (one.title, one.source, one.date))) for one in found)
    return Padding(Text(in_one_line(" · ".join(filter(None, [said, *named]))), style="dim"), (0, 0, 0, 4))
