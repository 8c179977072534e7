"""What a page must know about a language: its direction, a few words, how to write a date, how long one reads."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
# Scripts that write without spaces: Thai to Lao, Burmese, Khmer, kana, Han and its extensions. Hangul has spaces.
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)

WORDS_A_MINUTE = 230
SIGNS_A_MINUTE = 450

_RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"})
_SCRIPT_LETTERS = 4
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Words:
    """The words a page adds to a post, and the language they are in."""

    language: str
    sources: str
    minutes: str
    """`{n}` stands for the number."""
    all_posts: str
    back: str


_WORDS = {
    words.language: words
    for words in (
        Words("en", "Sources", "{n} min read", "All posts", "Back to the text"),
        Words("de", "Quellen", "{n} Min. Lesezeit", "Alle Beiträge", "Zurück zum Text"),
        Words("fr", "Sources", "{n} min de lecture", "Tous les articles", "Retour au texte"),
        Words("es", "Fuentes", "{n} min de lectura", "Todos los artículos", "Volver al texto"),
        Words("pt", "Fontes", "{n} min de leitura", "Todos os artigos", "Voltar ao texto"),
        Words("it", "Fonti", "{n} min di lettura", "Tutti gli articoli", "Torna al testo"),
        Words("nl", "Bronnen", "{n} min leestijd", "Alle artikelen", "Terug naar de tekst"),
        Words("pl", "Źródła", "{n} min czytania", "Wszystkie wpisy", "Wróć do tekstu"),
        Words("ar", "المصادر", "مدة القراءة: {n} د", "كل المقالات", "العودة إلى النص"),
        Words("fa", "منابع", "{n} دقیقه مطالعه", "همهٔ نوشته‌ها", "بازگشت به متن"),
        Words("he", "מקורות", "זמן קריאה: {n} דק׳", "כל הרשומות", "חזרה לטקסט"),
        Words("ja", "出典", "{n}分で読めます", "記事一覧", "本文へ戻る"),
        Words("zh", "来源", "阅读约 {n} 分钟", "所有文章", "返回正文"),
        Words("ko", "출처", "읽는 데 {n}분", "모든 글", "본문으로 돌아가기"),
    )
}


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Say which way a language is written; a script in the tag (`az-Arab`) outweighs the language."""
    first, *rest = language.lower().split("-")
    scripts = [part for part in rest if len(part) == _SCRIPT_LETTERS and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if first in _RIGHT_TO_LEFT else "ltr"


def words_for(language: str) -> Words:
    """Look up the words of a language; English where we have none, and `language` says so."""
    return _WORDS.get(language.lower().split("-")[0], _WORDS["en"])


def date_words(moment: datetime, language: str) -> str:
    """Write a date: in words in English, as 2025-11-22 elsewhere, which nobody misreads."""
    if language.lower().split("-")[0] != "en":
        return moment.date().isoformat()
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def reading_minutes(text: str) -> int:
    """Say how many minutes a text takes; signs are counted where a script has no spaces."""
    signs = len(UNSPACED.findall(text))
    words = len(UNSPACED.sub(" ", text).split())
    return max(1, math.ceil(words / WORDS_A_MINUTE + signs / SIGNS_A_MINUTE))
