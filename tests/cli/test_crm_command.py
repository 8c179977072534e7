"""`crewdesk crm`: leads are listed, shown, brought in from tables of any program, and removed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.command_line import Crewdesk
from support.homes import ROOT

CONNECTORS = "connectors:\n  leads:\n    kind: crm/sqlite\n    settings: {folder: crm}\n"
TABLE = "id,company,first name,last name,e-mail\nL-1,Brauer GmbH,Jördis,Brauer,jb@brauer.example\n"


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config" / "crews").mkdir(parents=True)
    (tmp_path / "config" / "connectors.yaml").write_text(CONNECTORS)
    monkeypatch.setenv("CREWDESK_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


Import = Callable[..., dict[str, Any]]


@pytest.fixture(name="bring_in")
def _bring_in(crewdesk: Crewdesk, home: Path) -> Import:
    """Import a table, and return what was said about it."""

    def bring_in(table: str | bytes, name: str = "leads.csv") -> dict[str, Any]:
        (home / name).write_bytes(table if isinstance(table, bytes) else table.encode())
        status, out, err = crewdesk("crm", "import", name, "--json")
        said = json.loads(out) if out else {"error": json.loads(err)}
        return said | {"status": status}

    return bring_in


def shown(crewdesk: Crewdesk, lead: str) -> dict[str, Any]:
    _, out, _ = crewdesk("crm", lead, "--json")
    return json.loads(out)


def counts(said: dict[str, Any]) -> tuple[int, int, int, int]:
    return said["new"], said["changed"], said["same"], said["left_out"]


def test_a_lead_is_shown_with_times_that_people_read(crewdesk: Crewdesk, bring_in: Import) -> None:
    (lead,) = bring_in("firma;e-mail;Grundlage;Notiz\nAcme;a@acme.example;request;From the fair.\n")["leads"]

    _, out, _ = crewdesk("crm", lead["id"])

    told = {line[:14].strip(): line[16:] for line in out.splitlines()}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", told["created"])
    assert told["basis"] == "request"
    assert "From the fair." in out


def test_what_is_called_wrongly_points_to_its_own_help(crewdesk: Crewdesk, home: Path) -> None:
    status, _, err = crewdesk("crm", "import", str(home / "none.csv"))

    assert (status, err.splitlines()[-1]) == (2, "  See: crewdesk crm import --help")


def test_a_table_comes_in_and_is_listed(crewdesk: Crewdesk, bring_in: Import) -> None:
    bring_in(TABLE)

    status, out, _ = crewdesk("crm")

    assert status == 0
    head, row = out.splitlines()
    assert head.split() == ["id", "company", "name", "status", "changed"]
    assert row.startswith("L-1  Brauer GmbH  Jördis Brauer  -")


def test_where_there_are_no_leads_it_says_how_to_get_some(crewdesk: Crewdesk, home: Path) -> None:
    del home

    status, out, _ = crewdesk("crm")

    assert (status, out) == (0, "There are no leads. Bring some in: crewdesk crm import leads.csv\n")


def test_a_long_list_says_how_much_more_there_is(crewdesk: Crewdesk, bring_in: Import) -> None:
    bring_in("id\n" + "".join(f"L-{n}\n" for n in range(5)))

    _, out, _ = crewdesk("crm", "--limit", "2")

    assert len(out.splitlines()) == 4
    assert out.endswith("And 3 more: --limit 5\n")


def test_a_lead_is_shown_with_what_was_noted(crewdesk: Crewdesk, bring_in: Import) -> None:
    bring_in('id;company;opt-out;notes\nL-1;Brauer;ja;"They called.\nTwice.\u202e"\n')

    status, out, _ = crewdesk("crm", "L-1")

    assert status == 0
    assert "company         Brauer\n" in out
    assert "unsubscribed    yes\n" in out
    assert out.endswith("\nNote\n  They called.\n  Twice.⟦U+202E⟧\n")


@pytest.mark.parametrize(
    "table",
    [
        "E-Mail;Firma;Vorname;Nachname\njb@b.example;Brauer & Söhne;Jördis;Brauer\n",
        'Company name,E-mail address,Contact name\n"Brauer & Söhne",jb@b.example,Jördis Brauer\n',
        'email\tfull name\tAccount\njb@b.example\t"Brauer, Jördis"\tBrauer & Söhne\n',
        "\ufeffEMAIL,First Name,Last Name,Organization\r\njb@b.example,Jördis,Brauer,Brauer & Söhne\r\n",
    ],
)
@pytest.mark.parametrize("coding", ["utf-8", "latin-1", "utf-16"])
def test_tables_of_any_program_are_read(crewdesk: Crewdesk, bring_in: Import, table: str, coding: str) -> None:
    said = bring_in(table.removeprefix("\ufeff" if coding != "utf-8" else "").encode(coding))

    assert (said["status"], counts(said)) == (0, (1, 0, 0, 0))
    lead = shown(crewdesk, said["leads"][0]["id"])
    told = ("company", "first_name", "last_name", "email")
    assert [lead[name] for name in told] == ["Brauer & Söhne", "Jördis", "Brauer", "jb@b.example"]


def test_a_lead_without_id_is_called_by_its_address_which_the_name_does_not_hold(bring_in: Import) -> None:
    [one] = bring_in("email\njb@b.example\n")["leads"]
    [again] = bring_in("email,company\nJB@B.example,Brauer\n", name="other.csv")["leads"]

    assert one["id"] == again["id"]
    assert one["id"].startswith("L-")
    assert "jb" not in one["id"].casefold()


def test_the_same_table_twice_changes_nothing(crewdesk: Crewdesk, bring_in: Import) -> None:
    bring_in(TABLE.replace("e-mail", "notes"))
    before = shown(crewdesk, "L-1")

    assert counts(bring_in(TABLE.replace("e-mail", "notes"))) == (0, 0, 1, 0)

    assert shown(crewdesk, "L-1") == before


def test_a_row_that_changed_changes_the_lead_and_when_it_changed(crewdesk: Crewdesk, bring_in: Import) -> None:
    bring_in(TABLE)
    before = shown(crewdesk, "L-1")

    assert counts(bring_in(TABLE.replace("GmbH", "AG"))) == (0, 1, 0, 0)

    after = shown(crewdesk, "L-1")
    assert after["company"] == "Brauer AG"
    assert after["changed"] > before["changed"]
    assert after["created"] == before["created"]


def test_rows_that_are_no_leads_are_told_by_their_lines_and_the_rest_comes_in(
    crewdesk: Crewdesk, bring_in: Import
) -> None:
    table = 'id,email,opt-out\n,,\nL-1,"a\nb",no\n,,no\nL-2,,perhaps\nL-1,,\nL-3,,,4\nL-4,x@y.example,yes\n'

    said = bring_in(table)

    assert (said["status"], counts(said)) == (1, (2, 0, 0, 4))
    assert said["problems"] == [
        "leads.csv:8: the row has 4 cells, the header 3.",
        "leads.csv:5: the row has neither an id nor an e-mail address.",
        "leads.csv:6: 'perhaps' is neither yes nor no, for unsubscribed.",
        "leads.csv:7: the lead of line 3 again (L-1).",
    ]
    assert shown(crewdesk, "L-4")["unsubscribed"] is True
    assert shown(crewdesk, "L-1")["email"] == "a b"


def test_columns_that_nobody_knows_are_named(crewdesk: Crewdesk, bring_in: Import, home: Path) -> None:
    assert bring_in("id,Shoe size\nL-1,44\n")["unknown_columns"] == ["Shoe size"]

    _, out, err = crewdesk("crm", "import", str(home / "leads.csv"))

    assert (out, err) == ("0 new, 0 changed, 1 same, 0 left out\n", "Not read: Shoe size.\n")


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("Shoe size\n44\n", "has no column of a lead"),
        ("email,E-Mail-Adresse\na@x.example,b@x.example\n", "two columns for one thing: 'email' and 'E-Mail-Adresse'"),
        ("", "is empty"),
    ],
)
def test_a_table_that_cannot_be_understood_brings_nothing_in(
    crewdesk: Crewdesk, bring_in: Import, table: str, sentence: str
) -> None:
    said = bring_in(table)

    assert said["status"] == 2
    assert sentence in said["error"]["error"]
    assert crewdesk("crm", "--json")[1] == "[]\n"


def test_cells_that_look_like_formulas_are_text(crewdesk: Crewdesk, bring_in: Import) -> None:
    bring_in('id,company\nL-1,"=HYPERLINK(""http://x"")"\n')

    assert shown(crewdesk, "L-1")["company"] == '=HYPERLINK("http://x")'


def test_a_lead_that_is_removed_is_gone(crewdesk: Crewdesk, bring_in: Import) -> None:
    bring_in(TABLE)

    assert crewdesk("crm", "remove", "L-1")[:2] == (0, "Removed L-1.\n")

    status, _, err = crewdesk("crm", "L-1")
    assert status == 2
    assert "has no lead 'L-1'" in err


@pytest.mark.parametrize("arguments", [["import", "leads.csv"], ["remove", "1"]])
def test_leads_of_a_crm_elsewhere_are_entered_there(crewdesk: Crewdesk, home: Path, arguments: list[str]) -> None:
    (home / "leads.csv").write_text(TABLE)
    tryton = "connectors: {crm: {kind: crm/tryton, settings: {url: https://t.example.com, database: crm}}}"
    (home / "config" / "connectors.yaml").write_text(tryton)

    status, _, err = crewdesk("crm", *arguments)

    assert (status, err.splitlines()[0]) == (2, "This CRM is no file of this desk.")


def test_a_crm_that_is_not_there_is_told_with_those_there_are(crewdesk: Crewdesk, home: Path) -> None:
    del home

    status, _, err = crewdesk("crm", "L-1", "--connector", "sales")

    assert status == 2
    assert err == "There is no CRM 'sales' in connectors.yaml.\n  There are: leads.\n"


def test_the_configuration_that_we_ship_has_a_crm(crewdesk: Crewdesk, home: Path) -> None:
    (home / "config" / "connectors.yaml").write_text((ROOT / "config" / "connectors.yaml").read_text("utf-8"), "utf-8")

    assert crewdesk("crm", "--json")[:2] == (0, "[]\n")
