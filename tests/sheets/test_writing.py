"""Tables on disk: whole or not at all, harmless to open, and read back as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from sheets.errors import BadTable
from sheets.reading import read_table
from sheets.spelling import Cell
from sheets.writing import write_table

RISKY = ["=1+1", "+86 138", "-cmd", "@SUM(A1)", "＝1+1", "'=1", "''=1", '=HYPERLINK("http://x","y")']
HARMLESS = ["", "E0001", "陈总", "'tis", "a=b", "1-2", "两\n行", 'a,"b";c']


@pytest.mark.parametrize("ending", ["csv", "xlsx", "CSV"])
def test_texts_are_read_back_as_they_were(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"out.{ending}"
    write_table(file, ["no", "text", "=head"], [[no, text, "x"] for no, text in enumerate(RISKY + HARMLESS)])
    table = read_table(file, file.name)
    assert table.header == ("no", "text", "=head")
    assert [row.cells["text"] for row in table.rows] == RISKY + HARMLESS


@pytest.mark.parametrize("text", [*RISKY, "\t=1"])
def test_no_cell_of_a_csv_begins_like_a_formula(tmp_path: Path, text: str) -> None:
    file = tmp_path / "out.csv"
    write_table(file, [text], [[text]])
    for line in file.read_text("utf-8-sig").splitlines():
        assert line.lstrip('"').startswith("'")


@pytest.mark.parametrize("text", RISKY)
def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path, text: str) -> None:
    file = tmp_path / "out.xlsx"
    write_table(file, ["a"], [[text]])
    cell = openpyxl.load_workbook(file).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix or text.startswith("'")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_numbers_and_days_stay_what_they_are(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"out.{ending}"
    row: list[Cell] = [
        -5,
        Decimal("-1.50"),
        0.25,
        date(2024, 1, 5),
        datetime(2024, 1, 5, 18, 30, tzinfo=UTC),
        None,
        True,
    ]
    write_table(file, list("abcdefg"), [row])
    cells = read_table(file, file.name).rows[0].cells
    assert Decimal(cells["b"]) == Decimal("-1.5")
    assert [cells[name] for name in "acdefg"] == ["-5", "0.25", "2024-01-05", "2024-01-05 18:30", "", "TRUE"]


def test_a_workbook_holds_numbers_and_days_and_not_their_texts(tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    write_table(file, ["a", "b"], [[Decimal("1.5"), date(2024, 1, 5)]])
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert (sheet["A2"].data_type, sheet["B2"].data_type) == ("n", "d")


def test_what_xml_cannot_hold_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    write_table(file, ["a"], [["x\x00\x1by"]])
    assert read_table(file, file.name).rows[0].cells == {"a": "xy"}


def test_excel_sees_that_it_is_utf_8(tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", ["工号"], [])
    assert (tmp_path / "out.csv").read_bytes() == "\ufeff工号\r\n".encode()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_broken_export_leaves_the_old_file_and_nothing_else(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"out.{ending}"
    file.write_text("old")

    def rows() -> Iterator[list[str]]:
        yield ["1"]
        raise KeyError

    with pytest.raises(KeyError):
        write_table(file, ["a"], rows())
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert file.read_text() == "old"


@pytest.mark.parametrize(
    ("path", "reason"), [("out.txt", "只能写成"), ("out", "只能写成"), ("no/out.csv", "写不了")]
)
def test_where_it_cannot_write(tmp_path: Path, path: str, reason: str) -> None:
    with pytest.raises(BadTable, match=reason):
        write_table(tmp_path / path, ["a"], [])
