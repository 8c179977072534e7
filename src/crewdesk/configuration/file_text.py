"""Bytes of a file to text, or one sentence about why they are none."""

from __future__ import annotations

from pathlib import Path

from crewdesk.configuration.problems import ConfigurationProblems, Problem

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: Path, *, file: str, limit: int) -> str:
    """Return the text of a UTF-8 file of at most `limit` bytes, without a byte order mark.

    Raises `ConfigurationProblems` that name the file as `file` where it is missing, a folder, no
    text, no UTF-8, too long or not readable.
    """
    raw = _bytes(path, file=file, limit=limit)
    if raw.startswith(UTF16_MARKS):
        raise _refused(file, "the file is UTF-16, and UTF-8 is needed", hint="Save it as UTF-8 in your editor.")
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise _refused(file, "the file is binary, and text is needed", line=line)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        sentence = f"byte 0x{raw[error.start]:02x} is no UTF-8"
        raise _refused(file, sentence, line=line, hint="Save the file as UTF-8 in your editor.") from error


def _bytes(path: Path, *, file: str, limit: int) -> bytes:
    try:
        if path.is_dir():
            raise _refused(file, "this is a folder, and a file is needed")
        if not path.exists():
            raise _refused(file, "there is no such file", hint=_other_ending(path))
        if not path.is_file():
            raise _refused(file, "this is no plain file")
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as error:
        raise _refused(file, f"the file cannot be read ({error.strerror})") from error
    if len(raw) > limit:
        raise _refused(file, f"the file is longer than {limit // 1000} kB")
    return raw


def _other_ending(path: Path) -> str:
    other = path.with_suffix(".yml")
    return f"{other.name} is there; rename it to {path.name}." if path.suffix == ".yaml" and other.exists() else ""


def _refused(file: str, sentence: str, *, line: int = 1, hint: str = "") -> ConfigurationProblems:
    return ConfigurationProblems([Problem(file, line, sentence, hint)])
