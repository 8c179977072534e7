"""What the checks need to know about a language: its commonest words, and how it uses capitals."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


STOPWORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and of to in is that it for with as are on be by this from or an at which have has was were not "
        "but can  their they will its than then when what who how into more most also only each other such "
        "these those there",
        "de": "der die das und ist in zu den mit von auf fur ein eine einen einem einer nicht es sich dem auch als "
        "wird sind  werden oder wie bei aus nach wenn nur noch kann haben hat dass durch uber diese dieser "
        "dieses mehr sein sie ihr ihre ihren wir",
        "fr": "le la les et de des du un une est en que qui dans pour sur pas par au aux avec ce cette ces il elle "
        "sont ou  plus se ne son sa ses leur leurs comme mais etre sans peut ont",
        "es": "el la los las y de del un una es en que para con por no se su sus al lo como mas o este esta estos "
        "estas son  pero sin sobre entre cuando muy hay ser han",
        "it": "il lo la i gli le e di del della dei delle un una e in che per con non si da al alla come piu o "
        "questo questa  sono ma anche nel nella dal dalla essere hanno quando",
        "pt": "o a os as e de do da dos das um uma em no na que para com por nao se seu sua ao como mais ou este "
        "esta sao  mas pelo pela quando muito ser tem",
        "nl": "de het een en van is in op te dat die voor met niet zijn aan er ook als bij door naar om uit maar "
        "worden wordt  dan nog wel meer of deze dit kan heeft hebben",
        "sv": "och att det som en ett ar for pa av med den inte till om har de kan sa eller men fran vid ska",
        "da": "og at det som en et er for pa af med den ikke til om har de kan sa eller men fra ved skal",
        "no": "og at det som en et er for pa av med den ikke til om har de kan sa eller men fra ved skal",
        "pl": "i w na z do nie sie to jest ze o jak po od za dla przez tak oraz czy ale lub sa byc ktory ktore",
        "ru": "и в не на что с по как это к для из от у но за о или так же которые который быть его при",
        "tr": "ve bir bu da de icin ile cok daha olarak gibi ne en kadar sonra olan veya ama her",
    }.items()
}
"""Words too common to say what a text is about, by their skeletons."""

INFLECTING = _set("ru uk be bg mk sr hr bs sl sk cs pl fi et hu lv lt el tr ro sq is eu az kk")
"""Languages that change the ends of names."""

CAPITAL_NOUNS = frozenset({"de", "lb"})
"""Languages in which a capital letter makes no name."""

SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "ja": re.compile("[\u3040-\u30ff\u4e00-\u9fff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "uk": re.compile("[\u0400-\u04ff]"),
    "bg": re.compile("[\u0400-\u04ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "fa": re.compile("[\u0600-\u06ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
}
"""Letters of languages that a text must have some of, to be written in them."""

_OWN_LETTERS = re.compile("[A-Za-zÀ-ɏͰ-ϿЀ-ӿ\u0530-\u058f]")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_COMMON_SHARE = 0.06
_MUCH_MORE = 2
"""So many times as many common words of another language, and a text is in that one."""


def is_tag(language: str) -> bool:
    """Say whether this can be a language's BCP 47 tag, as `de-AT`; English is none."""
    return _TAG.fullmatch(language.strip()) is not None


def primary(language: str) -> str:
    """Give the language of a BCP 47 tag without region and script: `de-AT` is `de`."""
    return re.split("[-_]", language.strip(), maxsplit=1)[0].lower()


def has_capitals(text: str) -> bool:
    """Tell whether most letters of a text belong to a script with capitals."""
    if text.isascii():
        return True
    letters = [sign for sign in text[:2_000] if sign.isalpha()]
    return 2 * sum(1 for sign in letters if _OWN_LETTERS.match(sign)) >= len(letters)


def is_written_in(words: list[str], language: str) -> bool | None:
    """Guess from its commonest words whether a text is in this language; None where we cannot tell."""
    common = STOPWORDS.get(primary(language))
    if common is None or len(words) < 8:  # noqa: PLR2004
        return None
    own = sum(word in common for word in words)
    most = max(sum(word in others for word in words) for others in STOPWORDS.values())
    return own >= _COMMON_SHARE * len(words) and most <= _MUCH_MORE * own
