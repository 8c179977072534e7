"""Tables are read whichever program exported them; what cannot be read is told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crewdesk.cli.rows import Rows, plain_name, read_rows
from crewdesk.errors import WrongUsage


def read(tmp_path: Path, data: str | bytes) -> Rows:
    path = tmp_path / "leads.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_rows(path)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_a_spreadsheet_exports_is_read(tmp_path: Path, mark: str, encoding: str) -> None:
    text = f'Company Name{mark}E-Mail\r\n"Müller{mark} Söhne"{mark} a@example.com \r\n'

    found = read(tmp_path, text.encode(encoding))

    assert found.columns == {"company_name": "Company Name", "e_mail": "E-Mail"}
    assert [row.values for row in found.rows] == [{"company_name": f"Müller{mark} Söhne", "e_mail": "a@example.com"}]


def test_a_single_column_is_a_table_too(tmp_path: Path) -> None:
    assert [row.values for row in read(tmp_path, "lead\nL-1\nL-2").rows] == [{"lead": "L-1"}, {"lead": "L-2"}]


def test_rows_know_their_line_even_after_a_cell_of_several(tmp_path: Path) -> None:
    found = read(tmp_path, 'lead,note\nL-1,"two\nlines"\n\nL-2,short\nL-3\n')

    assert [(row.line, row.values["lead"], row.values["note"]) for row in found.rows] == [
        (2, "L-1", "two\nlines"),
        (5, "L-2", "short"),
        (6, "L-3", ""),
    ]


def test_a_row_that_cannot_be_read_is_told_and_keeps_no_other_out(tmp_path: Path) -> None:
    found = read(tmp_path, 'lead,note\nL-1,a,b\nL-2,"a"b\nL-3,c\nL-4,c,\nL-5,"open\n')

    assert [row.values["lead"] for row in found.rows] == ["L-3", "L-4"]
    places = [problem.removeprefix(f"{tmp_path}/") for problem in found.problems]
    assert places[0] == "leads.csv:2: the row has 3 cells, the header 2."
    assert places[1].startswith("leads.csv:3: the row cannot be read")
    assert places[2].startswith("leads.csv:6: the row cannot be read")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        (",,\nL-1,a,b\n", "is empty"),
        ("lead,Lead \nL-1,L-2\n", "two columns that are called 'lead'"),
        (b"PK\x03\x04\x00\x00", "is no text"),
    ],
)
def test_without_a_header_to_go_by_nothing_is_read(tmp_path: Path, data: str | bytes, sentence: str) -> None:
    with pytest.raises(WrongUsage, match=sentence):
        read(tmp_path, data)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="cannot be read"):
        read_rows(tmp_path / "none.csv")


def test_columns_are_known_however_they_are_spelled() -> None:
    assert {plain_name(name) for name in ("e-mail", "E-Mail", " E mail ", "e_mail")} == {"e_mail"}
