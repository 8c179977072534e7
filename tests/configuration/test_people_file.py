"""people.yaml is read strictly and again, and fits the crews and the gates."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_house import SmallHouse

from crewdesk.configuration.people import PeopleFile, load_people
from crewdesk.domain.people import Person
from crewdesk.errors import ConfigurationError

FILE = "config/people.yaml"
PEOPLE = """\
people:
  ada:
    name: Ada Byron
    admin: true
  bo:
    name: Bo
    approves: [notes]
  cy:
    name: Cy
"""


@pytest.fixture(name="peopled")
def _peopled(small: SmallHouse) -> SmallHouse:
    small.write(FILE, PEOPLE)
    return small


def test_people_have_what_the_file_says(peopled: SmallHouse) -> None:
    people = load_people(peopled.root / "config")

    assert list(people.by_id.values()) == [
        Person("ada", "Ada Byron", admin=True),
        Person("bo", "Bo", approves=("notes",)),
        Person("cy", "Cy"),
    ]
    assert [p.id for p in people.by_id.values() if p.may_work_on("notes")] == ["ada", "bo"]


@pytest.mark.parametrize(("name", "id_"), [("ADA", "ada"), (" b\u200bo ", "bo"), ("Ada Byron", None), ("", None)])
def test_somebody_is_found_by_id_in_any_spelling(peopled: SmallHouse, name: str, id_: str | None) -> None:
    found = load_people(peopled.root / "config").find(name)

    assert (found and found.id) == id_


def test_a_house_with_people_has_no_problem(peopled: SmallHouse) -> None:
    assert peopled.load().warnings == ()


MISFITS = {
    "an unknown key": (
        ("admin: true", "admn: true"),
        "config/people.yaml:4: unknown key 'admn' for person 'ada'; did you mean 'admin'?",
    ),
    "a word for a truth": (
        ("admin: true", 'admin: "yes"'),
        "config/people.yaml:4: 'admin' of person 'ada' must be true or false, and is the text 'yes'",
    ),
    "nobody's name": (
        ("name: Cy", 'name: ""'),
        "config/people.yaml:9: 'name' of person 'cy' must be a text that is not empty, and is the text ''",
    ),
    "an unknown crew": (
        ("[notes]", "[notse]"),
        "config/people.yaml:7: crew 'notse' of person 'bo' is not under config/crews; did you mean 'notes'?",
    ),
}


@pytest.mark.parametrize(("swap", "sentence"), MISFITS.values(), ids=MISFITS)
def test_what_does_not_fit_is_named_at_its_line(peopled: SmallHouse, swap: tuple[str, str], sentence: str) -> None:
    peopled.swap(FILE, *swap)

    assert peopled.problems()[0] == sentence


GATES = {
    "somebody who is not there": (
        "people: [bo, aad]",
        "7: 'aad', who may decide at gate 'last look', is not in people.yaml; did you mean 'ada'?",
    ),
    "somebody who only looks": (
        "people: [bo, cy]",
        "7: 'cy' may not decide about crew 'notes', and gate 'last look' names them",
    ),
    "more approvals than people who may": (
        "approvals: 3",
        "2: gate 'last look' cannot be decided for crew 'notes': 3 must approve, and 2 may",
    ),
    "as many as there are, but one of them may have started it": (
        "approvals: 2\n    not_starter: true",
        "2: gate 'last look' cannot be decided for crew 'notes': 2 must approve, none of whom began the run, and 2 may",
    ),
}


@pytest.mark.parametrize(("terms", "sentence"), GATES.values(), ids=GATES)
def test_a_gate_that_nobody_could_decide_is_named(peopled: SmallHouse, terms: str, sentence: str) -> None:
    peopled.swap("config/gates.yaml", "revise: [write]", terms)

    assert f"config/gates.yaml:{sentence}" in peopled.problems()


def test_where_nobody_may_decide_about_a_crew_each_gate_says_so(peopled: SmallHouse) -> None:
    peopled.write(FILE, "people:\n  cy:\n    name: Cy\n")

    problems = peopled.problems()

    assert len(problems) == 4
    assert problems[0].endswith("cannot be decided for crew 'notes': 1 must approve, and nobody may")


@pytest.mark.parametrize("terms", ["people: [bo]", "people: [BO, Ada]", "approvals: 2", "not_starter: true"])
def test_a_gate_that_enough_people_may_decide_is_fine(peopled: SmallHouse, terms: str) -> None:
    peopled.swap("config/gates.yaml", "revise: [write]", terms)

    assert peopled.load().warnings == ()


def test_a_gate_of_all_crews_may_name_somebody_for_another_one(peopled: SmallHouse) -> None:
    peopled.swap("config/gates.yaml", "below: 0.4", "below: 0.4\n    people: [bo, cy]")

    assert peopled.load().warnings == ()


def test_without_people_names_in_gates_are_as_good_as_any(small: SmallHouse) -> None:
    small.swap("config/gates.yaml", "revise: [write]", "people: [whoever]\n    not_starter: true")

    assert small.load().warnings == ()


def changed_later(path: Path, text: str) -> None:
    """Change a file so that its time or its length tells, whatever the clock's grain."""
    beside = path.with_name("beside")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def test_who_is_added_or_taken_out_counts_at_once(peopled: SmallHouse) -> None:
    people = PeopleFile(peopled.root / "config")
    assert people().find("dee") is None

    changed_later(peopled.root / FILE, PEOPLE + "  dee:\n    name: Dee\n")
    assert people().find("dee") is not None

    changed_later(peopled.root / FILE, PEOPLE)
    assert people().find("dee") is None


def test_the_first_person_counts_at_once_too(small: SmallHouse) -> None:
    people = PeopleFile(small.root / "config")
    assert not people()

    small.write(FILE, PEOPLE)

    assert people().find("ada") is not None


def test_a_desk_that_knew_its_people_is_open_to_nobody_when_they_are_gone(peopled: SmallHouse) -> None:
    people = PeopleFile(peopled.root / "config")
    people()

    for gone in (lambda: changed_later(peopled.root / FILE, "people: {}\n"), (peopled.root / FILE).unlink):
        gone()
        for _ in range(2):
            with pytest.raises(ConfigurationError, match="names nobody any more, so nobody gets in"):
                people()

    small_again = PEOPLE.replace("Ada Byron", "Ada")
    peopled.write(FILE, small_again)
    assert people().by_id["ada"].name == "Ada"


def test_while_the_file_is_broken_nobody_gets_in(peopled: SmallHouse) -> None:
    people = PeopleFile(peopled.root / "config")
    people()
    changed_later(peopled.root / FILE, PEOPLE + "  dee:\n    nmae: Dee\n")

    for _ in range(2):
        with pytest.raises(ConfigurationError, match=r"config/people\.yaml:11: unknown key 'nmae'"):
            people()
