"""An artifact as a text to edit: its fields as front matter, its long text below, or a mail; and back again."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import WrongUsage

if TYPE_CHECKING:
    from crewdesk.domain.artifacts import Artifact

LONG = "body"
"""The field that stands below the line."""
MAIL = "Outreach"
"""What is edited as mails are written: a subject, an empty line, and the text."""
_SUBJECT = re.compile(r"subject:[ \t]*([^\n]*)\n?(.*)", re.IGNORECASE | re.DOTALL)


def to_text(artifact: Artifact) -> str:
    """Write an artifact as YAML front matter and, where it has one, its long text; a mail as a mail."""
    body = artifact.body
    if artifact.schema == MAIL:
        return f"Subject: {body.get('subject', '')}\n\n{body.get('text', '')}"
    fields = {name: value for name, value in body.items() if name != LONG}
    out = io.StringIO()
    _yaml().dump(fields, out)
    return f"---\n{out.getvalue()}---\n{body.get(LONG, '')}"


def from_text(text: str, before: Artifact) -> JsonObject:
    """Read an edited text back; `WrongUsage` says where it cannot be read, and nothing is changed."""
    if before.schema == MAIL:
        return _mail(text, before.body)
    start, _, rest = text.partition("---\n")
    front, line, long = rest.partition("\n---\n")
    if start.strip() or not line:
        raise WrongUsage("The edited text has lost a line of three dashes.", hint="Fields stand between two lines: ---")
    try:
        fields: Any = _yaml().load(front)
    except YAMLError as error:
        raise WrongUsage(
            f"The fields cannot be read: {error}", hint="Mend the YAML between the lines of dashes."
        ) from error
    if not isinstance(fields, dict):
        raise WrongUsage("There are no fields between the lines of dashes.")
    body = cast("JsonObject", fields)
    return body | ({LONG: long} if LONG in before.body else {})


def from_file(text: str, before: Artifact) -> JsonObject:
    """Read a file that somebody wrote: as it is edited, or only the long text."""
    if before.schema == MAIL:
        return _mail(text, before.body) if _SUBJECT.match(text) else before.body | {"text": _ended(text, before.body)}
    return from_text(text, before) if text.startswith("---\n") else before.body | {LONG: text}


def other_way(before: Artifact) -> JsonObject:
    """Take the other way to write a mail; `WrongUsage` where there is none."""
    other = before.body.get("other")
    if not isinstance(other, dict):
        raise WrongUsage("There is no other way to write this.", hint="Edit it, or send it back with notes.")
    return before.body | {name: other[name] for name in ("subject", "text") if name in other}


def _mail(text: str, body: JsonObject) -> JsonObject:
    found = _SUBJECT.fullmatch(text)
    if found is None:
        raise WrongUsage(
            "The first line is no subject.", hint="Write `Subject: …`, then an empty line, then the text of the mail."
        )
    return body | {"subject": found[1].strip(), "text": _ended(found[2].removeprefix("\n"), body)}


def _ended(text: str, body: JsonObject) -> str:
    """Take away the line end that editors add; nobody meant it."""
    return text if str(body.get("text", "")).endswith("\n") else text.rstrip("\n")


def _yaml() -> Any:  # noqa: ANN401 - ruamel is typed in part only
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 100
    yaml.sort_base_mapping_type_on_output = False
    return yaml
