"""Names of companies: what of them is a name, and what says how they are incorporated."""

from __future__ import annotations

import re

from crewdesk.domain.text.folding import fold, is_unspaced, skeleton


def word_set(words: str) -> frozenset[str]:
    """Give the words of a text."""
    return frozenset(words.split())


_FORMS = word_set(
    "ag co eg ek ev gesmbh gmbh haftungsbeschränkt kg kga kgaa mbh ohg se ug corp corporation inc incorporated "
    "limited llc llp ltd plc private pty pvt bv bvba eirl lda ltda nv sa sarl sas sasu sl slu spa srl srls vof "
    "ab aps as asa a/s doo kft kk oo oy oyj sp sro z & und and"
)
"""What says how a company is incorporated, without points, at the end of its name."""
_CJK_FORM = re.compile(
    r"^(?:株式会社|有限会社|合同会社|㈱)|(?:株式会社|有限会社|合同会社|㈱|有限公司|股份有限公司|주식회사)$"
)
_CASED = re.compile(r"[^\W\d_]")


def bare_name(company: str) -> str:
    """Give the name without what says how the company is incorporated: `Brauer GmbH & Co. KG` is `Brauer`."""
    words = _CJK_FORM.sub("", " ".join(company.split())).replace(",", " ").split() or company.split()
    while len(words) > 1 and re.sub(r"[.()]", "", words[-1]).casefold() in _FORMS:
        words.pop()
    return " ".join(words)


def same_name(one: str, other: str) -> bool:
    """Say whether two spellings are one company."""
    return skeleton(bare_name(one)) == skeleton(bare_name(other)) != ""


def names_company(text: str, company: str) -> bool:
    """Say whether a text names the company: as a whole, and with a capital where its name has one.

    A name of one word may begin that of another: `Kestrel Logistics opens a depot` is not about Kestrel Ltd. So where
    such a name goes on with a capital, the text counts for nobody.
    """
    name = fold(bare_name(company))
    if is_unspaced(name):
        return name in fold(text)
    pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
    if not name or re.search(pattern, fold(text)) is None:
        return False
    following = re.findall(rf"{pattern} ([^\W\d_]\w*)", fold(text)) if " " not in name else []
    return not any(word[0].isupper() and word.casefold() not in _FORMS for word in following)


def is_everyday(company: str, texts: list[str]) -> bool:
    """Say whether a company's name means other things, too, so that it alone names nobody.

    That is a name of two letters or fewer, and one that the texts themselves write small.
    """
    name = fold(bare_name(company))
    letters = len(_CASED.findall(name))
    if letters <= _FEW and not is_unspaced(name):
        return True
    small = name.lower()
    pattern = re.compile(rf"(?<![\w.@/-]){re.escape(small)}(?![\w@/-]|\.\w)")  # part of a domain is no word
    return small != name and any(pattern.search(fold(text)) for text in texts)


_FEW = 2
"""Letters."""
