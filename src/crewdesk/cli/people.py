"""`people`: who has a place at the desk, their passwords, and their tokens."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from crewdesk.cli.common import json_option, print_json, print_rows, settings, store
from crewdesk.domain.gate_times import spoken
from crewdesk.errors import WrongUsage

if TYPE_CHECKING:
    from crewdesk.desk.look_at_people import Place
    from crewdesk.desk.office import Office
    from crewdesk.domain.people import Token

SHOWN = 12
"""Letters of a token's id."""


@click.group("people", invoke_without_command=True)
@json_option
@click.pass_context
def people_command(context: click.Context, *, as_json: bool) -> None:
    """List who has a place at the desk: config/people.yaml says who, and what each may do."""
    if context.invoked_subcommand is not None:
        return
    from crewdesk.desk.look_at_people import look_at_people

    rows = [_row(place, as_json=as_json) for place in look_at_people(_office())]
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, "Nobody is named, so this desk takes anybody at their word. Add: crewdesk people add NAME")


@people_command.command("add")
@click.argument("id_", metavar="ID")
@click.option("--name", help="Their name as others know it; ID when left out.")
@click.option("--admin", is_flag=True, help="May do everything that a gate does not leave to others.")
@click.option(
    "--approves", multiple=True, metavar="CREW", help="May start and decide runs of CREW, or *; may be repeated."
)
def add_command(id_: str, name: str | None, approves: tuple[str, ...], *, admin: bool) -> None:
    """Add somebody to config/people.yaml; ID is what they sign in with. What is there stays as it is."""
    from crewdesk.cli.setup import own_config
    from crewdesk.configuration.add_person import add_person
    from crewdesk.desk.sign_in import forget

    office, config = _office(), own_config()
    people = office.people()
    if people.find(id_) is None:
        forget(id_, office=office)  # first, for what somebody of that name had before must never be theirs
    path = add_person(config, id_, name=id_ if name is None else name, admin=admin, approves=approves)
    click.echo(f"Added {id_} to {path}.")
    if not people:
        click.echo("From now on people sign in, only those named there decide, and gates may name only them.")
    if not (admin or approves):
        click.echo("They may look, and decide nothing: add --admin or --approves to the file for more.")
    click.echo(f"Now give them a password: crewdesk people password {id_}   and look: crewdesk check")


@people_command.command("password")
@click.argument("id_", metavar="ID")
def password_command(id_: str) -> None:
    """Set the password of ID: asked for twice, or read as one line where there is no terminal. Their visits end."""
    from crewdesk.desk.sign_in import known, set_password

    office = _office()
    somebody = known(id_, office)
    set_password(somebody.id, _password(somebody.name), by=_me(), office=office)
    click.echo(f"{somebody.name} has a new password, and signs in with the name {somebody.id}.")


@people_command.command("token")
@click.argument("id_", metavar="ID")
@click.option("--label", required=True, help="What it is for.")
def token_command(id_: str, label: str) -> None:
    """Make a token with which programs reach the desk in the name of ID, and print it this once."""
    from crewdesk.desk.sign_in import make_token

    click.echo(make_token(id_, label, by=_me(), office=_office()))
    click.echo("It is not shown again. Programs send it as: Authorization: Bearer TOKEN", err=True)


@people_command.command("tokens")
@click.argument("id_", metavar="ID", required=False)
@json_option
def tokens_command(id_: str | None, *, as_json: bool) -> None:
    """List tokens: whose, what for, and when they were used last."""
    from crewdesk.desk.sign_in import known

    whose = None if id_ is None else known(id_, _office()).id
    with store().reading() as records:
        tokens = records.access.tokens(whose)
    if as_json:
        print_json([asdict(token) for token in tokens])
    else:
        print_rows([_token(token) for token in tokens], "There are no tokens.")


@people_command.command("revoke")
@click.argument("token")
def revoke_command(token: str) -> None:
    """Take TOKEN back, named by the first letters of its id: whoever uses it is refused at once."""
    from crewdesk.desk.sign_in import take_token_back

    taken = take_token_back(token, of=None, by=_me(), office=_office())
    click.echo(f"Taken back: {taken.label!r} of {taken.person}.")


def _password(name: str) -> str:
    if sys.stdin.isatty():
        return click.prompt(f"New password of {name}", hide_input=True, confirmation_prompt="Once more")
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise WrongUsage("There is no password to read.", hint="Write it as one line: … | crewdesk people password ID")
    return line


def _row(place: Place, *, as_json: bool) -> dict[str, Any]:
    person = place.person
    may = "everything" if person.admin else f"decide: {', '.join(person.approves)}" if person.approves else "look"
    row: dict[str, Any] = {"id": person.id, "name": person.name}
    if as_json:
        row |= {"admin": person.admin, "approves": person.approves}
        return row | {"password": place.has_password, "seen": place.seen, "tokens": len(place.tokens)}
    password, seen = "yes" if place.has_password else "none yet", spoken(place.seen) or "not lately"
    return row | {"may": may, "password": password, "seen": seen, "tokens": len(place.tokens)}


def _token(token: Token) -> dict[str, object]:
    moments = {"made": spoken(token.created), "used": spoken(token.used) or "never"}
    return {"id": token.id[:SHOWN], "person": token.person, "label": token.label, **moments}


def _me() -> str:
    return settings().user or "somebody"


def _office() -> Office:
    from crewdesk.bootstrap import make_office

    return make_office(settings(), store())
