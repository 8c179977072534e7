"""Which sentences state a fact, by a rule a writer can remember.

Every sentence is a statement, unless it is a question, a heading, a label, the lead-in to a list (it ends in a
colon), an instruction or a plan (it begins with a word from a small list), or stands in the house's closing
line in italics. But a sentence with a footnote is always one, and so is one with digits or with a quotation
of three words or more, however it begins: no figure hides in a question.

Limits: the lists know some languages; elsewhere an instruction counts as a statement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from crewdesk.domain.text.folding import is_unspaced, skeleton
from crewdesk.domain.text.languages import primary
from crewdesk.domain.text.quotations import quotations
from crewdesk.domain.text.sentences import Sentence

_INSTRUCTIONS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "add agree always ask assume avoid be begin bring build call change check choose close come compare "
        "consider  count decide define delete describe do document don't draw enjoy ensure expect explain "
        "fill find fix follow forget  get give go have hold imagine invite keep know learn leave let limit "
        "list listen log look make mark measure  move name never note notice open pay pick plan please prefer "
        "prepare put read record remember remove repeat  replace resist review run save say see select send "
        "separate set share show skip split start state stay stop  store suppose take talk tell test thank "
        "think treat trust try turn use wait watch welcome write",
        "de": "achte beginne bitte denke entscheide frage gib halte haltet lass lasst lege lege lies mach macht "
        "miss nenne  nimm nutze plane prufe schau schaue schreibe schreib setze sieh sorge stell stelle "
        "stoppe teile teste trenne  vergiss vergleiche vermeide verwende wahle warte zahle zeige",
        "fr": "ajoute choisis commence compare decide demande donne ecris evite fais garde lis mesure mets pense "
        "prends  utilise verifie",
        "es": "anada compruebe compare comience consulte decida elija empiece escriba evite haga lea mida mire "
        "piense ponga  pregunte pruebe recuerde revise use utilice verifique",
        "it": "aggiungi chiedi comincia confronta controlla decidi evita fai inizia leggi metti misura pensa prendi "
        "prova  ricorda scegli scrivi usa verifica",
        "pt": "adicione compare comece decida escolha escreva evite faca leia lembre meca pense pergunte ponha "
        "prove  reveja teste use verifique",
        "nl": "begin bekijk bepaal controleer denk geef gebruik houd kies lees let maak meet neem noem probeer "
        "schrijf test  vergelijk vermijd vraag zet",
    }.items()
}
_POLITE: Mapping[str, re.Pattern[str]] = {
    "de": re.compile(r"\w+e?n sie\b"),
    "fr": re.compile(r"\w+ez\b"),
    "ja": re.compile(r".*(?:ください|下さい|ましょう)[。！]?$"),
    "zh": re.compile(r"请|請|让我们|不要"),
    "ko": re.compile(r".*(?:세요|십시오|합시다)[.!]?$"),
}
_PLANS = re.compile(
    r"(?:i|we)(?: will|'ll| shall| want to| are going to| look at)\b|let(?:'s| us| me)\b"
    r"|(?:in )?this (?:post|article|guide)\b|here(?:'s| is| are)\b|(?:in diesem|dieser) (?:beitrag|artikel|text)\b"
    r"|wir (?:werden|wollen|sehen uns|zeigen)\b"
    r"|(?:dans )?cet article\b|nous allons\b|(?:en )?este articulo\b|vamos a\b|in questo articolo\b|neste artigo\b"
    r"|in dit artikel\b"
)
_QUESTION = re.compile(r"[?？؟՞⁇]['\"”’»)\]」』]*$|(?:です|ます|でしょう)か[。]?$")
_FULL_STOP = re.compile(r"[.!。！…։।]['\"”’»)\]」』]*$")
_FIRST = re.compile(r"[^\W\d_][^\W\d_']*(?:'[a-z]+)?")
_LABEL_WORDS, _LABEL_SIGNS, _QUOTE_WORDS = 3, 8, 3


def is_statement(sentence: Sentence, *, language: str) -> bool:
    """Tell whether a sentence claims something that needs a source."""
    text = sentence.text
    if sentence.notes:
        return True
    if sentence.kind == "heading" or sentence.house or not any(sign.isalnum() for sign in text):
        return False
    if _asserts(text):
        return True
    return not (
        sentence.label
        or _is_fragment(text)
        or text.endswith((":", "："))
        or _QUESTION.search(text)
        or _instructs(text, primary(language))
    )


def _asserts(text: str) -> bool:
    """Tell whether a text has digits or quotes somebody at length."""
    return any(sign.isdigit() for sign in text) or any(
        len(text[start:end].split()) >= _QUOTE_WORDS for start, end in quotations(text)
    )


def _is_fragment(text: str) -> bool:
    """Tell whether this is a label rather than a sentence, such as a short list item without a full stop."""
    if _FULL_STOP.search(text):
        return False
    return len(text) <= _LABEL_SIGNS if is_unspaced(text) else len(text.split()) <= _LABEL_WORDS


def _instructs(text: str, language: str) -> bool:
    plain = skeleton(text).lstrip("\"'([-* ")
    first = _FIRST.match(plain)
    polite = _POLITE.get(language)
    return (
        (first is not None and first.group() in _INSTRUCTIONS.get(language, ()))
        or bool(_PLANS.match(plain))
        or bool(polite and polite.match(plain))
    )
