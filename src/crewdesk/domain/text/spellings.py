"""How personal data turn up in texts: patterns for a name, an address, a telephone number in their usual spellings.

Each pattern begins with a plain character, so that a text is searched as fast as it is read; hence what must not
stand before it is asked for after its first character. All are made for texts that are decoded (text/decoded.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 200
"""Characters; what is longer is found as it stands only, for nobody is called like that."""
TOKENS = 8
"""Parts of a name that are found by themselves."""
SHORTEST_NUMBER = 6
"""Digits of a telephone number, without those of the country."""
SHORTEST_WORDING = 4
"""Letters and digits of what is found in any case; what is shorter stands in other texts as well."""
TWO = 2
"""Letters of names such as Li and De, which are countries and words as well."""

_LETTER = r"[^\W_]"
_APART = r"[\W_]{0,8}"
_NAMES_APART = r"(?:\.|[\s_+/\u00b7\-]{1,4})"
_AFTER_INITIAL = r"(?:\.\s{0,2}|[\s_+/\u00b7\-]{1,4})"
_TURNED_ROUND = r"(?:\.|[\s,_+/\u00b7\-]{1,4})"
"""In Last, First: no comma stands between First and Last, nor a full stop and a space, which end a sentence."""
_IN_NUMBERS = r"[\s()./\u2010-\u2015\-]{0,3}"
_UNSPACED = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_DOTS = "\u30fb\u00b7"
_HONORIFICS = "先生|女士|小姐|太太|總|总|經理|经理|老師|老师|様|さん|氏|씨|님"
_OTHERWISE = {"ß": ["ss"], "ø": ["oe", "o"], "ł": ["l"], "đ": ["d"], "æ": ["ae"], "œ": ["oe"], "ı": ["i"]}
_WITH_E = "äöü"
_COUNTRY = re.compile(r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}")
"""Country codes of the telephone (ITU-T E.164): none begins another."""


def email_spellings(value: str) -> Iterator[str]:
    """Find an address in any case, inside of anything: what is longer and holds it tells as much."""
    return _anywhere(value) if "@" in value and len("".join(words_of(value))) >= SHORTEST_WORDING else wordings(value)


def phone_spellings(value: str) -> Iterator[str]:
    """Find a number however it is set, with the code of its country or without, but not inside a longer number."""
    number = re.split(r"[;,]|/\s*(?=\+|0\d)|(?<=\d)\s*[^\W\d_]", value, maxsplit=1)[0][:LONGEST]
    digits = "".join(re.findall(r"\d", number))
    abroad = "+" in number or digits.startswith("00")
    digits = digits.removeprefix("00")
    known = _COUNTRY.match(digits) if abroad else None
    country = "" if known is None else known.group()
    rest = digits.removeprefix(country).removeprefix("0")
    if len(rest) < SHORTEST_NUMBER:
        yield from wordings(value) if digits or len(value) > LONGEST else ()  # such as: none
        return
    code, own = _digits(country) or r"\d{1,3}", f"{_digits(rest)}(?!\\d)"
    after = f"{_IN_NUMBERS}(?:0{_IN_NUMBERS})?{own}"
    yield f"\\((?=[^()]{{1,8}}\\)){_IN_NUMBERS}(?:\\+{_IN_NUMBERS}{code}{after}|0{_IN_NUMBERS}{own})"
    yield f"\\+{_IN_NUMBERS}{code}{after}"
    yield f"0(?<!\\d.)0{_IN_NUMBERS}{code}{after}"
    if country:
        yield f"{country[0]}(?<!\\d.){_digits(country)[1:]}{after}"
    yield f"0(?<!\\d.){_IN_NUMBERS}{own}"
    yield f"{rest[0]}(?<!\\d.){own[1:]}"


def address_spellings(value: str) -> Iterator[str]:
    """Find an address in any setting, and each line that holds a number: a street, a postal code with its town."""
    yield from wordings(value)
    lines = [line for line in re.split(r"[\n,;]", value) if re.search(r"\d", line) and re.search(rf"{_LETTER}", line)]
    for line in lines[:TOKENS]:
        yield from wordings(line)


def full_name_spellings(first: str, last: str) -> Iterator[str]:
    """Find both names beside each other, in either order and any case."""
    one, other = re.findall(r"\w+", first), re.findall(r"\w+", last)
    if not one or not other or len(first) + len(last) > LONGEST:
        return
    unspaced = rf"[\s,{_DOTS}]{{0,4}}" if _is_east_asian(first + last) else ""
    yield from _in_a_row(one, other, unspaced or (_AFTER_INITIAL if len(one[-1]) == 1 else _NAMES_APART))
    yield from _in_a_row(other, one, unspaced or _TURNED_ROUND)


def name_spellings(value: str) -> Iterator[str]:
    """Find a name by itself: a whole word, as it was given, with an initial capital, or in capitals.

    So neither a Mr Long nor a Ms May takes ordinary words out of a text. Where a sentence begins with one, it goes
    too; nothing is lost by that, for it is put back as it was. The parts of a name of several words are names.
    """
    if len(value) > LONGEST:
        yield from _anywhere(value)
        return
    parts = [part for part in re.findall(rf"{_LETTER}+", value) if len(part) > TWO and not part.islower()]
    for part in dict.fromkeys([value, *parts[:TOKENS]]):
        if not words_of(part):
            continue
        if _is_east_asian(part):
            yield _unspaced(part)
        elif part.lower() == part.upper():
            yield from _uncased(part)
        elif len(part) > 1:
            yield from _cased(part)


def wordings(value: str) -> Iterator[str]:
    """Find words in any case, with whatever stands between them."""
    if len(value) > LONGEST:
        yield from _anywhere(value)
        return
    words = re.findall(rf"{_LETTER}+", value)
    if sum(map(len, words)) >= SHORTEST_WORDING:
        yield from _in_a_row(words[:1], words[1:], _APART, inside=_APART)


def words_of(value: str) -> list[str]:
    """Take a text's words out, in small letters."""
    return re.findall(rf"{_LETTER}+", value.lower())


