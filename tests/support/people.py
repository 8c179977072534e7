"""People for tests: an admin, one who decides, one who only looks; and passwords that cost no time."""

from __future__ import annotations

from crewdesk.desk.sign_in import set_password
from crewdesk.facade import Desk

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


def password_of(id_: str) -> str:
    """The password that `give_passwords` gave somebody."""
    return f"{id_} has a long password"


def give_passwords(desk: Desk, *ids: str) -> None:
    """Give people the passwords that `password_of` says."""
    for id_ in ids or ("ada", "bo", "cy", "di"):
        set_password(id_, password_of(id_), by="tester", office=desk.office)
