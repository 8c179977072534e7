"""What stands around the writer's words: who writes, the greeting, the signature, the footer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from crewdesk.crews.house import front_matter
from crewdesk.domain.outreach.footnotes import take_out
from crewdesk.domain.outreach.mail import Fact, Variant
from crewdesk.domain.text.visible import TURNING

LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'）)\]]+", re.IGNORECASE)
_UNSEEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{''.join(sorted(TURNING))}\ufeff\ud800-\udfff]")
"""Signs that nobody sees and that turn the order of what is read."""
_GREETS = (",", "،", "、", "，")
_CALLS = ("!", "！")
_GREETING, _CALL = 80, 4
"""Characters, and words, of a first line that may be a greeting."""
_TAIL = 8
"""Lines at the end in which a line of two dashes begins what is no mail any more."""
_YOURS = re.compile(
    r"[\[{<(]+(?:your|my|sender|company|name|title|position|ihr|dein|votre|su |tu )[^\]\n]{0,40}[\]}>)]+", re.IGNORECASE
)
"""What a model leaves to be filled in where a signature stands, such as [Your name]."""
SUBJECT = 200
"""Characters of a subject that are kept."""
_SAME = 0.85
"""From here on two variants are one."""


@dataclass(frozen=True)
class Sender:
    """Who writes, as knowledge/house/signature.md says."""

    name: str
    signature: str

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts of our own."""
        return frozenset(host_of(link) for link in LINK.findall(self.signature))


def read_sender(text: str) -> Sender:
    """Read the file."""
    front, signature = front_matter(text)
    return Sender(str(front.get("name") or ""), tidied(signature))


@dataclass(frozen=True)
class Frame:
    """What is put around a variant, once, whether its writer did so or not."""

    greeting: str
    """Empty where the writer's own stays."""
    signature: str
    footer: str

    def around(self, variant: Variant, *, language: str) -> tuple[Variant, list[Fact]]:
        """Give the mail as it is read, and its sentences that name passages."""
        body, statements = take_out(self.inside(tidied(variant.text)), language=language)
        parts = (self.greeting, body.strip(), self.signature)
        subject = take_out(" ".join(tidied(variant.subject).split()), language=language)[0].strip()
        text = "\n\n".join(part for part in parts if part)
        return Variant(subject=subject[:SUBJECT].rstrip() or "…", text=text or "…"), statements

    def inside(self, text: str) -> str:
        """Take greeting, signature and footer off."""
        ends = [tidied(end) for end in (self.footer, self.signature)]
        for end in ends:
            text = _without_end(text, end)
        text = _without_tail(text, {_bare(line) for end in ends for line in end.split("\n")})
        return _without_greeting(text, self.greeting) if self.greeting else text


def tidied(text: str) -> str:
    """Take out what nobody sees, spaces at the ends of lines, and more than one empty line in a row."""
    lines = (_UNSEEN.sub("", line).rstrip() for line in re.split(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]", text))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def differ(one: str, other: str) -> bool:
    """Say whether two texts are really two."""
    first, second = one.split(), other.split()
    return SequenceMatcher(None, first, second, autojunk=False).ratio() < _SAME


def greets(line: str) -> bool:
    """Say whether a first line looks like a greeting."""
    line = line.rstrip()
    calls = line.endswith(_CALLS) and len(line.split()) <= _CALL
    return len(line) <= _GREETING and "[^" not in line and (calls or line.endswith(_GREETS))


def host_of(link: str) -> str:
    """Give a link's host in small letters; empty where it has none."""
    try:
        return (urlsplit(link if "://" in link else f"https://{link}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _without_greeting(text: str, greeting: str) -> str:
    first, _, rest = text.partition("\n")
    if not text.startswith(greeting) and greets(first):
        text = rest.lstrip()
    return text.removeprefix(greeting).lstrip()


def _without_tail(text: str, ends: set[str]) -> str:
    """Take off what stands below a writer's words: lines of our ends in any order, and names left to be filled in."""
    lines = text.split("\n")
    cut = next((n for n in range(max(0, len(lines) - _TAIL), len(lines)) if lines[n].strip() in ("--", "—")), None)
    lines = lines[:cut]
    while lines and (not lines[-1].strip() or _bare(lines[-1]) in ends or _YOURS.fullmatch(lines[-1].strip())):
        lines.pop()
    return "\n".join(lines)


def _bare(line: str) -> str:
    return re.sub(r"\W+", " ", line).strip().casefold()


def _without_end(text: str, end: str) -> str:
    """Take an end off, and a part of it that begins with its first line."""
    if not end:
        return text
    if text.endswith(end):
        return text.removesuffix(end).rstrip().removesuffix("--").rstrip()
    lines, first = text.split("\n"), end.partition("\n")[0].strip()
    tail = max(0, len(lines) - end.count("\n") - 2)
    at = next((n for n in range(tail, len(lines)) if lines[n].strip() == first), None)
    return text if at is None else "\n".join(lines[:at]).rstrip()
