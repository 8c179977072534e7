"""Measure a text: keywords, length and how easily it is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.text.sentences import Sentence, sentences
from crewdesk.tools.answers import fit, shortened
from crewdesk.tools.keywords import is_unspaced, keywords
from crewdesk.tools.materials import Materials
from crewdesk.tools.readability import reading_ease
from crewdesk.tools.settings import Settings

Text = Annotated[str, Field(description="The text in Markdown; leave it empty to measure a task's accepted work.")]
Task = Annotated[str, Field(description="Task whose accepted work is measured when no text is given.")]
Language = Annotated[str, Field(description="Language as a tag such as en or de; empty for the work's own.")]

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_PER_MINUTE = 240
"""Words an adult reads silently in a minute: 238 in M. Brysbaert's review of 190 studies, 2019."""


class MeasureSettings(Settings):
    """Settings of `kind: measure`."""

    keywords: int = Field(default=10, ge=1, le=50, description="Keywords in an answer.")
    language: str = Field(default="en", description="Language of a text that does not say which it has.")


def measure_text(
    text: Text = "", task: Task = "draft", language: Language = "", *, settings: MeasureSettings, materials: Materials
) -> JsonObject:
    """Measure a text, or the accepted work of a task, which need not be repeated here.

    Gives its keywords with how often each is used, words, sentences, the longest sentence, the headings,
    minutes to read and Flesch's reading ease (100 easy, 0 hard). What cannot be known is null.
    """
    work: JsonObject = {} if text.strip() else _accepted(task, materials)
    body = text if text.strip() else _body(work, task)
    tongue = language.strip() or str(work.get("language") or settings.language)
    read = [sentence for sentence in sentences(body, language=tongue) if not sentence.house]
    prose = [sentence for sentence in read if sentence.kind not in {"heading", "definition"}]
    heads = [sentence.text for sentence in read if sentence.kind == "heading"]
    titles = [str(work["title"])] if work.get("title") else []
    whole = ". ".join([*titles, *heads]) + ".\n" + " ".join(sentence.text for sentence in prose)
    answer: JsonObject = {
        "measured": "the text given" if text.strip() else f"the work of {task}",
        "language": tongue,
        "keywords": list[Json](keywords(whole, language=tongue, most=settings.keywords) if prose else []),
        "headings": list[Json](heads),
        **_figures(prose, language=tongue),
    }
    return fit(answer, shorten="headings", longest=settings.longest)


def _figures(prose: Sequence[Sentence], *, language: str) -> JsonObject:
    said = " ".join(sentence.text for sentence in prose)
    characters = sum(not sign.isspace() for sign in said)
    words = [_WORD.findall(sentence.text) for sentence in prose]
    counted = [found for found in words if found]
    total = sum(map(len, counted))
    unspaced = is_unspaced(said)
    if unspaced or not counted:
        # Where words are not set apart nobody can count them without a dictionary.
        unknown = dict.fromkeys(("words_per_sentence", "longest_sentence", "reading_ease", "minutes"))
        return {"words": None if unspaced else 0, "sentences": len(prose), "characters": characters, **unknown}
    longest = max(range(len(words)), key=lambda at: len(words[at]))
    return {
        "words": total,
        "sentences": len(counted),
        "characters": characters,
        "words_per_sentence": round(total / len(counted), 1),
        "longest_sentence": {"words": len(words[longest]), "text": shortened(prose[longest].text, 300)},
        "reading_ease": reading_ease(counted, language=language),
        "minutes": max(1, round(total / _PER_MINUTE)),
    }


def _accepted(task: str, materials: Materials) -> JsonObject:
    work = materials.work(task)
    if work is None:
        raise ValueError(f"There is no accepted work of a task {task!r} yet; give the text itself as 'text'.")
    return work


def _body(work: JsonObject, task: str) -> str:
    body = work.get("body")
    if isinstance(body, str):
        return body
    raise ValueError(f"The work of {task!r} has no body to measure; give the text itself as 'text'.")
