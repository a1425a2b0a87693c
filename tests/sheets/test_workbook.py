"""XLSX files as Excel and WPS write them, and as somebody with bad intentions does."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook

from sheets.errors import BadTable
from sheets.reading import read_table
from sheets.table import Row


def saved(workbook: Workbook) -> bytes:
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def sheet_of(*rows: Sequence[object]) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    return saved(workbook)


def with_part(content: bytes, name: str, old: str, new: str) -> bytes:
    """The workbook with one of its parts rewritten."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.namelist():
            text = before.read(part)
            if part == name:
                changed = re.sub(old, lambda _: new, text.decode(), count=1)
                assert changed != text.decode()
                text = changed.encode()
            after.writestr(part, text)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_values_as_people_see_them(tmp_path: Path) -> None:
    file = tmp_path / "人员.xlsx"
    file.write_bytes(
        sheet_of(
            ["工号", "数", "日期", "时刻", "上班", "空"],
            [1001.0, 0.1 + 0.2, date(2024, 1, 5), datetime(2024, 1, 5, 18, 30), time(9, 0), None],  # noqa: DTZ001  # workbooks know no zones
        )
    )
    table = read_table(file, file.name)
    assert table.header == ("工号", "数", "日期", "时刻", "上班", "空")
    assert table.rows == (
        Row(
            2,
            {
                "工号": "1001",
                "数": "0.3",
                "日期": "2024-01-05",
                "时刻": "2024-01-05 18:30",
                "上班": "09:00",
                "空": "",
            },
        ),
    )


def test_blank_rows_are_skipped_and_lines_are_the_sheets_own() -> None:
    content = sheet_of([], ["a", "b"], [None, "  "], [1, 2], [], [], [3])
    table = read_table(content, "a.xlsx")
    assert [(row.line, row.cells) for row in table.rows] == [
        (4, {"a": "1", "b": "2"}),
        (7, {"a": "3", "b": ""}),
    ]


def test_notes_in_the_margin_are_left_alone() -> None:
    assert read_table(sheet_of(["a", None, "b"], [1, "x", 2, None, "备注"]), "a.xlsx").rows[0].cells == {
        "a": "1",
        "b": "2",
    }


def test_the_first_sheet_with_anything_in_it_that_people_see() -> None:
    workbook = Workbook()
    hidden = workbook.create_sheet("字典")
    hidden.append(["hidden"])
    hidden.sheet_state = "hidden"
    workbook.create_sheet("人员").append(["shown"])
    assert read_table(saved(workbook), "a.xlsx").header == ("shown",)


def test_a_formula_counts_as_its_value() -> None:
    content = with_part(
        sheet_of(["a"], ["=1+1"]), SHEET, r"<f>1\+1</f><v ?/>|<f>1\+1</f><v></v>", "<f>1+1</f><v>2</v>"
    )
    assert read_table(content, "a.xlsx").rows[0].cells == {"a": "2"}


def test_a_sheet_is_not_believed_about_its_own_size() -> None:
    content = with_part(
        sheet_of(["a"], [1]), SHEET, r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"'
    )
    assert len(read_table(content, "a.xlsx").rows) == 1
    content = with_part(sheet_of(["a"], [1]), SHEET, r'<dimension ref="[^"]*"', '<dimension ref="A1"')
    assert len(read_table(content, "a.xlsx").rows) == 1


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('<row r="2"', '<row r="99999999999"', "太大"),
        ("</sheetData>", '<row r="3"><c r="ZZZ3"><v>1</v></c></row></sheetData>', "超过 1000 列"),
        ("<sheetData>", "<sheetData><row", "已损坏"),
        (
            r"<worksheet",
            '<!DOCTYPE x [<!ENTITY a "'
            + "x" * 1000
            + '">'
            + "".join(
                f'<!ENTITY {name} "{f"&{before};" * 30}">'
                for before, name in zip("abcdef", "bcdefg", strict=True)
            )
            + "]><worksheet x='&g;'",
            "已损坏",
        ),
    ],
)
def test_what_would_take_all_memory_or_time(old: str, new: str, reason: str) -> None:
    with pytest.raises(BadTable, match=reason):
        read_table(with_part(sheet_of(["a"], [1]), SHEET, old, new), "a.xlsx")


def test_a_small_archive_that_unpacks_to_a_huge_one() -> None:
    file = io.BytesIO(sheet_of(["a"], [1]))
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/media/bomb.bin", "w") as bomb,
    ):
        for _ in range(201):
            bomb.write(bytes(1_000_000))
    assert len(file.getvalue()) < 2_000_000
    with pytest.raises(BadTable, match="展开以后太大"):
        read_table(file.getvalue(), "a.xlsx")


def test_one_long_text_repeated_by_reference_is_no_way_around() -> None:
    with pytest.raises(BadTable, match="文字太多"):
        read_table(sheet_of(["a"], *[["x" * 32_000]] * 1_600), "a.xlsx")


def test_an_encrypted_archive() -> None:
    content = bytearray(sheet_of(["a"], [1]))
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    with pytest.raises(BadTable, match="加了密码"):
        read_table(bytes(content), "a.xlsx")


def test_an_empty_workbook() -> None:
    with pytest.raises(BadTable, match="是空的"):
        read_table(saved(Workbook()), "a.xlsx")


def test_numbers_count_as_they_are_shown() -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["工号", "比例"])
    sheet.append([12, 0.4])
    sheet["A2"].number_format = "0000"
    sheet["B2"].number_format = "0.0%"

    assert read_table(saved(workbook), "a.xlsx").rows == (Row(2, {"工号": "0012", "比例": "40%"}),)


def test_a_title_in_merged_cells_is_no_heading() -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in ([], ["员工花名册"], [], ["工号", "姓名"], ["E0001", "陈总"]):
        sheet.append(row)
    sheet.merge_cells("A2:B2")

    table = read_table(saved(workbook), "a.xlsx")

    assert table.header == ("工号", "姓名")
    assert table.rows == (Row(5, {"工号": "E0001", "姓名": "陈总"}),)
