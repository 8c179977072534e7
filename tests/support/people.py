"""People for tests: an admin, one who decides, one who only looks; and passwords that cost no time."""

from __future__ import annotations

from pathlib import Path

from crewdesk.configuration.scaffold import new_crew
from crewdesk.desk.sign_in import set_password
from crewdesk.facade import Desk
from support.gates import Clock
from support.web import web_desk

PEOPLE = """\
people:
  ada: {name: Ada Byron, admin: true}
  bo: {name: Bo, approves: [content]}
  cy: {name: Cy}
  di: {name: Di, approves: [weekly]}
"""
"""Ada may do everything, Bo decides about the content crew, Cy looks, Di decides about another crew."""


class PlainPasswords:
    """Keeps passwords as they are; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def hashed(self, password: str) -> str:
        return f"plain {password}"

    def fits(self, password: str, kept: str | None) -> bool:
        self.asked += 1
        return kept == f"plain {password}"


def peopled_desk(folder: Path, clock: Clock | None = None) -> Desk:
    """A desk with two crews, content and weekly, that knows these people; each has a password."""
    desk = web_desk(folder, clock, passwords=PlainPasswords())
    new_crew(desk.settings.config, "weekly")
    (desk.settings.config / "people.yaml").write_text(PEOPLE, "utf-8")
    give_passwords(desk)
    return desk


def password_of(id_: str) -> str:
    """The password that `give_passwords` gave somebody."""
    return f"{id_} has a long password"


def give_passwords(desk: Desk, *ids: str) -> None:
    """Give people the passwords that `password_of` says."""
    for id_ in ids or ("ada", "bo", "cy", "di"):
        set_password(id_, password_of(id_), by="tester", office=desk.office)
