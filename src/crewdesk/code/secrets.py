"""Keys and passwords in code: where they are, and any text without them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol, cast

from crewdesk.code.importance import is_sample

MASK = "***"
SHORTEST = 6
"""Characters of the shortest value that is masked wherever it stands; a shorter one would mask words."""
LONGEST_LINE = 1_000
"""Characters of a line in which passwords are looked for by their names; what is longer nobody wrote."""
MOST_SUSPECTS = 20
"""Words such as `key` in a line that is looked at; with more of them it is no line of code, and takes very long."""
LONGEST_PIECE, SHARED = 1_000, 300
"""A line that is longer is looked at in pieces, which share so many characters: patterns take long over long words."""
OURS = {
    "Anthropic key": r"\bsk-ant-[\w-]{20,}",
    "OpenAI key": r"\bsk-(?:proj|svcacct|admin)-[\w-]{20,}",
    "Google API key": r"\bAIza[\w-]{35}\b",
    "GitHub token": r"\bgithub_pat_\w{22,}",
    "Hugging Face token": r"\bhf_[A-Za-z]{30,}\b",
    "DigitalOcean token": r"\bdo[opr]_v1_[0-9a-f]{64}\b",
    "Slack token": r"\bxapp-\d-\w+-\d+-\w+",
}
"""What detect-secrets does not know yet."""
KEY = r"(?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
BLOCK = re.compile(rf"-----BEGIN {KEY}.*?(?:-----END {KEY}|\Z)", re.DOTALL)
FRAGMENT = re.compile(
    r"^(?P<before>(?:[^\S\n]|[+|\d>-]){0,40})(?=\S{0,79}[a-z])(?=\S{0,79}[A-Z])(?=\S{0,79}\d)"
    r"[A-Za-z0-9+/]{60,76}={0,2}(?=[^\S\n]*$)",
    re.MULTILINE,
)
"""One line of a key, as people cut them: masked even where the key's beginning is out of sight."""
TOKEN = re.compile(r"""(?i)token["']?\]?\s*(?::=|=>|[:=])\s*["'`]([^"'`\s]{16,})["'`]""")
SUSPECT = re.compile(r"(?i)key|pass|pwd|secret|contrase|token")
PLACEHOLDER = re.compile(
    r"(?i)^(?:[a-z_.\s:/-]+|\W+|[\d.]+|(.)\1*|[a-z-]*[_-]?\d{1,4}|.*(?:example|placeholder|changeme|dummy|fake|your|x{4,}|1234|abcd|\.\.\.).*"
    r"|[<{$%(\[&@].*|.*[>})\]]|.*\$\{.*|.*%[sd(].*|.*\{\w*\}.*|(?:[a-z_]\w*[.(:])+\w*.*|/.*|https?:.*)$"
)
"""What stands in code where a password will be, or is no password at all: words, templates, calls, paths."""


class Detector(Protocol):
    """A detector of detect-secrets, as far as we ask it."""

    secret_type: str
    denylist: Iterable[re.Pattern[str]]

    def analyze_string(self, string: str, *more: Any) -> Iterator[str]:  # noqa: ANN401 - each has its own
        """Yield the secrets in a text."""
        ...


@dataclass(frozen=True)
class Secret:
    """One secret in a text. Its value is shown nowhere."""

    kind: str
    line: int
    last: int
    value: str = field(repr=False)

    @property
    def parts(self) -> Sequence[str]:
        """What to look for in order to mask it, wherever a part of it may stand."""
        lines = (line.strip(" \t\"'`+\\") for line in self.value.splitlines())
        return [line for line in lines if len(line) >= SHORTEST and "PRIVATE KEY" not in line]


def secrets_in(text: str, path: str = "") -> list[Secret]:
    """Find secrets in a text; where it lies decides whether passwords by their names are looked for, too."""
    from detect_secrets.filters.heuristic import is_lock_file

    if is_lock_file(path):
        return []
    seen = dict[tuple[int, str], Secret]()
    for kind, value, at in (*_certain(text), *_named(text, path)):
        line = text.count("\n", 0, at) + 1
        seen.setdefault((line, value), Secret(kind, line, line + value.count("\n"), value))
    blocks = [one for one in seen.values() if "\n" in one.value]
    inside = (one for one in seen.values() if not any(b.line <= one.line <= b.last for b in blocks if b is not one))
    return sorted(inside, key=lambda one: one.line)


def masked(text: str, known: Iterable[Secret] = ()) -> str:
    """Give a text without the secrets in it, and without those that are known from elsewhere."""
    text = BLOCK.sub(f"-----BEGIN PRIVATE KEY----- {MASK}", text)
    values = {part for one in (*known, *secrets_in(text)) for part in one.parts}
    for value in sorted(values, key=lambda one: (-len(one), one)):
        text = text.replace(value, MASK)
    return FRAGMENT.sub(rf"\g<before>{MASK}", text)


