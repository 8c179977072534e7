"""What a number can mean: `1.000` is a thousand to some and one to others."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_LONGEST = 40
"""Digits after which a number is only ever compared as it is written."""
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_INDIAN = re.compile(r"[1-9]\d?(?:,\d{2})*,\d{3}")


def readings(raw: str) -> frozenset[str]:
    """Give the canonical spellings of a number: no thousands separators, a dot before decimals.

    Decimals keep their zeros (version 3.10 is not 3.1) unless they are all zeros.
    """
    number = re.sub("[ ']", "", raw)
    if ":" in number or len(number) > _LONGEST:
        return frozenset({number})
    marks = re.sub(r"\d", "", number)
    if not marks:
        return frozenset({_whole(number)})
    if len(set(marks)) > 1:
        return frozenset({_mixed(number)})
    return _one_kind(number, marks[0], len(marks))


def plain_number(number: Decimal) -> str:
    """Spell a number without exponent and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(value: str, scale: Decimal, *, exact: bool) -> str:
    """Multiply a canonical number; `exact` says that it is an amount, so that 1.50 is 1.5."""
    if not exact:
        return value
    try:
        return plain_number(Decimal(value) * scale)
    except InvalidOperation:
        return value


def _one_kind(number: str, mark: str, count: int) -> frozenset[str]:
    joined = number.replace(mark, "")
    if _GROUPS.fullmatch(number):
        return frozenset({joined, _decimal(number.replace(mark, "."))} if count == 1 else {joined, number})
    if count == 1:
        return frozenset({_decimal(number.replace(mark, "."))})
    return frozenset({joined if _INDIAN.fullmatch(number) else number})


def _mixed(number: str) -> str:
    """Read 1,000.50 and 1.000,50: the last mark divides."""
    head, mark, tail = number.rpartition(max(".,", key=number.rfind))
    rest = re.sub("[.,]", "", head)
    return _decimal(f"{rest}.{tail}") if mark not in head else number


def _decimal(number: str) -> str:
    head, _, tail = number.partition(".")
    return f"{_whole(head)}.{tail}" if tail.strip("0") else _whole(head)


def _whole(number: str) -> str:
    return number.lstrip("0") or "0"
