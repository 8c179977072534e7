"""Personal data are found in the spellings in which they turn up, and ordinary words are left alone."""

from __future__ import annotations

import html
import json
import unicodedata
from urllib.parse import quote

import phonenumbers
import pytest

from crewdesk.domain.canonical import Json
from crewdesk.domain.personal import PUBLIC, Veil, placeholder

JURGEN = Veil(
    {
        "name": "Jürgen Müller-Lüdenscheidt",
        "first_name": "Jürgen",
        "last_name": "Müller-Lüdenscheidt",
        "email": "J.Mueller@example.org",
        "phone": "+49 (0)351 / 123 45-67",
        "address": "Hauptstr. 5, 01067 Dresden",
        PUBLIC: "Müller Werkzeuge GmbH",
    }
)
WEI = Veil({"name": "伟 王", "first_name": "伟", "last_name": "王"})
MAY = Veil({"name": "May Long", "first_name": "May", "last_name": "Long"})


def named(first: str, last: str, company: str = "") -> Veil:
    return Veil({"name": f"{first} {last}".strip(), "first_name": first, "last_name": last, PUBLIC: company})


@pytest.mark.parametrize(
    ("field", "spelling"),
    [
        ("first_name", "JÜRGEN"),
        ("first_name", unicodedata.normalize("NFD", "Jürgen")),
        ("first_name", "Juergen"),
        ("first_name", "J\u00adür\u200bgen"),
        ("first_name", html.escape("Jürgen").replace("ü", "&uuml;")),
        ("first_name", "J&amp;#252;rgen"),
        ("first_name", "J&#xFC;rgen"),
        ("first_name", json.dumps("Jürgen")[1:-1]),
        ("first_name", json.dumps(json.dumps("Jürgen"))[3:-3]),
        ("last_name", "MÜLLER-LÜDENSCHEIDT"),
        ("last_name", "Müller"),
        ("last_name", "MUELLER"),
        ("name", "Jürgen\u00a0Müller-Lüdenscheidt"),
        ("name", "jürgen  müller-\nlüdenscheidt"),
        ("name", "Müller-Lüdenscheidt, Jürgen"),
        ("name", "juergen.mueller_luedenscheidt"),
        ("name", quote("Jürgen Müller-Lüdenscheidt")),
        ("email", "j.mueller@EXAMPLE.org"),
        ("email", "j.mueller%40example.org"),
        ("email", "j.mueller&#64;example.org"),
        ("phone", "0351 1234567"),
        ("phone", "+49-351-12.34.567"),
        ("phone", "(0351) 123\u00a045\u201167"),
        ("phone", "00493511234567"),
        ("phone", "49 351 1234567"),
        ("phone", "\uff10\uff13\uff15\uff11 1234567"),
        ("phone", "٠٣٥١١٢٣٤٥٦٧"),
        ("address", "HAUPTSTR. 5\n01067  Dresden"),
        ("address", "Hauptstr.\u00a05"),
        ("address", "01067 Dresden"),
    ],
)
def test_a_value_is_found_in_this_spelling(field: str, spelling: str) -> None:
    for before, after in (("<b>", "</b>"), ("(", ")."), ('"note": "x\\n', '\\n"'), ("mailto:", "?"), ("", "")):
        assert JURGEN.hide(f"{before}{spelling}{after}") == f"{before}{placeholder(field)}{after}"


@pytest.mark.parametrize(
    "text",
    [
        "Jürgenson and the Müllerin of Dresden, in the main street",
        "order 90351123456700, or 1103511234567",
        "Müller Werkzeuge GmbH, also called Müller Werkzeuge",
        "at info@example.org or example.org",
    ],
)
def test_what_only_looks_alike_is_left_alone(text: str) -> None:
    assert JURGEN.hide(text) == text


def test_ordinary_words_survive_people_who_are_called_like_them() -> None:
    assert MAY.hide("You may wait as long as you like.") == "You may wait as long as you like."
    assert MAY.hide("May Long, Ms Long, LONG; May's") == (
        "[[lead.name]], Ms [[lead.last_name]], [[lead.last_name]]; [[lead.first_name]]'s"
    )
    assert MAY.show(MAY.hide("In May. Long ago.")) == "In May. Long ago.", "what went too far comes back as it was"


