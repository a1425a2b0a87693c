"""A packed table becomes a file when it leaves: typed, and harmless when it is opened."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl

from bot.table_writer import TableWriter
from chat.files import CSV, TABLE, XLSX, File
from sheets.packing import packed, unpacked
from sheets.spelling import Percent
from sheets.writing import Sheet

ROWS: list[Sheet] = [
    (
        "目标",
        ["名字", "数", "比", "天", "时刻", "空"],
        [
            [
                "=1+1",
                Decimal("1280.5"),
                Percent(Decimal("0.705")),
                date(2026, 11, 23),
                datetime(2026, 11, 23, 9, 30),  # noqa: DTZ001  # as it stands in a sheet
                None,
            ]
        ],
    )
]


def test_what_is_packed_is_the_same_unpacked() -> None:
    assert unpacked(packed(ROWS)) == ROWS


async def test_a_workbook_has_numbers_days_and_percents() -> None:
    media_type, content = await TableWriter().written(File("目标.xlsx", TABLE, packed(ROWS)))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = [sheet.cell(2, n) for n in range(1, 7)]

    assert media_type == XLSX
    assert (cells[0].value, cells[0].data_type) == ("=1+1", "s")
    assert [cell.number_format for cell in cells[2:5]] == ["0%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert cells[1].value == 1280.5
    assert cells[2].value == 0.705
    assert sheet.column_dimensions["A"].width >= 6
    assert sheet["A1"].font.bold


async def test_a_csv_is_read_by_excel_and_runs_nothing() -> None:
    media_type, content = await TableWriter().written(File("目标.csv", TABLE, packed(ROWS)))

    assert media_type == CSV
    assert content.decode("utf-8-sig").splitlines() == [
        "名字,数,比,天,时刻,空",
        "'=1+1,1280.5,71%,2026-11-23,2026-11-23 09:30,",
    ]


async def test_what_is_no_table_becomes_nothing() -> None:
    assert (await TableWriter().written(File("目标.csv", TABLE, b"{")))[1] == b""