def _certain(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield what has the shape of a certain service's keys."""
    for block in BLOCK.finditer(text):
        yield "Private key", block[0], block.start()
    for kind, pattern in OURS.items():
        for match in re.finditer(pattern, text):
            yield kind, match[0], match.start()
    for piece, start in _pieces(text):
        for detector in _detectors():
            for match in (match for pattern in detector.denylist for match in re.finditer(pattern, piece)):
                value = _value(match)
                if any(detector.analyze_string(match[0])) and not _is_placeholder(value, strict="://" in match[0]):
                    yield detector.secret_type, value, start + match.start() + match[0].index(value)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Cut a text so that no line of a piece is very long, and say where each piece begins."""
    at = 0
    for long in re.finditer(rf"[^\n]{{{LONGEST_PIECE + 1},}}", text):
        yield text[at : long.start()], at
        for start in range(long.start(), long.end(), LONGEST_PIECE - SHARED):
            yield text[start : min(start + LONGEST_PIECE, long.end())], start
        at = long.end()
    yield text[at:], at


def _value(match: re.Match[str]) -> str:
    """Take what is secret of a match: the group for it where there is one, and not one for its prefix."""
    longest = max((group for group in match.groups() if group), key=len, default="")
    return longest if len(longest) >= SHORTEST or "://" in match[0] else match[0]


def _named(text: str, path: str) -> Iterator[tuple[str, str, int]]:
    """Yield what is called a password, a key or a token, and looks like one."""
    from detect_secrets.filters.heuristic import is_indirect_reference
    from detect_secrets.plugins.keyword import REGEX_BY_FILETYPE, KeywordDetector
    from detect_secrets.util.filetype import determine_file_type

    if is_sample(path):
        return
    detector = cast("Detector", KeywordDetector())
    patterns = cast("object", REGEX_BY_FILETYPE.get(determine_file_type(path)))
    at = 0
    for line in text.split("\n"):
        looked_at = len(line) <= LONGEST_LINE and 0 < len(SUSPECT.findall(line)) <= MOST_SUSPECTS
        if looked_at and not is_indirect_reference(line):
            for value in (*detector.analyze_string(line, patterns), *TOKEN.findall(line)):
                if len(value) >= SHORTEST and not _is_placeholder(value, strict=True):
                    yield "Password or key", value, at + line.index(value)
        at += len(line) + 1


def _is_placeholder(value: str, *, strict: bool) -> bool:
    from detect_secrets.filters.heuristic import is_potential_uuid, is_sequential_string

    if strict:
        return bool(PLACEHOLDER.match(value)) or " " in value or is_potential_uuid(value) or is_sequential_string(value)
    return "EXAMPLE" in value


@cache
def _detectors() -> Sequence[Detector]:
    from detect_secrets.plugins.artifactory import ArtifactoryDetector
    from detect_secrets.plugins.aws import AWSKeyDetector
    from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
    from detect_secrets.plugins.basic_auth import BasicAuthDetector
    from detect_secrets.plugins.discord import DiscordBotTokenDetector
    from detect_secrets.plugins.github_token import GitHubTokenDetector
    from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
    from detect_secrets.plugins.jwt import JwtTokenDetector
    from detect_secrets.plugins.mailchimp import MailchimpDetector
    from detect_secrets.plugins.npm import NpmDetector
    from detect_secrets.plugins.openai import OpenAIDetector
    from detect_secrets.plugins.pypi_token import PypiTokenDetector
    from detect_secrets.plugins.sendgrid import SendGridDetector
    from detect_secrets.plugins.slack import SlackDetector
    from detect_secrets.plugins.square_oauth import SquareOAuthDetector
    from detect_secrets.plugins.stripe import StripeDetector
    from detect_secrets.plugins.telegram_token import TelegramBotTokenDetector
    from detect_secrets.plugins.twilio import TwilioKeyDetector

    kinds = (
        *(ArtifactoryDetector, AWSKeyDetector, AzureStorageKeyDetector, BasicAuthDetector, DiscordBotTokenDetector),
        *(GitHubTokenDetector, GitLabTokenDetector, JwtTokenDetector, MailchimpDetector, NpmDetector, OpenAIDetector),
        *(PypiTokenDetector, SendGridDetector, SlackDetector, SquareOAuthDetector, StripeDetector),
        *(TelegramBotTokenDetector, TwilioKeyDetector),
    )
    return [cast("Detector", kind()) for kind in kinds]
