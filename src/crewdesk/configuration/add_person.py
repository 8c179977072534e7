"""Write one more person into people.yaml, which is made where there is none."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from crewdesk.configuration.entries import with_entry
from crewdesk.configuration.files import list_crews
from crewdesk.configuration.kinds import PEOPLE
from crewdesk.configuration.problems import did_you_mean
from crewdesk.configuration.writing import write_all
from crewdesk.domain.people import EVERY_CREW
from crewdesk.domain.people_specs import PERSON_ID
from crewdesk.errors import WrongUsage

HEADING = """\
# yaml-language-server: $schema=schemas/people.schema.json
# Who has a place at the desk. Everybody listed may look at everything.
#   approves: [content]   # the crews whose runs they may start, change and decide about; ["*"] for all of them
#   admin: true           # may do everything that a gate does not leave to others
#   notify_env: ADA_NOTIFY_URLS   # variable in .env with addresses of their own, for gates that name them
# Passwords and API tokens are not here but in the database: crewdesk people password NAME
people:
"""


def add_person(config: Path, id_: str, *, name: str, admin: bool, approves: Sequence[str]) -> Path:
    """Add somebody to config/people.yaml and return its path; what is there stays as it is, comments and all.

    Raises `WrongUsage` for what is no id, no name or no crew, and for somebody who is there already, and
    `ConfigurationProblems` where the file is broken; then nothing is written.
    """
    _refuse_bad(config, id_, name, approves)
    path = config / PEOPLE.file
    lines = [f"{id_}:", f"  name: {json.dumps(name.strip(), ensure_ascii=False)}"]
    lines += ["  admin: true"] if admin else []
    lines += [f"  approves: {json.dumps(list(approves))}"] if approves else []
    entry = "\n".join([*lines, ""])
    if path.exists():
        write_all({}, changed={path: with_entry(path, PEOPLE, entry, config=config, under="people")})
    else:
        write_all({path: HEADING + "".join(f"  {line}\n" for line in lines)})
    return path


def _refuse_bad(config: Path, id_: str, name: str, approves: Sequence[str]) -> None:
    if not re.fullmatch(PERSON_ID, id_):
        hint = "Use small letters, digits, dots, _ and -, as in ada or ada.byron; 40 at most."
        raise WrongUsage(f"{id_!r} is no name to sign in with.", hint=hint)
    if not name.strip() or not name.isprintable():
        raise WrongUsage(f"{name!r} is no name.", hint="Say it as others know it: --name 'Ada Byron'")
    crews = list_crews(config)
    for crew in approves:
        if crew not in (*crews, EVERY_CREW):
            raise WrongUsage(f"There is no crew {crew!r}{did_you_mean(crew, crews, none='there are none yet')}.")
