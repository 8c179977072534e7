"""What models do to a mail though they are told not to, put right by code: nobody need ask them again for it.

Placeholders and footnotes in another spelling, Markdown in a plain mail, a label before the subject. What cannot be
told for sure stays as it is, for the guardrails to find.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from crewdesk.domain.outreach.mail import Variant
from crewdesk.domain.personal import FIELDS, placeholder

_HELD = re.compile(
    r"\\?[\[{<][\\\[{<]{0,3}\s{0,3}(?:(?P<lead>lead)\s{0,3}\\?[._:]\s{0,3})?"
    r"(?P<field>[a-z][a-z_\\ -]{2,14}?)\s{0,3}\\?[\]}>][\\\]}>]{0,3}"
    r"|(?<![\w.@/\[])lead\.(?P<bare>[a-z]+(?:\\?_name)?)(?![\w@])",
    re.IGNORECASE,
)
_CLEAR = ("first_name", "last_name")
"""Fields that are the lead's though nothing says so; a name or address alone may be the sender's."""
_DEFINED = re.compile(r"^[ \t]*\[\^([^\]\n]{1,80})\]:[ \t]*(.*)$\n?", re.MULTILINE)
_MARK = re.compile(r"\[\^([^\]\n]{1,80})\]")
_LABEL = re.compile(
    r"^\W*(?:subject|betreff|objet|asunto|oggetto|assunto|onderwerp|件名|الموضوع|נושא)(?: line|zeile)?\W*[:：]\W*",
    re.IGNORECASE,
)
_MARKDOWN = (
    (re.compile(r"<br ?/?>[ \t]*\n?", re.IGNORECASE), "\n"),
    (re.compile(r"^[ \t]*(?:```\w*|(?:[*_][ \t]*){3,}|-{3,})[ \t]*$\n?", re.MULTILINE), ""),
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^([ \t]*)[*•][ \t]+", re.MULTILINE), r"\1- "),
    (re.compile(r"(?<![!\\])\[([^\[\]^\n]{1,200})\]\(<?(https?://[^\s()<>]{1,500})>?\)"), r"\1 (\2)"),
    (re.compile(r"(https?://[^\s()]{1,500}) \(\1/?\)"), r"\1"),
    (re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]{1,500}?)(?<=[^\s*])\1(?![\w*])"), r"\2"),
    (re.compile(r"(?<![\w_])__(?=[^\s_])([^\n]{1,500}?)(?<=[^\s_])__(?![\w_])"), r"\1"),
    (re.compile(r"`([^`\n]{1,200})`"), r"\1"),
    (re.compile(r"\\([`*_\[\]#])"), r"\1"),
)


def put_right(variant: Variant, passages: Collection[str]) -> Variant:
    """Put a variant right; `passages` are the ids there are."""
    first, _, rest = variant.text.lstrip().partition("\n")
    text = rest if _LABEL.match(first) else variant.text
    subject = _LABEL.sub("", variant.subject.strip())
    return Variant(
        subject=_plain(subject).strip(' "“”„*') or variant.subject, text=_noted(_plain(text), passages) or "…"
    )


def _plain(text: str) -> str:
    text = _HELD.sub(_placeholder, text)
    for pattern, instead in _MARKDOWN:
        text = pattern.sub(instead, text)
    return text


def _placeholder(found: re.Match[str]) -> str:
    """Spell a placeholder as we do, where it is clear which one is meant."""
    said = str(found["field"] or found["bare"]).replace("\\", "").strip()
    name = re.sub(r"[\s_-]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", said)).lower()
    is_ours = found["lead"] or found["bare"]
    return placeholder(name) if name in (FIELDS if is_ours else _CLEAR) else found[0]


def _noted(text: str, passages: Collection[str]) -> str:
    """Spell footnotes as we do, where they name passages that there are."""
    if not passages:
        return text
    one = "|".join(re.escape(id_) for id_ in sorted(passages, key=len, reverse=True))
    named = re.compile(rf"(?<![\w-])(?:{one})(?![\w-])")
    meant = {name: named.findall(told) for name, told in _DEFINED.findall(text) if name not in passages}
    text = _MARK.sub(lambda mark: _marks(meant.get(mark[1]) or []) or mark[0], _DEFINED.sub("", text))
    listed = rf"\^?(?:{one})(?:\s*(?:[,;/&]|\]\s*\[)\s*\^?(?:{one}))*"
    other = re.compile(
        rf"(?:\^?\[\[?|[(（【［])\s*(?:(?:sources?|passages?|refs?|quellen?)\s*:?\s*)?(?P<ids>{listed})\s*"
        r"(?:\]\]?(?:\([^\s()]{0,500}\))?|[)）】］])",
        re.IGNORECASE,
    )
    return other.sub(lambda found: _marks(named.findall(found["ids"])) or found[0], text)


def _marks(ids: list[str]) -> str:
    return "".join(f"[^{id_}]" for id_ in ids)
