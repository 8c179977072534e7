"""People: who has a place at the desk and may decide what; one's own password and tokens."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from crewdesk.desk.look_at_people import look_at_people, who_may_decide
from crewdesk.desk.sign_in import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    SignedIn,
    change_password,
    end_sessions,
    make_token,
    take_token_back,
)
from crewdesk.errors import CrewdeskError, NotAllowed, WrongUsage
from crewdesk.web.asking import Ask
from crewdesk.web.doors import slowly, with_cookie
from crewdesk.web.pages import Handler, go_to, headers_of, page, show, status_of


def show_people(ask: Ask, *, token: str = "", error: CrewdeskError | None = None) -> Response:
    """List everybody, and what is one's own; `token` is a new one, which is shown this once."""
    office, visitor = ask.site.desk.office, ask.visitor
    places = look_at_people(office)
    return show(
        ask,
        "people.html",
        status=200 if error is None else status_of(error),
        headers=None if error is None else headers_of(error),
        error=error,
        places=places,
        mine=next((place for place in places if place.person.id == visitor.id), None),
        deciding=who_may_decide(places, ask.site.desk.crews()),
        token=token,
        changed="changed" in ask.query,
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
    )


def change(ask: Ask) -> Response:
    """Change one's own password: other visits end, and this one goes on under a new secret."""
    signed_in = slowly(ask, _somebody(ask), lambda: _changed(ask))
    return with_cookie(go_to("/people?changed#own"), signed_in, ask.site)


def make(ask: Ask) -> Response:
    """Make a token of one's own and show it, this once."""
    office, visitor = ask.site.desk.office, ask.visitor
    secret = make_token(_somebody(ask), ask.form.text("label"), by=visitor.id, proof=visitor.proof, office=office)
    return show_people(ask, token=secret)


def take_back(ask: Ask) -> Response:
    """End a token of one's own; an admin, anybody's."""
    visitor = ask.visitor
    take_token_back(ask.form.text("token"), by=visitor.id, proof=visitor.proof, office=ask.site.desk.office)
    return go_to("/people")


def sign_out_everywhere(ask: Ask) -> Response:
    """End all visits of oneself; an admin, anybody's."""
    visitor = ask.visitor
    end_sessions(ask.form.text("person"), by=visitor.id, proof=visitor.proof, office=ask.site.desk.office)
    return go_to("/people")


def _somebody(ask: Ask) -> str:
    if ask.visitor.person is None:
        raise NotAllowed(
            "This desk knows nobody, so there is nothing to keep for you.", hint="Add people: crewdesk people add NAME"
        )
    return ask.visitor.person.id


def _changed(ask: Ask) -> SignedIn:
    new = ask.form.text("new")
    if new != ask.form.text("again"):
        raise WrongUsage("The two new passwords differ.", hint="Nothing was changed. Type both again.")
    return change_password(_somebody(ask), ask.form.text("old"), new, office=ask.site.desk.office)


def _in_place(act: Handler) -> Callable[[Ask], Response]:
    """Show what went wrong above the form that it is about."""

    def acted(ask: Ask) -> Response:
        try:
            return act(ask)
        except WrongUsage as error:
            return show_people(ask, error=error)

    return acted


ROUTES = [
    page("/people", get=show_people),
    page("/people/password", post=_in_place(change)),
    page("/people/tokens", post=_in_place(make)),
    page("/people/tokens/take-back", post=_in_place(take_back)),
    page("/people/sign-out", post=_in_place(sign_out_everywhere)),
]