def test_two_letters_are_no_country_and_one_is_no_name() -> None:
    assert named("J", "Li").hide({"country": "LI", "text": "J. Li; Mr Li; J; li"}) == {
        "country": "LI",
        "text": "[[lead.name]]; Mr [[lead.last_name]]; J; li",
    }


def test_a_genitive_goes_on_behind_the_name() -> None:
    assert named("Ada", "Brauer").hide("Brauers Brief, Ada's letter") == (
        "[[lead.last_name]]s Brief, [[lead.first_name]]'s letter"
    )


def test_parts_of_long_names_are_names_and_particles_are_none() -> None:
    veil = named("Hans Peter", "von der Heide")
    assert veil.hide("Peter von der Heide, Frau Heide, von der Heide, von der Sache") == (
        "[[lead.first_name]] [[lead.last_name]], Frau [[lead.last_name]], [[lead.last_name]], von der Sache"
    )


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("王伟, 王 伟, 伟王", "[[lead.name]], [[lead.name]], [[lead.name]]"),
        ("王先生来了", "[[lead.last_name]]先生来了"),
        ("王国很伟大", "王国很伟大"),
    ],
)
def test_chinese_names_need_no_spaces_around_them(text: str, hidden: str) -> None:
    assert WEI.hide(text) == hidden


def test_japanese_and_korean_names_are_found_inside_of_sentences() -> None:
    assert (
        named("太郎", "田中").hide("昨日田中太郎様から、田中さん") == "昨日[[lead.name]]様から、[[lead.last_name]]さん"
    )
    assert named("민준", "김").hide("김민준은 김 씨") == "[[lead.name]]은 [[lead.last_name]] 씨"
    assert named("민준", "김").hide(unicodedata.normalize("NFD", "김민준")) == "[[lead.name]]"


def test_small_words_written_in_one_with_arabic_and_hebrew_names_stay() -> None:
    assert named("محمد", "حسن").hide("ومُحَمَّد حسن") == "و[[lead.name]]"
    assert named("דוד", "לוי").hide("לדוד ולוי") == "ל[[lead.first_name]] ו[[lead.last_name]]"


@pytest.mark.parametrize(
    ("company", "text", "hidden"),
    [
        ("Brauer Werkzeuge GmbH", "Brauer Werkzeuge; Herr Brauer", "Brauer Werkzeuge; Herr [[lead.last_name]]"),
        ("Brauer AG", "die Brauer AG und Brauer", "die Brauer AG und [[lead.last_name]]"),
        ("Brauer and Partners", "Brauer and I", "[[lead.last_name]] and I"),
        ("Hans Brauer Werkzeuge", "Hans Brauer Werkzeuge", "[[lead.name]] Werkzeuge"),
        ("Brauer", "Brauer", "[[lead.last_name]]"),
    ],
)
def test_a_company_keeps_its_name_unless_that_says_who_the_person_is(company: str, text: str, hidden: str) -> None:
    assert named("Hans", "Brauer", company).hide(text) == hidden


@pytest.mark.parametrize("region", ["DE", "AT", "CH", "FR", "GB", "US", "NL", "PL", "ES", "JP", "CN", "BR", "IN", "TR"])
def test_a_number_is_found_in_every_way_to_write_it(region: str) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    styles = phonenumbers.PhoneNumberFormat
    ways = [
        phonenumbers.format_number(number, style)
        for style in (styles.E164, styles.INTERNATIONAL, styles.NATIONAL, styles.RFC3966)
    ]
    for known in ways[:3]:
        veil = Veil({"phone": known})
        assert [way for way in ways if "[[lead.phone]]" not in str(veil.hide(f"tel: {way}."))] == [], known


@pytest.mark.parametrize(
    "value", ["+49 351 1234567 ext. 12", "0351 1234567; 0172 9876543", "0351 1234567 / 0172 9876543"]
)
def test_what_stands_behind_a_number_does_not_keep_it_from_being_found(value: str) -> None:
    assert Veil({"phone": value}).hide("0351-1234567") == "[[lead.phone]]"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "e"),
        ("email", "@"),
        ("phone", "5"),
        ("phone", "+"),
        ("address", "a"),
        ("first_name", "."),
        ("name", " "),
    ],
)
def test_what_is_no_value_hides_nothing(field: str, value: str) -> None:
    text = "e-mail @ 5 + a . and some more words"
    assert Veil({field: value}).hide(text) == text