def _is_east_asian(value: str) -> bool:
    """Say whether a text is Chinese, Japanese or Korean: no spaces set words apart."""
    return re.fullmatch(rf"[\s{_UNSPACED}{_DOTS}]*[{_UNSPACED}][\s{_UNSPACED}{_DOTS}]*", value) is not None


def _anywhere(value: str) -> Iterator[str]:
    value = value.strip()
    for first in dict.fromkeys([value[:1].lower()[:1], value[:1].upper()[:1]]):
        if first:
            yield f"{re.escape(first)}(?i:{re.escape(value[1:])})"


def _in_a_row(one: list[str], other: list[str], apart: str, inside: str = _NAMES_APART) -> Iterator[str]:
    """Find words in any case, two groups of them in a row."""
    if not one:
        return
    rest = "".join(f"{inside}{_letters(word)}" for word in one[1:])
    if other:
        rest += apart + inside.join(map(_letters, other))
    last = (other or one)[-1]
    for first in dict.fromkeys([*_ways(one[0][0].lower()), *_ways(one[0][0].upper())]):
        yield f"{_beginning(one[0], first)}(?i:{_letters(one[0][1:])}{rest}){_end(last)}"


def _cased(name: str) -> Iterator[str]:
    spellings = [name.title()] if len(name) == TWO else [name, name.title(), name[0].upper() + name[1:], name.upper()]
    # A genitive, or a plural, goes on behind the name: Brauers.
    end = f"(?!{_LETTER})" if len(name) == TWO else f"(?=[sS]?(?!{_LETTER}))"
    for spelling in dict.fromkeys(spellings):
        for first in _ways(spelling[0]):
            yield f"{_beginning(name, first)}{_letters(spelling[1:])}{end}"


def _uncased(name: str) -> Iterator[str]:
    if len(name) > 1:
        yield f"{_beginning(name, name[0])}{_letters(name[1:])}{_end(name)}"


def _unspaced(name: str) -> str:
    """Find such a name anywhere; one sign by itself or before a title only, since it stands in other words."""
    signs = re.sub(rf"[\s{_DOTS}]", "", name)
    if len(signs) > 1:
        return rf"[\s{_DOTS}]?".join(signs)
    return rf"{signs}(?<![{_UNSPACED}].)(?:(?=\s?(?:{_HONORIFICS}))|(?![{_UNSPACED}]))"


def _beginning(word: str, first: str) -> str:
    """Begin a word with this way to write its first letter."""
    behind = "" if _is_glued(word, word[0]) else f"(?<!{_kind(first)}{'.' * len(first)})"
    return f"{re.escape(first)}{behind}"


def _end(word: str) -> str:
    return "" if _is_glued(word, word[-1]) else f"(?!{_kind(word[-1])})"


def _is_glued(word: str, sign: str) -> bool:
    """Say whether words are written in one there: in Chinese all, in Hebrew and Arabic small ones with the next."""
    is_uncased = word.lower() == word.upper() and not sign.isdecimal()
    return _is_east_asian(sign) or (is_uncased and len(word) > TWO)


def _kind(sign: str) -> str:
    """Name what goes on with what this sign is part of: digits with digits, letters with letters."""
    return r"\d" if sign[-1].isdecimal() else r"[^\W\d_]"


def _digits(number: str) -> str:
    return _IN_NUMBERS.join(number)


def _letters(word: str) -> str:
    """Match letters with their accents or without; what is no letter is any of its kind."""
    return "".join(_letter(sign) if sign.isalnum() else _APART for sign in word)


def _letter(sign: str) -> str:
    ways = [re.escape(way) for way in _ways(sign)]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _ways(sign: str) -> list[str]:
    """List how a letter is written: ü also as ue and u."""
    small = sign.lower()
    plain = "".join(part for part in unicodedata.normalize("NFD", sign) if not unicodedata.combining(part))
    other = [f"{plain}e", plain] if small in _WITH_E else [*_OTHERWISE.get(small, ()), plain]
    if sign != small:
        other = [cased for way in other for cased in (way[:1].upper() + way[1:], way.upper())]
    return [way for way in dict.fromkeys([sign, *other]) if way]
