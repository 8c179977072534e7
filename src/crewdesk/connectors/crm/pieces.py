"""What CRMs hold in other pieces than a lead does: names, places; and words to look for."""

from __future__ import annotations


def split_name(name: str) -> tuple[str, str]:
    """Take a name apart: `Last, First`, or else the first word and the rest."""
    if ", " in name:
        last, _, first = name.partition(", ")
        return first.strip(), last.strip()
    first, _, last = name.partition(" ")
    return first, last.strip()


def joined_place(street: str, postal_code: str, city: str, *more: str) -> str:
    """Spell a place in one line."""
    parts = [*street.splitlines(), f"{postal_code} {city}", *more]
    return ", ".join(part.strip() for part in parts if part.strip())


def literally(text: str) -> str:
    """Spell a text for `ilike`, with signs that stand for others escaped."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
