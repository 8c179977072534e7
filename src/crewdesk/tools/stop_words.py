"""Words that are no topics: yake's lists for some thirty languages, and a list of ours for feeds."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path


@cache
def stop_words(language: str) -> frozenset[str]:
    """List the words of a language, and of English, that are no part of a topic; in small letters."""
    return frozenset([*_listed("en"), *_listed(language.lower()[:2])])


@cache
def feed_words() -> frozenset[str]:
    """List the words that headlines share whatever they are about: 'release notes' may be a topic, 'notes' is none."""
    lines = files("crewdesk.tools").joinpath("feed_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _listed(language: str) -> list[str]:
    # Only the list is read: importing yake itself takes more than a second.
    spec = find_spec("yake")
    if spec is None or spec.origin is None or not language.isalpha():
        return []
    path = Path(spec.origin).parent / "core" / "StopwordsList" / f"stopwords_{language}.txt"
    return path.read_text("utf-8", errors="ignore").casefold().split("\n") if path.is_file() else []