@pytest.mark.parametrize("field", ["first_name", "last_name", "email", "phone", "address"])
@pytest.mark.parametrize(
    "value", [".*(a+)+$[", "\\", "(?P<x>", "x" * 10_000, "ü" * 10_000, "a " * 5_000, "[[lead.email]]"]
)
def test_hostile_values_break_nothing(field: str, value: str) -> None:
    veil = Veil({"last_name": "Brauer", field: value})
    hidden = veil.hide(f"Brauer wrote {value} at length")
    assert veil.hide(hidden) == hidden
    if len(value) > 1_000:
        assert value not in str(hidden)
    if field != "last_name":
        assert str(hidden).startswith("[[lead.last_name]] wrote")


def test_a_placeholder_given_as_a_name_tells_nothing_of_other_fields() -> None:
    veil = Veil({"first_name": "[[lead.email]]", "last_name": "[[lead.phone]] Brauer", "email": "ada@example.org"})
    assert veil.show("Dear [[lead.first_name]]", only=["first_name"]) == "Dear [[lead.email]]"
    assert veil.hide("Brauer at ada@example.org") == "[[lead.last_name]] at [[lead.email]]"


def test_every_string_of_a_value_is_hidden_and_words_of_ours_are_not() -> None:
    value: Json = {"Long": ["May", 1, None], "may.long@example.org": {"may long": "x"}, "text": "May"}
    veil = Veil({**MAY.values, "email": "may.long@example.org"})
    assert veil.hide(value) == {
        "Long": ["[[lead.first_name]]", 1, None],
        "[[lead.email]]": {"[[lead.name]]": "x"},
        "text": "[[lead.first_name]]",
    }


def test_only_what_is_asked_for_is_shown_and_models_may_add_spaces() -> None:
    text = "Dear [[ lead.first_name ]] [[lead.last_name]] [[lead.shoe_size]]"
    assert JURGEN.show(text, only=["first_name"]) == "Dear Jürgen [[lead.last_name]] [[lead.shoe_size]]"
    assert JURGEN.placeholders({"text": text}, only=["first_name", "email"]) == ["first_name"]


def test_addresses_of_pages_lead_there_when_names_in_them_are_put_back() -> None:
    veil = named("Hans", "Brauer")
    page = "see <https://www.hans-brauer.example/team/hans-brauer?x=1>, and Hans Brauer"
    hidden = str(veil.hide(page))
    assert "rauer" not in hidden
    assert veil.show(hidden) == page


def test_json_stays_json_when_values_are_put_back() -> None:
    veil = Veil({"address": 'Street "5"\nTown'})
    assert json.loads(veil.show_in_json('{"to": "[[lead.address]]"}')) == {"to": 'Street "5"\nTown'}
    assert veil.show_in_json("no JSON: [[lead.address]]") == "no JSON: [[lead.address]]"


def test_a_veil_that_knows_nothing_hides_nothing_and_tells_nothing_of_its_values() -> None:
    assert Veil().hide({"a": "Jürgen"}) == {"a": "Jürgen"}
    assert "Jürgen" not in repr(JURGEN)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text", ["\\" * 200_000, "&" * 200_000, "%25" * 60_000, "0 " * 100_000, "Jürgen - " * 20_000, "a\u0308" * 100_000]
)
def test_no_text_takes_for_ever(text: str) -> None:
    assert JURGEN.hide(JURGEN.hide(text)) == JURGEN.hide(text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "veil", [named("محمد", "حسن"), named("Ann", "حسن"), Veil({"address": "Street 5"}), Veil({"address": "5 Street"})]
)
def test_names_written_in_one_a_thousand_times_are_found_soon(veil: Veil) -> None:
    value = veil.values.get("address") or veil.values["name"]
    assert str(veil.hide(value * 20_000)).startswith("[[lead.")
