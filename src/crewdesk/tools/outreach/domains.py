"""Domains: which part of a host is somebody's own, and which only look like somebody's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from crewdesk.domain.text.folding import skeleton

if TYPE_CHECKING:
    from tldextract import TLDExtract
    from tldextract.tldextract import ExtractResult

_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/?#@]*@)?([^/?#:\s]+)", re.IGNORECASE)
_TWINS = (
    str.maketrans("авесԁһіјӏкмпорԛгѕтуԝх", "abecdhijlkmnopqrstywx")
    | str.maketrans("αβγεικνορτυχω", "abyeikvoptuxw")
    | str.maketrans("01i5ıɡ", "ollslg")
)
"""Letters and figures that look like another; all that look alike come out as one."""
_RUNS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "ß": "ss"})
_SHORT = 5
"""Letters; of shorter names too many lie one letter apart."""
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def own_domain(host: str) -> str:
    """Give the part of a host, mail address or web address that somebody registered; empty where there is none.

    An international name is spelled in its own script, whichever way it was given.
    """
    found = _split(host)
    return f"{found.domain}.{found.suffix}" if found.domain and found.suffix else ""


def host_of(address: str) -> str:
    """Give the host of an address, or what stands behind the @, in its own script and small letters."""
    text = address.strip()
    found = _HOST.match(text if "/" in text else text.rsplit("@", 1)[-1])
    return _in_own_script(found[1]) if found else ""


def is_free_mail(domain: str) -> bool:
    """Say whether anybody can have an address there."""
    return domain in free_mail()


@cache
def free_mail() -> frozenset[str]:
    """List providers of mail for everybody."""
    text = files("crewdesk.tools.outreach").joinpath("free_mail.txt").read_text("utf-8")
    return frozenset(" ".join(line for line in text.splitlines() if not line.startswith("#")).split())


def mixes_scripts(domain: str) -> bool:
    """Say whether letters of several scripts stand in one label, as no honest name has them."""
    return any(len({_script(sign) for sign in label if sign.isalpha()} - {""}) > 1 for label in domain.split("."))


def twin(domain: str, others: Iterable[str]) -> str:
    """Give the one of other domains that this one reads as, though it is another; empty where none."""
    for other in sorted(set(others) - {domain}):
        if _read(domain) == _read(other) and _spelled_out(domain) != _spelled_out(other):
            return other
    return ""


def near(domain: str, others: Iterable[str]) -> str:
    """Give the one of other domains that is one slip of a finger away; empty where none, or for a known one."""
    known = set(others)
    label = _label(domain)
    for other in sorted(known - {domain}) if domain not in known and len(label) >= _SHORT else ():
        if _spelled_out(domain) != _spelled_out(other) and _one_slip(label, _label(other)):
            return other
    return ""


def _read(domain: str) -> str:
    text = skeleton(domain.translate(_TWINS)).translate(_TWINS)
    for run, sign in _RUNS:
        text = text.replace(run, sign)
    return text


def _spelled_out(domain: str) -> str:
    return domain.translate(_SPELLED_OUT)


def _label(domain: str) -> str:
    return _spelled_out(_split(domain).domain)


def _one_slip(one: str, other: str) -> bool:
    """Say whether a letter was swapped, left out, added, or struck in its neighbour's place."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[start:], other[start:]
    swapped = rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:]
    return swapped or rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]


def _script(sign: str) -> str:
    name = unicodedata.name(sign, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), "")


def _split(host: str) -> ExtractResult:
    return _extract()(host_of(host))


def _in_own_script(host: str) -> str:
    small = unicodedata.normalize("NFKC", host).lower().strip(".")
    return ".".join(_label_in_own_script(label) for label in small.split("."))


def _label_in_own_script(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return label


@cache
def _extract() -> TLDExtract:
    """Take the list of suffixes that the library brings along: nothing is fetched, nothing is kept."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
