"""Who has a password or a token gets in, for as long as they should and no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from crewdesk.desk import sign_in as door
from crewdesk.desk.look_at_people import look_at_people, who_may_decide
from crewdesk.desk.office import Office
from crewdesk.desk.sign_in import (
    IDLE,
    LONGEST,
    SHORTEST_PASSWORD,
    change_password,
    end_sessions,
    introduce,
    make_token,
    owner_of_token,
    session_of,
    set_password,
    sign_in,
    sign_out,
    take_token_back,
)
from crewdesk.domain.people import People, Person, Proof
from crewdesk.errors import NotAllowed, NotFound, StoreUnavailable, WrongUsage
from crewdesk.ports.store import Store
from crewdesk.store.passwords import ArgonPasswords
from support.gates import Clock, gated_office
from support.people import PlainPasswords, password_of

EVERYBODY = {
    "ada": Person("ada", "Ada Byron", admin=True),
    "bo": Person("bo", "Bo", approves=("content",)),
    "cy": Person("cy", "Cy"),
}
NEW = "another long password"


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="people")
def _people() -> dict[str, Person]:
    """Who has a place; a test may take somebody out."""
    return dict(EVERYBODY)


@pytest.fixture(name="office")
def _office(tmp_path: Path, clock: Clock, people: dict[str, Person]) -> Office:
    """An office that knows its people, each with a password."""
    where = gated_office(tmp_path, clock, passwords=PlainPasswords(), people=lambda: People(people))
    for id_ in people:
        set_password(id_, password_of(id_), by="tester", office=where)
    return where


@pytest.fixture(name="open_office")
def _open_office(tmp_path: Path, clock: Clock) -> Office:
    """An office that knows nobody."""
    return gated_office(tmp_path, clock)


def secret_of(id_: str, office: Office) -> str:
    return sign_in(id_, password_of(id_), office=office).secret


def person_of(secret: str, office: Office) -> str | None:
    found = session_of(secret, office=office)
    return None if found is None else found[0].person


def heard(office: Office) -> list[tuple[str, str, str, str]]:
    with office.store.reading() as records:
        return [(entry.who, entry.what, entry.subject, entry.proof) for entry in records.audit.listed()]


def test_the_right_password_lets_in_and_the_session_says_who(office: Office) -> None:
    found = session_of(sign_in(" ADA", password_of("ada"), office=office).secret, office=office)

    assert found is not None
    assert (found[0].person, found[0].proof, found[1]) == ("ada", "login", EVERYBODY["ada"])


@pytest.mark.parametrize(
    ("name", "password"),
    [("ada", "wrong"), ("ada", ""), ("nobody", password_of("ada")), ("", ""), ("Ada Byron", password_of("ada"))],
)
def test_whatever_was_wrong_the_answer_is_the_same_and_a_password_was_looked_at(
    office: Office, name: str, password: str
) -> None:
    passwords = office.passwords
    assert isinstance(passwords, PlainPasswords)
    before = passwords.asked

    with pytest.raises(NotAllowed, match=r"^The name or the password is wrong\.$"):
        sign_in(name, password, office=office)

    assert passwords.asked == before + 1  # so that it takes as long


def test_somebody_without_a_password_cannot_get_in(office: Office, people: dict[str, Person]) -> None:
    people["dee"] = Person("dee", "Dee")

    for password in ("", "plain ", "None"):
        with pytest.raises(NotAllowed):
            sign_in("dee", password, office=office)


def test_each_visit_has_a_secret_of_its_own_that_the_database_does_not_hold(office: Office) -> None:
    first, second = sign_in("ada", password_of("ada"), office=office), sign_in("ada", password_of("ada"), office=office)

    assert len({first.secret, second.secret, first.session.id, second.session.id}) == 4
    assert len(first.secret) >= 43
    assert session_of(first.session.id, office=office) is None


def test_a_visit_goes_on_while_it_is_used_and_ends_when_it_is_not(office: Office, clock: Clock) -> None:
    secret = secret_of("ada", office)
    for _ in range(3):
        clock.forward(seconds=(IDLE - timedelta(minutes=1)).total_seconds())
        assert person_of(secret, office) == "ada"

    clock.forward(seconds=IDLE.total_seconds())

    assert person_of(secret, office) is None


def test_a_visit_ends_after_two_weeks_however_much_it_is_used(office: Office, clock: Clock) -> None:
    secret = secret_of("ada", office)
    steps = int(LONGEST / timedelta(hours=6))

    alive = []
    for _ in range(steps):
        clock.forward(hours=6)
        alive.append(person_of(secret, office))

    assert alive == ["ada"] * (steps - 1) + [None]


def test_what_is_over_is_forgotten_when_somebody_comes(office: Office, clock: Clock) -> None:
    secret_of("bo", office)
    clock.forward(days=1)
    secret_of("ada", office)

    with office.store.reading() as records:
        assert [session.person for session in records.access.sessions()] == ["ada"]


def test_who_signs_out_is_out_and_nobody_else(office: Office) -> None:
    mine, other = secret_of("ada", office), secret_of("ada", office)

    sign_out(mine, office=office)

    assert (person_of(mine, office), person_of(other, office)) == (None, "ada")


def test_who_is_taken_out_of_the_file_is_out_at_once_with_their_tokens(
    office: Office, people: dict[str, Person]
) -> None:
    secret, token = secret_of("bo", office), make_token("bo", "build", office=office)

    del people["bo"]

    assert person_of(secret, office) is None
    assert owner_of_token(token, office=office) is None


def test_a_role_that_changed_counts_in_visits_that_are_open(office: Office, people: dict[str, Person]) -> None:
    secret = secret_of("ada", office)

    people["ada"] = replace(people["ada"], admin=False)

    found = session_of(secret, office=office)
    assert found is not None
    assert found[1] is not None
    assert not found[1].admin


def test_changing_the_password_ends_every_visit_and_begins_one_under_a_new_secret(office: Office) -> None:
    mine, other = secret_of("ada", office), secret_of("ada", office)

    new = change_password("ada", password_of("ada"), NEW, office=office)

    assert [person_of(secret, office) for secret in (mine, other, new.secret)] == [None, None, "ada"]
    with pytest.raises(NotAllowed):
        sign_in("ada", password_of("ada"), office=office)
    assert sign_in("ada", NEW, office=office)


def test_without_the_old_password_nothing_changes(office: Office) -> None:
    secret = secret_of("ada", office)

    with pytest.raises(NotAllowed, match="The old password is wrong"):
        change_password("ada", "wrong", NEW, office=office)

    assert person_of(secret, office) == "ada"
    assert sign_in("ada", password_of("ada"), office=office)


@pytest.mark.parametrize("password", ["", "x" * (SHORTEST_PASSWORD - 1), "x" * 201])
def test_a_password_is_neither_short_nor_endless(office: Office, password: str) -> None:
    with pytest.raises(WrongUsage, match="A password has 12 characters at least, and 200 at most"):
        set_password("ada", password, by="tester", office=office)


def test_a_visit_that_was_begun_with_an_old_password_while_it_changed_is_none(office: Office) -> None:
    class Meddling(PlainPasswords):
        """Somebody changes the password while this one is looked at."""

        def fits(self, password: str, kept: str | None) -> bool:
            set_password("ada", NEW, by="ada", office=office)
            return super().fits(password, kept)

    with pytest.raises(NotAllowed):
        sign_in("ada", password_of("ada"), office=replace(office, passwords=Meddling()))


def test_who_has_an_old_password_does_not_undo_a_new_one_that_was_set_meanwhile(office: Office) -> None:
    class Meddling(PlainPasswords):
        """An admin gives another password while the old one is looked at."""

        def fits(self, password: str, kept: str | None) -> bool:
            set_password("cy", NEW, by="ada", office=office)
            return super().fits(password, kept)

    with pytest.raises(NotAllowed, match="old password is wrong"):
        change_password("cy", password_of("cy"), "what a thief chose", office=replace(office, passwords=Meddling()))

    assert sign_in("cy", NEW, office=office).session.person == "cy"


class FullDisk:
    """A store that can be read, and not written."""

    def __init__(self, store: Store) -> None:
        self.reading = store.reading

    def writing(self, run: str = "") -> NoReturn:
        raise StoreUnavailable(f"The disk is full{run}.")


def test_who_is_let_in_stays_in_while_nothing_can_be_written(office: Office, clock: Clock) -> None:
    secret, token = secret_of("ada", office), make_token("bo", "build", office=office)
    clock.forward(hours=1)
    full = replace(office, store=FullDisk(office.store))

    assert person_of(secret, full) == "ada"
    assert owner_of_token(token, office=full) == EVERYBODY["bo"]


@pytest.mark.parametrize("proof", ["login", "token"])
def test_only_an_admin_ends_what_is_anothers(office: Office, proof: Proof) -> None:
    make_token("bo", "build", office=office)
    secret = secret_of("bo", office)
    with office.store.reading() as records:
        (token,) = records.access.tokens("bo")

    with pytest.raises(NotFound):
        take_token_back(token.id, by="cy", proof=proof, office=office)
    with pytest.raises(NotAllowed, match="Only an admin"):
        end_sessions("bo", by="cy", proof=proof, office=office)
    assert person_of(secret, office) == "bo"

    take_token_back(token.id, by="ada", proof=proof, office=office)
    end_sessions("bo", by="ada", proof=proof, office=office)
    assert person_of(secret, office) is None


def test_a_token_lets_its_owner_in_and_is_not_in_the_database(office: Office, clock: Clock) -> None:
    token = make_token("bo", "  the  build ", office=office)
    clock.forward(hours=1)

    assert owner_of_token(token, office=office) == EVERYBODY["bo"]
    assert owner_of_token(f"{token}x", office=office) is None
    with office.store.reading() as records:
        (kept,) = records.access.tokens()
    assert (kept.person, kept.label, kept.used) == ("bo", "the build", clock())
    assert token not in str(kept)
    assert owner_of_token(kept.id, office=office) is None


@pytest.mark.parametrize(("whose", "label", "kind"), [("nobody", "x", NotFound), ("bo", " \t", WrongUsage)])
def test_a_token_is_somebodys_and_for_something(office: Office, whose: str, label: str, kind: type[WrongUsage]) -> None:
    with pytest.raises(kind):
        make_token(whose, label, office=office)


def test_a_token_is_taken_back_by_its_owner_or_by_somebody_for_all(office: Office) -> None:
    tokens = [make_token("bo", f"{n}", office=office) for n in range(2)]
    with office.store.reading() as records:
        first, second = (token.id for token in records.access.tokens())

    for wrong in ("", "zz", first):
        with pytest.raises(NotFound):
            take_token_back(wrong, of="cy", by="cy", office=office)
    take_token_back(first[:12].upper(), of="bo", by="bo", office=office)
    take_token_back(second, of=None, by="ada", office=office)

    assert [owner_of_token(token, office=office) for token in tokens] == [None, None]


def test_somebody_is_signed_out_everywhere(office: Office) -> None:
    bo, ada = secret_of("bo", office), secret_of("ada", office)

    end_sessions("BO", by="ada", proof="login", office=office)

    assert (person_of(bo, office), person_of(ada, office)) == (None, "ada")


def test_what_was_done_to_what_lets_people_in_is_on_record(office: Office) -> None:
    with office.store.reading() as records:
        before = len(records.audit.listed())
    change_password("bo", password_of("bo"), NEW, office=office)
    make_token("bo", "build", by="bo", proof="login", office=office)
    with office.store.reading() as records:
        (token,) = records.access.tokens()
    take_token_back(token.id, of=None, by="ada", proof="login", office=office)
    end_sessions("bo", by="ada", proof="login", office=office)

    assert heard(office)[before:] == [
        ("bo", "password", "bo", "login"),
        ("bo", "token", "bo", "login"),
        ("ada", "token taken back", "bo", "login"),
        ("ada", "signed out", "bo", "login"),
    ]


def test_where_nobody_is_known_a_name_is_taken_at_its_word_and_marked(open_office: Office) -> None:
    found = session_of(introduce("  Ada   B ", office=open_office).secret, office=open_office)

    assert found is not None
    assert (found[0].person, found[0].proof, found[1]) == ("Ada B", "typed", None)


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\x00", "Ada\u202eadmin", "a\x1b[2J"])
def test_a_name_is_something_one_can_read(open_office: Office, name: str) -> None:
    with pytest.raises(WrongUsage, match="Say who you are"):
        introduce(name, office=open_office)


def test_where_people_are_known_no_name_is_taken_and_typed_visits_are_over(office: Office) -> None:
    nobody = replace(office, people=People)
    typed = introduce("ada", office=nobody).secret

    assert person_of(typed, nobody) == "ada"
    assert person_of(typed, office) is None
    with pytest.raises(NotAllowed, match="knows its people by their passwords"):
        introduce("ada", office=office)


def test_a_signed_in_visit_is_none_where_nobody_is_known(office: Office) -> None:
    assert person_of(secret_of("ada", office), replace(office, people=People)) is None


def test_the_list_says_who_has_a_password_and_when_they_were_here(office: Office, clock: Clock) -> None:
    token = make_token("bo", "build", office=office)
    clock.forward(hours=1)
    owner_of_token(token, office=office)
    seen_bo = clock()
    clock.forward(hours=1)
    secret_of("ada", office)

    places = {place.person.id: place for place in look_at_people(office)}

    assert [(id_, place.has_password, place.seen) for id_, place in places.items()] == [
        ("ada", True, clock()),
        ("bo", True, seen_bo),
        ("cy", True, None),
    ]
    assert [token.label for token in places["bo"].tokens] == ["build"]
    assert who_may_decide(list(places.values()), ["content", "weekly"]) == {
        "content": ["Ada Byron", "Bo"],
        "weekly": ["Ada Byron"],
    }


def test_passwords_are_kept_as_argon2id_and_nothing_fits_where_none_is_kept() -> None:
    passwords = ArgonPasswords()
    kept = passwords.hashed(NEW)

    assert kept.startswith("$argon2id$")
    assert NEW not in kept
    assert passwords.fits(NEW, kept)
    assert not passwords.fits(f"{NEW} ", kept)
    for nothing in (None, "", "no hash"):
        assert not passwords.fits("a password that nobody has", nothing)


def test_the_text_of_a_token_says_whose_it_is_to_scanners(office: Office) -> None:
    assert make_token("bo", "x", office=office).startswith(door.TOKEN_PREFIX)
